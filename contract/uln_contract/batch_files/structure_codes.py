"""What can be wrong with a batch file before any value is looked at: one catalogue of codes (domain §8).

What a file looks like is published in part; the codes, and which deviation is forgiven, are ours [O].
"""

from enum import StrEnum

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.explanations import Explanation, Origin


class StructureCode(StrEnum):
    """``code`` of a finding on a file's structure, heading row or name."""

    F001 = "F001"
    F002 = "F002"
    F003 = "F003"
    F004 = "F004"
    F005 = "F005"
    F006 = "F006"
    F007 = "F007"
    F008 = "F008"
    F009 = "F009"
    F010 = "F010"
    F011 = "F011"
    F012 = "F012"
    F013 = "F013"
    F014 = "F014"
    F015 = "F015"
    F016 = "F016"
    F017 = "F017"
    F018 = "F018"
    F019 = "F019"
    F020 = "F020"
    F021 = "F021"
    F022 = "F022"
    F023 = "F023"
    F024 = "F024"
    F025 = "F025"
    F026 = "F026"
    F027 = "F027"
    F028 = "F028"
    F029 = "F029"
    F030 = "F030"
    F031 = "F031"
    F032 = "F032"
    F033 = "F033"
    F034 = "F034"
    F035 = "F035"
    F036 = "F036"
    F037 = "F037"
    F038 = "F038"
    F039 = "F039"
    F040 = "F040"
    F041 = "F041"
    F042 = "F042"
    F043 = "F043"
    F044 = "F044"
    F045 = "F045"
    F046 = "F046"
    F047 = "F047"
    F048 = "F048"
    F049 = "F049"
    F050 = "F050"
    F051 = "F051"
    F052 = "F052"
    F053 = "F053"
    F054 = "F054"

    @property
    def severity(self) -> Severity:
        """What a finding of this code means."""
        return Severity.WARNING if self in _WARNINGS else Severity.ERROR


_WARNINGS = frozenset(
    StructureCode(f"F{number:03}")
    for number in (5, 9, 10, 11, 12, 13, 28, 30, 33, 35, 36, 42, 43, 46, 47, 48, 50, 51, 52, 53, 54)
)


def _ours(code: StructureCode, text: str, remedy: str) -> Explanation:
    return Explanation(code.value, text, remedy, Origin.OURS)


_FORM = (
    _ours(
        StructureCode.F001,
        "The file is empty.",
        "Look whether the export was finished, and make the file again.",
    ),
    _ours(
        StructureCode.F002,
        "The file is none of the forms that are read: CSV, XML, Excel workbook (.xlsx).",
        "Save the list as CSV UTF-8 or as an Excel workbook (.xlsx), and hand that in. Renaming a file does not "
        "change what is in it.",
    ),
    _ours(
        StructureCode.F003,
        "The file is an Excel workbook of a form that is not read: .xls or .xlsb.",
        "Open it in Excel and save it as Excel workbook (.xlsx), or as CSV UTF-8.",
    ),
    _ours(
        StructureCode.F004,
        "The workbook is protected by a password, so nothing in it can be read.",
        "Open it in Excel, take the password away (File, Info, Protect Workbook, Encrypt with Password: make the "
        "field empty), and save it.",
    ),
)

_TEXT = (
    _ours(
        StructureCode.F005,
        "The file is no UTF-8, and is read as Windows-1252, as Excel writes it under plain CSV.",
        "Look whether the value named is as it should be. Then save the file as CSV UTF-8, or name the encoding "
        "(--encoding windows-1252); if it is not, name the right one.",
    ),
    _ours(
        StructureCode.F006,
        "The file holds bytes that are neither UTF-8 nor Windows-1252, so that nobody knows its letters.",
        "Save the file as CSV UTF-8 in the program that made it, or name its encoding with --encoding.",
    ),
    _ours(
        StructureCode.F007,
        "The row holds bytes that are not of the file's encoding.",
        "Write the value again in this row, and save the file as CSV UTF-8. Files joined from two sources often "
        "have two encodings: convert each before joining them. If all of it is Windows-1252, say so: --encoding "
        "windows-1252.",
    ),
    _ours(
        StructureCode.F008,
        "The encoding or delimiter that was named is none that is known, or not what the file itself says.",
        "Leave the option out, or name one of those listed.",
    ),
    _ours(
        StructureCode.F009,
        "The file is UTF-16, as Excel writes it under Unicode text; it is read.",
        "Save it as CSV UTF-8.",
    ),
    _ours(
        StructureCode.F010,
        "The file begins with a byte-order mark, which the layout has not; it is read.",
        "Nothing needs to be done for this service. Other systems may want CSV UTF-8 without the mark.",
    ),
    _ours(
        StructureCode.F011,
        "The lines end otherwise than by carriage return and line feed; they are read.",
        "Save the file with Windows line ends (CRLF).",
    ),
    _ours(
        StructureCode.F012,
        "The lines of the file end in different ways; they are read.",
        "Save the file with Windows line ends (CRLF) throughout.",
    ),
    _ours(
        StructureCode.F013,
        "The values are separated by something else than commas; they are read.",
        "Save the file with commas, or name the delimiter with --delimiter.",
    ),
    _ours(
        StructureCode.F030,
        "Spaces stand between a delimiter and the quotation mark behind it; they are left out.",
        "Write no space behind a delimiter, or save the list as CSV in a spreadsheet program.",
    ),
    _ours(
        StructureCode.F014,
        "A line is longer than any record can be.",
        "Save the list as CSV, one record a line.",
    ),
)

