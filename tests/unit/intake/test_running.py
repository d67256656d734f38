"""An intake that runs: until it is stopped, or until nothing is left to be done."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import structlog
from tests.unit.intake.handing_in import PROVIDER, Handing, newcomer, registration

from uln_server import logs
from uln_server.intake import running
from uln_server.intake.holding import Stopped
from uln_server.intake.intake import Intake, Step
from uln_server.intake.submitting import Terms

NAME = "LRB_90000003_240620240930.CSV"
TEXT = registration([newcomer(1), newcomer(2)])


@contextmanager
def worked_off(hand: Handing) -> Iterator[None]:
    """Somebody works jobs off meanwhile."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.01):
            hand.work()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_what_is_there_is_worked_off_and_that_is_all(hand: Handing) -> None:
    hand.put(TEXT)
    with worked_off(hand):
        assert hand.running.run_once()
    assert len(hand.listed("done")) == 4
    assert (hand.running.failed, hand.running.run_once()) == (0, True)


def test_a_file_that_rests_no_longer_than_it_must_is_waited_for(hand: Handing) -> None:
    resting = Handing(hand.database, hand.root, settle=0.3)
    resting.put(TEXT)
    with worked_off(resting):
        assert resting.running.run_once()
    assert len(resting.listed("done")) == 4


def test_what_went_wrong_is_not_worked_off(hand: Handing) -> None:
    hand.put(TEXT)
    (hand.root / ".intake").rmdir()
    (hand.root / ".intake").touch()
    assert not hand.running.run_once()
    assert hand.listed("in") == [NAME]


def test_a_file_that_never_rests_is_left(hand: Handing) -> None:
    restless = Handing(hand.database, hand.root, settle=0.1)
    path = restless.put(TEXT)
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.01):
            path.write_text(TEXT, encoding="utf-8")

    thread = threading.Thread(target=write)
    thread.start()
    assert restless.running.run_once()
    done.set()
    thread.join()
    assert restless.listed("in") == [path.name]


def test_jobs_that_nobody_works_off_are_not_waited_for_without_end(
    hand: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "UNATTENDED_SECONDS", 0.05)
    sink = io.StringIO()
    # A log of its own: where the process's goes is for whichever test set logging up.
    monkeypatch.setattr(logs, "log", structlog.wrap_logger(structlog.WriteLogger(sink)))
    alone = Handing(hand.database, hand.root, lease=0.02)
    alone.put(TEXT)
    assert not alone.running.run_once()
    assert [each.state for each in alone.unfinished()] == ["waiting"]
    alone.look()
    assert sink.getvalue().count("nobody works off") == 1
    alone.work()
    assert alone.running.run_once()


def test_it_runs_until_it_is_stopped(hand: Handing) -> None:
    (hand.root / PROVIDER).mkdir()
    hand.folders.of(PROVIDER, "done")
    thread = threading.Thread(target=hand.running.run)
    thread.start()
    with worked_off(hand):
        hand.put(TEXT)
        deadline = time.monotonic() + 20
        while NAME not in hand.listed("done") and time.monotonic() < deadline:
            time.sleep(0.01)
    hand.running.stop()
    thread.join()
    assert len(hand.listed("done")) == 4
    assert not hand.running.run_once()


MANY = registration([newcomer(number) for number in range(1, 600)])


def taken_up(hand: Handing, stopped: Callable[[], bool], lease: timedelta = timedelta(minutes=1)) -> Step | None:
    """Take a file of more rows than there are between two looks at the clock."""
    taken = hand.folders.take(hand.put(MANY), PROVIDER)
    organisation = hand.database.reading().organisations.by_identifier(PROVIDER)
    assert taken is not None
    assert organisation is not None
    terms = Terms(achievements_per_job=9, intake_achievements="Final", actions=frozenset({1}))
    return Intake(hand.database, hand.folders, terms, lease, stopped=stopped).adopt(taken, organisation)


def test_what_is_under_way_when_it_stops_is_left_to_others_at_once(hand: Handing) -> None:
    with pytest.raises(Stopped):
        taken_up(hand, lambda: True)
    hand.through()
    assert NAME in hand.listed("done")


def test_what_another_process_took_up_meanwhile_is_left_to_it(hand: Handing) -> None:
    """As when this one slept for longer than its claim."""

    def another_takes_it_up() -> bool:
        [file] = hand.unfinished()
        with hand.database.writing() as writing:
            assert writing.intake.claim(file, timedelta(minutes=1)) is not None
        return False

    assert taken_up(hand, another_takes_it_up, timedelta(0)) is None
    assert [(each.state, each.parts) for each in hand.unfinished()] == [("taken", ())]


def test_a_claim_is_renewed_while_a_step_takes_long(hand: Handing) -> None:
    step = taken_up(hand, lambda: False, timedelta(0))
    assert step is not None
    assert [each.rows for each in step.file.parts] == [200, 200, 199]
