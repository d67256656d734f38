from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.unit.importing.files import GOOD

from uln_server.importing.checking import Candidate, Checker
from uln_server.importing.layout import layout_of
from uln_server.importing.rules import Finding, Rule
from uln_server.register.learner import Learner, Status
from uln_server.sandbox.mark import INVENTED

NOW = datetime(2024, 7, 10, 23, 30, tzinfo=UTC)  # the 11th in the UK
DARCIE = ("1026893096", "Darcie", "Tucker", "1976-08-16")


def checked(foreign: frozenset[tuple[str, ...]] = frozenset(), /, **changes: str) -> Candidate | list[Finding]:
    values = {**GOOD, **changes}
    return Checker(layout_of(list(values)), NOW, foreign).check(2, list(values.values()))


def candidate(**changes: str) -> Candidate:
    found = checked(**changes)
    assert isinstance(found, Candidate), found
    return found


def held(**changes: str) -> Learner:
    values = candidate(**changes).values
    return Learner(**{name: value for name, value in values.items() if not name.endswith("_key")})


def test_a_good_row_is_every_column_of_the_register() -> None:
    values = candidate(GivenName="Siân", FamilyName="O'Brien-Łukasz", LastKnownPostCode="cv4 9ee").values
    assert {name: value for name, value in values.items() if value is not None} == {
        "uln": "1026893096",
        "status": Status.ACTIVE,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "given_name": "Siân",
        "family_name": "O'Brien-Łukasz",
        "date_of_birth": "1976-08-16",
        "gender": "2",
        "last_known_post_code": "cv4 9ee",
        "ability_to_share": "1",
        "verification_type": "1",
        "given_key": "sian",
        "family_key": "obrienlukasz",
        "post_code_key": "CV49EE",
    }
    assert {name for name in values if not name.endswith("_key")} == set(Learner.__slots__)


def test_what_a_row_says_of_its_past_is_kept() -> None:
    values = candidate(
        CreatedDate="2013-07-02",
        LastUpdatedDate="2024-01-31",
        VersionNumber="4",
        LearnerStatus="2",
        MasterULN="1174112637",
    ).values
    assert values["created_at"] == datetime(2013, 7, 1, 23, tzinfo=UTC)
    assert values["updated_at"] == datetime(2024, 1, 31, tzinfo=UTC)
    assert (values["version"], values["status"], values["master_uln"]) == (4, Status.MERGED, "1174112637")


