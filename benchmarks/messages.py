"""The messages that are sent."""

from collections.abc import Iterator
from itertools import count
from xml.sax.saxutils import escape

from benchmarks.registers import CREDENTIALS

from uln_server.register.learner import Learner

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def verification(learner: Learner) -> bytes:
    """The message that verifies a learner's own details."""
    return _envelope(
        '<m:VerifyLearner xmlns:m="http://api.lrs.miap.gov.uk/reportmsg">'
        f"{CREDENTIALS}<LearnerToVerify><ULN>{learner.uln}</ULN>"
        f"<FamilyName>{learner.family_name}</FamilyName><GivenName>{learner.given_name}</GivenName>"
        f"<DateOfBirth>{learner.date_of_birth}</DateOfBirth><Gender>{learner.gender}</Gender></LearnerToVerify>"
        "</m:VerifyLearner>"
    )


def find(given_name: str, family_name: str, date_of_birth: str, gender: str, post_code: str) -> bytes:
    """The message that finds by demographics, with the learners themselves."""
    return _envelope(
        '<m:FindLearnerByDemographics xmlns:m="http://api.lrs.miap.gov.uk/findmsg">'
        f"<FindType>FUL</FindType>{CREDENTIALS}"
        f"<FamilyName>{escape(family_name)}</FamilyName><GivenName>{escape(given_name)}</GivenName>"
        f"<DateOfBirth>{date_of_birth}</DateOfBirth><Gender>{gender}</Gender>"
        f"<LastKnownPostCode>{post_code}</LastKnownPostCode></m:FindLearnerByDemographics>"
    )


def registrations() -> Iterator[bytes]:
    """Messages that each register somebody new."""
    for number in count():
        yield _envelope(
            f'<m:RegisterLearner xmlns:m="http://api.lrs.miap.gov.uk/regmsg">{CREDENTIALS}<Learner>'
            f"<GivenName>Given {_in_letters(number)}</GivenName><FamilyName>Family</FamilyName>"
            "<LastKnownPostCode>CV4 9EE</LastKnownPostCode>"
            f"<DateOfBirth>{1960 + number % 40}-0{1 + number % 9}-1{number % 10}</DateOfBirth><Gender>2</Gender>"
            "<VerificationType>1</VerificationType><AbilityToShare>1</AbilityToShare></Learner>"
            "</m:RegisterLearner>"
        )


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters or "a"


def _envelope(body: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()
