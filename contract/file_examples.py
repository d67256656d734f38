"""The example files of ``docs/files/examples``: every layout in every form, of people who were made up.

Those to verify and the achievements are about the sandbox's learners and units, so that the sandbox takes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import ACHIEVEMENTS, LAYOUTS, VERIFICATION, FileKind, Layout

UKPRN, CENTRE = "90000001", "90000002"
_LEARNERS = (
    ("1026893096", "Darcie", "Tucker", "1976-08-16", "2", "CV4 9EE"),
    ("9276308686", "Siân", "O’Brien-Łukasz", "2001-02-28", "2", "CF10 3NP"),  # noqa: RUF001  # as it is spelt
    ("5200000016", "Alex", "Smith", "2000-01-01", "2", "B1 1BB"),
    ("6936002314", "Jordan", "Reed", "1985-03-27", "1", "AB12 3EQ"),
    ("1174112637", "Priya", "Natarajan", "2004-11-30", "2", "B15 2TT"),
)
_UNITS = ("S/900/0001", "S/900/0002", "S/900/0003")
_GIVEN = (
    *(("Aled", "1"), ("Bethan", "2"), ("Callum", "1"), ("Dilys", "2"), ("Efosa", "1")),
    *(("Farida", "2"), ("Gethin", "1"), ("Hana", "2"), ("Idris", "1"), ("Jolanta", "2")),
)
_FAMILY = (
    *(("Ashworth-Price", "CF10 3NP"), ("Bielska", "LS1 4AP"), ("Chowdhury", "B15 2TT")),
    *(("Drummond", "EH1 1YZ"), ("Étienne", "BS1 5TR")),
)
_STREETS = ("Mill Lane", "Station Road", "High Street", "Chapel Row", "Queen Street")


def examples(folder: Path) -> list[Path]:
    """Write every example into a folder, and give their paths."""
    return [_written(folder, layout, form) for layout in LAYOUTS.values() for form in FileForm]


def file_name(layout: Layout, form: FileForm) -> str:
    """Give the name of a layout's example, which is one of those that the layout asks for."""
    stem = layout.file_name_example
    if layout.name == "2A":
        stem = f"{stem[:-1]}1"
    extension = form.value.upper() if layout.extension_upper and form is not FileForm.XLSX else form.value
    return f"{stem}.{extension}"


def _written(folder: Path, layout: Layout, form: FileForm) -> Path:
    path = folder / file_name(layout, form)
    records = _registrations(layout) if layout.kind is FileKind.REGISTRATION else _OTHERS[layout.kind]()
    leading = {
        "FileVersion": layout.name,
        "FileName": path.name,
        "UKPRN": UKPRN,
        "LearnerRecordCount": str(len(records)),
    }
    written = Written(form, "utf-8", ",", "\r\n")
    with writer(path, written, layout.names, layout=layout) as file:
        for number, record in enumerate(records):
            given = {**record, **leading} if number == 0 and layout.of_file else record
            file.row([given.get(name, "") for name in layout.names])
    return path


def _registrations(layout: Layout) -> Sequence[Mapping[str, str]]:
    """Fifty learners who are nobody: a file to register seldom holds fewer (domain §8)."""
    people = [(given, family) for family in _FAMILY for given in _GIVEN]
    shared = "PrivacyNoticeSeen" if "PrivacyNoticeSeen" in layout.names else "AbilityToShare"
    middle = "MiddleNames" if "MiddleNames" in layout.names else "MiddleOtherName"
    return [
        {
            "MISIdentifier": f"MIS-{number:04}",
            "GivenName": given,
            middle: "Sam" if number % 7 == 0 else "",
            "FamilyName": family,
            "PreviousFamilyName": "Ellis" if number % 11 == 0 else "",
            "LastKnownAddressLine1": f"{number} {_STREETS[number % len(_STREETS)]}",
            "LastKnownPostCode": post_code,
            "DateOfBirth": f"{2000 + number % 8}-{1 + number % 12:02}-{1 + number % 28:02}",
            "Gender": gender,
            "Nationality": "GBR",
            "UPN": f"A{900000100000 + number}" if number % 5 == 0 else "",
            shared: "1",
            "VerificationType": "1",
        }
        for number, ((given, gender), (family, post_code)) in enumerate(people, 1)
    ]


def _verifications() -> Sequence[Mapping[str, str]]:
    names = VERIFICATION.names
    return [
        dict(zip(names, (f"MIS-{number:04}", uln, family, given, born, gender), strict=True))
        for number, (uln, given, family, born, gender, _) in enumerate(_LEARNERS, 1)
    ]


def _achievements() -> Sequence[Mapping[str, str]]:
    return [_achievement(learner, unit) for learner in _LEARNERS for unit in _UNITS]


def _achievement(learner: Iterable[str], unit: str) -> Mapping[str, str]:
    uln, given, family, born, gender, post_code = learner
    values = {
        "AchievementAwardDate": "2024-06-21",
        "Action": "1",
        "ActionDate": "2024-06-24",
        "DateofBirth": born,
        "FamilyName": family,
        "Gender": gender,
        "GivenName": given,
        "Grade": "Pass",
        "LanguageForAssessment": "English",
        "LearnerPostcode": post_code,
        "ProviderUkprn": CENTRE,
        "Uln": uln,
        "UnitOrQualificationReferenceNumber": unit,
    }
    return {name: values.get(name, "") for name in ACHIEVEMENTS.names}


_OTHERS = {FileKind.VERIFICATION: _verifications, FileKind.ACHIEVEMENTS: _achievements}
