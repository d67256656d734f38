"""What an operation is: a request in, an answer out, through a unit of what the register holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from uln_contract.shape import OperationContract, Record
from uln_server.access.organisation import Agreement, Organisation
from uln_server.register.entry import Learners


class Unit(Protocol):
    """What one call may read and change, all of it or nothing."""

    @property
    def learners(self) -> Learners:
        """The Learner Register."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An organisation that proved who it is and may call, and the person it names."""

    organisation: Organisation
    user: str


@dataclass(frozen=True, slots=True)
class Call:
    """A trusted message: known operation, valid request, admitted caller."""

    operation: OperationContract
    request: Record
    caller: Caller
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An operation's reply, the code that the audit keeps, and every ULN whose data the reply discloses."""

    reply: Record
    code: str
    disclosed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that this service carries out: the agreement that it needs, and its rule."""

    needs: Agreement
    run: Callable[[Any, Unit], Answer]


Operations = Mapping[str, Operation]
