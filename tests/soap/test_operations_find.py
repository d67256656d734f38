"""learnerByULN over HTTP: every code, what is shown, left out and sent empty, on both databases."""

from collections.abc import Iterator

import pytest
from tests.service import RunningService
from tests.soap.registers import (
    FIRST,
    FULL,
    GONE,
    MASTER,
    MERGED_INTO_GONE,
    MIDDLE,
    PASSPORT,
    PLAIN,
    filled_service,
)
from tests.soap.wire import GENERATION_2014, LEARNER, TODAY, Answer, find_body, send

from uln_server.register.learner import Learner

DARCIE, SIAN, PRIYA = "1026893096", "9276308686", "1174112637"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
DELETED, NOBODY = "7300000028", "1000000043"

# ULN, given name, family name, code, ULN of the record that FUL shows
TABLE: dict[str, tuple[str, str, str, str, str | None]] = {
    "the names": (DARCIE, "Darcie", "Tucker", "WSRC0004", DARCIE),
    "in capitals": (DARCIE, "DARCIE", "TUCKER", "WSRC0004", DARCIE),
    "a slip in each": (DARCIE, "Darcei", "Tuckar", "WSRC0004", DARCIE),
    "another spelling": (PASSPORT.uln, "Mohammed", "Brown", "WSRC0004", PASSPORT.uln),
    "previous family name": (SIAN, "Sian", "Evans", "WSRC0004", SIAN),
    "one part of the family name": (SIAN, "Sian", "Lukasz", "WSRC0004", SIAN),
    "preferred name, and name at 16": (FULL.uln, "Peggy", "Darcy", "WSRC0004", FULL.uln),
    "markup in the names": (FULL.uln, FULL.given_name, FULL.family_name, "WSRC0004", FULL.uln),
    "one who does not share": (PRIYA, "Priya", "Natarajan", "WSRC0004", PRIYA),
    "the master itself": (JORDAN, "Jordan", "Reed", "WSRC0004", JORDAN),
    "merged, by its own name": (JORDAN_OLD, "Jordan", "Reid", "WSRC0022", JORDAN),
    "merged, by its master's": (JORDAN_OLD, "Jordan", "Reed", "WSRC0022", JORDAN),
    "merged twice": (FIRST.uln, "Catherine", "Firstly", "WSRC0022", MASTER.uln),
    "merged, another person": (JORDAN_OLD, "Jordan", "Zimmer", "WSRC0001", None),
    "another family name": (DARCIE, "Darcie", "Taylor", "WSRC0001", None),
    "another given name": (DARCIE, "Brian", "Tucker", "WSRC0001", None),
    "the opposite sex": (PLAIN.uln, "Robert", "Harrison", "WSRC0001", None),
    "a longer family name": (PLAIN.uln, "Roberta", "Harris", "WSRC0001", None),
    "names swapped": (DARCIE, "Tucker", "Darcie", "WSRC0001", None),
    "an initial": (DARCIE, "Darcie", "T", "WSRC0001", None),
    "unknown": (NOBODY, "Darcie", "Tucker", "WSRC0001", None),
    "wrong check digit": ("1026893097", "Darcie", "Tucker", "WSRC0001", None),
    "deleted": (DELETED, "Lee", "Gone", "WSRC0001", None),
    "deleted here": (GONE.uln, GONE.given_name, GONE.family_name, "WSRC0001", None),
    "merged into a deleted one": (MERGED_INTO_GONE.uln, "Roberta", "Harrison", "WSRC0001", None),
    "no letter in the given name": (DARCIE, "-", "Tucker", "WSRC0015", None),
    "no letter in the family name": (DARCIE, "Darcie", "'.'", "WSRC0015", None),
    "no letter, and unknown": (NOBODY, "-", "-", "WSRC0015", None),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


def echo(answer: Answer) -> list[tuple[str, str]]:
    return [(str(child.tag), child.text or "") for child in answer.reply() if child.tag != "Learner"]


@pytest.mark.parametrize("find_type", ["FUL", "CHK"])
@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_code_echo_and_disclosure(
    service: RunningService, row: tuple[str, str, str, str, str | None], find_type: str
) -> None:
    uln, given, family, code, shown = row
    answer = send(service, find_body(uln, given, family, find_type))
    assert echo(answer) == [
        ("ResponseCode", code),
        ("ULN", uln),
        ("FamilyName", family),
        ("GivenName", given),
    ]
    learners = answer.reply().findall("Learner")
    assert [each.findtext("ULN") for each in learners] == ([shown] if shown and find_type == "FUL" else [])
    assert [each.findtext("MasterSubstituted") for each in learners] == [
        "Y" if code == "WSRC0022" else None for _ in learners
    ]


def test_every_code_is_in_the_table() -> None:
    assert {row[3] for row in TABLE.values()} == {"WSRC0001", "WSRC0004", "WSRC0015", "WSRC0022"}


def learner_of(answer: Answer) -> list[tuple[str, str]]:
    (learner,) = answer.reply().iterfind("Learner")
    return [(str(child.tag).rpartition("}")[2], "".join(child.itertext())) for child in learner]


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_a_record_with_every_field(service: RunningService, path: str) -> None:
    """Whatever characters a field holds, the reply carries them; times are London's."""
    answer = send(service, find_body(FULL.uln, FULL.given_name, FULL.family_name), path=path)
    assert learner_of(answer) == [
        ("CreatedDate", "2024-07-01"),
        ("LastUpdatedDate", "2025-01-01"),
        ("ULN", FULL.uln),
        ("Title", "Dr & Mx"),
        ("GivenName", "Zo\u00eb <Ann>"),
        ("MiddleOtherName", '"Bee"'),
        ("FamilyName", "O\u2019Hara & Sons"),
        ("PreferredGivenName", "Peggy"),
        ("PreviousFamilyName", "Fitz>gerald"),
        ("FamilyNameAtAge16", "D'Arcy"),
        ("SchoolAtAge16", "St Mary's & St <John>"),
        ("LastKnownAddressLine1", "1 \u201cThe Elms\u201d"),
        ("LastKnownAddressLine2", "Flat <2>"),
        ("LastKnownAddressTown", "Llanfair\u00adpwll"),
        ("LastKnownAddressCountyOrCity", "Ynys M\u00f4n"),
        ("LastKnownPostCode", "LL61 5UJ"),
        ("DateOfAddressCapture", "2020-02-29"),
        ("DateOfBirth", "2003-03-03"),
        ("PlaceOfBirth", "\u0141\u00f3d\u017a"),
        ("Gender", "2"),
        ("EmailAddress", "zoe@example.com"),
        ("Nationality", "GBR"),
        ("ScottishCandidateNumber", "123456789"),
        ("VerificationType", "999"),
        ("OtherVerificationDescription", "Letter from the head & seal"),
        ("TierLevel", "1"),
        ("AbilityToShare", "2"),
        ("LearnerStatus", "1"),
        ("LinkedULNs", ""),
        ("Notes", "first line\r\nsecond ]]> line \U0001f642\ttab"),
        ("VersionNumber", "12"),
    ]


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_empty_fields_are_left_out_but_linked_ulns_and_notes(service: RunningService, path: str) -> None:
    assert learner_of(send(service, find_body(), path=path)) == [
        ("CreatedDate", "2012-09-03"),
        ("LastUpdatedDate", "2012-09-03"),
        ("ULN", DARCIE),
        ("GivenName", "Darcie"),
        ("FamilyName", "Tucker"),
        ("LastKnownPostCode", "CV4 9EE"),
        ("DateOfBirth", "1976-08-16"),
        ("Gender", "2"),
        ("VerificationType", "1"),
        ("TierLevel", "0"),
        ("AbilityToShare", "1"),
        ("LearnerStatus", "1"),
        ("LinkedULNs", ""),
        ("Notes", ""),
        ("VersionNumber", "1"),
    ]


@pytest.mark.parametrize(("learner", "tier"), [(PLAIN, "0"), (PASSPORT, "2"), (FULL, "1")])
def test_tier_level_follows_the_evidence(service: RunningService, learner: Learner, tier: str) -> None:
    answer = send(service, find_body(learner.uln, learner.given_name, learner.family_name))
    assert answer.text("TierLevel") == tier


@pytest.mark.parametrize(
    ("path", "linked"), [(TODAY, f"{{{LEARNER}}}LinkedULNs"), (GENERATION_2014, "LinkedULNs")]
)
@pytest.mark.parametrize(
    ("asked", "family", "master", "ulns"),
    [
        (JORDAN_OLD, "Reid", JORDAN, [JORDAN_OLD]),
        (JORDAN, "Reed", JORDAN, [JORDAN_OLD]),
        (FIRST.uln, "Young", MASTER.uln, sorted([FIRST.uln, MIDDLE.uln])),
        (MASTER.uln, "Young", MASTER.uln, sorted([FIRST.uln, MIDDLE.uln])),
    ],
    ids=["merged", "its master", "merged twice", "their master"],
)
def test_a_master_names_everything_that_was_merged_into_it(  # noqa: PLR0913, PLR0917  # a table of calls
    service: RunningService, path: str, linked: str, asked: str, family: str, master: str, ulns: list[str]
) -> None:
    given = "Jordan" if master == JORDAN else "Catherine"
    (learner,) = send(service, find_body(asked, given, family), path=path).reply().iterfind("Learner")
    assert learner.findtext("ULN") == master
    assert learner.findtext("LearnerStatus") == "1"
    assert [each.text for each in learner.iterfind(f"{linked}/ULN")] == ulns
