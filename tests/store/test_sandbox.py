"""The sandbox's content in a real register, on both databases."""

import threading

import pytest
from argon2 import extract_parameters
from tests.store.builders import quick
from tests.unit.record.recordings import each_shown

from uln_server.access.audit import AuditEntry
from uln_server.access.credentials import STRONG, Proofs
from uln_server.access.organisation import Status
from uln_server.register.entry import Entry
from uln_server.sandbox.award_content import AWARDS, NO_JOB
from uln_server.sandbox.content import LEARNERS, ORGANISATIONS, REGISTERED_AT
from uln_server.sandbox.installing import install, reset
from uln_server.sandbox.recognising import sandbox_data_in
from uln_server.store.clearing import begun_anew
from uln_server.store.database import Database
from uln_server.store.errors import RegisterExists


@pytest.fixture
def sandbox(database: Database) -> Database:
    reset(database, hashing=quick)
    return database


def test_every_learner_is_held_as_it_is_documented(sandbox: Database) -> None:
    with sandbox.reading() as reading:
        assert tuple(reading.learners.get(each.uln) for each in LEARNERS) == LEARNERS
        assert reading.register.kind == "sandbox"


def test_every_award_is_held_as_it_is_documented(sandbox: Database) -> None:
    with sandbox.reading() as reading:
        held = {
            (each.number, each.uln, each.reference, each.organisation, each.award_date, each.form)
            for uln in {each.uln for each in AWARDS}
            for each in each_shown(reading.awards.recorded(uln))
        }
        assert reading.awards.of((each.award.key.uln, each.award.key.reference) for each in AWARDS[:1])
        assert {each.job_id for each in reading.awards.events()} == {NO_JOB}
    assert held == {
        (number, each.uln, each.reference, each.organisation, each.award_date, each.form)
        for number, each in enumerate(AWARDS, 1)
    }


def test_every_organisation_is_held_as_it_is_documented(sandbox: Database) -> None:
    proofs = Proofs(0)
    with sandbox.reading() as reading:
        held = reading.organisations.all()
    assert [each.ukprn for each in held] == [each.ukprn for each in ORGANISATIONS]
    for each, documented in zip(held, ORGANISATIONS, strict=True):
        assert each.organisation_ref == documented.organisation_ref
        assert (each.name, each.kind) == (documented.name, documented.kind)
        assert (each.status, each.hours) == (documented.status, documented.hours)
        assert each.agreements == documented.agreements
        assert proofs.prove(each, documented.password)


def test_its_passwords_are_hashed_as_anybody_s(sqlite_database_url: str) -> None:
    with Database.open(sqlite_database_url) as database:
        reset(database)
        with database.reading() as reading:
            hashes = [each.password_hash for each in reading.organisations.all()]
    assert [extract_parameters(each) for each in hashes] == [STRONG] * len(ORGANISATIONS)


def test_the_merged_record_leads_to_its_master_and_the_deleted_one_nowhere(sandbox: Database) -> None:
    by_uln = {each.uln: each for each in LEARNERS}
    with sandbox.reading() as reading:
        entry = reading.learners.entry("4444599390")
        assert entry == Entry(asked=by_uln["4444599390"], current=by_uln["6936002314"])
        assert reading.learners.linked("6936002314") == ("4444599390",)
        assert reading.learners.entry("7300000028") is None


def test_installing_again_keeps_what_is_there(sandbox: Database) -> None:
    with sandbox.writing() as writing:
        writing.organisations.suspend("90000001")
        writing.learners.delete("1026893096")
        install(writing, hashing=quick)
        assert len(list(writing.awards.events())) == len(AWARDS)
    with sandbox.reading() as reading:
        suspended = reading.organisations.by_identifier("90000001")
        assert suspended is not None
        assert suspended.status is Status.SUSPENDED
        assert len(reading.organisations.all()) == len(ORGANISATIONS)
        assert reading.learners.entry("1026893096") is None


def test_a_reset_leaves_nothing_else(sandbox: Database) -> None:
    entry = AuditEntry(at=REGISTERED_AT, message_id="m", code="WSRC0004", disclosed=("1026893096",))
    with sandbox.writing() as writing:
        writing.audit.add(entry)
        writing.learners.merge("3100000012", "3100000020")
        writing.organisations.withdraw("90000001", next(iter(ORGANISATIONS[0].agreements)))
        before = writing.awards.state(AWARDS[0].award.key.uln)
    reset(sandbox, hashing=quick)
    with sandbox.reading() as reading:
        assert list(reading.audit.query()) == []
        assert reading.awards.state(AWARDS[0].award.key.uln) != before, "what was kept would be shown again"
    test_every_learner_is_held_as_it_is_documented(sandbox)
    test_every_organisation_is_held_as_it_is_documented(sandbox)
    test_every_award_is_held_as_it_is_documented(sandbox)


def test_a_production_register_is_never_emptied(database: Database) -> None:
    with database.writing() as writing:
        writing.register.create("production")
        writing.learners.add(LEARNERS[0])
    with pytest.raises(RegisterExists):
        reset(database)
    with database.reading() as reading:
        assert reading.register.kind == "production"
        assert reading.learners.get(LEARNERS[0].uln) == LEARNERS[0]


def test_what_fails_in_between_leaves_the_old_register(sandbox: Database) -> None:
    with pytest.raises(ZeroDivisionError), begun_anew(sandbox):
        raise ZeroDivisionError
    test_every_learner_is_held_as_it_is_documented(sandbox)


def test_whoever_reads_during_a_reset_never_sees_an_empty_register(sandbox: Database) -> None:
    seen: set[str | None] = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            with sandbox.reading() as reading:
                seen.add(reading.register.kind)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        reset(sandbox)
    finally:
        stop.set()
        watcher.join()
    assert seen == {"sandbox"}


def test_all_of_the_sandbox_is_recognised(sandbox: Database) -> None:
    with sandbox.reading() as reading:
        found = sandbox_data_in(reading)
    assert found == (
        *(f"organisation {each.ukprn} ({each.organisation_ref})" for each in ORGANISATIONS),
        *(f"learner {each.uln}" for each in LEARNERS),
    )


def test_nothing_of_the_sandbox_is_recognised_where_there_is_none(database: Database) -> None:
    with database.reading() as reading:
        assert sandbox_data_in(reading) == ()
