"""Every code of the error file over HTTP, on both databases: one batch for each class, a record for each cause."""

from collections.abc import Iterator, Sequence

import pytest
from tests.service import RunningService
from tests.soap.achievements import (
    CREATE,
    PROMOTE,
    REINSTATE,
    SECOND_AO,
    SECONDS_UNIT,
    SHARED_UNIT,
    UPDATE,
    WITHDRAW,
    Row,
    achievement,
    counted,
    errors,
    newcomers,
    outcome,
)
from tests.soap.registers import FIRST, GONE
from tests.soap.wire import Answer

from uln_contract.codes import AchievementCode, explain
from uln_server.store.database import Database

REFERENCE = "UnitOrQualificationReferenceNumber"
AWARDED = "AchievementAwardDate"
NOBODY, WRONG_DIGIT = "1000000043", "1026893097"
Expected = list[tuple[Row, str]]
"""What is changed in an achievement that is right, and what is found: ``code:field``, one or several."""

FIELD_DATA: Expected = [
    ({"FamilyName": None}, "FD001:FamilyName"),
    ({"GivenName": "..."}, "FD001:GivenName"),
    ({"Uln": ""}, "FD001:Uln"),
    ({"Action": None}, "FD001:Action"),
    ({"Grade": "x" * 36}, "FD002:Grade"),
    ({"MisIdentifier": "a\tb"}, "FD002:MisIdentifier"),
    ({"ActionDate": "0001-01-01T00:00:00"}, "FD003:ActionDate"),
    ({"DateofBirth": "16/08/1976"}, "FD003:DateofBirth"),
    ({AWARDED: "2999-01-01T00:00:00"}, f"FD004:{AWARDED}"),
    ({"Action": "0"}, "FD005:Action"),
    ({"Action": "create"}, "FD005:Action"),
    ({"Uln": WRONG_DIGIT}, "FD006:Uln"),
    ({"Gender": "5"}, "FD007:Gender"),
    ({REFERENCE: "K/501"}, f"FD008:{REFERENCE}"),
    ({"FamilyName": "", "Gender": "m", "Uln": "1"}, "FD001:FamilyName FD007:Gender FD006:Uln"),
]
LEARNER_DATA: Expected = [
    ({"Uln": NOBODY}, "LD001:Uln"),
    ({"Uln": GONE.uln, "GivenName": GONE.given_name, "FamilyName": GONE.family_name}, "LD001:Uln"),
    ({"FamilyName": "Baker"}, "LD002:FamilyName"),
    ({"GivenName": "Otto"}, "LD002:GivenName"),
    ({"DateofBirth": "1976-08-17T00:00:00"}, "LD003:DateofBirth"),
    (
        {"GivenName": "Otto", "DateofBirth": "1976-08-17", "Gender": "1"},
        "LD002:GivenName LD003:DateofBirth W002:Gender",
    ),
]
BUSINESS_RULES: Sequence[tuple[Sequence[Row], str]] = [
    ([{REFERENCE: "S/900/9999"}], f"BR001:{REFERENCE}"),
    ([{REFERENCE: "S/900/0406"}], f"BR002:{AWARDED}"),
    ([{REFERENCE: "S/900/0301"}], f"BR003:{AWARDED}"),
    ([{REFERENCE: SECONDS_UNIT}], f"BR004:{REFERENCE}"),
    ([{"Grade": "Merit"}], "BR005:Grade"),
    ([{REFERENCE: "900/0011/X"}], "BR005:Grade"),
    ([{"ProviderUkprn": "0123"}], "BR006:ProviderUkprn"),
    ([{"Action": UPDATE}], f"BR007:{REFERENCE}"),
    ([{"Action": PROMOTE}], f"BR007:{REFERENCE}"),
    ([{}, {"Action": REINSTATE}], "BR008:Action"),
    ([{}, {"Action": WITHDRAW}, {"Action": WITHDRAW}], "BR009:Action"),
    ([{}, {"Action": PROMOTE}], "BR010:Action"),
    ([{}, {"ProviderUkprn": "90000002"}], f"BR011:{REFERENCE}"),
    ([{}, {"Action": WITHDRAW}, {"Action": CREATE}], f"BR012:{REFERENCE}"),
    ([{}, {"Action": UPDATE, "ActionDate": "2024-02-04T23:59:59Z"}], "BR013:ActionDate"),
    (
        [{REFERENCE: SECONDS_UNIT, AWARDED: "2001-01-01", "Grade": "A", "ProviderUkprn": "x"}],
        f"BR002:{AWARDED} BR004:{REFERENCE} BR005:Grade BR006:ProviderUkprn",
    ),
]
"""Each with the achievements of a learner of its own: the last one is refused, those before it are taken."""
WARNINGS: Sequence[tuple[Sequence[Row], str]] = [
    ([{"LearnerPostcode": "CV4 9EE"}], "W001:LearnerPostcode"),
    ([{"Gender": "1"}], "W002:Gender"),
    ([{"GivenName": "Beatriz"}], "W003:FamilyName"),
    ([{"ProviderUkprn": "10000001"}], "W005:ProviderUkprn"),
    ([{}, {"Action": UPDATE}], "W006:Action"),
    ([{"Gender": "1", "LearnerPostcode": "B1 1AA"}], "W001:LearnerPostcode W002:Gender"),
    ([{"Gender": "9", "LearnerPostcode": "tr12he", "DateofBirth": "2001-02-03"}], ""),
]


