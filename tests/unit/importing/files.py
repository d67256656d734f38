"""Files of learners for the tests: one good row, and changes of it."""

from pathlib import Path

from uln_server.importing.layout import REQUIRED

GOOD = {
    "ULN": "1026893096",
    "GivenName": "Darcie",
    "FamilyName": "Tucker",
    "DateOfBirth": "1976-08-16",
    "Gender": "2",
    "LastKnownPostCode": "CV4 9EE",
    "VerificationType": "1",
    "AbilityToShare": "1",
}
assert set(GOOD) == REQUIRED
HEADINGS = ",".join(GOOD)


def line(**changes: str) -> str:
    """A row in the order of ``HEADINGS``; further columns follow."""
    return ",".join({**GOOD, **changes}.values())


def csv_file(folder: Path, *rows: str, headings: str = HEADINGS) -> Path:
    path = folder / "learners.csv"
    path.write_text("\n".join([headings, *rows, ""]), encoding="utf-8")
    return path


def xml_file(folder: Path, *learners: str) -> Path:
    path = folder / "learners.xml"
    path.write_text(f"<Learners>{''.join(learners)}</Learners>", encoding="utf-8")
    return path


def element(**changes: str) -> str:
    """A Learner in XML; an empty value leaves its element out."""
    values = {**GOOD, **changes}
    return f"<Learner>{''.join(f'<{name}>{value}</{name}>' for name, value in values.items() if value)}</Learner>"
