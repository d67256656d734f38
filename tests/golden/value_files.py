"""Files whose values a person or a spreadsheet has broken."""

from tests.golden.broken import LRB, QCF, VER, broken
from tests.golden.tables import AWARDS, REGISTRATION, VERIFY, Table


def _put(base: Table, column: str, *values: str) -> bytes:
    """The table with these values in the column, from the first row on."""
    for row, value in enumerate(values, 2):
        base = base.put(row, column, value)
    return base.csv()


broken("scientific ULN", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "1.02689E+09", "9.276308686E+09"))
broken("ULN with a decimal point", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "1026893096.0", "1026893096.00"))
broken(
    "ULN with separators",
    f"{VER}.csv",
    lambda: _put(VERIFY, "ULN", "1,026,893,096", "9276 308 686", "1174-112-637"),
)
broken("ULN with an apostrophe", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "'1026893096"))
broken("ULN too short", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "102689309"))
broken("ULN with a letter O", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "1O26893096"))
broken("ULN missing", f"{VER}.csv", lambda: _put(VERIFY, "ULN", ""))
broken("wrong check digit", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "1026893097", "9276308668"))
broken("unknown ULN 9999999999", f"{VER}.csv", lambda: _put(VERIFY, "ULN", "9999999999"))
broken(
    "full-width digits",
    f"{VER}.csv",
    lambda: _put(VERIFY, "ULN", "\uff11\uff10\uff12\uff16\uff18\uff19\uff13\uff10\uff19\uff16"),
)
broken(
    "lost zeros of a Scottish Candidate Number",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "ScottishCandidateNumber", "12345678"),
)
broken("lost zeros of dates", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "1976-8-6", "2001-2-28"))

broken(
    "Excel dates",
    f"{VER}.csv",
    lambda: _put(VERIFY, "DateOfBirth", "16/08/1976", "28/02/2001", "31/12/1999", "05/06/1985"),
)
broken(
    "US dates",
    f"{VER}.csv",
    lambda: _put(VERIFY, "DateOfBirth", "08/16/1976", "02/28/2001", "12/31/1999", "03/04/1985"),
)
broken("serial dates", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "27988", "36950", "36525.0"))
broken(
    "short Excel dates",
    f"{VER}.csv",
    lambda: _put(VERIFY, "DateOfBirth", "16-Aug-76", "28-Feb-01", "31 December 1999", "27/03/85"),
)
broken(
    "dates with a time",
    f"{VER}.csv",
    lambda: _put(VERIFY, "DateOfBirth", "1976-08-16 00:00:00", "2001-02-28T00:00:00", "16/08/1976 00:00"),
)
broken("dates with dots", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "16.08.1976", "28.02.2001"))
broken("dates without marks", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "19760816", "16081976"))
broken(
    "days that there are not",
    f"{VER}.csv",
    lambda: _put(VERIFY, "DateOfBirth", "2001-02-29", "1999-04-31", "1976-13-01", "0000-00-00"),
)
broken("29 February", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "2004-02-29", "2003-02-29", "1900-02-29"))
broken("births in the future", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "2091-02-28", "1876-08-16"))
broken(
    "ages out of range",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "DateOfBirth", "2018-09-01", "1899-01-01", "2031-01-01"),
)
broken("###### for a narrow column", f"{VER}.csv", lambda: _put(VERIFY, "DateOfBirth", "########"))

broken(
    "smart quotes",
    f"{VER}.csv",
    lambda: _put(
        VERIFY,
        "FamilyName",
        "O\N{RIGHT SINGLE QUOTATION MARK}Brien",
        "O\N{LEFT SINGLE QUOTATION MARK}Brien",
        "O`Brien",
        "O\N{ACUTE ACCENT}Brien",
    ),
)
broken(
    "white space",
    f"{VER}.csv",
    lambda: _put(VERIFY, "GivenName", " Darcie ", "Siân  Mair", "Priya\u00a0", "Jordan\tLee"),
)
broken("names without a letter", f"{VER}.csv", lambda: _put(VERIFY, "GivenName", "-", "?", "123", "."))
broken("names missing", f"{VER}.csv", lambda: _put(VERIFY, "FamilyName", "", " ", "N/A", "NULL"))
broken(
    "names with digits",
    f"{VER}.csv",
    lambda: _put(VERIFY, "GivenName", "Darc1e", "Siân (2)", "Priya;", "Jordan/Jo"),
)
broken("names too long", f"{VER}.csv", lambda: _put(VERIFY, "GivenName", "Darcie-" * 6))
broken("names in other scripts", f"{VER}.csv", lambda: _put(VERIFY, "GivenName", "Дарья", "李", "مريم"))
broken(
    "names in pieces",
    f"{VER}.csv",
    lambda: VERIFY.map("GivenName", lambda each: each.replace("â", "a\u0302")).csv(),
)
broken(
    "CSV injection",
    f"{VER}.csv",
    lambda: _put(VERIFY, "GivenName", '=HYPERLINK("http://x.example")', "+44 Darcie", "@SUM(A1)", "-Jordan"),
)
broken("gender in words", f"{VER}.csv", lambda: _put(VERIFY, "Gender", "F", "Male", "2.0", "02"))
broken("gender unknown", f"{VER}.csv", lambda: _put(VERIFY, "Gender", "3", "X"))

