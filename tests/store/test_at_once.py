"""A change of an organisation holds for the very next message, in every process, whatever is remembered there."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from tests.store.builders import PASSWORD, an_organisation, quick

from uln_server.access.credentials import Proofs
from uln_server.access.identity import Claim, Refused, admit, resolve
from uln_server.access.organisation import Agreement
from uln_server.store.database import Database
from uln_server.store.units import Writing

ANOTHER = "another-password"


def call(database: Database, proofs: Proofs, password: str) -> str:
    """Answer as a message with these credentials would be: ``ok``, or the code it is refused with."""
    claim = Claim(ukprn="90000001", password=password)
    organisation = resolve(claim, database.reading().organisations)
    proven = organisation is not None and proofs.remembered(organisation, password)
    try:
        admit(
            organisation,
            proven=proven or proofs.prove(organisation, password),
            needs=Agreement.REGISTER_READ,
            now=datetime.now(UTC),
            claim=claim,
        )
    except Refused as refused:
        return str(refused.code)
    return "ok"


_SERVER = """
import sys
from tests.store.test_at_once import call
from uln_server.access.credentials import Proofs
from uln_server.store.database import Database
for url in sys.stdin:
    proofs = Proofs(3600)
    with Database.open(url.rstrip("\\n")) as database:
        for line in sys.stdin:
            if not line.strip():
                break
            print(call(database, proofs, line.rstrip("\\n")), flush=True)
"""


@pytest.fixture(scope="module")
def server() -> Iterator["subprocess.Popen[str]"]:
    """Another process: after a database's URL it answers passwords, up to an empty line."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
    assert process.returncode == 0


@pytest.fixture
def calls(
    database: Database, database_url: str, server: "subprocess.Popen[str]"
) -> Iterator[list[Callable[[str], str]]]:
    """Two ways to call, each with a warm memory of its own: another ``Database`` here, and another process."""
    an_organisation(database, agreements=[Agreement.REGISTER_READ])
    asked, answered = server.stdin, server.stdout
    assert asked is not None
    assert answered is not None

    def say(line: str) -> None:
        asked.write(line + "\n")
        asked.flush()

    def call_server(password: str) -> str:
        say(password)
        return answered.readline().strip()

    say(database_url)
    proofs = Proofs(3600)
    try:
        with Database.open(database_url) as here:
            ways: list[Callable[[str], str]] = [lambda password: call(here, proofs, password), call_server]
            assert [way(PASSWORD) for way in ways] == ["ok", "ok"]
            assert [way(ANOTHER) for way in ways] == ["WSEC0005", "WSEC0005"]
            yield ways
    finally:
        say("")


def _change(database: Database, change: Callable[[Writing], object]) -> None:
    with database.writing() as writing:
        change(writing)


def test_a_changed_password(database: Database, calls: list[Callable[[str], str]]) -> None:
    _change(database, lambda writing: writing.organisations.set_password("SBXAO1", ANOTHER, hashing=quick))
    assert [way(PASSWORD) for way in calls] == ["WSEC0005", "WSEC0005"]
    assert [way(ANOTHER) for way in calls] == ["ok", "ok"]


def test_a_suspension_and_its_end(database: Database, calls: list[Callable[[str], str]]) -> None:
    _change(database, lambda writing: writing.organisations.suspend("SBXAO1"))
    assert [way(PASSWORD) for way in calls] == ["WSEC0003", "WSEC0003"]
    assert [way(ANOTHER) for way in calls] == ["WSEC0005", "WSEC0005"]
    _change(database, lambda writing: writing.organisations.resume("SBXAO1"))
    assert [way(PASSWORD) for way in calls] == ["ok", "ok"]


def test_a_withdrawn_agreement_and_a_new_one(database: Database, calls: list[Callable[[str], str]]) -> None:
    _change(database, lambda writing: writing.organisations.withdraw("SBXAO1", Agreement.REGISTER_READ))
    assert [way(PASSWORD) for way in calls] == ["WSEC0006", "WSEC0006"]
    _change(database, lambda writing: writing.organisations.agree("SBXAO1", Agreement.REGISTER_READ))
    assert [way(PASSWORD) for way in calls] == ["ok", "ok"]


def test_other_hours(database: Database, calls: list[Callable[[str], str]]) -> None:
    _change(database, lambda writing: writing.organisations.set_hours("SBXAO1", "never"))
    assert [way(PASSWORD) for way in calls] == ["WSEC0004", "WSEC0004"]
    _change(database, lambda writing: writing.organisations.set_hours("SBXAO1", "always"))
    assert [way(PASSWORD) for way in calls] == ["ok", "ok"]
