import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, HEADINGS, read
from tests.unit.batch_files.workbooks import SHEET, part

from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import element_name, writer
from uln_contract.layouts import LAYOUTS, NAMESPACE, VERIFICATION, Layout

NAMES = HEADINGS.split(",")


class _Interrupted(tuple[str, ...]):
    """A row that cannot be taken to its end."""

    __slots__ = ()

    def __len__(self) -> int:
        raise TypeError("interrupted")

    def __iter__(self) -> Iterator[str]:
        raise TypeError("interrupted")


ODD = ("=1+1", "0012", 'say "no", <b>&amp;</b>', "Łukasz  \u2019s", "_x0041_", "-7")


def made(
    folder: Path, form: FileForm, *rows: Sequence[str], headings: Sequence[str] = NAMES, **written: str
) -> Path:
    path = folder / f"list.{form}"
    with writer(path, Written(form, **written), headings, layout=VERIFICATION) as file:
        for row in rows:
            file.row(row)
        assert not path.exists()
    assert list(folder.iterdir()) == [path]
    return path


@pytest.mark.parametrize("form", FileForm)
def test_what_is_written_is_read_to_the_letter(tmp_path: Path, form: FileForm) -> None:
    whole = read(made(tmp_path, form, GOOD, ODD, ["", *GOOD[1:]], GOOD[:3]))
    assert whole.headings == NAMES
    assert [row.cells for row in whole.rows] == [
        *(list(GOOD), list(ODD), ["", *GOOD[1:]], [*GOOD[:3], "", "", ""]),
    ]
    assert whole.findings == []
    assert not any(row.findings for row in whole.rows)


@pytest.mark.parametrize("form", FileForm)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_written_so_that_it_is_read(tmp_path: Path, form: FileForm, layout: Layout) -> None:
    first = [each.type.example for each in layout.columns]
    later = ["" if each.of_file else each.type.example for each in layout.columns]
    path = tmp_path / "list"
    with writer(path, Written(form), layout.names, layout=layout) as file:
        file.row(first)
        file.row(later)
    whole = read(path)
    assert whole.headings == list(layout.names)
    assert [row.cells for row in whole.rows] == [first, later]
    assert whole.findings == []


def test_csv_is_as_published(tmp_path: Path) -> None:
    content = made(tmp_path, FileForm.CSV, GOOD).read_bytes()
    assert (
        content
        == (
            "\r\n".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"' for line in (HEADINGS, ",".join(GOOD)))
            + "\r\n"
        ).encode()
    )


@pytest.mark.parametrize(
    ("encoding", "start"), [("utf-8", b'"MIS'), ("utf-8-sig", b"\xef\xbb\xbf"), ("cp1252", b"\xef\xbb\xbf")]
)
def test_csv_has_a_mark_where_the_file_was_not_utf_8(tmp_path: Path, encoding: str, start: bytes) -> None:
    path = made(tmp_path, FileForm.CSV, ODD, encoding=encoding, delimiter=";")
    assert path.read_bytes().startswith(start)
    assert [row.cells for row in read(path).rows] == [list(ODD)]


def test_csv_for_people_computes_nothing(tmp_path: Path) -> None:
    cells = ["=1+1", "+44", "-7", "@SUM(A1)", "\tx", "\rx", "7-7", ""]
    headings = [*NAMES, "Notes", "House"]
    with writer(tmp_path / "list.csv", Written(FileForm.CSV), headings, protect=True) as file:
        file.row(cells)
        assert file.protected == 6
    assert read(tmp_path / "list.csv").rows[0].cells == [*(f"'{each}" for each in cells[:6]), "7-7", ""]


def test_what_no_encoding_has_does_not_stop_a_file(tmp_path: Path) -> None:
    assert read(made(tmp_path, FileForm.CSV, ["\udcff"])).rows[0].cells[0] == "?"


def test_xml_has_the_layout_s_elements_and_others_by_their_headings(tmp_path: Path) -> None:
    path = made(tmp_path, FileForm.XML, ["1", "a\0\udcff\rb", "2"], headings=["ULN", "2 Notes!", " "])
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f'<?xml version="1.0" encoding="UTF-8"?>\n<VerifyFile xmlns="{NAMESPACE}">')
    assert "<_2_Notes_>a\ufffd\ufffd&#13;b</_2_Notes_>" in text
    assert "<_>2</_>" in text


@pytest.mark.parametrize(
    ("heading", "name"), [(" Given Name ", "Given_Name"), ("ß-1", "ß-1"), ("", "_"), ("-a", "_-a"), ("a:b", "a_b")]
)
def test_a_heading_becomes_a_name(heading: str, name: str) -> None:
    assert element_name(heading) == name


