"""A record that is kept is shown only as long as nothing in it has changed, on both databases (ADR 15)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex

import pytest
from sqlalchemy import text
from tests.store.achieving import NOW, prepared, worked_off
from tests.store.builders import an_organisation
from tests.store.calls import FREELY
from tests.unit.batch.achievements import sent
from tests.unit.learners import DARCIE, REED, REID
from tests.unit.record.submissions import AO, UNIT

from uln_contract.operations import LEARNER_SERVICE_R9
from uln_contract.r9_records import GetLearnerLearningEvents
from uln_contract.writing import Ready
from uln_server.access.organisation import Organisation
from uln_server.catalogue.entry import Entry
from uln_server.catalogue.provider import Provider
from uln_server.operations.call import NOTHING_KEPT, Call, Caller
from uln_server.operations.get_learner_learning_events import get_learner_learning_events
from uln_server.record.kept import KeptRecords, Shown, View
from uln_server.record.learning_events import GetType
from uln_server.register.authorship import Author
from uln_server.register.learner import Status
from uln_server.soap.reply import ReplyForm, reply_envelope
from uln_server.store.catalogue import Change
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.prepared import Prepared
from uln_server.store.units import Writing

(READ_EVENTS,) = (each for each in LEARNER_SERVICE_R9 if each.name == "GetLearnerLearningEvents")
SECOND_UNIT = replace(UNIT, key="K5015774", reference="K/501/5774", title="Fitting")
JAY = replace(REID, status=Status.ACTIVE, master_uln=None)
OF_JAY = {"Uln": JAY.uln, "GivenName": JAY.given_name, "FamilyName": JAY.family_name}
OF_REED = {"Uln": REED.uln, "GivenName": REED.given_name, "FamilyName": REED.family_name}
SECOND = {"UnitOrQualificationReferenceNumber": SECOND_UNIT.reference}
BY = Author(at=NOW, message_id="message")
COLLEGE, PROVIDER = "90000002", "10000001"


class Asked:
    """What an organisation is told of Darcie, by a process that keeps records."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.kept = KeptRecords(room=1_000_000)
        self.by = prepared(database, DARCIE, JAY, REED, entries=(UNIT, SECOND_UNIT))
        self.college = an_organisation(database, COLLEGE, "SBXLP2")

    def told(self, by: Organisation, kept: KeptRecords, get_type: str = "FULL") -> tuple[bytes, tuple[str, ...]]:
        request = GetLearnerLearningEvents(
            uln=DARCIE.uln,
            given_name=DARCIE.given_name,
            family_name=DARCIE.family_name,
            get_type=get_type,
            vendor_id=1,
        )
        call = Call(READ_EVENTS, request, Caller(by, "tester"), datetime.now(UTC), token_hex(8), FREELY, kept=kept)
        with self.database.snapshot() as reading:
            answer = get_learner_learning_events(call, reading)
        return reply_envelope(answer.reply, READ_EVENTS.response, FORM), answer.disclosed

    def each(self) -> list[tuple[bytes, tuple[str, ...]]]:
        """What everybody is told, which must be what it would be without keeping anything."""
        asked = [(by, get_type) for by in (self.by, self.college) for get_type in ("FULL", "BRIEF")]
        found = [self.told(by, self.kept, get_type) for by, get_type in asked]
        assert found == [self.told(by, NOTHING_KEPT, get_type) for by, get_type in asked]
        return found

    def award(self, *rows: dict[str, str]) -> None:
        """Submit achievements, and work them off."""
        done = worked_off(self.database, self.by, *(sent(**row) for row in rows))
        assert {found for _, found in done} <= {"", "W004:Uln"}  # that a ULN was merged is no error

    def change(self, work: Callable[[Writing], object]) -> None:
        """Change something as another process does: on a connection of its own."""
        with Database.open(self.database.url) as other, other.writing() as writing:
            work(writing)

    def execute(self, statement: str) -> None:
        """Change something past all that this service has for it."""
        line = self.database.line(Role.WRITING)
        line.run(Prepared(text(statement)))
        line.close()


FORM = ReplyForm(linked_ulns_qualified=True, send_empty_linked_ulns=True)


@pytest.fixture
def asked(database: Database) -> Asked:
    """Darcie has one award."""
    made = Asked(database)
    made.award({})
    return made


def named(writing: Writing) -> None:
    writing.providers.add([Provider(PROVIDER, "Invented College")], NOW)


