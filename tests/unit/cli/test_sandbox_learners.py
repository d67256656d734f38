import _thread
import re
import signal
import threading
import time
from pathlib import Path

import pytest
from tests.unit.cli.running import Operator

from uln_server.store.database import Database
from uln_server.store.filling import Filling

FIRST = "1026893096"


def held(folder: Path) -> int:
    url = f"sqlite:///{(folder / 'var/register.sqlite3').as_posix()}"
    with Database.open(url) as register, Filling(register) as filling:
        return filling.learners()


def test_a_sandbox_is_filled(sandbox: Operator, folder: Path) -> None:
    before = held(folder)
    said = sandbox.does("sandbox", "--learners", "50")
    assert "register.sqlite3 holds 50 learners more: " in said
    assert sum(int(number) for number, _ in re.findall(r"(\d+) ([a-z]+)[,.]", said)) == 50
    assert held(folder) == before + 50
    assert "Darcie" in sandbox.does("learner", "show", FIRST)
    assert "sandbox" in sandbox.does("audit")


def test_a_filled_sandbox_is_filled_again_only_when_asked_for(sandbox: Operator, folder: Path) -> None:
    sandbox.does("sandbox", "--learners", "5", "--seed", "7")
    full = held(folder)
    said = sandbox.fails(4, "sandbox", "--learners", "5")
    assert "holds 5 learners besides the sandbox's own" in said
    assert "--more" in said
    assert "uln-server reset" in said
    assert held(folder) == full
    sandbox.does("sandbox", "--learners", "5", "--more")
    assert held(folder) == full + 5


def test_a_production_register_is_never_filled(production: Operator, folder: Path) -> None:
    assert "production register" in production.fails(4, "sandbox", "--learners", "5")
    assert held(folder) == 0


@pytest.mark.parametrize(
    "words", [(), ("--learners", "0"), ("--learners", "many"), ("--learners", "5", "--seed", "x")]
)
def test_what_is_no_number_is_wrong_use(operator: Operator, words: tuple[str, ...]) -> None:
    assert operator.run("sandbox", *words).exit == 2


def test_what_is_interrupted_says_what_to_do(
    sandbox: Operator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uln_server.sandbox.populating.CHUNK", 50)
    before = held(folder)

    def interrupt() -> None:
        while held(folder) == before:
            time.sleep(0.01)
        _thread.interrupt_main()

    # Whoever starts the tests in the background has SIGINT ignored.
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    watcher = threading.Thread(target=interrupt)
    watcher.start()
    try:
        said = sandbox.fails(4, "sandbox", "--learners", "1000000")
    finally:
        signal.signal(signal.SIGINT, earlier)
        watcher.join()
    assert "Interrupted" in said
    assert "--more" in said
    assert (held(folder) - before) % 50 == 0
