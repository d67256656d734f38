"""Text files that a program, an editor or a transfer has broken: letters, lines, delimiters, quotes."""

from dataclasses import replace

from tests.golden.broken import LRB, QCF, VER, broken
from tests.golden.tables import AWARDS, REGISTRATION, VERIFY, Table, letters, registration, ulns

from uln_contract.layouts import REGISTRATION_3A

GOOD = VERIFY.csv()
LINES = GOOD.splitlines(keepends=True)


def many(count: int) -> Table:
    """Learners to verify, no two alike."""
    learner = VERIFY.rows[0]
    rows = (
        (f"MIS-{number:05}", uln, learner[2], f"Darcie {letters(number)}", *learner[4:])
        for number, uln in enumerate(ulns(count), 1)
    )
    return replace(VERIFY, rows=tuple(rows))


broken("clean verify file", f"{VER}.csv", lambda: GOOD)
broken("clean registration file", f"{LRB}.CSV", REGISTRATION.csv)
broken("clean achievement file", f"{QCF}.csv", AWARDS.csv)
broken("empty file", f"{VER}.csv", lambda: b"")
broken("only white space", f"{VER}.csv", lambda: b"\r\n  \r\n\r\n")
broken("headings only", f"{VER}.csv", lambda: LINES[0])
broken(
    "pdf renamed csv",
    f"{VER}.csv",
    lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
)
broken(
    "html renamed xls", "learners.xls", lambda: b"<html><body><table><tr><td>ULN</td></tr></table></body></html>"
)
broken("png renamed csv", f"{VER}.csv", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01")
broken("json", "learners.json", lambda: b'[{"ULN": "1026893096", "GivenName": "Darcie"}]')

broken("byte-order mark", f"{VER}.csv", lambda: VERIFY.csv(encoding="utf-8-sig"))
broken("utf-16 with mark", f"{VER}.csv", lambda: VERIFY.csv(encoding="utf-16"))
broken("utf-16 without mark", f"{VER}.csv", lambda: VERIFY.csv(encoding="utf-16-le"))
broken("utf-16 big endian without mark", f"{VER}.csv", lambda: VERIFY.csv(encoding="utf-16-be"))
broken(
    "utf-16 tabs, as Excel's Unicode text",
    "learners.txt",
    lambda: VERIFY.csv("\t", quoted=False, encoding="utf-16"),
)
broken("utf-32", f"{VER}.csv", lambda: VERIFY.csv(encoding="utf-32"))
_WESTERN = VERIFY.put(3, "FamilyName", "O\N{RIGHT SINGLE QUOTATION MARK}Brien-Müller")
broken("windows-1252", f"{VER}.csv", lambda: _WESTERN.csv(encoding="cp1252"))
broken("windows-1252 said", f"{VER}.csv", lambda: _WESTERN.csv(encoding="cp1252"), encoding="windows-1252")
broken("encoding said wrongly", f"{VER}.csv", lambda: _WESTERN.csv(encoding="utf-16"), encoding="windows-1252")
broken("encoding unknown", f"{VER}.csv", lambda: GOOD, encoding="klingon")
broken(
    "mixed encodings",
    f"{VER}.csv",
    lambda: b"".join((*LINES[:3], LINES[3].replace(b"Priya", b"Andr\xe9"), LINES[4])),
)
broken(
    "bytes of no encoding",
    f"{VER}.csv",
    lambda: GOOD.replace("Siân".encode(), b"Si\x81n").replace("Ł".encode(), b"\x9d"),
)
broken(
    "mojibake", f"{VER}.csv", lambda: VERIFY.map("GivenName", lambda each: each.encode().decode("cp1252")).csv()
)
broken(
    "mojibake twice",
    f"{VER}.csv",
    lambda: VERIFY.map("GivenName", lambda each: each.encode().decode("cp1252").encode().decode("cp1252")).csv(),
)
broken("replacement characters", f"{VER}.csv", lambda: VERIFY.put(3, "GivenName", "Si\ufffdn").csv())
broken("question marks for letters", f"{VER}.csv", lambda: VERIFY.put(3, "GivenName", "Si?n").csv())
broken("null characters", f"{VER}.csv", lambda: GOOD.replace(b"Priya", b"Pri\x00ya"))
broken(
    "control characters", f"{VER}.csv", lambda: GOOD.replace(b"Priya", b"Pri\x0bya").replace(b"Reed", b"Re\x1bed")
)
broken("right-to-left override", f"{VER}.csv", lambda: VERIFY.put(4, "GivenName", "Priya\u202e").csv())
broken("zero-width characters", f"{VER}.csv", lambda: VERIFY.put(4, "GivenName", "\u200bPriya\ufeff").csv())

broken("semicolons", f"{VER}.csv", lambda: VERIFY.csv(";", quoted=False))
broken("tabs", f"{VER}.csv", lambda: VERIFY.csv("\t", quoted=False))
broken("bars", f"{VER}.csv", lambda: VERIFY.csv("|", quoted=False))
broken("delimiter said wrongly", f"{VER}.csv", lambda: VERIFY.csv(quoted=False), delimiter=";")
broken("line feeds", f"{VER}.csv", lambda: VERIFY.csv(end="\n"))
broken("carriage returns alone", f"{VER}.csv", lambda: VERIFY.csv(end="\r"))
broken("mixed line ends", f"{VER}.csv", lambda: b"".join((LINES[0], LINES[1].replace(b"\r", b""), *LINES[2:])))
broken("blank lines", f"{VER}.csv", lambda: b"".join((*LINES[:3], b"\r\n", b"\r\n", *LINES[3:], b"\r\n\r\n")))
broken("rows of delimiters alone", f"{VER}.csv", lambda: b"".join((*LINES, b",,,,,\r\n" * 3)))
broken("trailing commas", f"{VER}.csv", lambda: b"".join(each.replace(b"\r\n", b",,\r\n") for each in LINES))
broken(
    "trailing comma in one row",
    f"{VER}.csv",
    lambda: b"".join((*LINES[:2], LINES[2].replace(b"\r\n", b",\r\n"), *LINES[3:])),
)
broken(
    "too few cells",
    f"{VER}.csv",
    lambda: b"".join((*LINES[:2], b'"MIS-0002","9276308686","Sian"\r\n', *LINES[3:])),
)
broken(
    "comma without quotation marks",
    f"{VER}.csv",
    lambda: VERIFY.csv(quoted=False).replace(b"Natarajan", b"Natarajan, Rao"),
)
broken("unclosed quotation mark", f"{VER}.csv", lambda: GOOD.replace(b'"Natarajan"', b'"Natarajan'))
broken("unclosed quotation mark in the last row", f"{VER}.csv", lambda: GOOD.replace(b'"Reed"', b'"Reed'))
broken("quotation mark within a value", f"{VER}.csv", lambda: GOOD.replace(b'"Jordan"', b'"Jordan "JJ" Lee"'))
broken("line end within a value", f"{VER}.csv", lambda: VERIFY.put(3, "GivenName", "Siân\r\nMair").csv())
broken("last line cut off", f"{VER}.csv", lambda: GOOD[:-16])
broken("last line without its end", f"{VER}.csv", lambda: GOOD[:-2])
broken("overlong line", f"{VER}.csv", lambda: GOOD + b"x" * 1_200_000 + b"\r\n")
broken("value of 10,000 characters", f"{VER}.csv", lambda: VERIFY.put(4, "GivenName", "Priya" * 2_000).csv())
broken("two files joined", f"{VER}.csv", lambda: GOOD + GOOD)
broken("total line at the end", f"{VER}.csv", lambda: GOOD + b"Total: 4 learners\r\n")

broken("one bad row among 5,000", f"{VER}.csv", lambda: many(5_000).put(3_142, "DateOfBirth", "31/02/2001").csv())
broken("every row bad the same way", f"{VER}.csv", lambda: many(5_000).map("Gender", lambda _: "Female").csv())
broken("5,001 learners to register", f"{LRB}.CSV", lambda: registration(REGISTRATION_3A, 5_001).csv())
broken("49 learners to register", f"{LRB}.CSV", lambda: registration(REGISTRATION_3A, 49).csv())
broken("count too large", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "LearnerRecordCount", "51").csv())
broken("count too small", f"{LRB}.CSV", lambda: REGISTRATION.put(2, "LearnerRecordCount", "48").csv())