_ROWS = (
    _ours(
        StructureCode.F015,
        "The row has fewer cells than the heading row.",
        "Give the row every cell, empty ones included, and look from where on its values have moved to the left. "
        "Take it out if it is no record, such as a total, and make the file again if it is cut off there.",
    ),
    _ours(
        StructureCode.F016,
        "The row has more cells than the heading row.",
        "Put a value that holds the delimiter into quotation marks, and look from where on the values have moved "
        "to the right.",
    ),
    _ours(
        StructureCode.F017,
        "A quotation mark that opens a value is never closed, so that nobody knows where the row ends.",
        'Close it at the end of the value. A quotation mark within a value is written twice (""). If it is in the '
        "last line, the file may be cut off: then make it again.",
    ),
    _ours(
        StructureCode.F018,
        "A value goes on behind its closing quotation mark.",
        'Close the quotation mark where the value ends; within a value write it twice ("").',
    ),
    _ours(
        StructureCode.F019,
        "A cell holds more text than any column takes.",
        "Look at the quotation marks and delimiters of the row, and shorten the text.",
    ),
    _ours(
        StructureCode.F020,
        "Whole lines stand within the quotation marks of one value: the rows that follow were swallowed.",
        "Close the quotation mark at the end of the value in the row named; the swallowed lines are then rows "
        "again.",
    ),
)

_XML = (
    _ours(
        StructureCode.F021,
        "The file is no well-formed XML from some place on, or not in the encoding that it says.",
        "Make the file again from its source, or correct it at the line named.",
    ),
    _ours(
        StructureCode.F022,
        "The file has a document type (<!DOCTYPE …>), and none is accepted.",
        "Take the document type and all entities of its own out.",
    ),
    _ours(
        StructureCode.F023,
        "The root element is none of a batch file's.",
        "Begin with LearnerRegistrationFile, VerifyFile or AchievementFile; if this is no batch file, choose "
        "another one.",
    ),
    _ours(
        StructureCode.F024,
        "Between the records stands something that is neither a record nor an element of the whole file.",
        "Take it out, or put it into the record that it belongs to.",
    ),
    _ours(
        StructureCode.F025,
        "The record has an element that its layout does not know.",
        "Rename the element to the name that is meant, or take it out.",
    ),
    _ours(
        StructureCode.F026,
        "An element stands twice in one record.",
        "Keep one of the two.",
    ),
    _ours(
        StructureCode.F027,
        "An element that holds one text has other elements or attributes, or text stands between elements.",
        "Write the value as the text of its element, and nothing else.",
    ),
    _ours(
        StructureCode.F028,
        "The elements are not in the namespace of batch files; they are read by their names.",
        'Put xmlns="urn:uln-interchange:files" into the root element.',
    ),
    _ours(
        StructureCode.F029,
        "An element of the whole file stands where none is read: behind the records, or with a second value.",
        "Write FileVersion, FileName, UKPRN and LearnerRecordCount once, before the first record.",
    ),
)

