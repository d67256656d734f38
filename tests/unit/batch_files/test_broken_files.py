"""Files broken at random, by a seed: each is read, or refused with a finding, and never ends in anything else."""

import random
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, HEADINGS, LINE
from tests.unit.batch_files.workbooks import good, workbook

from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.opening import open_source
from uln_contract.batch_files.rows import Row
from uln_contract.layouts import NAMESPACE

ROWS = 5
TIMES = 100
CSV = "\r\n".join((HEADINGS, *[LINE] * ROWS)).encode()
RECORD = "".join(f"<{name}>{value}</{name}>" for name, value in zip(HEADINGS.split(","), GOOD, strict=True))
XML = f'<VerifyFile xmlns="{NAMESPACE}">{f"<Learner>{RECORD}</Learner>" * ROWS}</VerifyFile>'.encode()
PIECES = (
    *(b'"', b"<", b">", b"\0", b"\xff\xfe", b"&x;", b"\r", b"\n", b"'", b"\xc3", b"\x81", b";", b"\x1a", b"]]>"),
    *(b' r="XFD1048576"', b"</c>", b"<c>", b"<f>1</f>", b' t="e"', b"9" * 20, b"<!--", b"<!DOCTYPE a>"),
)


def broken(content: bytes, dice: random.Random) -> bytes:
    """Give the content with one to three things done to it."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(changed) + 1)
        match dice.randrange(4):
            case 0:
                changed[place:place] = dice.choice(PIECES)
            case 1:
                del changed[place : place + dice.randint(1, 20)]
            case 2:
                changed[place : place + 1] = bytes((dice.randrange(256),))
            case 3:
                changed[place:place] = changed[place : place + dice.randint(1, 60)]
    return bytes(changed)


def taken(path: Path) -> tuple[list[Row], Finding | None]:
    """Read a file as far as it goes: give its rows, and why it ended before its end."""
    rows = []
    try:
        with closing(open_source(path)) as source:
            headed(source.headings, row=source.heading_row)
            for row in source.rows():
                rows.append(row)  # those before the break count
                assert refused(row) or len(row.cells) == len(source.headings)
    except UnusableFile as unusable:
        return rows, unusable.findings[-1]
    return rows, None


def refused(row: Row) -> bool:
    return any(each.refuses for each in row.findings)


def outcome(path: Path) -> str:
    ended = taken(path)[1]
    assert ended is None or ended.refuses
    return "read" if ended is None else ended.code


@pytest.mark.parametrize(("name", "content"), [("list.csv", CSV), ("list.xml", XML)])
def test_a_broken_text_is_read_or_refused(tmp_path: Path, name: str, content: bytes) -> None:
    dice = random.Random(name)
    path = tmp_path / name
    ends = set()
    for _ in range(TIMES):
        path.write_bytes(broken(content, dice))
        ends.add(outcome(path))
    assert "read" in ends
    assert len(ends) > 2


def parts_broken(folder: Path, dice: random.Random) -> Iterator[Path]:
    """Give workbooks of which one part is broken, and the check sums right again."""
    with zipfile.ZipFile(workbook(folder, good(GOOD), [["x"]])) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    path = folder / "broken.xlsx"
    for _ in range(TIMES):
        name = dice.choice([each for each in parts if each.startswith("xl/")])
        with zipfile.ZipFile(path, "w") as archive:
            for each, content in parts.items():
                archive.writestr(each, broken(content, dice) if each == name else content)
        yield path


def test_a_broken_workbook_is_read_or_refused(tmp_path: Path) -> None:
    ends = {outcome(path) for path in parts_broken(tmp_path, random.Random("workbook"))}
    assert {"read", "F031"} <= ends


def test_a_broken_package_is_read_or_refused(tmp_path: Path) -> None:
    dice = random.Random("package")
    content = workbook(tmp_path, good(GOOD)).read_bytes()
    path = tmp_path / "broken.xlsx"
    ends = set()
    for _ in range(TIMES):
        path.write_bytes(broken(content, dice))
        ends.add(outcome(path))
    assert "F031" in ends


def test_no_row_is_lost_by_one_changed_character(tmp_path: Path) -> None:
    """Every row is given, refused, or within one that is, unless the file stops with an error."""
    dice = random.Random("rows")
    path = tmp_path / "list.csv"
    start = len(HEADINGS) + 2
    for _ in range(TIMES):
        changed = bytearray(CSV)
        changed[dice.randrange(start, len(changed))] = dice.choice(b'"x;|\t9= ')
        path.write_bytes(changed)
        rows, ended = taken(path)
        if ended is not None:
            assert ended.row is not None
            continue
        swallowed = {row.number: sum(cell.count("\n") for cell in row.cells) for row in rows}
        assert all(refused(row) for row in rows if swallowed[row.number])
        assert len(rows) + sum(swallowed.values()) == ROWS
