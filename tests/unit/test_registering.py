"""When a learner may be registered: the age, the evidence, the four causes of WSRC0021 (domain §3, §6)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from uln_contract.codes import ResponseCode
from uln_server.register.registering import (
    Cause,
    LastFind,
    Procedure,
    age_on,
    age_refused,
    verification_described,
    why_not,
)

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
TICK = timedelta(microseconds=1)
MAXIMUM = timedelta(minutes=120)
MINIMUM = timedelta(seconds=5)
FIND_FIRST = Procedure(required=True, maximum=MAXIMUM, minimum=MINIMUM)
NO_PROCEDURE = Procedure(required=False, maximum=MAXIMUM, minimum=MINIMUM)


def found(code: str, ago: timedelta) -> LastFind:
    return LastFind(at=NOW - ago, code=ResponseCode(code))


def cause(last: LastFind | None, *, duplicate: bool = False, procedure: Procedure = FIND_FIRST) -> Cause | None:
    return why_not(procedure, duplicate=duplicate, last=last, now=NOW)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        # nothing found: register at once, as long as the find counts
        (found("WSRC0001", timedelta(0)), None),
        (found("WSRC0001", MAXIMUM), None),
        (found("WSRC0001", MAXIMUM + TICK), Cause.NO_FIND),
        # possible matches, or too many: they take time to review
        (found("WSRC0003", timedelta(0)), Cause.REVIEWED_TOO_QUICKLY),
        (found("WSRC0003", MINIMUM - TICK), Cause.REVIEWED_TOO_QUICKLY),
        (found("WSRC0003", MINIMUM), None),
        (found("WSRC0003", MAXIMUM), None),
        (found("WSRC0003", MAXIMUM + TICK), Cause.NO_FIND),
        (found("WSRC0002", MINIMUM - TICK), Cause.REVIEWED_TOO_QUICKLY),
        (found("WSRC0002", MINIMUM), None),
        # a learner found, or the master of one: there is nothing to register, however long ago
        (found("WSRC0004", timedelta(0)), Cause.FOUND),
        (found("WSRC0004", MAXIMUM), Cause.FOUND),
        (found("WSRC0022", MINIMUM), Cause.FOUND),
        (found("WSRC0022", MAXIMUM + TICK), Cause.NO_FIND),
        (None, Cause.NO_FIND),
    ],
)
def test_what_the_last_find_means(last: LastFind | None, expected: Cause | None) -> None:
    assert cause(last) is expected


@pytest.mark.parametrize("last", [None, found("WSRC0001", MINIMUM), found("WSRC0003", TICK)])
@pytest.mark.parametrize("procedure", [FIND_FIRST, NO_PROCEDURE])
def test_a_duplicate_comes_before_everything_else(last: LastFind | None, procedure: Procedure) -> None:
    assert cause(last, duplicate=True, procedure=procedure) is Cause.DUPLICATE


@pytest.mark.parametrize(
    "last", [None, found("WSRC0003", TICK), found("WSRC0004", TICK), found("WSRC0001", 2 * MAXIMUM)]
)
def test_without_the_procedure_only_a_duplicate_counts(last: LastFind | None) -> None:
    assert cause(last, procedure=NO_PROCEDURE) is None


def test_an_organisation_may_have_no_minimum_at_all() -> None:
    at_once = Procedure(required=True, maximum=MAXIMUM, minimum=timedelta(0))
    assert cause(found("WSRC0003", timedelta(0)), procedure=at_once) is None


def test_a_find_by_a_server_whose_clock_is_ahead_counts() -> None:
    assert cause(found("WSRC0001", -timedelta(seconds=1))) is None


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2013-09-01", 13),
        ("2013-09-02", 12),
        ("1916-09-01", 110),
        ("1915-09-02", 110),
        ("1915-09-01", 111),
        ("2026-09-01", 0),
        ("2026-09-02", -1),
        ("1900-02-29", 126),  # no day, but the contract's pattern takes it
    ],
)
def test_age_is_in_completed_years(born: str, age: int) -> None:
    assert age_on(born, TODAY) == age


@pytest.mark.parametrize(
    ("today", "age"),
    [(date(2017, 2, 28), 12), (date(2017, 3, 1), 13), (date(2016, 2, 29), 12), (date(2020, 2, 29), 16)],
)
def test_a_leap_day_child_grows_older_on_1_march(today: date, age: int) -> None:
    assert age_on("2004-02-29", today) == age


@pytest.mark.parametrize("born", ["2013-09-01", "1915-09-02", "2000-02-29"])
def test_13_to_110_may_register(born: str) -> None:
    assert age_refused(born, TODAY) is None


@pytest.mark.parametrize("born", ["2013-09-02", "1915-09-01", "2026-09-02", "1800-02-29"])
def test_other_ages_are_refused_with_place_value_rule_and_remedy(born: str) -> None:
    assert age_refused(born, TODAY) == (
        f"Learner/DateOfBirth: '{born}' is outside the age range: on 2026-09-01 a learner must be "
        "13 to 110 years old. Correct it and send the message again."
    )


@pytest.mark.parametrize(
    ("verification_type", "description", "described"),
    [
        ("999", None, False),
        ("999", "", False),
        ("999", "  ", False),
        ("999", "Council letter", True),
        ("0", None, True),
        ("2", None, True),
        ("2", "Passport", True),
    ],
)
def test_other_evidence_needs_a_description(
    verification_type: str, description: str | None, *, described: bool
) -> None:
    assert verification_described(verification_type, description) is described


def test_each_cause_reads_differently_in_the_audit() -> None:
    assert {cause.value for cause in Cause} == {
        "a record with these details exists",
        "no find for these details in time",
        "the last find answered a learner",
        "possible matches reviewed too quickly",
    }
