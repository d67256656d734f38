"""What the C library is told about memory: glibc takes it, and where there is no such call nothing happens."""

import ctypes
import sys

import pytest

from uln_server import memory


def test_glibc_knows_both_calls() -> None:
    """Where there is none of them, each is a function that does nothing."""
    there = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")
    assert (memory._malloc_trim is not memory._nothing) is there
    memory.settle()
    memory.give_back()


def test_another_system_has_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert memory._of_libc("mallopt")(1, 2) == 0
    monkeypatch.undo()
    assert memory._of_libc("no_such_call")(1) == 0
