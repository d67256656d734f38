"""The last messages of a sandbox."""

from tests.store.builders import a_message

from uln_server.access.audit import SandboxMessage
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.messages import keep


def _keep(database: Database, *messages: SandboxMessage) -> None:
    line = database.line(Role.WRITING)
    with line.transaction(database.driver.begin_writing):
        keep(line, messages)
    line.close()


def test_messages_are_shown_as_kept_and_newest_first(database: Database) -> None:
    first, second, third = a_message(), a_message(operation=None), a_message(code="WSEC0001")
    _keep(database, first)
    _keep(database, second, third)
    assert database.reading().messages.last() == (third, second, first)
    assert database.reading().messages.last(2) == (third, second)


def test_the_last_hundred_are_kept(database: Database) -> None:
    messages = [a_message() for _ in range(130)]
    for message in messages[:7]:
        _keep(database, message)
    _keep(database, *messages[7:95])
    _keep(database, *messages[95:])
    assert database.reading().messages.last(200) == tuple(reversed(messages[30:]))


def test_more_than_a_hundred_at_once_are_no_more(database: Database) -> None:
    messages = [a_message() for _ in range(250)]
    _keep(database, *messages)
    assert database.reading().messages.last(500) == tuple(reversed(messages[150:]))


def test_no_message_is_no_work(database: Database) -> None:
    _keep(database)
    assert database.reading().messages.last() == ()


def test_text_that_no_database_takes_is_made_fit_and_a_huge_one_cut(database: Database) -> None:
    _keep(database, a_message(request="<a>\0</a>", reply="x" * 300_000))
    kept = database.reading().messages.last()[0]
    assert kept.request == "<a>\ufffd</a>"
    assert kept.reply == "x" * 262_144 + "… (37856 more characters)"


def test_no_repr_shows_what_was_sent() -> None:
    assert "secret" not in repr(a_message(request="secret", reply="secret", reading="secret"))