def test_a_record_that_was_never_said_to_be_updated_is_as_it_was_created() -> None:
    values = candidate(CreatedDate="2013-01-02").values
    assert values["updated_at"] == values["created_at"] == datetime(2013, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "rule", "column", "words"),
    [
        ({"GivenName": ""}, Rule.MISSING, "GivenName", "is empty"),
        ({"ULN": ""}, Rule.MISSING, "ULN", "is empty"),
        ({"GivenName": "x" * 36}, Rule.LENGTH, "GivenName", "has 36 characters, and at most 35 fit."),
        ({"Notes": "x" * 4001}, Rule.LENGTH, "Notes", "at most 4000"),
        ({"GivenName": "  "}, Rule.FORM, "GivenName", "does not fit: A name of 1 to 35"),
        ({"ULN": "1.03E+09"}, Rule.FORM, "ULN", "does not fit: A Unique Learner Number"),
        ({"ULN": "10268930961"}, Rule.FORM, "ULN", "does not fit"),
        ({"DateOfBirth": "16/08/1976"}, Rule.FORM, "DateOfBirth", "YYYY-MM-DD"),
        ({"DateOfBirth": "2001-02-29"}, Rule.FORM, "DateOfBirth", "YYYY-MM-DD"),
        ({"Gender": "F"}, Rule.FORM, "Gender", "1 male, 2 female"),
        ({"VersionNumber": "0"}, Rule.FORM, "VersionNumber", "from 1"),
        ({"VersionNumber": "9999999999"}, Rule.FORM, "VersionNumber", "to 999999999"),
        ({"LearnerStatus": "3"}, Rule.FORM, "LearnerStatus", "does not fit"),
        ({"ULN": "1026893097"}, Rule.CHECK_DIGIT, "ULN", "wrong check digit"),
        ({"ULN": "9999999999"}, Rule.UNKNOWN_ULN, "ULN", "funding return"),
        ({"LearnerStatus": "2", "MasterULN": "1026893097"}, Rule.CHECK_DIGIT, "MasterULN", "wrong check digit"),
        ({"FamilyName": "123"}, Rule.NO_LETTER, "FamilyName", "no letter"),
        ({"VerificationType": "999"}, Rule.DESCRIPTION, "OtherVerificationDescription", "VerificationType is 999"),
        ({"MasterULN": "1174112637"}, Rule.STATUS, "MasterULN", "disagree"),
        ({"LearnerStatus": "1", "MasterULN": "1174112637"}, Rule.STATUS, "MasterULN", "disagree"),
        ({"LearnerStatus": "2"}, Rule.STATUS, "LearnerStatus", "disagree"),
        ({"LearnerStatus": "2", "MasterULN": "1026893096"}, Rule.OWN_MASTER, "MasterULN", "own ULN"),
        ({"DateOfBirth": "2024-07-12"}, Rule.DATE, "DateOfBirth", "in the future"),
        ({"DateOfAddressCapture": "2099-01-01"}, Rule.DATE, "DateOfAddressCapture", "in the future"),
        ({"DateOfBirth": "1899-01-01", "CreatedDate": "1900-02-29"}, Rule.DATE, "CreatedDate", "no day of the"),
        (
            {"DateOfBirth": "1800-01-01", "LastUpdatedDate": "1800-02-29"},
            Rule.DATE,
            "LastUpdatedDate",
            "no day of the calendar",
        ),
        ({"CreatedDate": "1976-08-15"}, Rule.DATE, "CreatedDate", "before DateOfBirth, 1976-08-16"),
        ({"CreatedDate": "2013-01-02", "LastUpdatedDate": "2013-01-01"}, Rule.DATE, "LastUpdatedDate", "before"),
        ({"GivenName": "Si\ufffdn"}, Rule.CHARACTERS, "GivenName", "no text of the file's encoding"),
        ({"Notes": "a\x00b"}, Rule.CHARACTERS, "Notes", "control character"),
    ],
)
def test_a_broken_rule_is_named_with_its_column(
    changes: dict[str, str], rule: Rule, column: str, words: str
) -> None:
    findings = checked(**changes)
    assert isinstance(findings, list)
    assert [(each.rule, each.column) for each in findings] == [(rule, column)]
    assert words in findings[0].words
    assert findings[0].remedy.endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"DateOfBirth": "2024-07-11"},
        {"CreatedDate": "1976-08-16", "LastUpdatedDate": "1976-08-16"},
        {"VerificationType": "999", "OtherVerificationDescription": "Letter"},
        {"LearnerStatus": "0"},
        {"DateOfBirth": "1850-01-01"},
        {"Notes": "two\nlines, and a\ttab"},
        {"GivenName": "名字"},
    ],
)
def test_what_is_allowed_is_allowed(changes: dict[str, str]) -> None:
    candidate(**changes)


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    findings = checked(
        ULN="1026893097", GivenName="", Gender="x", DateOfBirth="2101-01-01", CreatedDate="2023-01-01"
    )
    assert isinstance(findings, list)
    assert [(each.column, each.rule) for each in findings] == [
        ("GivenName", Rule.MISSING),
        ("DateOfBirth", Rule.FORM),
        ("Gender", Rule.FORM),
        ("ULN", Rule.CHECK_DIGIT),
    ]


@pytest.mark.parametrize(("given", "refused"), [("Darcie", True), ("Doris", False)])
def test_a_learner_of_the_sandbox_is_known_by_more_than_the_uln(given: str, refused: bool) -> None:
    found = checked(frozenset({DARCIE}), GivenName=given)
    assert isinstance(found, list) == refused
    assert not refused or [each.rule for each in found if isinstance(each, Finding)] == [Rule.SANDBOX]


def test_an_invented_learner_is_known_by_its_notes() -> None:
    real = frozenset({DARCIE})
    found = checked(real, GivenName="Doris", Notes=f"{INVENTED} Returned to learning.")
    assert [each.rule for each in found if isinstance(each, Finding)] == [Rule.SANDBOX]
    assert isinstance(checked(real, GivenName="Doris", Notes="Returned to learning."), Candidate)
    assert isinstance(checked(frozenset(), GivenName="Doris", Notes=INVENTED), Candidate)


def test_a_row_says_the_same_as_a_record_when_nothing_it_gives_differs() -> None:
    checker = Checker(layout_of([*GOOD, "Notes"]), NOW)
    row = checker.check(2, [*GOOD.values(), ""])
    assert isinstance(row, Candidate)
    record = replace(held(Notes="something more", CreatedDate="2013-01-02"), version=7)
    assert checker.differing(row, record) == []
    assert checker.differing(row, replace(record, gender="9", given_name="Doris")) == ["GivenName", "Gender"]


def test_a_row_that_speaks_of_its_past_is_held_to_it() -> None:
    given = {"CreatedDate": "2013-07-02", "VersionNumber": "2", "LearnerStatus": "1"}
    checker = Checker(layout_of([*GOOD, *given]), NOW)
    row = checker.check(2, [*GOOD.values(), *given.values()])
    assert isinstance(row, Candidate)
    record = replace(held(), created_at=datetime(2013, 7, 2, 9, tzinfo=UTC), version=2)
    assert checker.differing(row, record) == []
    other = replace(record, created_at=NOW, version=3, status=Status.DELETED)
    assert checker.differing(row, other) == ["CreatedDate", "VersionNumber", "LearnerStatus"]


def test_a_file_without_a_column_has_its_default() -> None:
    checker = Checker(layout_of(list(GOOD)), NOW)
    assert not checker.merged(list(GOOD.values()))
    assert checker.uln(list(GOOD.values())) == "1026893096"
