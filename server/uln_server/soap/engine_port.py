"""What the gate asks of an engine, whichever it is."""

from dataclasses import dataclass
from typing import Any, Protocol

from uln_server.operations.call import Answer, Call, ChangingUnit, Unit
from uln_server.soap.reply import ReplyForm


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished reply: the envelope's bytes, and the answer that it was written from."""

    envelope: bytes
    answer: Answer


class Engine(Protocol):
    """Carries out a trusted message. What its operation raises comes out as it was raised."""

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:
        """Answer the call, reading and changing through ``unit``, writing in ``form``."""
