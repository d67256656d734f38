"""The audit trail: what is kept, and finding it again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.store.builders import THEN, ULNS, a_learner, an_entry, an_organisation

from uln_server.access.audit import AuditEntry
from uln_server.store.database import Database
from uln_server.store.errors import DatabaseFailed, UlnTaken
from uln_server.store.units import Writing


def _add(database: Database, *entries: AuditEntry) -> None:
    with database.writing() as writing:
        for entry in entries:
            writing.audit.add(entry)


def _add_with_a_learner(writing: Writing) -> None:
    writing.audit.add(an_entry())
    writing.learners.add(a_learner())


def _found(database: Database, **conditions: Any) -> list[AuditEntry]:
    return list(database.reading().audit.query(**conditions))


def test_an_entry_is_found_as_it_was_written(database: Database) -> None:
    entry = AuditEntry(
        at=THEN,
        message_id="0123456789abcdef",
        organisation_id=7,
        organisation="90000001",
        user="Siân O'Brien",
        operation="retrieveULNs",
        code="WSRC0004",
        disclosed=(ULNS[0], ULNS[1]),
        address="192.0.2.1",
    )
    _add(database, entry)
    assert _found(database) == [entry]


def test_a_refused_message_needs_no_organisation(database: Database) -> None:
    entry = an_entry(code="405")
    _add(database, entry)
    assert _found(database) == [entry]


def test_the_newest_comes_last_whatever_the_order_of_writing(database: Database) -> None:
    entries = [an_entry(at=THEN + timedelta(seconds=n)) for n in (3, 1, 2)]
    _add(database, *entries)
    assert [entry.at.second for entry in _found(database)] == [16, 17, 18]


def test_a_uln_shown_twice_in_one_answer_is_one_row(database: Database) -> None:
    _add(database, an_entry(disclosed=(ULNS[1], ULNS[0], ULNS[1])))
    assert _found(database)[0].disclosed == (ULNS[0], ULNS[1])


def test_each_condition_narrows(database: Database) -> None:
    an_organisation(database, "9000000a", "SBXAO1")
    ours = an_entry(organisation="9000000a", user="pat", disclosed=(ULNS[0], ULNS[1]))
    colleague = an_entry(organisation="9000000A", user="sam", at=THEN + timedelta(hours=1))
    theirs = an_entry(organisation="90000002", user="pat", disclosed=(ULNS[0],), at=THEN + timedelta(hours=2))
    _add(database, ours, colleague, theirs)

    def ids(**conditions: Any) -> list[str]:
        return [entry.message_id for entry in _found(database, **conditions)]

    both = [ours.message_id, colleague.message_id]
    assert ids(organisation="9000000a") == ids(organisation="sbxao1") == ids(organisation="9000000A") == both
    assert ids(organisation="90000002") == [theirs.message_id]
    assert ids(organisation="90000009") == []
    assert ids(user="pat") == [ours.message_id, theirs.message_id]
    assert ids(user="pat", organisation="SBXAO1") == [ours.message_id]
    assert ids(since=THEN + timedelta(hours=1)) == [colleague.message_id, theirs.message_id]
    assert ids(since=THEN + timedelta(hours=1, microseconds=1)) == [theirs.message_id]
    assert ids(uln=ULNS[0]) == [ours.message_id, theirs.message_id]
    assert ids(uln=ULNS[1]) == [ours.message_id]
    assert ids(uln=ULNS[2]) == []
    assert ids(message_id=colleague.message_id) == [colleague.message_id]


def test_a_filter_by_uln_still_shows_all_that_the_message_disclosed(database: Database) -> None:
    _add(database, an_entry(disclosed=(ULNS[0], ULNS[1])))
    assert _found(database, uln=ULNS[0])[0].disclosed == (ULNS[0], ULNS[1])


def test_more_than_a_page_is_streamed_without_gap_or_repeat(database: Database) -> None:
    entries = [an_entry(message_id=f"{n:05}", at=THEN + timedelta(seconds=n // 7)) for n in range(1203)]
    _add(database, *entries)
    query = database.reading().audit.query()
    first = next(query)
    _add(database, an_entry(message_id="while the reader took its time", at=THEN + timedelta(days=1)))
    assert [first.message_id, *(entry.message_id for entry in query)] == [entry.message_id for entry in entries]


def test_a_message_is_kept_once(database: Database) -> None:
    entry = an_entry()
    _add(database, entry)
    with pytest.raises(DatabaseFailed) as caught:
        _add(database, replace(entry, code="WSRC0001"))
    assert isinstance(caught.value.__cause__, database.driver.errors)
    assert entry.message_id not in str(caught.value)
    assert _found(database) == [entry]


def test_text_that_no_database_takes_is_made_fit(database: Database) -> None:
    _add(database, an_entry(user="a\0b\ud800c" + "x" * 300, operation="op\0", organisation="\0", address="\0"))
    found = _found(database)[0]
    assert found.user == "a\ufffdb?c" + "x" * 251 + "… (49 more characters)"
    assert (found.operation, found.organisation, found.address) == ("op\ufffd", "\ufffd", "\ufffd")


def test_an_entry_goes_with_the_change_it_speaks_of(database: Database) -> None:
    with database.writing() as writing:
        writing.learners.add(a_learner())
    with pytest.raises(UlnTaken), database.writing() as writing:
        _add_with_a_learner(writing)
    assert _found(database) == []