def test_xml_needs_a_layout(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="layout"):
        writer(tmp_path / "list.xml", Written(FileForm.XML), NAMES)
    assert list(tmp_path.iterdir()) == []


def test_a_worksheet_has_texts_alone(tmp_path: Path) -> None:
    path = made(tmp_path, FileForm.XLSX, ODD, sheet="[Learners]: 2024/25 and all the others of them")
    assert read(path).written.sheet == "_Learners__ 2024_25 and all the"
    sheet = part(path, SHEET).decode()
    assert set(re.findall(r'<c r="[A-Z]+2"[^>]* t="(\w+)"', sheet)) == {"inlineStr"}
    assert "<f>" not in sheet
    assert '<pane ySplit="1"' in sheet


@pytest.mark.parametrize("name", ["", "''"])
def test_a_worksheet_has_a_name(tmp_path: Path, name: str) -> None:
    assert read(made(tmp_path, FileForm.XLSX, sheet=name)).written.sheet == "Records"


def test_a_cell_s_text_is_cut_where_a_cell_ends(tmp_path: Path) -> None:
    whole = read(made(tmp_path, FileForm.XLSX, ["x" * 32_767, "y" * 32_768, "\0z"]))
    assert whole.rows[0].cells[:3] == ["x" * 32_767, "y" * 32_766 + "…", "\ufffdz"]


def test_a_worksheet_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_contract.batch_files.xlsx_writing._ROWS", 2)
    with pytest.raises(ValueError, match="no more than 2 rows"):
        made(tmp_path, FileForm.XLSX, GOOD, GOOD)


@pytest.mark.parametrize("form", FileForm)
def test_a_file_that_is_not_finished_leaves_nothing_and_the_old_one_stays(tmp_path: Path, form: FileForm) -> None:
    path = tmp_path / "list"
    path.write_text("old")
    (tmp_path / ".list.part").write_text("left behind by a kill")
    with (
        pytest.raises(TypeError, match="interrupted"),
        writer(path, Written(form), NAMES, layout=VERIFICATION) as file,
    ):
        file.row(_Interrupted(GOOD))
    assert [each.name for each in tmp_path.iterdir()] == ["list"]
    assert path.read_text() == "old"
    with writer(path, Written(form), NAMES, layout=VERIFICATION) as file:
        file.row(GOOD)
    assert read(path).rows[0].cells == list(GOOD)


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("form", FileForm)
def test_who_may_not_read_a_file_may_not_read_what_is_made_of_it(tmp_path: Path, form: FileForm) -> None:
    source, path, part = tmp_path / "source", tmp_path / "list", tmp_path / ".list.part"
    source.touch()
    for mode in (0o600, 0o640):
        part.touch(0o666)  # left behind by a kill
        source.chmod(mode)
        with writer(path, Written(form), NAMES, layout=VERIFICATION, like=source) as file:
            assert permissions(part) & ~permissions(source) == 0
            file.row(GOOD)
        assert permissions(path) in {mode, 0o600, 0o666}  # by the umask, or on Windows
        assert permissions(path) & ~permissions(source) == 0


def test_another_group_may_not_read_what_only_the_file_s_own_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, shared = tmp_path / "source", tmp_path / "shared"
    source.touch()
    source.chmod(0o640)
    shared.mkdir()
    shared.chmod(0o2750)  # what is made in it has its group
    monkeypatch.setattr(os, "getegid", lambda: source.stat().st_gid + 1, raising=False)
    for folder in (tmp_path, shared):
        with writer(folder / "list", Written(FileForm.CSV), NAMES, like=source):
            pass
    assert os.name == "nt" or permissions(tmp_path / "list") == 0o600
    assert permissions(shared / "list") & ~permissions(source) == 0
    monkeypatch.delattr(os, "getegid")
    with writer(shared / "list", Written(FileForm.CSV), NAMES, like=source):
        pass
    assert permissions(shared / "list") & ~permissions(source) == 0


@pytest.mark.parametrize("form", FileForm)
def test_a_folder_that_is_not_there_is_the_system_s_error(tmp_path: Path, form: FileForm) -> None:
    with pytest.raises(OSError, match="none"):
        writer(tmp_path / "none" / "list", Written(form), NAMES, layout=VERIFICATION)


def in_the_way(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.mkdir()


def test_a_workbook_that_cannot_be_put_together_is_the_system_s_error(tmp_path: Path) -> None:
    path, part = tmp_path / "list.xlsx", tmp_path / ".list.xlsx.part"
    with pytest.raises(OSError), writer(path, Written(FileForm.XLSX), NAMES):  # noqa: PT011  # each system says it in its own words
        in_the_way(part)
    assert not path.exists()
