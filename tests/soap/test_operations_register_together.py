"""Calls that change the register while something else does, over HTTP: who may call, and who comes first."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import pytest
from tests.service import RunningService
from tests.soap.newcomers import Registrar, newcomer
from tests.soap.registers import PASSWORD
from tests.soap.wire import Answer
from tests.store.builders import a_learner, quick
from tests.store.turns import Process, Step, Turns, turns

from uln_server.access.organisation import Agreement
from uln_server.register.learner import Learner
from uln_server.store.units import Writing

NEW = "AnotherPassword+"


@pytest.fixture
def taking(changing_service: RunningService) -> Iterator[Turns]:
    with changing_service.register() as register, turns(register) as made:
        yield made


@pytest.fixture
def operator(taking: Turns) -> Process:
    return taking.process()


@pytest.fixture
def caller(registrar: Registrar) -> Registrar:
    """An organisation of the test's own, whose password the service remembers."""
    made = registrar.another()
    made.find(newcomer())
    return made


@pytest.fixture
def calls(taking: Turns) -> Iterator[Callable[[Callable[[], Answer]], Step[Answer]]]:
    """Send a message, and come back when the service waits for a lock with it, or has answered."""
    with ThreadPoolExecutor(4) as pool:

        def send(work: Callable[[], Answer]) -> Step[Answer]:
            def begin() -> Step[Answer]:
                sent: Future[Answer] = pool.submit(work)
                return Step(sent)

            return taking.until_waiting(begin)

        yield send


Calls = Callable[[Callable[[], Answer]], Step[Answer]]

# What an operator changes, the code that the next message gets, and what puts it back.
CHANGES: dict[str, tuple[Callable[[Writing, str], object], str, Callable[[Writing, str], object]]] = {
    "suspended": (
        lambda writing, ref: writing.organisations.suspend(ref),
        "WSEC0003",
        lambda writing, ref: writing.organisations.resume(ref),
    ),
    "another password": (
        lambda writing, ref: writing.organisations.set_password(ref, NEW, hashing=quick),
        "WSEC0005",
        lambda writing, ref: writing.organisations.set_password(ref, PASSWORD, hashing=quick),
    ),
    "agreement withdrawn": (
        lambda writing, ref: writing.organisations.withdraw(ref, Agreement.REGISTER_WRITE),
        "WSEC0006",
        lambda writing, ref: writing.organisations.agree(ref, Agreement.REGISTER_WRITE),
    ),
}
each_change = pytest.mark.parametrize(("change", "code", "back"), CHANGES.values(), ids=CHANGES.keys())


def like(fields: dict[str, str | None]) -> Learner:
    return a_learner(
        given_name=fields["GivenName"],
        family_name=fields["FamilyName"],
        date_of_birth=fields["DateOfBirth"],
        gender=fields["Gender"],
        last_known_post_code=fields["LastKnownPostCode"],
    )


@each_change
def test_what_is_committed_before_the_calls_transaction_begins_is_seen(  # noqa: PLR0913, PLR0917  # fixtures
    caller: Registrar,
    operator: Process,
    taking: Turns,
    calls: Calls,
    change: Callable[[Writing, str], object],
    code: str,
    back: Callable[[Writing, str], object],
) -> None:
    """On SQLite the call has looked at who calls already, and waits to begin; on PostgreSQL it comes after."""
    fields = newcomer()
    caller.find(fields)
    operator.begins()
    operator.does(lambda writing: change(writing, caller.ref))
    if taking.database.dialect == "sqlite":
        waiting = calls(partial(caller.register, fields))
        assert not waiting.done
        operator.commits()
    else:
        operator.commits()
        waiting = calls(partial(caller.register, fields))
    waiting.outcome().expect_fault(code)
    assert caller.last().code == code
    assert caller.events() == []
    caller.change(lambda writing: back(writing, caller.ref))
    assert caller.register(fields).text("ResponseCode") == "WSRC0005"


@each_change
def test_what_is_committed_after_it_began_holds_from_the_next_message(  # noqa: PLR0913, PLR0917  # fixtures
    caller: Registrar,
    operator: Process,
    taking: Turns,
    calls: Calls,
    change: Callable[[Writing, str], object],
    code: str,
    back: Callable[[Writing, str], object],
) -> None:
    """On PostgreSQL the call is held up in its transaction; on SQLite the change waits for its end."""
    fields = newcomer()
    caller.find(fields)
    if taking.database.dialect == "sqlite":
        assert caller.register(fields).text("ResponseCode") == "WSRC0005"
        operator.starts(lambda writing: change(writing, caller.ref)).outcome()
    else:
        holder = taking.process()
        holder.begins()
        holder.does(lambda writing: writing.learners.same(like(fields).demographics))
        waiting = calls(partial(caller.register, fields))
        assert not waiting.done
        operator.starts(lambda writing: change(writing, caller.ref)).outcome()
        assert not waiting.done
        holder.commits()
        assert waiting.outcome().text("ResponseCode") == "WSRC0005"
    caller.register(newcomer()).expect_fault(code)
    caller.change(lambda writing: back(writing, caller.ref))


def test_one_learner_registered_by_eight_at_once_gets_one_uln(registrar: Registrar) -> None:
    fields = newcomer()
    registrars = [registrar.another() for _ in range(8)]
    for each in registrars:
        assert each.find(fields).text("ResponseCode") == "WSRC0001"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: each.register(fields), registrars))
    codes = [each.text("ResponseCode") for each in answers]
    assert sorted(map(str, codes)) == ["WSRC0005", *["WSRC0021"] * 7]
    assert sum(len(each.events()) for each in registrars) == 1


def test_one_version_updated_by_eight_at_once_has_one_winner(registrar: Registrar) -> None:
    fields = newcomer()
    registrars = [registrar.another() for _ in range(8)]
    uln = registrars[0].registered(fields)

    def update(number: int) -> str | None:
        return registrars[number].update(uln, 1, {**fields, "Notes": f"by {number}"}).text("ResponseCode")

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(update, range(8)))
    assert sorted(map(str, codes)) == ["WSRC0006", *["WSRC0013"] * 7]
    held = registrars[0].held(uln)
    assert (held.version, held.notes) == (2, f"by {codes.index('WSRC0006')}")


def test_a_merge_during_an_update_over_http(caller: Registrar, operator: Process, calls: Calls) -> None:
    fields, master = newcomer(), newcomer()
    uln, into = caller.registered(fields), caller.registered(master)
    operator.begins()
    operator.does(lambda writing: writing.learners.merge(uln, into))
    waiting = calls(partial(caller.update, uln, 1, {**fields, "Notes": "new"}))
    assert not waiting.done
    operator.commits()
    assert waiting.outcome().text("ResponseCode") == "WSRC0013"
    assert caller.held(uln).notes is None