_WORKBOOKS = (
    _ours(
        StructureCode.F031,
        "The workbook is damaged: it cannot be unpacked, or a part is missing.",
        "Copy or download the file again; if it stays so, open it in Excel and save it anew.",
    ),
    _ours(
        StructureCode.F032,
        "The workbook is larger than this service unpacks.",
        "Delete what is beside the list (other sheets, formatting of empty rows and columns), or hand the list in "
        "as CSV or in several files.",
    ),
    _ours(
        StructureCode.F033,
        "The workbook holds macros. They are not looked at; the values are read.",
        "Save it as Excel workbook (.xlsx).",
    ),
    _ours(
        StructureCode.F034,
        "It is not clear which sheet of the workbook is meant.",
        "Name the sheet with --sheet, or hand in a workbook with the list's sheet alone.",
    ),
    _ours(
        StructureCode.F035,
        "The workbook has sheets that are not read, or rows or columns that are hidden and read all the same.",
        "Look whether records stand there that should, or should not, be sent; delete what is not meant.",
    ),
    _ours(
        StructureCode.F036,
        "Cells hold formulas. The values are read that were last computed, which may be old.",
        "Select the column, copy it, and paste it as values; then save.",
    ),
    _ours(
        StructureCode.F037,
        "A cell holds an error such as #REF!, or a formula that was never computed.",
        "Write the value itself into the cell.",
    ),
    _ours(
        StructureCode.F038,
        "Cells of the row are merged with others, so that it is not clear whose value theirs is.",
        "Unmerge the cells (Home, Merge & Center) and write the value into each row that it is meant for.",
    ),
    _ours(
        StructureCode.F054,
        "A number has zeros in front by its format alone. It is read as it is shown.",
        "Format the column as text, and write the numbers with their zeros: other programs read them without.",
    ),
    _ours(
        StructureCode.F039,
        "The number has more than 15 digits, of which a spreadsheet keeps 15: the last ones are lost.",
        "Format the column as text, and write the number again from its source.",
    ),
)

_HEADINGS = (
    _ours(
        StructureCode.F040,
        "The file has no row of headings.",
        "Put the names of the layout's columns into the first row.",
    ),
    _ours(
        StructureCode.F041,
        "A column that every record needs is missing.",
        "Add the column, with the layout's name as its heading.",
    ),
    _ours(
        StructureCode.F042,
        "Columns of the layout are missing; their values are taken as not given.",
        "Add the columns, empty where there is nothing to say.",
    ),
    _ours(
        StructureCode.F043,
        "A column is none of the layout's. It is not read.",
        "Take the column out, or rename its heading if it is one of the layout's.",
    ),
    _ours(
        StructureCode.F044,
        "A heading is none of the layout's, and resembles one that is missing.",
        "Rename the heading if that column is meant; otherwise take the column out.",
    ),
    _ours(
        StructureCode.F045,
        "A heading stands twice, so that it is not clear which column is meant.",
        "Keep one of the two columns.",
    ),
    _ours(
        StructureCode.F046,
        "Headings are not spelt as in the layout; they are read.",
        "Write them as named here, letter for letter.",
    ),
    _ours(
        StructureCode.F047,
        "The columns do not stand in the layout's order; they are read by their headings.",
        "Put the columns into the layout's order.",
    ),
    _ours(
        StructureCode.F048,
        "A column has no heading. It is not read.",
        "Give it one of the layout's headings, or take it out.",
    ),
    _ours(
        StructureCode.F049,
        "The columns are not those of the kind of file that is asked for.",
        "Hand the file in with the command for its kind, or choose another file.",
    ),
    _ours(
        StructureCode.F053,
        "The heading row is not the first row; it is read.",
        "Take out what stands above it.",
    ),
)

_NAMES = (
    _ours(
        StructureCode.F050,
        "The file's name has not the form of its layout; the file is read.",
        "Rename the file.",
    ),
    _ours(
        StructureCode.F051,
        "The file's extension is not written as its layout asks; the file is read.",
        "Rename the file.",
    ),
    _ours(
        StructureCode.F052,
        "The file's extension is not that of what is in it; the file is read as what it is.",
        "Rename the file.",
    ),
)

_ALL = (*_FORM, *_TEXT, *_ROWS, *_XML, *_WORKBOOKS, *_HEADINGS, *_NAMES)

STRUCTURE = {StructureCode(each.code): each for each in sorted(_ALL, key=lambda each: each.code)}
"""Every code explained."""


def structural(  # noqa: PLR0913  # a finding has as many places
    code: StructureCode,
    words: str,
    remedy: str | None = None,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    sheet: str | None = None,
) -> Finding:
    """Make a finding; without a ``remedy`` of its own it has the code's."""
    return Finding(
        code=code.value,
        severity=code.severity,
        words=words,
        remedy=STRUCTURE[code].remedy if remedy is None else remedy,
        row=row,
        column=column,
        value=value,
        sheet=sheet,
    )
