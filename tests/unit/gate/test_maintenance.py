"""How the maintenance switch is followed."""

import threading

import pytest

from uln_server.gate.maintenance import ClosedForMaintenance, Maintenance


class Register:
    """Where the switch is, as the test sets it; the looks are counted."""

    def __init__(self, told: str | None) -> None:
        self.told: str | Exception | None = told
        self.looked = threading.Semaphore(0)

    def __call__(self) -> str | None:
        self.looked.release()
        if isinstance(self.told, Exception):
            raise self.told
        return self.told

    def await_looks(self, times: int = 2) -> None:
        """Wait until the present state has been looked at for certain."""
        while self.looked.acquire(blocking=False):
            pass
        for _ in range(times):
            assert self.looked.acquire(timeout=10)


def test_an_open_service_lets_pass() -> None:
    Maintenance(Register(None)).check()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("", "maintenance (UnsupportedHttpVerb). Send the message again later."),
        ("Back at two.", "maintenance (UnsupportedHttpVerb). Back at two. Send the message again later."),
    ],
)
def test_a_closed_one_says_so_from_the_start(told: str, words: str) -> None:
    with pytest.raises(ClosedForMaintenance) as raised:
        Maintenance(Register(told)).check()
    assert (raised.value.status, raised.value.code) == (503, "HTTP503")
    assert raised.value.text == f"The service is closed for {words}"
    assert raised.value.headers == {"Retry-After": "60"}


def test_the_switch_is_followed_and_what_cannot_be_read_changes_nothing() -> None:
    register = Register(None)
    maintenance = Maintenance(register, look_every=0.005)
    maintenance.start()
    try:
        for told in ("", "Back at two.", None, "Back at three."):
            register.told = told
            register.await_looks()
            assert maintenance.text == told
        register.told = OSError("the database is gone")
        register.await_looks()
        assert maintenance.text == "Back at three."
        register.told = None
        register.await_looks()
        assert maintenance.text is None
    finally:
        maintenance.close()
    maintenance.close()
    assert not maintenance._thread.is_alive()


def test_the_setting_stands_over_the_switch() -> None:
    assert Maintenance(Register(None), always=True).text == ""
    assert Maintenance(Register("Back at two."), always=True).text == "Back at two."


def test_what_cannot_be_read_at_first_does_not_start() -> None:
    register = Register(None)
    register.told = OSError("there is no database")
    with pytest.raises(OSError, match="no database"):
        Maintenance(register)


def test_one_that_never_started_can_be_closed() -> None:
    Maintenance(Register(None)).close()
