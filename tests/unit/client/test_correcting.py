import io
import sys
from pathlib import Path

import pytest
from tests.golden.tables import REGISTRATION, REGISTRATION_OLD, VERIFY, Table
from tests.unit.client.commanding import Run

VER = "VER_90000001_20240624_001"
LRB = "LRB_90000001_240620240930"
SPACED = VERIFY.put(3, "GivenName", " Siân ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_copy_in_the_published_form(uln: Run, folder: Path) -> None:
    reordered = VERIFY.only(tuple(reversed(VERIFY.headings))).headed(str.lower)
    content = reordered.csv(";", "\n", quoted=False, encoding="utf-16")
    file = put(folder, f"{VER}.csv", content)
    ended = uln("check", file.name, "--fix")
    assert ended.code == 0
    assert (folder / "corrected" / file.name).read_bytes() == VERIFY.csv()
    assert file.read_bytes() == content
    assert ended.out.splitlines()[-1] == f"Corrected copy: {Path('corrected') / file.name}; no value was changed."


def test_every_changed_value_is_told(uln: Run, folder: Path) -> None:
    put(folder, f"{VER}.csv", SPACED.csv())
    ended = uln("check", f"{VER}.csv", "--fix", "--json")
    (changed,) = ended.json["files"][0]["corrected"]["changed"]
    assert (changed["row"], changed["column"], changed["before"], changed["after"]) == (
        *(3, "GivenName", " Siân ", "Siân"),
    )
    assert changed["text"].startswith("V007 ")
    assert (folder / "corrected" / f"{VER}.csv").read_bytes() == VERIFY.csv()
    again = uln("check", f"{VER}.csv", "--output", "second.csv")
    assert "1 value was changed." in again.out


def test_a_refused_row_stands_as_it_was(uln: Run, folder: Path) -> None:
    bad = SPACED.put(3, "DateOfBirth", "28/02/2001").put(4, "ULN", "1.2E+09")
    put(folder, f"{VER}.csv", bad.csv())
    ended = uln("check", f"{VER}.csv", "--fix")
    assert ended.code == 3
    assert "What is refused stands in it as it was: correct it there." in ended.out
    assert (folder / "corrected" / f"{VER}.csv").read_bytes() == bad.put(3, "GivenName", "Siân").csv()


def test_the_leading_columns_are_said_once_with_the_copys_own_name(uln: Run, folder: Path) -> None:
    every = REGISTRATION.put(3, "UKPRN", "90000001").put(3, "FileVersion", "3A")
    put(folder, "learners.csv", every.csv())
    ended = uln("check", "learners.csv", "--output", f"{LRB}.CSV", "--all")
    assert ended.code == 0
    assert (folder / f"{LRB}.CSV").read_bytes() == REGISTRATION.csv()
    assert "90000001  (empty)  Said once, in the first row." in ended.out


def test_the_old_layout_stays_the_old_one(uln: Run, folder: Path) -> None:
    put(folder, f"{LRB}.csv", REGISTRATION_OLD.csv(end="\n"))
    assert uln("check", f"{LRB}.csv", "--fix").code == 0
    assert (folder / "corrected" / f"{LRB}.CSV").read_bytes() == REGISTRATION_OLD.csv()


def test_a_copy_without_a_good_name_gets_one(uln: Run, folder: Path) -> None:
    put(folder, "learners.csv", SPACED.csv())
    assert uln("check", "learners.csv", "--fix", "--ukprn", "90000001").code == 0
    (made,) = (folder / "corrected").iterdir()
    assert made.name.startswith("VER_90000001_20")
    assert made.name.endswith("_001.csv")


def test_without_a_ukprn_the_name_has_to_be_given(uln: Run, folder: Path) -> None:
    put(folder, "learners.csv", SPACED.csv())
    ended = uln("check", "learners.csv", "--fix")
    assert ended.code == 2
    assert "VER_<UKPRN>_<YYYYMMDD>_<NNN>" in ended.err
    assert not (folder / "corrected").exists()


@pytest.mark.parametrize("output", [f"{VER}.csv", "other.csv"])
def test_nothing_is_ever_overwritten(uln: Run, folder: Path, output: str) -> None:
    put(folder, "other.csv", b"mine")
    put(folder, f"{VER}.csv", SPACED.csv())
    ended = uln("check", f"{VER}.csv", "--output", output)
    assert ended.code == 2
    assert "nothing is overwritten" in ended.err
    assert (folder / "other.csv").read_bytes() == b"mine"
    assert (folder / f"{VER}.csv").read_bytes() == SPACED.csv()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        VERIFY.csv(quoted=False).replace(b"Natarajan", b"Natarajan, Rao"),
        VERIFY.csv().replace(b'"Natarajan"', b'"Natarajan'),
        VERIFY.csv() + VERIFY.csv(),
        VERIFY.xlsx(lambda _, sheet: sheet.merge_range(1, 2, 2, 2, "Tucker")),
    ],
    ids=["unusable", "a cell too many", "a quotation mark lost", "two files joined", "merged cells"],
)
def test_a_file_that_cannot_be_told_apart_has_no_copy(uln: Run, folder: Path, content: bytes) -> None:
    put(folder, f"{VER}.csv", content)
    ended = uln("check", f"{VER}.csv", "--fix", "--json")
    assert ended.code == 2
    corrected = ended.json["files"][0]["corrected"]
    assert corrected["file"] is None
    assert "there is no corrected copy" in corrected["text"]
    assert not list(folder.rglob("corrected/*"))


@pytest.mark.parametrize("form", ["csv", "xml", "xlsx"])
@pytest.mark.parametrize("base", [SPACED, REGISTRATION], ids=["verify", "registration"])
def test_a_copy_of_any_form_is_clean(uln: Run, folder: Path, form: str, base: Table) -> None:
    put(folder, "learners.xlsx", base.xlsx())
    assert uln("check", "learners.xlsx", "--output", f"copy.{form}").code == 0
    ended = uln("check", f"copy.{form}", "--json")
    (told,) = ended.json["files"]
    assert (told["written"]["form"], told["rows"], told["refused"]) == (form, len(base.rows), 0)
    assert {each["code"] for each in told["findings"]} <= {"F050", "F051"}


def test_several_files_have_no_one_output(uln: Run, folder: Path) -> None:
    put(folder, "a.csv", SPACED.csv())
    assert uln("check", "a.csv", "a.csv", "--output", "b.csv").code == 2


def test_a_pipe_has_its_copy_where_it_is_told(uln: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SPACED.csv())))
    assert uln("check", "-", "--output", "copy.csv").code == 0
    assert (folder / "copy.csv").read_bytes() == VERIFY.csv()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SPACED.csv())))
    ended = uln("check", "-", "--fix", "--ukprn", "90000001")
    assert ended.code == 0
    assert len(list((folder / "corrected").iterdir())) == 1
