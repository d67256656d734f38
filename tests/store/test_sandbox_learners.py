"""Invented learners in a real register, on both databases."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.store.builders import THEN, a_learner

from uln_contract.codes import ResponseCode
from uln_server.access.audit import AuditEntry
from uln_server.register.authorship import Author
from uln_server.register.event import Event, EventKind
from uln_server.register.issuing import SANDBOX_KEY, UlnKey
from uln_server.register.learner import Learner, Status
from uln_server.register.matching import Match, Search, match
from uln_server.sandbox.content import LEARNERS
from uln_server.sandbox.inventing import DEFAULT_SEED, Invented, Kind, invent
from uln_server.sandbox.populating import SandboxFilled, populate
from uln_server.store.database import Database
from uln_server.store.errors import RegisterExists

COUNT = 300
ENTRY = AuditEntry(at=THEN, message_id="filled", user="operator:somebody", operation="sandbox", code="OPERATOR")
BY = Author(at=THEN, message_id="m", organisation_id=None, organisation=None, user=None)
HELD = frozenset(each.uln for each in LEARNERS)


@pytest.fixture
def sandbox(database: Database) -> Database:
    """A sandbox without organisations: hashing their passwords takes longer than all the rest."""
    with database.writing() as writing:
        writing.register.create("sandbox")
    return database


def issued(start: int = 0) -> Iterator[str]:
    """The sandbox's ULNs in the order in which they are given."""
    numbers = map(UlnKey(SANDBOX_KEY).nth, itertools.count(start))
    return (uln for uln in numbers if uln is not None and uln not in HELD)


def expected(count: int = COUNT, seed: int = DEFAULT_SEED) -> list[Invented]:
    return list(invent(count, f"{seed}/0", issued()))


def events(database: Database) -> list[Event]:
    return list(database.reading().events.after())


def find(database: Database, learner: Learner, **changes: str) -> Match:
    search = Search(demographics=replace(learner.demographics, **changes))
    found = database.reading().learners.candidates(search.demographics)
    return match(search, found.entries, complete=found.complete)


def test_the_learners_are_held_as_they_were_invented(sandbox: Database) -> None:
    made = populate(sandbox, COUNT, entry=ENTRY)
    assert made.total() == COUNT
    learners = sandbox.reading().learners
    for each in expected():
        assert learners.get(each.learner.uln) == each.learner


def test_each_leaves_its_events(sandbox: Database) -> None:
    populate(sandbox, COUNT, entry=ENTRY)
    by_uln = {each.learner.uln: each.learner for each in expected()}
    told = events(sandbox)
    assert [each.uln for each in told if each.kind is EventKind.REGISTERED] == list(by_uln)
    for each in told:
        record = by_uln[each.uln]
        assert each.at == (record.created_at if each.kind is EventKind.REGISTERED else record.updated_at)
        assert (each.message_id, each.user) == ("filled", "operator:somebody")
    for kind, status in ((EventKind.MERGED, Status.MERGED), (EventKind.DELETED, Status.DELETED)):
        ended = {each.uln: each.master_uln for each in told if each.kind is kind}
        assert ended == {uln: each.master_uln for uln, each in by_uln.items() if each.status is status}
        assert ended


def test_the_act_is_in_the_audit_trail_once(sandbox: Database) -> None:
    populate(sandbox, COUNT, entry=ENTRY)
    assert [each.operation for each in sandbox.reading().audit.query()] == ["sandbox"]
    assert ENTRY in list(sandbox.reading().audit.query())


def test_nobody_needs_to_be_named(sandbox: Database) -> None:
    populate(sandbox, 1)
    (entry,) = sandbox.reading().audit.query()
    assert (entry.operation, entry.code, entry.user) == ("sandbox", "OPERATOR", None)


def test_whoever_is_registered_next_gets_the_next_number(sandbox: Database) -> None:
    populate(sandbox, COUNT)
    with sandbox.writing() as writing:
        registered = writing.learners.register(a_learner(), BY)
    assert registered.uln == next(itertools.islice(issued(), COUNT, None))


def test_a_number_that_is_held_is_skipped(sandbox: Database) -> None:
    first, second, third = itertools.islice(issued(), 3)
    with sandbox.writing() as writing:
        writing.learners.add(a_learner(second))
    populate(sandbox, 2, more=True)
    learners = sandbox.reading().learners
    assert learners.get(second) == a_learner(second)
    assert all(learners.get(uln) is not None for uln in (first, third))


def test_movers_twins_and_merged_learners_are_found_in_the_register(sandbox: Database) -> None:
    populate(sandbox, COUNT)
    by_uln = {each.learner.uln: each.learner for each in expected()}
    seen = set()
    for each in expected():
        if each.learner.gender not in {"1", "2"} or each.of is None:
            continue
        seen.add(each.kind)
        found = find(sandbox, each.learner)
        if each.kind is Kind.MERGED:
            assert found.code == ResponseCode.WSRC0022
            continue
        assert (found.code, found.entries[0].asked) == (ResponseCode.WSRC0004, each.learner)
        if each.kind in {Kind.MOVER, Kind.NAMESAKE}:
            moved = find(sandbox, each.learner, last_known_post_code="HS9 9ZZ")
            assert moved.code == ResponseCode.WSRC0003
            assert {entry.asked for entry in moved.entries} >= {each.learner, by_uln[each.of]}
    assert seen >= {Kind.SIBLING, Kind.TWIN, Kind.MOVER, Kind.MERGED}


def test_more_are_added_only_when_asked_for(sandbox: Database) -> None:
    populate(sandbox, 100)
    with pytest.raises(SandboxFilled, match="besides its own"):
        populate(sandbox, 100)
    populate(sandbox, 100, more=True)
    registered = [each.uln for each in events(sandbox) if each.kind is EventKind.REGISTERED]
    assert len(set(registered)) == len(registered) == 200
    with sandbox.reading() as reading:
        names = [
            [(found.family_name, found.date_of_birth) for found in map(reading.learners.get, part) if found]
            for part in (registered[:100], registered[100:])
        ]
    assert not set(names[0]) & set(names[1])


def test_a_production_register_is_refused(database: Database) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    with pytest.raises(RegisterExists, match="production"):
        populate(database, 1)
    assert events(database) == []


def test_what_is_broken_off_leaves_whole_transactions(sandbox: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_server.sandbox.populating.CHUNK", 40)
    sizes = []

    def stop(size: int) -> None:
        sizes.append(size)
        if len(sizes) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        populate(sandbox, COUNT, progress=stop, entry=ENTRY)
    told = [each.uln for each in events(sandbox) if each.kind is EventKind.REGISTERED]
    assert (sizes, len(told)) == ([40, 40], 80)
    assert told == [each.learner.uln for each in expected()[:80]]
    assert [each.operation for each in sandbox.reading().audit.query()] == ["sandbox"]


def test_progress_comes_with_each_transaction(sandbox: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_server.sandbox.populating.CHUNK", 40)
    sizes: list[int] = []
    populate(sandbox, 100, progress=sizes.append)
    assert sizes == [40, 40, 20]


def test_a_sandbox_is_made_where_there_is_none(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        populate(database, COUNT)
        with database.reading() as reading:
            assert reading.register.kind == "sandbox"
            assert reading.organisations.by_identifier("90000001") is not None
            assert reading.learners.get(LEARNERS[0].uln) == LEARNERS[0]
            for each in expected():
                assert reading.learners.get(each.learner.uln) == each.learner
