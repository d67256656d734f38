"""Batches to be submitted, and the questions after what became of them."""

from collections.abc import Iterator, Sequence
from random import Random
from xml.sax.saxutils import escape

from benchmarks.job_registers import PROVIDERS, UNITS, Person
from benchmarks.registers import CREDENTIALS, PASSWORD, REF, UKPRN
from tests.soap.services import SERVICES, invoking_organisation_r10, invoking_user, job_body, r9_body
from tests.soap.wire import (
    SOAP,
    batch_body,
    batch_output_body,
    envelope,
    verify_batch_body,
    verify_batch_output_body,
)

_USER = invoking_user(REF, PASSWORD, "bench")
_A_PIECE = 1_000
_REMARKED = 50  # one of so many achievements comes from a provider that nobody knows, and is warned of
_UNKNOWN_PROVIDER = "10009999"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def verification(people: Sequence[Person]) -> bytes:
    """Ask whether learners' own details are theirs."""
    rows = (
        {
            "MISIdentifier": f"MIS-{number:06}",
            "ULN": each.uln,
            "FamilyName": each.family_name,
            "GivenName": each.given_name,
            "DateOfBirth": each.date_of_birth,
            "Gender": each.gender,
        }
        for number, each in enumerate(people)
    )
    return envelope(verify_batch_body(*rows, credentials=CREDENTIALS))


def registration(people: Sequence[Person], seed: int) -> bytes:
    """Register as many learners whom nobody knows: families of the register with names that it does not have."""
    random = Random(seed)
    rows = (
        {
            "MISIdentifier": f"MIS-{number:06}",
            "GivenName": "".join(random.choices(_LETTERS, k=12)).title(),
            "FamilyName": each.family_name,
            "LastKnownAddressLine1": "1 High Street",
            "LastKnownPostCode": f"CV{random.randrange(1, 99)} {random.randrange(1, 9)}EE",
            "DateOfBirth": each.date_of_birth,
            "Gender": each.gender,
            "AbilityToShare": "1",
            "VerificationType": "2",
        }
        for number, each in enumerate(people)
    )
    return envelope(batch_body(*rows, credentials=CREDENTIALS))


def achievements(people: Sequence[Person], count: int, first_unit: int = 0) -> Iterator[bytes]:
    """Award so many units, a piece of the message at a time: each learner one, then each the next one."""
    yield (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><SubmitAchievementBatchJob xmlns="{SERVICES}">'
        f"<invokingUser>{_USER}</invokingUser><submissionType>Final</submissionType><achievements>"
    ).encode()
    for start in range(0, count, _A_PIECE):
        numbers = range(start, min(start + _A_PIECE, count))
        rounds = (divmod(number, len(people)) for number in numbers)
        units = (UNITS[(first_unit + each) % len(UNITS)].reference for each, _ in rounds)
        chosen = (people[number % len(people)] for number in numbers)
        yield "".join(map(_achievement, numbers, chosen, units)).encode()
    yield b"</achievements></SubmitAchievementBatchJob></s:Body></s:Envelope>"


def _achievement(number: int, who: Person, reference: str) -> str:
    day = f"2026-0{1 + number % 6}-{1 + number % 28:02}"
    fields = {
        "AchievementAwardDate": f"{day}T00:00:00",
        "Action": "1",
        "ActionDate": f"2026-07-{1 + number % 28:02}T09:30:00Z",
        "DateofBirth": f"{who.date_of_birth}T00:00:00",
        "FamilyName": who.family_name,
        "Gender": who.gender,
        "GivenName": who.given_name,
        "Grade": "Pass",
        "LanguageForAssessment": "English",
        "LearnerPostcode": who.last_known_post_code,
        "MisIdentifier": f"MIS-{number:06}",
        "ProviderUkprn": PROVIDERS[number % len(PROVIDERS)].ukprn if number % _REMARKED else _UNKNOWN_PROVIDER,
        "Uln": who.uln,
        "UnitOrQualificationReferenceNumber": reference,
    }
    given = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return f"<Achievement>{given}</Achievement>"


def verification_output(job_id: int) -> bytes:
    """Ask for the output of a batch verification."""
    return envelope(verify_batch_output_body(job_id, CREDENTIALS))


def registration_output(job_id: int) -> bytes:
    """Ask for the output of a batch registration."""
    return envelope(batch_output_body(job_id, CREDENTIALS))


def achievements_output(job_id: int) -> bytes:
    """Ask how a batch of achievements stands."""
    return envelope(job_body(str(job_id), _USER))


def learning_events(who: Person, get_type: str) -> bytes:
    """Ask for a learner's record."""
    return envelope(
        r9_body(
            "GetLearnerLearningEvents",
            invokingOrganisation=invoking_organisation_r10(UKPRN, PASSWORD, "bench"),
            uln=who.uln,
            givenName=escape(who.given_name),
            familyName=escape(who.family_name),
            getType=get_type,
        )
    )
