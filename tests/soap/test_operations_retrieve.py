"""retrieveULNs over HTTP: each ULN in the order sent, with what stands for it today, on both databases."""

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
    credentials,
    filled_service,
    uln,
)
from tests.soap.wire import GENERATION_2014, TODAY, Answer, retrieve_body, send

from uln_server.access.audit import AuditEntry
from uln_server.register.learner import Learner

DARCIE, JORDAN_OLD, JORDAN, DELETED = "1026893096", "4444599390", "6936002314", "7300000028"
NOBODY, WRONG_CHECK_DIGIT, NOBODY_S = "1000000043", "1026893097", "9999999999"
MOST = 200

Row = list[tuple[str, str]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


@pytest.fixture(params=[TODAY, GENERATION_2014], ids=["today", "2014"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rows(answer: Answer) -> list[Row]:
    """What the reply says of each ULN: names and texts as they stand there."""
    (listed,) = answer.reply()
    assert listed.tag == "RetrievedULNs"
    return [[(str(child.tag), child.text or "") for child in each] for each in listed]


def codes(answer: Answer) -> list[tuple[str, str]]:
    return [(each["ULN"], each["ResponseCode"]) for each in map(dict, rows(answer))]


def of(asked: str, current: Learner) -> Row:
    """The row of a ULN that this record stands for."""
    merged = asked != current.uln
    return [
        ("ULN", asked),
        *([("MasterULN", current.uln)] if merged else []),
        ("ResponseCode", "WSRC0022" if merged else "WSRC0004"),
        ("FamilyName", current.family_name),
        ("GivenName", current.given_name),
        ("DateOfBirth", current.date_of_birth),
        ("Gender", current.gender),
    ]


def nothing(asked: str) -> Row:
    return [("ULN", asked), ("ResponseCode", "WSRC0001")]


def last_entry(service: RunningService, user: str) -> AuditEntry:
    with service.register() as register, register.reading() as reading:
        return list(reading.audit.query(user=user))[-1]


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        pytest.param(PLAIN.uln, of(PLAIN.uln, PLAIN), id="found"),
        pytest.param(FULL.uln, of(FULL.uln, FULL), id="any character in its names"),
        pytest.param(PASSPORT.uln, of(PASSPORT.uln, PASSPORT), id="gender not known"),
        pytest.param(MASTER.uln, of(MASTER.uln, MASTER), id="the master of others"),
        pytest.param(MIDDLE.uln, of(MIDDLE.uln, MASTER), id="merged"),
        pytest.param(FIRST.uln, of(FIRST.uln, MASTER), id="merged into a merged one"),
        pytest.param(GONE.uln, nothing(GONE.uln), id="deleted"),
        pytest.param(MERGED_INTO_GONE.uln, nothing(MERGED_INTO_GONE.uln), id="merged into a deleted one"),
        pytest.param(NOBODY, nothing(NOBODY), id="unknown"),
        pytest.param(WRONG_CHECK_DIGIT, nothing(WRONG_CHECK_DIGIT), id="wrong check digit"),
        pytest.param(NOBODY_S, nothing(NOBODY_S), id="the ULN of nobody"),
    ],
)
def test_each_uln_has_what_stands_for_it(service: RunningService, path: str, asked: str, row: Row) -> None:
    assert rows(send(service, retrieve_body(asked), path=path)) == [row]


def test_the_order_is_that_of_the_request_and_a_uln_asked_twice_is_answered_twice(
    service: RunningService, path: str
) -> None:
    asked = (NOBODY, JORDAN_OLD, DARCIE, DELETED, JORDAN, JORDAN_OLD, NOBODY)
    answer = send(service, retrieve_body(*asked), path=path)
    assert codes(answer) == [
        (NOBODY, "WSRC0001"),
        (JORDAN_OLD, "WSRC0022"),
        (DARCIE, "WSRC0004"),
        (DELETED, "WSRC0001"),
        (JORDAN, "WSRC0004"),
        (JORDAN_OLD, "WSRC0022"),
        (NOBODY, "WSRC0001"),
    ]


def test_two_hundred_are_answered(service: RunningService, path: str) -> None:
    asked = [each for each in map(uln, range(1, MOST * 2)) if each.isdecimal()][:MOST]
    answered = codes(send(service, retrieve_body(*asked), path=path))
    assert [each for each, _ in answered] == asked
    assert [each for each, code in answered if code != "WSRC0001"] == [
        each.uln for each in (PLAIN, FULL, PASSPORT, MASTER, MIDDLE, FIRST)
    ]


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_and_more_than_two_hundred_are_refused(service: RunningService, path: str, count: int) -> None:
    send(service, retrieve_body(*[DARCIE] * count), path=path).expect_fault("WSEC0001", "ULN")


def test_one_that_is_no_uln_refuses_the_message(service: RunningService, path: str) -> None:
    send(service, retrieve_body(DARCIE, "123"), path=path).expect_fault("WSEC0001", "ULN", "123")


@pytest.mark.parametrize(
    ("asked", "code", "disclosed"),
    [
        ((DARCIE, NOBODY, JORDAN_OLD, DARCIE), "WSRC0004", (DARCIE, JORDAN)),
        ((FIRST.uln, MIDDLE.uln, MASTER.uln), "WSRC0004", (MASTER.uln,)),
        ((NOBODY, DELETED), "WSRC0001", ()),
    ],
)
def test_the_audit_has_each_record_that_was_shown_once(
    service: RunningService, asked: tuple[str, ...], code: str, disclosed: tuple[str, ...]
) -> None:
    who = credentials("SBXAO1", password="SandboxAO-000001", user="auditor")
    assert send(service, retrieve_body(*asked, credentials=who)).status == 200
    entry = last_entry(service, "auditor")
    assert (entry.operation, entry.code, entry.disclosed) == ("retrieveULNs", code, disclosed)


def test_it_needs_the_agreement_to_read(service: RunningService, path: str) -> None:
    send(service, retrieve_body(DARCIE, credentials=credentials("BAREST")), path=path).expect_fault("WSEC0006")