broken(
    "postcodes",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "LastKnownPostCode", "cv49ee", "SA1  3SN", "B15 2TI", "LSI 4AP"),
)
broken(
    "postcodes of nowhere",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "LastKnownPostCode", "ZZ99 9ZZ", "75008", "N/A", "CV4"),
)
broken(
    "e-mail addresses",
    f"{LRB}.CSV",
    lambda: _put(
        REGISTRATION, "EmailAddress", "darcie.example.com", "Darcie <d@example.com>", "d@example", "D@EXAMPLE.COM"
    ),
)
broken(
    "codes in other case", f"{LRB}.CSV", lambda: _put(REGISTRATION, "Nationality", "gbr", "Gbr", "British", "GB")
)
broken(
    "verification type without its description",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "VerificationType", "999", "8", "02", "Passport"),
)
broken("privacy notice", f"{LRB}.CSV", lambda: _put(REGISTRATION, "PrivacyNoticeSeen", "2", "Y", "Yes", "TRUE"))
broken(
    "candidate and pupil numbers",
    f"{LRB}.CSV",
    lambda: (
        REGISTRATION.put(2, "UCI", "90000010000A")
        .put(3, "UPN", "A90000010001")
        .put(4, "UCI", "9.00000100001E+11")
        .csv()
    ),
)
broken("text too long", f"{LRB}.CSV", lambda: _put(REGISTRATION, "PlaceOfBirth", "Coventry " * 12))
broken(
    "ULNs in a registration",
    f"{LRB}.CSV",
    lambda: _put(REGISTRATION, "ULN", "1026893096", "1026893097", "9999999999"),
)

broken("duplicate rows", f"{VER}.csv", lambda: VERIFY.repeated(2).csv())
broken("same learner twice", f"{VER}.csv", lambda: VERIFY.repeated(2).put(6, "MISIdentifier", "MIS-0099").csv())
broken("same MIS identifier twice", f"{VER}.csv", lambda: VERIFY.put(4, "MISIdentifier", "MIS-0001").csv())
broken(
    "same learner registered twice",
    f"{LRB}.CSV",
    lambda: REGISTRATION.repeated(3).put(2, "LearnerRecordCount", "51").csv(),
)
broken("same achievement twice", f"{QCF}.csv", lambda: AWARDS.repeated(2).csv())
broken("one ULN for two learners", f"{VER}.csv", lambda: VERIFY.put(3, "ULN", "1026893096").csv())

broken(
    "references",
    f"{QCF}.csv",
    lambda: _put(AWARDS, "UnitOrQualificationReferenceNumber", "s/900/0001", "S9000002", "S-900-0003", "Unit 4"),
)
broken("actions", f"{QCF}.csv", lambda: _put(AWARDS, "Action", "create", "1.0", "", "99"))
broken(
    "moments",
    f"{QCF}.csv",
    lambda: _put(
        AWARDS, "ActionDate", "28/06/2024 09:30", "2024-06-28 09:30:00", "2024-06-28T09:30", "2024-06-28T25:00:00Z"
    ),
)
broken(
    "awards in the future",
    f"{QCF}.csv",
    lambda: _put(AWARDS, "AchievementAwardDate", "2031-01-01", "2024-06-31", "45471", ""),
)
broken(
    "providers",
    f"{QCF}.csv",
    lambda: _put(AWARDS, "ProviderUkprn", "9000002", "90,000,002", "90000002.0", "Hill College"),
)
broken("achievement without a ULN", f"{QCF}.csv", lambda: _put(AWARDS, "Uln", "", "1026893097", "0000000000"))
broken(
    "many things wrong in one row",
    f"{QCF}.csv",
    lambda: (
        AWARDS.put(3, "Uln", "12")
        .put(3, "Gender", "F")
        .put(3, "GivenName", "-")
        .put(3, "AchievementAwardDate", "yesterday")
        .csv()
    ),
)
