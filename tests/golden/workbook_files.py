"""Workbooks: what Excel and its users do to a list."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.golden.broken import LRB, QCF, VER, broken
from tests.golden.tables import AWARDS, REGISTRATION, VERIFY, Table
from tests.golden.text_files import GOOD as TEXT

GOOD = VERIFY.xlsx()
_DATE = VERIFY.headings.index("DateOfBirth")
_ULN = VERIFY.headings.index("ULN")


def _book(change: Callable[[Any, Any], None], base: Table = VERIFY, sheet: str = "Sheet1") -> Callable[[], bytes]:
    return lambda: base.xlsx(change, sheet)


def _repacked(change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The good workbook with its parts changed; ``None`` leaves one out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                written.writestr(name, content)
        for name, content in more.items():
            written.writestr(name, content)
    return file.getvalue()


def _dates(book: Any, sheet: Any) -> None:
    form = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, day in enumerate((date(1976, 8, 16), date(2001, 2, 28), date(1999, 12, 31)), 1):
        sheet.write_datetime(row, _DATE, day, form)


def _numbers(book: Any, sheet: Any) -> None:
    sheet.write_number(1, _ULN, 1026893096)
    sheet.write_number(2, _ULN, 9276308686, book.add_format({"num_format": "0.00E+00"}))
    sheet.write_number(3, _DATE, 36525)


def _formulas(_: Any, sheet: Any) -> None:
    sheet.write_formula(1, 3, '=PROPER("DARCIE")', None, "Darcie")
    sheet.write_formula(2, 3, "=A1", None, "")


def _errors(_: Any, sheet: Any) -> None:
    sheet.write_formula(1, 3, "=VLOOKUP(1,X:Y,2)", None, "#N/A")
    sheet.write_formula(2, _DATE, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, _ULN, "=OTHER!A1", None, "#REF!")


def _merged(_: Any, sheet: Any) -> None:
    sheet.merge_range(1, 2, 2, 2, "Tucker")


def _hidden_sheet(book: Any, _: Any) -> None:
    other = book.add_worksheet("Old list")
    other.write_string(0, 0, "ULN")
    other.hide()


def _hidden_rows(_: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})


def _second_sheet(book: Any, _: Any) -> None:
    other = book.add_worksheet("Second list")
    for at, row in enumerate((VERIFY.headings, *VERIFY.rows)):
        other.write_row(at, 0, row)


def _notes_sheet(book: Any, _: Any) -> None:
    book.add_worksheet("Notes").write_string(0, 0, "Ask Kim about row 7")


def _beside(_: Any, sheet: Any) -> None:
    sheet.write_string(2, 9, "phone her first")
    sheet.write_comment(1, 1, "checked")


def _title(_: Any, sheet: Any) -> None:
    for at, row in enumerate((("Learners to verify, June",), (), VERIFY.headings, *VERIFY.rows)):
        for place in range(6):
            sheet.write_string(at, place, row[place] if place < len(row) else "")


def _blank_rows(_: Any, sheet: Any) -> None:
    for place, cell in enumerate(VERIFY.rows[0]):
        sheet.write_string(8, place, cell.replace("MIS-0001", "MIS-0005").replace("1026893096", "4444599390"))


def _filled_far_down(book: Any, sheet: Any) -> None:
    sheet.write_blank(60_000, 0, None, book.add_format({"bold": True}))


def _checkboxes(_: Any, sheet: Any) -> None:
    sheet.write_boolean(1, 5, True)
    sheet.write_number(2, 5, 2)


def _bomb() -> bytes:
    return _repacked(
        lambda name, content: (
            content.replace(b"</worksheet>", b" " * 40_000_000 + b"</worksheet>")
            if name.endswith("sheet1.xml")
            else content
        )
    )


def _macros(name: str, content: bytes) -> bytes:
    if name == "[Content_Types].xml":
        return content.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
    return content


broken("clean workbook", f"{VER}.xlsx", lambda: GOOD)
broken("workbook with real dates", f"{VER}.xlsx", _book(_dates))
broken("workbook with numbers", f"{VER}.xlsx", _book(_numbers))
broken("workbook with formulas", f"{VER}.xlsx", _book(_formulas))
broken("workbook with error cells", f"{VER}.xlsx", _book(_errors))
broken("workbook with merged cells", f"{VER}.xlsx", _book(_merged))
broken("workbook with a hidden sheet", f"{VER}.xlsx", _book(_hidden_sheet))
broken("workbook with hidden rows", f"{VER}.xlsx", _book(_hidden_rows))
broken("workbook with two lists", f"{VER}.xlsx", _book(_second_sheet))
broken("workbook with two lists, one named", f"{VER}.xlsx", _book(_second_sheet), sheet="Second list")
broken("workbook with a sheet that is not there", f"{VER}.xlsx", _book(_second_sheet), sheet="Third list")
broken("workbook with a sheet of notes", f"{VER}.xlsx", _book(_notes_sheet))
broken("workbook with notes beside the list", f"{VER}.xlsx", _book(_beside))
broken("workbook with a title above the headings", f"{VER}.xlsx", _book(_title))
broken("workbook with blank rows", f"{VER}.xlsx", _book(_blank_rows))
broken("workbook formatted far down", f"{VER}.xlsx", _book(_filled_far_down))
broken("workbook with truth values", f"{VER}.xlsx", _book(_checkboxes))
broken("workbook with text dates", f"{VER}.xlsx", lambda: VERIFY.put(2, "DateOfBirth", "16/08/1976").xlsx())
broken(
    "workbook with long numbers",
    f"{LRB}.xlsx",
    _book(
        lambda _, sheet: sheet.write_number(1, REGISTRATION.headings.index("UCI"), 9000001000012345), REGISTRATION
    ),
)
broken("workbook of achievements", f"{QCF}.xlsx", lambda: AWARDS.put(3, "Uln", "1026893097").xlsx())
broken("workbook cut off", f"{VER}.xlsx", lambda: GOOD[:-700])
broken(
    "workbook without its sheet",
    f"{VER}.xlsx",
    lambda: _repacked(lambda name, content: None if "sheet1" in name else content),
)
broken(
    "workbook with a damaged part",
    f"{VER}.xlsx",
    lambda: _repacked(lambda name, content: content[:-200] if name.endswith("sheet1.xml") else content),
)
broken("zip bomb", f"{VER}.xlsx", _bomb)
broken(
    "workbook with macros",
    f"{VER}.xlsm",
    lambda: _repacked(_macros, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 none"}),
)
broken("workbook named csv", f"{VER}.csv", lambda: GOOD)
broken(
    "old workbook (.xls)",
    "learners.xls",
    lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16-le"),
)
broken(
    "protected workbook",
    f"{VER}.xlsx",
    lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
)
broken("zip of a csv", "learners.zip", lambda: _zip("learners.csv", TEXT))
broken("word document", "learners.docx", lambda: _zip("word/document.xml", b"<w:document/>"))


def _zip(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr(zipfile.ZipInfo(name, (2024, 6, 24, 9, 30, 0)), content)
    return file.getvalue()
