"""Files whose headings, leading columns or names are not the layout's."""

from dataclasses import replace

from tests.golden.broken import LRB, QCF, VER, broken
from tests.golden.tables import AWARDS, REGISTRATION, REGISTRATION_OLD, VERIFY
from tests.golden.text_files import GOOD, LINES

from uln_contract.layouts import FileKind

broken("headings in other case", f"{VER}.csv", lambda: VERIFY.headed(str.upper).csv())
broken(
    "headings with spaces and underscores",
    f"{VER}.csv",
    lambda: VERIFY.renamed("DateOfBirth", "Date of Birth").renamed("GivenName", "given_name").csv(),
)
broken("headings with spaces at their ends", f"{VER}.csv", lambda: VERIFY.headed(lambda each: f" {each} ").csv())
broken("no headings", f"{VER}.csv", lambda: b"".join(LINES[1:]))
broken("title above the headings", f"{VER}.csv", lambda: b"Learners to verify,,,,,\r\n\r\n" + GOOD)
broken("unknown heading", f"{VER}.csv", lambda: VERIFY.beside("Campus", ["North", "South", "", "North"]).csv())
broken("near heading", f"{VER}.csv", lambda: VERIFY.renamed("FamilyName", "FamlyName").csv())
broken("near optional heading", f"{VER}.csv", lambda: VERIFY.renamed("DateOfBirth", "DateofBrth").csv())
broken("duplicate heading", f"{VER}.csv", lambda: VERIFY.renamed("DateOfBirth", "Gender").csv())
broken("heading missing over a column", f"{VER}.csv", lambda: VERIFY.renamed("Gender", "").csv())
broken("required column missing", f"{VER}.csv", lambda: VERIFY.without("ULN").csv())
broken("optional columns missing", f"{VER}.csv", lambda: VERIFY.without("DateOfBirth", "Gender").csv())
broken("columns in another order", f"{VER}.csv", lambda: VERIFY.only(tuple(reversed(VERIFY.headings))).csv())
broken(
    "swapped headings of two columns",
    f"{VER}.csv",
    lambda: replace(
        VERIFY, headings=("MISIdentifier", "DateOfBirth", "FamilyName", "GivenName", "ULN", "Gender")
    ).csv(),
)
broken("columns of another list", "staff.csv", lambda: b"Employee,Department,Salary\r\n1,Science,30000\r\n")
broken(
    "headings in Welsh",
    f"{VER}.csv",
    lambda: VERIFY.renamed("FamilyName", "Cyfenw").renamed("GivenName", "Enw").csv(),
)
broken("achievements handed in to be verified", f"{QCF}.csv", AWARDS.csv, kind=FileKind.VERIFICATION)

broken("name without its form", "my learners (final) 2.csv", lambda: GOOD)
broken("registration with a small extension", f"{LRB}.csv", REGISTRATION.csv)
broken("csv named xlsx", f"{VER}.xlsx", lambda: GOOD)
broken("csv named xml", f"{VER}.xml", lambda: GOOD)

broken("layout 2A", f"{LRB}.CSV", REGISTRATION_OLD.csv)
broken("headings of 3A, version 2A", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "FileVersion", "2A").csv())
broken("headings of 2A, version 3A", f"{LRB}.CSV", lambda: REGISTRATION_OLD.put(2, "FileVersion", "3A").csv())
broken("version 1B", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "FileVersion", "1B").csv())
broken("version in small letters", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "FileVersion", "3a").csv())
broken("version missing", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "FileVersion", "").csv())
broken("version's column missing", f"{LRB}.CSV", lambda: REGISTRATION.without("FileVersion").csv())
broken(
    "leading columns missing",
    f"{LRB}.CSV",
    lambda: REGISTRATION.without("FileVersion", "FileName", "UKPRN", "LearnerRecordCount").csv(),
)
broken("count missing", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "LearnerRecordCount", "").csv())
broken("count in words", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "LearnerRecordCount", "fifty").csv())
broken("count with a decimal point", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "LearnerRecordCount", "50.0").csv())
broken(
    "file's name is another",
    f"{LRB}.CSV",
    lambda: REGISTRATION.put(2, "FileName", "LRB_90000001_010120240930.CSV").csv(),
)
broken("another organisation's file", f"{LRB}.CSV", REGISTRATION.csv, ukprn="90000009")
broken("another organisation's file by its name", f"{VER}.csv", lambda: GOOD, ukprn="90000009")
broken("ukprn of nine digits", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "UKPRN", "900000011").csv())
broken(
    "leading columns in every row",
    f"{LRB}.CSV",
    lambda: replace(
        REGISTRATION, rows=tuple((*REGISTRATION.rows[0][:4], *row[4:]) for row in REGISTRATION.rows)
    ).csv(),
)
broken("leading columns differ between rows", f"{LRB}.CSV", lambda: REGISTRATION.put(4, "UKPRN", "90000007").csv())
broken(
    "leading columns in a row of their own",
    f"{LRB}.CSV",
    lambda: replace(
        REGISTRATION,
        rows=(
            (*REGISTRATION.rows[0][:4], *[""] * 28),
            ("",) * 4 + REGISTRATION.rows[0][4:],
            *REGISTRATION.rows[1:],
        ),
    ).csv(),
)
broken("strict", f"{VER}.csv", lambda: VERIFY.put(3, "GivenName", " Siân ").headed(str.upper).csv(), strict=True)
broken("too many rows for a setting", f"{VER}.csv", lambda: GOOD, most=3)