@pytest.fixture
def register(changing_service: RunningService) -> Iterator[Database]:
    with changing_service.register() as opened:
        yield opened


def found(answer: Answer) -> dict[int, str]:
    """The findings of each record, as the tables above write them; what is said of each is its explanation."""
    findings: dict[int, str] = {}
    for line in errors(answer):
        code, number = AchievementCode(line["Code"]), int(line["RecordNumber"])
        said = explain(code)
        assert (line["Class"], line["Message"], line["Remedy"]) == (code.finding_class, said.text, said.remedy)
        findings[number] = f"{findings.get(number, '')} {code}:{line['Field']}".strip()
    return findings


@pytest.mark.parametrize(("rows", "counter"), [(FIELD_DATA, "field"), (LEARNER_DATA, "learner")], ids=["FD", "LD"])
def test_an_achievement_that_is_wrong_in_itself_or_about_its_learner(
    changing_service: RunningService, rows: Expected, counter: str
) -> None:
    answer = outcome(changing_service, *(achievement(changes) for changes, _ in rows))
    assert found(answer) == {number: each for number, (_, each) in enumerate(rows, 1)}
    assert counted(answer) == {counter: len(rows)}


def of_learners(
    register: Database, cases: Sequence[tuple[Sequence[Row], str]]
) -> tuple[list[Row], dict[int, str]]:
    """The achievements of all cases, each case with a learner of its own, and what is found by record."""
    rows: list[Row] = []
    expected: dict[int, str] = {}
    for learner, (steps, findings) in zip(newcomers(register, len(cases)), cases, strict=True):
        rows += [achievement(learner, **changes) for changes in steps]
        if findings:
            expected[len(rows)] = findings
    return rows, expected


def test_an_achievement_that_a_business_rule_refuses(changing_service: RunningService, register: Database) -> None:
    rows, expected = of_learners(register, BUSINESS_RULES)
    answer = outcome(changing_service, *rows)
    assert found(answer) == expected
    done = len(rows) - len(BUSINESS_RULES)
    assert counted(answer) == {
        "business": len(BUSINESS_RULES),
        "created": done - 2,
        "withdrawn": 2,
        "final": done,
    }


def test_an_achievement_that_is_taken_with_a_warning(changing_service: RunningService, register: Database) -> None:
    rows, expected = of_learners(register, WARNINGS)
    old = {"Uln": FIRST.uln, "GivenName": FIRST.given_name, "FamilyName": FIRST.family_name}
    (shared,) = newcomers(register, 1)
    twice = achievement(shared, UnitOrQualificationReferenceNumber=SHARED_UNIT)
    rows += [achievement(old), achievement(old, Action=WITHDRAW), twice]
    expected |= {len(rows) - 2: "W004:Uln", len(rows) - 1: "W004:Uln", len(rows): f"W007:{REFERENCE}"}
    assert counted(outcome(changing_service, twice, by=SECOND_AO)) == {"created": 1, "final": 1}
    answer = outcome(changing_service, *rows)
    assert found(answer) == expected
    assert counted(answer) == {"created": len(rows) - 2, "updated": 1, "withdrawn": 1, "final": len(rows)}


def test_these_are_all_the_codes_that_there_are() -> None:
    tables = (FIELD_DATA, LEARNER_DATA, BUSINESS_RULES, WARNINGS)
    shown = {part.partition(":")[0] for rows in tables for _, each in rows for part in each.split()}
    assert shown | {"W004", "W007"} == set(AchievementCode)
