"""verifyLearner's rules: each code, each flag, each precedence (domain §4 and §5)."""

from dataclasses import replace

import pytest
from tests.unit.learners import DARCIE, MERGED, REED, REID, SIAN, alone

from uln_contract.codes import FailureFlag, VerifyCode
from uln_server.register.entry import Entry
from uln_server.register.learner import Learner
from uln_server.register.verifying import Claim, verify


def claim(given: str, family: str, born: str | None = None, gender: str | None = None) -> Claim:
    return Claim(given_name=given, family_name=family, date_of_birth=born, gender=gender)


def outcome(asked: Claim, learner: Learner | Entry) -> str:
    """The code's last digits and the flags' numbers: "005 1 2 7"."""
    entry = learner if isinstance(learner, Entry) else alone(learner)
    verification = verify(asked, entry)
    return " ".join([verification.code[-3:], *(flag.removeprefix("VRF") for flag in verification.flags)])


MATCHES = [
    (claim("Siân", "O'Brien-Łukasz", "2001-02-28", "2"), "001"),
    (claim("SIAN", "OBRIEN LUKASZ"), "001"),
    (claim("Siân", "O'Brien-Łukasz", None, "2"), "001"),
    (claim("Siân", "O'Brien-Łukasz", "2001-02-28", None), "001"),
]

SIMILAR = [
    (claim("Shan", "O'Brien-Łukasz"), "003"),  # given similar: passes
    (claim("Siân", "O'Brien-Lukacz"), "003"),  # family similar: passes
    (claim("Siân", "O'Brien"), "003"),  # a part of the family name: passes
    (claim("S", "Lukasz"), "003"),
    (claim("Siân", "Evans"), "003 4 5"),  # family is the previous one: 6 passes
    (claim("Siân", "Evanss"), "003 4 5"),  # and similar to it
    (claim("Siân", "Pritchard"), "003 4 5 6"),  # family at 16: no flag speaks of that field
    (claim("Nell", "O'Brien-Łukasz"), "003 1 2 3"),  # the preferred given name
    (claim("Nelly", "O'Brien-Łukasz"), "005 1 2 3"),  # two short forms are not similar
    (claim("Nell", "Evans"), "003 1 2 3 4 5"),
    (claim("O'Brien-Łukasz", "Siân"), "003 1 3 5 6"),  # swapped: 2 and 4 pass
]

FAILURES = [
    (claim("Zebedee", "O'Brien-Łukasz"), "005 1 2 3"),
    (claim("Siân", "Featherstone"), "005 4 5 6"),
    (claim("Zebedee", "Featherstone"), "005 1 2 3 4 5 6"),
    (claim("Evans", "O'Brien-Łukasz"), "005 1 2"),  # the given name is the previous family name
    (claim("Evans", "Siân"), "005 1 2 5 6"),
    (claim("O'Brien-Łukasz", "Featherstone"), "005 1 3 4 5 6"),  # only half swapped
    (claim("Zebedee", "Siân"), "005 1 2 3 5 6"),  # the other half
    (claim("O'Brien", "Siân"), "005 1 3 5 6"),  # swapped and similar is two differences
    (claim("O'Brien-Łukasz", "Shan"), "005 1 3 5 6"),
    (claim("Siân", "O'Brien-Łukasz", "2001-02-27"), "005 7"),
    (claim("Siân", "O'Brien-Łukasz", None, "1"), "005 8"),
    (claim("Siân", "O'Brien-Łukasz", "2001-02-27", "1"), "005 7 8"),
    (claim("Shan", "Evans", "2001-02-27"), "005 4 5 7"),
    (claim("O'Brien-Łukasz", "Siân", None, "1"), "005 1 3 5 6 8"),
    (claim("Zebedee", "Featherstone", "2001-02-27", "1"), "005 1 2 3 4 5 6 7 8"),
    (claim("-", "."), "005 1 2 3 4 5 6"),
]


@pytest.mark.parametrize(("asked", "expected"), MATCHES + SIMILAR + FAILURES)
def test_outcome(asked: Claim, expected: str) -> None:
    assert outcome(asked, SIAN) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (claim("Zebedee", "Tucker"), "005 1 2"),
        (claim("Darcie", "Featherstone"), "005 4 5"),
        (claim("Zebedee", "Featherstone"), "005 1 2 4 5"),
        (claim("Tucker", "Darcie"), "003 1 5"),
    ],
)
def test_no_flag_is_raised_against_a_previous_name_that_the_register_does_not_have(
    asked: Claim, expected: str
) -> None:
    assert outcome(asked, DARCIE) == expected


def test_a_twin_is_not_taken_for_the_other_with_swapped_names() -> None:
    robert = replace(DARCIE, given_name="Robert", family_name="Roberts")
    assert outcome(claim("Roberta", "Roberts"), robert) == "005 1"


@pytest.mark.parametrize("sent", [None, "0", "9", "2"])
@pytest.mark.parametrize("held", ["0", "9", "2"])
def test_an_unknown_gender_never_fails(sent: str | None, held: str) -> None:
    assert outcome(claim("Darcie", "Tucker", gender=sent), replace(DARCIE, gender=held)) == "001"


@pytest.mark.parametrize(("sent", "held"), [("1", "2"), ("2", "1")])
def test_two_known_genders_that_differ_fail(sent: str, held: str) -> None:
    assert outcome(claim("Darcie", "Tucker", gender=sent), replace(DARCIE, gender=held)) == "005 8"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (claim("Jay", "Ainsley", "1985-03-27", "1"), "002"),  # the record that the ULN was given out with
        (claim("Jordan", "Reed", "1985-03-27", "1"), "002"),  # its master
        (claim("Jay", "Ainsly"), "004"),
        (claim("Jordan", "Read"), "004"),
        (claim("Ainsley", "Jay"), "004 1 5"),
        (claim("Jay", "Reed"), "005 4 5"),  # one name of each is neither record
        (claim("Jordan", "Reed", "1985-03-28"), "005 7"),  # the nearer record's flags
        (claim("Jay", "Ainsley", None, "2"), "005 8"),
        (claim("Zebedee", "Featherstone"), "005 1 2 4 5"),
    ],
)
def test_a_merged_uln_is_compared_with_its_own_record_and_with_its_master(asked: Claim, expected: str) -> None:
    assert outcome(asked, MERGED) == expected


def test_the_better_record_counts_even_when_it_is_the_master() -> None:
    own_is_similar = Entry(asked=replace(REID, given_name="Jordan", family_name="Read"), current=REED)
    assert outcome(claim("Jordan", "Reed"), own_is_similar) == "002"


def test_the_record_asked_for_counts_when_both_are_as_good() -> None:
    own = replace(REID, given_name="Jordan", family_name="Reed", date_of_birth="1985-03-28", gender="1")
    master = replace(REED, gender="2")
    assert outcome(claim("Jordan", "Reed", "1985-03-27", "1"), Entry(asked=own, current=master)) == "005 7"


def test_an_outcome_is_typed() -> None:
    verification = verify(claim("Zebedee", "Tucker"), alone(DARCIE))
    assert verification.code is VerifyCode.WSVRC005
    assert verification.flags == (FailureFlag.VRF1, FailureFlag.VRF2)