def undone(writing: Writing) -> None:
    named(writing)
    raise ZeroDivisionError


def retitled(entry: Entry, title: str) -> Callable[[Writing], object]:
    return lambda writing: writing.catalogue.put([Change(entry, replace(entry, title=title))], BY)


def no_longer_sharing(writing: Writing) -> None:
    held = writing.learners.locked(DARCIE.uln)
    assert held is not None
    writing.learners.update(held, {"ability_to_share": "2"}, BY)


def changes(asked: Asked) -> Iterator[Callable[[], None]]:
    """Everything that may change what is shown, one after another."""
    later = {"ActionDate": "2026-07-02T00:00:00Z"}
    rename = [Provider(PROVIDER, "Another College")]
    yield lambda: asked.award(SECOND)
    yield lambda: asked.award({"Action": "2", "ProviderUkprn": "10000002", **later})
    yield lambda: asked.award({"Action": "3", "ActionDate": "2026-07-03T00:00:00Z"})
    yield lambda: asked.award({"Action": "4", "ActionDate": "2026-07-04T00:00:00Z"})
    yield lambda: asked.change(retitled(UNIT, "Wiring & more"))
    yield lambda: asked.change(
        lambda writing: writing.providers.add([Provider(PROVIDER, "Invented College")], NOW)
    )
    yield lambda: asked.change(lambda writing: writing.providers.rename(rename, NOW))
    yield lambda: asked.execute(f"DELETE FROM provider WHERE ukprn = '{PROVIDER}'")
    yield lambda: asked.execute(f"UPDATE organisation SET name = 'Renamed' WHERE ukprn = '{AO}'")
    yield lambda: asked.change(lambda writing: writing.learners.merge(JAY.uln, DARCIE.uln))
    asked.award({**OF_JAY, "Action": "3", "ActionDate": "2026-07-05T00:00:00Z"})
    yield lambda: asked.award({**OF_JAY, "Action": "4", "ActionDate": "2026-07-06T00:00:00Z"})
    yield lambda: asked.change(lambda writing: writing.learners.unmerge(JAY.uln))
    yield lambda: asked.change(no_longer_sharing)


def test_whatever_changes_is_in_the_next_answer(asked: Asked) -> None:
    asked.award(OF_JAY)
    found = asked.each()
    for number, change in enumerate(changes(asked)):
        before = asked.each()
        change()
        found = asked.each()
        assert found != before, f"change {number} shows nowhere"
    assert found == asked.each()


def test_what_changes_elsewhere_leaves_a_kept_record(asked: Asked) -> None:
    before, record = asked.database.reading().awards.state(DARCIE.uln), asked.each()
    asked.award(OF_JAY, OF_REED)
    asked.change(lambda writing: writing.organisations.set_password(AO, "Another-password"))
    asked.change(lambda writing: writing.organisations.suspend(COLLEGE))
    asked.change(lambda writing: writing.learners.delete(REED.uln))
    assert asked.database.reading().awards.state(DARCIE.uln) == before
    assert asked.each() == record


def test_what_is_kept_is_what_is_sent(asked: Asked) -> None:
    """As long as the state is the one that it was written in."""
    asked.each()
    view, state = View(DARCIE.uln, GetType.FULL, None), asked.database.reading().awards.state(DARCIE.uln)
    assert asked.kept.get(view, state) is not None
    asked.kept.put(view, state, Shown(Ready(b"<kept/>"), (JAY.uln,)))
    reply, disclosed = asked.told(asked.by, asked.kept)
    assert b"LearnerRecord><kept/></" in reply
    assert disclosed == tuple(sorted((DARCIE.uln, JAY.uln)))
    asked.award(SECOND)
    assert b"<kept/>" not in asked.told(asked.by, asked.kept)[0]


def test_a_change_counts_from_its_commit(asked: Asked) -> None:
    def state() -> object:
        return asked.database.reading().awards.state(DARCIE.uln)

    before = state()
    with Database.open(asked.database.url) as other:
        with pytest.raises(ZeroDivisionError):
            other.change(undone)
        assert state() == before
        with asked.database.snapshot() as snapshot:
            assert snapshot.awards.state(DARCIE.uln) == before
            other.change(named)
            assert snapshot.awards.state(DARCIE.uln) == before
        assert state() != before
    assert len({state(), state()}) == 1
