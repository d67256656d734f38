"""Issuing ULNs: the counter, numbers that are held already, and eight processes at once on each database."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, islice

import pytest
from tests.store.builders import ULNS, a_learner

from uln_contract.ulns import is_valid
from uln_server.register.authorship import Author
from uln_server.register.event import EventKind
from uln_server.register.issuing import PREFIXES, SANDBOX_KEY, NoPrefixLeftError, UlnKey
from uln_server.register.learner import Status
from uln_server.sandbox.content import LEARNERS
from uln_server.store.clearing import begun_anew
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.uln_numbers import counter, draw, set_counter, uln_key
from uln_server.store.units import Writing

PROCESSES, EACH = 8, 200
BY = Author(at=datetime(2026, 9, 1, 12, tzinfo=UTC), message_id="message")


def sequence(key: UlnKey, start: int = 0) -> Iterator[str]:
    """The ULNs that a key gives, in order, from a counter on."""
    return (uln for number in range(start, PREFIXES) if (uln := key.nth(number)) is not None)


SANDBOX = UlnKey(SANDBOX_KEY)
FIRST = tuple(islice(sequence(SANDBOX), 6))


@pytest.fixture
def sandbox(database: Database) -> Database:
    """An empty register whose key everybody knows."""
    with database.writing() as writing:
        writing.register.create("sandbox")
    return database


def issued(writing: Writing) -> str:
    return writing.learners.register(a_learner(""), BY).uln


def issue(database: Database) -> str:
    with database.writing() as writing:
        return issued(writing)


def following(database: Database) -> int:
    """The counter that comes next."""
    line = database.line(Role.READING)
    try:
        return counter(line)
    finally:
        line.close()


def test_ulns_come_in_the_order_of_the_key(sandbox: Database) -> None:
    assert tuple(issue(sandbox) for _ in FIRST) == FIRST
    with sandbox.writing() as writing:
        assert tuple(issued(writing) for _ in range(3)) == tuple(islice(sequence(SANDBOX), 6, 9))


def test_a_production_register_has_a_key_of_its_own(database: Database) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    uln = issue(database)
    assert is_valid(uln)
    assert uln not in FIRST
    line = database.line(Role.READING)
    assert uln == next(sequence(uln_key(line)))
    line.close()


def test_numbers_that_are_held_in_whatever_state_are_skipped(sandbox: Database) -> None:
    """As an import, the sandbox's fixed learners, or an earlier order may have left them."""
    active, deleted, merged, *_ = FIRST
    with sandbox.writing() as writing:
        writing.learners.add(a_learner(active))
        writing.learners.add(a_learner(deleted, status=Status.DELETED))
        writing.learners.add(a_learner(merged, status=Status.MERGED, master_uln=active))
    assert (issue(sandbox), issue(sandbox)) == FIRST[3:5]
    with sandbox.writing() as writing:
        writing.learners.delete(FIRST[4])
        writing.learners.merge(FIRST[3], active)
    set_to(sandbox, 0)
    assert issue(sandbox) == FIRST[5]


def set_to(database: Database, number: int) -> None:
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        set_counter(line, number)
    line.close()


def test_a_number_drawn_in_vain_belongs_to_nobody(sandbox: Database) -> None:
    """SQLite draws it again, PostgreSQL never; the counter says so."""
    with pytest.raises(ZeroDivisionError), sandbox.writing() as writing:
        raise ZeroDivisionError(issued(writing))
    assert sandbox.reading().learners.get(FIRST[0]) is None
    assert list(sandbox.reading().events.after()) == []
    if sandbox.dialect == "sqlite":
        assert following(sandbox) == 0
        assert issue(sandbox) == FIRST[0]
    else:
        assert following(sandbox) > 0
        assert issue(sandbox) == FIRST[1]


def test_the_counter_can_be_read_set_and_drawn_from_in_bulk(sandbox: Database) -> None:
    line = sandbox.line(Role.WRITING)
    assert counter(line) == 0
    with line.transaction(sandbox.driver.begin_writing):
        assert draw(line, 3) == (0, 1, 2)
        assert draw(line) == (3,)
    assert counter(line) == 4
    with line.transaction(sandbox.driver.begin_writing):
        set_counter(line, 1_000_000)
        assert draw(line, 2) == (1_000_000, 1_000_001)
    assert counter(line) == 1_000_002
    line.close()


def test_a_sandbox_that_begins_anew_begins_with_the_same_numbers(sandbox: Database) -> None:
    before = [issue(sandbox) for _ in range(3)]
    with begun_anew(sandbox) as writing:
        writing.register.create("sandbox")
    assert [issue(sandbox) for _ in range(3)] == before == list(FIRST[:3])


def test_the_fixed_learners_of_the_sandbox_are_not_among_the_next_numbers() -> None:
    """They are skipped anyway; but documents that show the first numbers must not have to be rewritten."""
    assert not {each.uln for each in LEARNERS} & set(islice(sequence(SANDBOX), 1000))


def test_the_last_number_of_all_is_an_error_that_says_so(sandbox: Database) -> None:
    set_to(sandbox, PREFIXES)
    with pytest.raises(NoPrefixLeftError, match="every number has been issued"):
        issue(sandbox)


# --- eight processes at once

_ISSUER = """
import sys
from tests.store.builders import THEN, a_learner
from uln_server.register.authorship import Author
from uln_server.store.database import Database
by = Author(at=THEN, message_id="message")
for line in sys.stdin:
    url, count = line.split()
    with Database.open(url) as database:
        for number in range(0, int(count), 4):  # a commit may take milliseconds
            with database.writing() as writing:
                for one in range(4):
                    print(writing.learners.register(a_learner("", notes=f"{number} {one}"), by).uln, end=" ")
    print(flush=True)
"""


@pytest.fixture(scope="module")
def issuers() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that issue as many numbers as they are told, on either database."""
    started = [
        subprocess.Popen([sys.executable, "-c", _ISSUER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    try:
        yield started
    finally:
        for each in started:
            each.communicate(timeout=30)
        assert [each.returncode for each in started] == [0] * PROCESSES


def told(issuers: list["subprocess.Popen[str]"], url: str, each: int) -> list[list[str]]:
    """Let all of them issue at once; give what each has issued."""
    for process in issuers:
        assert process.stdin is not None
        print(url, each, file=process.stdin, flush=True)
    return [process.stdout.readline().split() for process in issuers if process.stdout is not None]


def test_eight_processes_issue_each_number_once_and_leave_none_out(
    sandbox: Database, database_url: str, issuers: list["subprocess.Popen[str]"]
) -> None:
    told(issuers, database_url, 0)  # each of them is up now
    held = [*islice(sequence(SANDBOX), 5, 500, 50), ULNS[0]]
    with sandbox.writing() as writing:
        for uln in held:
            writing.learners.add(a_learner(uln, status=Status.DELETED))
    issued = told(issuers, database_url, EACH)
    assert [len(each) for each in issued] == [EACH] * PROCESSES
    everybodys = set(chain.from_iterable(issued))
    assert len(everybodys) == PROCESSES * EACH
    drawn = {SANDBOX.nth(number) for number in range(following(sandbox))} - {None}
    assert everybodys == drawn - set(held)
    events = [each for each in sandbox.reading().events.after() if each.kind is EventKind.REGISTERED]
    assert sorted(each.uln for each in events) == sorted([*everybodys, *held])
