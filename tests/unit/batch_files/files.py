"""Batch files for tests: written as bytes, read to the end, their findings by code and place."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.opening import open_source
from uln_contract.batch_files.rows import Row, Written

HEADINGS = "MISIdentifier,ULN,FamilyName,GivenName,DateOfBirth,Gender"
GOOD = ("M-1", "1026893096", "Tucker", "Darcie", "1976-08-16", "2")
LINE = ",".join(GOOD)


class Read(NamedTuple):
    """A file read to its end."""

    headings: list[str]
    rows: list[Row]
    findings: list[Finding]
    written: Written
    heading_row: int | None

    @property
    def codes(self) -> list[str]:
        """What was found of the file, by code."""
        return [each.code for each in self.findings]

    @property
    def numbers(self) -> list[int]:
        """The rows' numbers."""
        return [each.number for each in self.rows]


def written(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **options: Any) -> Read:
    with closing(open_source(path, **options)) as source:
        rows = list(source.rows())
        taken, whole = source.position()
        assert taken == whole
        return Read(list(source.headings), rows, source.findings, source.written, source.heading_row)


def refusal(path: Path, **options: Any) -> Finding:
    """Give what decides that a file cannot be used, or not to its end."""
    with pytest.raises(UnusableFile) as refused:
        read(path, **options)
    found = refused.value.findings[-1]
    assert found.refuses
    assert found.remedy
    return found


def found(findings: Iterable[Finding]) -> list[tuple[str, int | None, str | None]]:
    """Give code, row and column of each."""
    return [(each.code, each.row, each.column) for each in findings]
