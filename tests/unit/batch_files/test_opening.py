import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.batch_files.files import HEADINGS, found, read, refusal, written
from tests.unit.batch_files.workbooks import good, workbook

from uln_contract.batch_files.opening import name_findings, open_source
from uln_contract.batch_files.rows import FileForm
from uln_contract.layouts import ACHIEVEMENTS, REGISTRATION_3A, VERIFICATION, Layout

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def compound(*names: str) -> bytes:
    """An old Office file as far as its directory: sectors of 512 bytes, the directory in the second."""
    header = bytearray(512)
    header[: len(COMPOUND)] = COMPOUND
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return bytes(header) + bytes(512) + directory


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("list.xlsx", HEADINGS.encode(), FileForm.CSV),
        ("list.csv", b"\n <VerifyFile/>", FileForm.XML),
        ("list.csv", "<VerifyFile/>".encode("utf-16"), FileForm.XML),
        ("list.csv", b"\xef\xbb\xbf<VerifyFile/>", FileForm.XML),
        ("list", b"[ULN],x", FileForm.CSV),
    ],
)
def test_the_content_says_what_a_file_is(tmp_path: Path, name: str, content: bytes, form: FileForm) -> None:
    assert read(written(tmp_path, content, name)).written.form is form


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = workbook(tmp_path, good())
    assert read(path.rename(tmp_path / "list.csv")).written.form is FileForm.XLSX


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "F001", "empty"),
        (b" \r\n\t", "F001", "empty"),
        (b"\xef\xbb\xbf", "F001", "empty"),
        (b"%PDF-1.7 ...", "F002", "PDF"),
        (b"{\\rtf1", "F002", "rich text"),
        (b"\x89PNG\r\n", "F002", "picture"),
        (b"\x1f\x8b\x08", "F002", "gzip"),
        (b"PK\x05\x06" + bytes(18), "F002", "nothing in it"),
        (b"GIVEN\x00\x01\x02name", "F002", "null characters"),
        (b"<!DOCTYPE html><html>", "F002", "web page"),
        (b"\n<HTML>", "F002", "web page"),
        (b'{"learners": []}', "F002", "JSON"),
        (b'[{"ULN": 1}]', "F002", "JSON"),
        (compound("Workbook"), "F003", ".xls"),
        (compound("EncryptedPackage"), "F004", "password"),
        (compound("WordDocument"), "F002", "old Office document"),
        (COMPOUND, "F002", "old Office document"),
        (COMPOUND + b"\xff" * 600, "F002", "old Office document"),
    ],
)
def test_what_is_no_batch_file_is_named(tmp_path: Path, content: bytes, code: str, words: str) -> None:
    finding = refusal(written(tmp_path, content))
    assert finding.code == code
    assert words in finding.words


def test_a_file_that_is_not_there_is_the_system_s_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_source(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "layout", "form", "findings"),
    [
        ("LRB_90000001_240620240930.CSV", REGISTRATION_3A, FileForm.CSV, []),
        ("LRB_90000001_240620240930.xlsx", REGISTRATION_3A, FileForm.XLSX, []),
        ("LRB_90000001_240620240930.XLSX", REGISTRATION_3A, FileForm.XLSX, []),
        ("QCF_90000001_20240624_001.csv", ACHIEVEMENTS, None, []),
        ("VER_90000001_20240624_001.xml", VERIFICATION, FileForm.XML, []),
        ("LRB_90000001_240620240930.csv", REGISTRATION_3A, FileForm.CSV, ["F051"]),
        ("QCF_90000001_20240624_001.CSV", ACHIEVEMENTS, FileForm.CSV, ["F051"]),
        ("learners.xml", REGISTRATION_3A, FileForm.CSV, ["F052", "F050"]),
        ("learners", VERIFICATION, FileForm.CSV, ["F052", "F050"]),
    ],
)
def test_a_name_of_another_form_is_told(
    name: str, layout: Layout, form: FileForm | None, findings: list[str]
) -> None:
    made = name_findings(Path("folder") / name, layout, form)
    assert [each[0] for each in found(made)] == findings
    assert all(each.value == name and not each.refuses for each in made)


def test_a_finding_on_a_name_writes_out_the_right_one() -> None:
    (finding,) = name_findings(Path("LRB_90000001_240620240930.csv"), REGISTRATION_3A, FileForm.CSV)
    assert finding.remedy == "Rename the file to LRB_90000001_240620240930.CSV."
    (finding,) = name_findings(Path("list.xlsx"), VERIFICATION, FileForm.XLSX)
    assert finding.remedy.endswith("VER_90000001_20240624_001.xlsx.")


def test_a_csv_file_needs_no_library() -> None:
    """`uln check` of a CSV file must not wait for what only the other forms need."""
    program = (
        "import sys; import uln_contract.batch_files.opening;"
        "print([each for each in ('python_calamine', 'xlsxwriter') if each in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
