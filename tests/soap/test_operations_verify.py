"""verifyLearner over HTTP: every code, every flag, what is shown and what is kept back, on both databases."""

from collections.abc import Iterator

import pytest
from tests.service import RunningService
from tests.soap.registers import FIRST, FULL, GONE, MASTER, MERGED_INTO_GONE, PASSPORT, filled_service
from tests.soap.wire import GENERATION_2014, TODAY, Answer, send, verify_body

from uln_contract.records import MIAPVerifiedLearner

DARCIE = "1026893096"
SIAN = "9276308686"
SAM = "3100000012"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
DELETED = "7300000028"
NOBODY = "1000000043"
ALL_OF_THE_NAMES = "VRF1 VRF2 VRF3 VRF4 VRF5 VRF6"

BORN = "<DateOfBirth>{}</DateOfBirth>".format
SEX = "<Gender>{}</Gender>".format
RIGHT = BORN("1976-08-16") + SEX("2")
WRONG = BORN("1976-08-17") + SEX("1")

# ULN, given name, family name, more fields, code, flags, ULN of the record that is shown
TABLE: dict[str, tuple[str, str, str, str, str, str, str | None]] = {
    "the names": (DARCIE, "Darcie", "Tucker", "", "WSVRC001", "", DARCIE),
    "everything": (DARCIE, "Darcie", "Tucker", RIGHT, "WSVRC001", "", DARCIE),
    "in capitals": (DARCIE, "DARCIE", "TUCKER", RIGHT, "WSVRC001", "", DARCIE),
    "accents, dashes and spaces": (SIAN, "sian", "O Brien Lukasz", "", "WSVRC001", "", SIAN),
    "gender not known": (DARCIE, "Darcie", "Tucker", SEX("0"), "WSVRC001", "", DARCIE),
    "gender not specified": (DARCIE, "Darcie", "Tucker", SEX("9"), "WSVRC001", "", DARCIE),
    "the register's gender not specified": (SAM, "Sam", "Taylor", SEX("1"), "WSVRC001", "", SAM),
    "the register's gender not known": (
        PASSPORT.uln,
        "Muhammad",
        "Brown",
        SEX("2"),
        "WSVRC001",
        "",
        PASSPORT.uln,
    ),
    "markup in the names": (FULL.uln, FULL.given_name, FULL.family_name, "", "WSVRC001", "", FULL.uln),
    "a slip": (DARCIE, "Darcie", "Tuckar", RIGHT, "WSVRC003", "", DARCIE),
    "another spelling": (PASSPORT.uln, "Mohammed", "Brown", "", "WSVRC003", "", PASSPORT.uln),
    "previous family name": (SIAN, "Si\u00e2n", "Evans", "", "WSVRC003", "VRF4 VRF5", SIAN),
    "family name at 16": (FULL.uln, FULL.given_name, "D'Arcy", "", "WSVRC003", "VRF4 VRF5 VRF6", FULL.uln),
    "preferred given name": (FULL.uln, "Peggy", FULL.family_name, "", "WSVRC003", "VRF1 VRF2 VRF3", FULL.uln),
    "names swapped": (DARCIE, "Tucker", "Darcie", RIGHT, "WSVRC003", "VRF1 VRF5", DARCIE),
    "merged, by its own name": (JORDAN_OLD, "Jordan", "Reid", "", "WSVRC002", "", JORDAN),
    "merged, by its master's": (JORDAN_OLD, "Jordan", "Reed", BORN("1985-03-27"), "WSVRC002", "", JORDAN),
    "merged twice": (FIRST.uln, "Catherine", "Firstly", "", "WSVRC002", "", MASTER.uln),
    "merged, with a slip": (JORDAN_OLD, "Jordam", "Reid", "", "WSVRC004", "", JORDAN),
    "merged, swapped": (JORDAN_OLD, "Reid", "Jordan", "", "WSVRC004", "VRF1 VRF5", JORDAN),
    "merged, another person": (JORDAN_OLD, "Jordan", "Zimmer", "", "WSVRC005", "VRF4 VRF5", None),
    "the master itself": (JORDAN, "Jordan", "Reed", SEX("1"), "WSVRC001", "", JORDAN),
    "another family name": (DARCIE, "Darcie", "Taylor", "", "WSVRC005", "VRF4 VRF5", None),
    "another given name": (DARCIE, "Brian", "Tucker", "", "WSVRC005", "VRF1 VRF2", None),
    "another name altogether": (DARCIE, "Brian", "Taylor", "", "WSVRC005", "VRF1 VRF2 VRF4 VRF5", None),
    "no name of the register": (SIAN, "Brian", "Jones", "", "WSVRC005", ALL_OF_THE_NAMES, None),
    "nothing of the register": (
        SIAN,
        "Brian",
        "Jones",
        BORN("2001-03-28") + SEX("1"),
        "WSVRC005",
        f"{ALL_OF_THE_NAMES} VRF7 VRF8",
        None,
    ),
    "another date of birth": (DARCIE, "Darcie", "Tucker", BORN("1976-08-17"), "WSVRC005", "VRF7", None),
    "another gender": (DARCIE, "Darcie", "Tucker", SEX("1"), "WSVRC005", "VRF8", None),
    "another date and gender": (DARCIE, "Darcie", "Tucker", WRONG, "WSVRC005", "VRF7 VRF8", None),
    "a slip, and another date": (DARCIE, "Darcie", "Tuckar", BORN("1976-08-17"), "WSVRC005", "VRF7", None),
    "a day that never was": (DARCIE, "Darcie", "Tucker", BORN("1900-02-29"), "WSVRC005", "VRF7", None),
    "another such day": (DARCIE, "Darcie", "Tucker", BORN("1800-02-29"), "WSVRC005", "VRF7", None),
    "names without a letter": (DARCIE, "-", ".", "", "WSVRC005", "VRF1 VRF2 VRF4 VRF5", None),
    "unknown": (NOBODY, "Darcie", "Tucker", RIGHT, "WSVRC006", "", None),
    "wrong check digit": ("1026893097", "Darcie", "Tucker", "", "WSVRC006", "", None),
    "the unknown ULN of the funding return": ("9999999999", "Darcie", "Tucker", "", "WSVRC006", "", None),
    "deleted": (DELETED, "Lee", "Gone", "", "WSVRC006", "", None),
    "merged into a deleted one": (MERGED_INTO_GONE.uln, "Roberta", "Harrison", "", "WSVRC006", "", None),
    "deleted master": (GONE.uln, "Roberta", "Harrison", "", "WSVRC006", "", None),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


def children(answer: Answer) -> list[tuple[str, str]]:
    (learner,) = answer.reply()
    assert learner.tag == "VerifiedLearner"
    return [(str(child.tag), child.text or "") for child in learner]


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_code_flags_and_disclosure(
    service: RunningService, row: tuple[str, str, str, str, str, str, str | None]
) -> None:
    uln, given, family, extra, code, flags, shown = row
    answer = send(service, verify_body(uln, given, family, extra))
    assert answer.text("ResponseCode") == code
    assert answer.texts("FailureFlag") == flags.split()
    assert answer.text("ULN") == shown
    for field in ("FamilyName", "GivenName", "DateOfBirth", "Gender"):
        assert (answer.text(field) is not None) is (shown is not None)


def test_every_code_and_flag_is_in_the_table() -> None:
    assert {row[4] for row in TABLE.values()} == {f"WSVRC00{number}" for number in range(1, 7)}
    assert {flag for row in TABLE.values() for flag in row[5].split()} == {f"VRF{n}" for n in range(1, 9)}


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_a_whole_reply(service: RunningService, path: str) -> None:
    answer = send(service, verify_body(SIAN, "  Sian ", "Evans", BORN("2001-02-28") + SEX("9")), path=path)
    assert children(answer) == [
        ("SearchedULN", SIAN),
        ("SearchedFamilyName", "Evans"),
        ("SearchedGivenName", "  Sian "),
        ("SearchedDateOfBirth", "2001-02-28"),
        ("SearchedGender", "9"),
        ("ResponseCode", "WSVRC003"),
        ("ULN", SIAN),
        ("FamilyName", "O\u2019Brien-\u0141ukasz"),
        ("GivenName", "Si\u00e2n"),
        ("DateOfBirth", "2001-02-28"),
        ("Gender", "2"),
        ("FailureFlag", "VRF4"),
        ("FailureFlag", "VRF5"),
    ]


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_a_reply_without_register_data(service: RunningService, path: str) -> None:
    assert children(send(service, verify_body(NOBODY), path=path)) == [
        ("SearchedULN", NOBODY),
        ("SearchedFamilyName", "Tucker"),
        ("SearchedGivenName", "Darcie"),
        ("ResponseCode", "WSVRC006"),
    ]


def test_the_table_of_fields_is_the_contracts() -> None:
    assert [field.name for field in MIAPVerifiedLearner.FIELDS] == [
        *("SearchedULN", "SearchedFamilyName", "SearchedGivenName", "SearchedDateOfBirth", "SearchedGender"),
        *("ResponseCode", "ULN", "FamilyName", "GivenName", "DateOfBirth", "Gender", "FailureFlag"),
    ]


NAMES = [
    ("Tom & Jerry", "<b>Bold</b>"),
    ("O\u2019Neil \"Bob\" 'B'", "]]>"),
    ("\U0001f642\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u0e01\u0e34"),
    ("&amp;&lt;&#0;", "%3Cscript%3E"),
    ("caf\u00e9 / cafe\u0301", "\u202eright to left"),
    ("two\nlines", "a\ttab"),
    ("x" * 35, "\U0001f642" * 35),
]


@pytest.mark.parametrize(("given", "family"), NAMES)
def test_names_are_echoed_as_sent(service: RunningService, given: str, family: str) -> None:
    answer = send(service, verify_body(given=given, family=family))
    assert (answer.text("SearchedGivenName"), answer.text("SearchedFamilyName")) == (given, family)
