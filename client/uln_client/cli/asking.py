"""Asking the person at the terminal."""

import sys
from collections.abc import Container

from uln_client.cli.output import note


def ask(question: str, answers: Container[str], otherwise: str) -> str | None:
    """Ask on stderr until one of the answers is given; ``None`` for Enter alone and at the end of input.

    Case makes no difference. ``otherwise`` is said to any other answer.
    """
    while True:
        sys.stdout.flush()
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip().lower()
        if not answer:
            return None
        if answer in answers:
            return answer
        note(otherwise)


def can_ask() -> bool:
    """Whether somebody sits at a terminal who can answer."""
    return sys.stdin is not None and sys.stdin.isatty()
