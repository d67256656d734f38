"""Good batch files of every layout, filled as real ones are: what mutations start from, and are held against."""

from random import Random

from tests.golden.tables import Table, table, ulns

from uln_contract.layouts import ACHIEVEMENTS, LAYOUTS, REGISTRATION_3A, VERIFICATION, Layout

ROWS = 50
_GIVEN = ("Darcie", "Siân", "Priya", "Jordan", "Zoë", "Mary-Jane", "Łukasz", "Chloé", "D'Arcy", "Mohammed", "Ewa")
_FAMILY = ("Tucker", "O'Brien", "Natarajan", "Reed", "Brontë", "Smith-Jones", "Núñez", "de Souza", "Müller")
_POST_CODES = ("CV4 9EE", "SA1 3SN", "B15 2TT", "LS1 4AP", "EH1 1YZ", "M1 2WD", "SW1A 1AA", "W1T 3NF")
_PLACES = ("Coventry", "Swansea", "Birmingham", "Leeds", "Edinburgh", "Manchester")


def truth(layout: Layout, seed: int) -> Table:
    """Make a good file; ``seed`` decides its learners."""
    random = Random(seed)  # the same files every time
    numbers = list(ulns(ROWS + 50))
    random.shuffle(numbers)
    made = {VERIFICATION.name: _to_verify, ACHIEVEMENTS.name: _achievement}.get(layout.name)
    rows = [
        made(random, at, uln) if made else _to_register(random, at, layout)
        for at, uln in enumerate(numbers[:ROWS], 1)
    ]
    return table(layout, rows)


def _date(random: Random, first: int, last: int) -> str:
    return f"{random.randint(first, last)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _person(random: Random, number: int) -> dict[str, str]:
    return {
        "GivenName": f"{random.choice(_GIVEN)} {_letters(number)}",
        "FamilyName": random.choice(_FAMILY),
        "Gender": random.choice("129"),
    }


def _letters(number: int) -> str:
    """A middle name that no other row has: nobody is there twice."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:02}").capitalize()


def _to_verify(random: Random, number: int, uln: str) -> dict[str, str]:
    return {
        **_person(random, number),
        "MISIdentifier": f"{number:06}",
        "ULN": uln,
        "DateOfBirth": _date(random, 1950, 2009),
    }


def _achievement(random: Random, number: int, uln: str) -> dict[str, str]:
    day = _date(random, 2015, 2023)
    return {
        **_person(random, number),
        "AchievementAwardDate": day,
        "Action": "1",
        "ActionDate": f"{day}T09:30:00Z",
        "DateofBirth": _date(random, 1950, 2005),
        "Grade": "Pass",
        "LanguageForAssessment": "English",
        "LearnerPostcode": random.choice(_POST_CODES),
        "MisIdentifier": f"MIS-{number:04}",
        "ProviderUkprn": "90000002",
        "Uln": uln,
        "UnitOrQualificationReferenceNumber": f"S/900/{number:04}",
    }


def _to_register(random: Random, number: int, layout: Layout) -> dict[str, str]:
    row = {
        **_person(random, number),
        "MISIdentifier": f"{number:06}",
        "Title": random.choice(("Ms", "Mr", "")),
        "LastKnownAddressLine1": f"{number} High Street, Flat {random.randint(1, 9)}",
        "LastKnownAddressTown": random.choice(_PLACES),
        "LastKnownPostCode": random.choice(_POST_CODES),
        "DateOfAddressCapture": _date(random, 2010, 2023),
        "DateOfBirth": _date(random, 1950, 2008),
        "PlaceOfBirth": random.choice(_PLACES),
        "EmailAddress": f"learner{number}@example.com",
        "Nationality": "GBR",
        "ScottishCandidateNumber": f"0{random.randint(10_000_000, 99_999_999)}",
        "VerificationType": random.choice("1234567"),
    }
    if layout is REGISTRATION_3A:
        codes = {
            "UCI": f"900000{random.randint(100_000, 999_999)}A",
            "UPN": f"A{random.randint(10**11, 10**12 - 1)}",
        }
        return {**row, **codes, "PrivacyNoticeSeen": "1"}
    return {**row, "AbilityToShare": "1"}


TRUTHS = {name: [truth(layout, seed) for seed in range(3)] for name, layout in LAYOUTS.items()}
"""Three files of each layout."""
