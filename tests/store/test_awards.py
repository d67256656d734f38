"""Awards on both databases: kept once, with their history, whatever is merged meanwhile (domain §6, §9)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from tests.store.achieving import codes, prepared, submit, work_off, worked_off
from tests.store.builders import an_organisation
from tests.store.turns import Turns, turns
from tests.unit.batch.achievements import JOB, rows, sent
from tests.unit.learners import DARCIE, REED, REID
from tests.unit.record.recordings import Shown, each_shown
from tests.unit.record.submissions import AO, UNIT

from uln_server.batch.achieving import Achieving
from uln_server.catalogue.entry import EntryKind
from uln_server.catalogue.provider import Provider
from uln_server.record.action import ACTIONS, Form
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.credit import counting, credits_of
from uln_server.record.recorded import AwardChange
from uln_server.register.authorship import Author
from uln_server.register.learner import Status
from uln_server.register.times import london_time, london_time_of
from uln_server.settings import Settings
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.errors import DatabaseFailed
from uln_server.store.prepared import Prepared
from uln_server.store.units import Writing
from uln_server.working import Working

KEY = AwardKey(AO, DARCIE.uln, UNIT.key)
OTHER = "90000002"
CREATED = "2026-07-01T08:30:00.000000+00:00"
JAY = replace(REID, status=Status.ACTIVE, master_uln=None)
OF_JAY = {"Uln": REID.uln, "GivenName": REID.given_name, "FamilyName": REID.family_name}
OF_JORDAN = {"Uln": REED.uln, "GivenName": REED.given_name, "FamilyName": REED.family_name}
BY = Author(at=datetime(2026, 9, 2, tzinfo=UTC), message_id="message")


def recorded(database: Database, uln: str = DARCIE.uln) -> list[Shown]:
    return each_shown(database.reading().awards.recorded(uln))


def held(database: Database, uln: str = DARCIE.uln) -> Award:
    """The award of the unit under a ULN."""
    (found,) = database.reading().awards.of([(uln, UNIT.key)])
    return found


def total(database: Database, uln: str = DARCIE.uln) -> int:
    """The credit that a learner has."""
    return sum(each or 0 for each in credits_of(database.reading().awards.recorded(uln)))


def test_an_award_is_shown_with_what_catalogue_and_lists_say(database: Database) -> None:
    by = prepared(database, DARCIE)
    with database.writing() as writing:
        writing.providers.add([Provider("10000001", "Invented College")], BY.at)
    fields = {"Grade": "pass", "LanguageForAssessment": "English", "MisIdentifier": "row-1"}
    assert worked_off(database, by, sent(**fields)) == [("created Final", "")]
    (found,) = recorded(database)
    (event,) = database.reading().awards.history(DARCIE.uln)
    assert found == Shown(
        number=event.id,
        uln=DARCIE.uln,
        organisation=AO,
        award_date="2026-06-30",
        provider_ukprn="10000001",
        grade="Pass",
        language="English",
        form=Form.FINAL,
        withdrawn=False,
        recorded_at=found.recorded_at,
        reference="K/501/5773",
        kind=EntryKind.UNIT,
        title="Wiring",
        type=None,
        level=None,
        credit=10,
        organisation_name="Sandbox Awarding Organisation",
        provider_name="Invented College",
    )
    assert london_time_of(found.recorded_at) == london_time(event.at)
    assert held(database).key == KEY
    with database.reading() as reading:
        assert len(reading.awards.of([(DARCIE.uln, "K5015773"), (DARCIE.uln, "K0000000")])) == 1
        assert reading.awards.of([]) == []
        assert reading.awards.recorded(REED.uln).size == 0


def test_every_change_leaves_who_made_it_and_what_was_there_before(database: Database) -> None:
    by = prepared(database, DARCIE)
    job_id = submit(
        database,
        by,
        sent(ActionReason="first"),
        sent(Action="2", ActionDate="2026-07-02T00:00:00Z", ProviderUkprn="10000002", MisIdentifier="new"),
        sent(Action="2", ActionDate="2026-06-01T00:00:00Z"),
        sent(Action="3", ActionDate="2026-07-03T00:00:00Z", ActionReason="not yet assessed"),
        sent(Action="4", ActionDate="2026-07-04T00:00:00Z"),
        sent(Action="5", ActionDate="2026-07-01T12:00:00Z"),
        form="Provisional",
    )
    work_off(database)
    events = database.reading().awards.history(DARCIE.uln)
    assert [(each.kind, each.position, each.version, dict(each.before), each.reason) for each in events] == [
        (Outcome.CREATED, 1, 1, {}, "first"),
        (
            Outcome.UPDATED,
            2,
            2,
            {"provider_ukprn": "10000001", "mis_identifier": None, "details_at": CREATED},
            None,
        ),
        (
            Outcome.WITHDRAWN,
            4,
            3,
            {"withdrawn": False, "withdrawn_at": CREATED},
            "not yet assessed",
        ),
        (Outcome.REINSTATED, 5, 4, {"withdrawn": True, "withdrawn_at": "2026-07-03T00:00:00.000000+00:00"}, None),
        (Outcome.PROMOTED, 6, 5, {"form": "Provisional"}, None),
    ]
    assert {(each.key, each.job_id, each.user) for each in events} == {(KEY, job_id, "Someone")}
    job = database.reading().jobs.get(job_id)
    assert job is not None
    assert {each.message_id for each in events} == {job.message_id}
    assert all(each.at.tzinfo for each in events)
    assert events[2].action_at == datetime(2026, 7, 3, tzinfo=UTC)
    award = held(database)
    assert (award.version, award.form, award.withdrawn) == (5, Form.FINAL, False)
    assert award.details.mis_identifier == "new"
    assert [each.number for each in recorded(database)] == [events[0].id]
    assert "Tucker" not in repr(events)


def test_credit_counts_once(database: Database) -> None:
    """Sent twice in a chunk, in another chunk, in another job, by another centre, provisional and then final."""
    by = prepared(database, DARCIE)
    other = an_organisation(database, OTHER, "SBXAO2")
    once = sent()
    again = ("Business rule", "BR011:UnitOrQualificationReferenceNumber")
    created = ("created Provisional", "")
    assert worked_off(database, by, once, once, once, form="Provisional") == [created, again, again]
    assert total(database) == 0
    assert worked_off(database, by, once, sent(ProviderUkprn="10000002")) == [("promoted Final", ""), again]
    assert total(database) == 10
    assert worked_off(database, other, once)[0][1] == "BR004:UnitOrQualificationReferenceNumber"
    assert worked_off(database, by, sent(Action="3")) == [("withdrawn Final", "")]
    assert total(database) == 0
    assert [each.kind for each in database.reading().awards.history(DARCIE.uln)] == [
        Outcome.CREATED,
        Outcome.PROMOTED,
        Outcome.WITHDRAWN,
    ]


def test_a_merge_shows_the_award_on_the_master_and_an_unmerge_gives_it_back(database: Database) -> None:
    by = prepared(database, JAY, REED)
    with database.writing() as writing:
        writing.learners.merge(REID.uln, REED.uln, BY)
    assert worked_off(
        database,
        by,
        sent(**OF_JAY),
        sent(**OF_JORDAN, Action="2", ProviderUkprn="10000002"),
        sent(**OF_JORDAN),
    ) == [
        ("created Final", "W004:Uln"),
        ("updated Final", ""),
        ("created Final", "W007:UnitOrQualificationReferenceNumber"),
    ]
    shown = recorded(database, REED.uln)
    assert [(each.uln, each.provider_ukprn) for each in shown] == [
        (REID.uln, "10000002"),
        (REED.uln, "10000001"),
    ]
    assert len(counting(database.reading().awards.recorded(REED.uln))) == 1
    assert total(database, REED.uln) == 10
    with database.writing() as writing:
        writing.learners.unmerge(REID.uln, BY)
    assert [each.uln for each in recorded(database, REED.uln)] == [REED.uln]
    assert [each.uln for each in recorded(database, REID.uln)] == [REID.uln]
    assert held(database, REID.uln).version == 2
    assert worked_off(database, by, sent(**OF_JAY, Action="3")) == [("withdrawn Final", "")]
    assert not recorded(database, REED.uln)[0].withdrawn


def test_whoever_was_merged_into_a_ulns_master_belongs_to_it(database: Database) -> None:
    prepared(database, DARCIE, REED, JAY)
    with database.writing() as writing:
        writing.learners.merge(DARCIE.uln, REED.uln, BY)
        writing.learners.merge(REED.uln, REID.uln, BY)
        assert writing.awards.merged_into([REID.uln, REED.uln, DARCIE.uln]) == {
            REID.uln: (DARCIE.uln, REED.uln),
            REED.uln: (DARCIE.uln,),
        }


@pytest.fixture
def taking(database: Database) -> Iterator[Turns]:
    prepared(database, DARCIE)
    with turns(database) as made:
        yield made


def test_chunks_of_one_organisation_take_turns(taking: Turns) -> None:
    def one_chunk(writing: Writing) -> list[str]:
        return [each.code for each in Achieving(ACTIONS).process(JOB, rows(sent()), writing)]

    one, other = taking.process(), taking.process()
    one.begins()
    assert one.does(one_chunk) == ["created Final"]
    waiting = other.starts(one_chunk)
    assert not waiting.done
    one.commits()
    assert waiting.outcome() == ["Business rule"]


def test_a_worker_takes_the_numbers_of_the_actions_from_the_settings(database: Database) -> None:
    by = prepared(database, DARCIE)
    job_id = submit(database, by, sent(Action="1"), sent(Action="7"), sent(Action="3"))
    working = Working(Settings(action_create=7, action_withdraw=3), database)
    assert working._worker.turn()
    assert [code for code, _ in codes(database, job_id)] == ["Field data", "created Final", "withdrawn Final"]


def test_a_version_is_reached_once(database: Database) -> None:
    by = prepared(database, DARCIE)
    worked_off(database, by, sent())
    award = held(database)
    again = AwardChange(None, award, Outcome.CREATED, BY.at, None, 1)
    with pytest.raises(DatabaseFailed), database.writing() as writing:
        writing.awards.keep([again], 100_001, BY)
    assert len(database.reading().awards.history(DARCIE.uln)) == 1


@pytest.mark.parametrize("table", ["award_event", "award_reason"])
def test_what_happened_cannot_be_changed(database: Database, table: str) -> None:
    by = prepared(database, DARCIE)
    worked_off(database, by, sent(ActionReason="said"))
    statements = [f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"]
    if database.dialect == "sqlite":
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        statements.append(f"TRUNCATE {table}")
    for statement in statements:
        line = database.line(Role.WRITING)
        with pytest.raises(DatabaseFailed), line.transaction(database.driver.begin_writing):
            line.run(Prepared(text(statement)))
        line.close()
    (event,) = database.reading().awards.history(DARCIE.uln)
    assert (event.version, event.reason) == (1, "said")
