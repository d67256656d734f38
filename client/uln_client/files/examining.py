"""A batch file held against everything that can be known without the register, and its report (domain §8)."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from uln_client.files.report import Report
from uln_contract.batch_files.checking import CheckedFile, CheckedRow, Options, open_checked
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.structure_codes import StructureCode
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import FileKind

STDIN = "-"
# What is said of a file's name; what comes through a pipe has none.
OF_NAMES = frozenset(
    {
        *(StructureCode.F050, StructureCode.F051, StructureCode.F052),
        *(ValueCode.UKPRN_OF_NAME, ValueCode.OTHER_NAME),
    }
)


_EVERY = 1_000  # rows, and the progress is told


def _nobody(done: int, of: int) -> None:
    """Take no note of the progress."""


def examine(  # noqa: PLR0913  # each says another thing
    path: Path,
    report: Report,
    *,
    kind: FileKind | None,
    options: Options,
    told: Callable[[Finding], None],
    position: Callable[[int, int], None] = _nobody,
) -> None:
    """Read a file to its end and fill its report; ``told`` gets each finding when it is made.

    ``position`` is told now and then how much of the file has been read, and how much there is. Raises ``OSError``
    when the file cannot be read at all.
    """
    started = perf_counter()
    try:
        _read(path, report, kind, options, told, position)
    finally:
        report.seconds = perf_counter() - started


def _read(  # noqa: PLR0913, PLR0917  # as above
    path: Path,
    report: Report,
    kind: FileKind | None,
    options: Options,
    told: Callable[[Finding], None],
    position: Callable[[int, int], None],
) -> None:
    of_file: list[Finding] = []
    try:
        with open_checked(path, kind=kind, options=options) as file:
            report.layout, report.written = file.layout, file.source.written
            of_file = file.findings
            for row in file.rows():
                if not report.rows:
                    report.ukprn = _ukprn(file, row)
                report.rows += 1
                if not report.rows % _EVERY:
                    position(*file.position())
                report.refused += not row.good
                for each in row.findings:
                    report.add(each)
                    told(each)
            of_file = file.findings
    except UnusableFile as error:
        report.unusable = True
        of_file = [*of_file, *error.findings]
    for each in dict.fromkeys(of_file):
        if report.file != STDIN or each.code not in OF_NAMES:
            report.add(each)
            told(each)


def _ukprn(file: CheckedFile, row: CheckedRow) -> str | None:
    """Whose file it is by its own first row."""
    place = file.source.headings.index("UKPRN") if "UKPRN" in file.source.headings else None
    return None if place is None or place >= len(row.cells) else row.cells[place].strip() or None


@contextmanager
def readable_file(name: str) -> Iterator[Path]:
    """Give the path of a file; what comes through a pipe (``-``) is kept in a temporary one meanwhile."""
    if name != STDIN:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="uln-") as folder:
        path = Path(folder) / "stdin"
        with path.open("xb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield path
