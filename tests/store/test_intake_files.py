"""Files that were handed in, as the register keeps them: who holds each, and how far it has come."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.store.builders import an_organisation

from uln_server.access.organisation import Organisation
from uln_server.batch.intake_file import Held, IntakeFile, IntakeState, Part
from uln_server.store.database import Database
from uln_server.store.intake_files import Taking

LEASE = timedelta(minutes=1)
LAPSED = timedelta(0)
DAY = timedelta(days=1)
DIGEST = "5" * 64


@pytest.fixture
def organisation(database: Database) -> Organisation:
    return an_organisation(database)


def take(
    database: Database, organisation: Organisation, number: int = 1, *, name: str = "", lease: timedelta = LEASE
) -> Held:
    with database.writing() as writing:
        held = writing.intake.take(Taking(f"{number:032}", "a.csv", name or f"{number}.csv"), organisation, lease)
    assert held is not None
    return held


def stored(database: Database, held: Held) -> IntakeFile:
    found = database.reading().intake.by_token(held.file.token)
    assert found is not None
    return found


def first(database: Database, held: Held, within: timedelta = DAY) -> int | None:
    with database.writing() as writing:
        found = writing.intake.first_of_content(held.file, DIGEST, within)
    return None if found is None else found.id


def test_a_file_is_taken_once(database: Database, organisation: Organisation) -> None:
    held = take(database, organisation)
    file = stored(database, held)
    assert (file.ukprn, file.name, file.filed_as, file.state) == ("90000001", "a.csv", "1.csv", IntakeState.TAKEN)
    assert (file.parts, file.digest, file.ended_at) == ((), None, None)
    with database.writing() as writing:
        assert writing.intake.take(Taking(file.token, "a.csv", "2.csv"), organisation, LEASE) is None
        assert writing.intake.take(Taking("2" * 32, "a.csv", "1.csv"), organisation, LEASE) is None
    assert database.reading().intake.unfinished() == (file,)


def test_a_file_is_one_s_own_until_the_claim_ends(database: Database, organisation: Organisation) -> None:
    held = take(database, organisation, lease=LAPSED)
    with database.writing() as writing:
        other = writing.intake.claim(held.file, LEASE)
        assert other is not None
        assert writing.intake.claim(held.file, LEASE) is None
        assert writing.intake.hold(held, LEASE) is None
        assert writing.intake.hold(other, LEASE) == held.file
        writing.intake.advance(held, IntakeState.WAITING, [Part(100_001, 7)])
        writing.intake.end(held, IntakeState.DONE)
        assert not writing.intake.withdraw(held)
        writing.intake.release(other)
        assert writing.intake.claim(held.file, LEASE) is not None
    assert stored(database, held) == held.file


def test_how_far_a_file_has_come_is_kept(database: Database, organisation: Organisation) -> None:
    held = take(database, organisation)
    with database.writing() as writing:
        writing.intake.identify(held, DIGEST)
        writing.intake.advance(held, IntakeState.WAITING, [Part(100_001, 200), Part(100_002, 7)])
        assert not writing.intake.withdraw(held)
    file = stored(database, held)
    assert (file.digest, file.parts, file.rows) == (DIGEST, (Part(100_001, 200), Part(100_002, 7)), 207)
    with database.writing() as writing:
        writing.intake.end(held, IntakeState.DONE)
        assert writing.intake.claim(file, LEASE) is None
    assert stored(database, held).ended_at is not None
    assert database.reading().intake.unfinished() == ()


def test_a_file_that_was_put_back_is_forgotten(database: Database, organisation: Organisation) -> None:
    held = take(database, organisation)
    with database.writing() as writing:
        assert writing.intake.withdraw(held)
    assert database.reading().intake.by_token(held.file.token) is None


def test_of_two_of_one_content_one_is_the_first(database: Database, organisation: Organisation) -> None:
    one, two = take(database, organisation, 1), take(database, organisation, 2)
    assert first(database, two) is None
    for each in (one, two):
        with database.writing() as writing:
            writing.intake.identify(each, DIGEST)
    assert (first(database, one), first(database, two)) == (None, one.file.id)
    assert first(database, two, LAPSED) is None
    with database.writing() as writing:
        writing.intake.advance(two, IntakeState.TAKEN, [Part(100_001, 1)])
    assert first(database, one) == two.file.id
    with database.writing() as writing:
        writing.intake.end(two, IntakeState.FAILED)
    assert first(database, one) is None
    other = take(database, an_organisation(database, "90000002", "SBXAO2"), 3)
    assert first(database, other) is None


def test_what_ended_long_ago_is_forgotten(database: Database, organisation: Organisation) -> None:
    held, other = take(database, organisation), take(database, organisation, 2)
    with database.writing() as writing:
        writing.intake.end(held, IntakeState.FAILED)
        assert writing.intake.forget(datetime.now(UTC) - DAY) == 0
        assert writing.intake.forget(datetime.now(UTC) + DAY) == 1
    assert database.reading().intake.unfinished() == (other.file,)
