"""What an operation is: a request in, an answer out, through a unit of what the register holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from uln_contract.shape import OperationContract, Record
from uln_server.access.organisation import Agreement, Kind, Organisation
from uln_server.batch.job import WrittenRows
from uln_server.batch.jobs import Jobs, JobSubmissions
from uln_server.record.kept import KeptRecords
from uln_server.record.recorded import Awards
from uln_server.register.authorship import Author
from uln_server.register.entry import Changes, Learners
from uln_server.register.finds import FindMade, Finds
from uln_server.register.registering import Procedure
from uln_server.register.reporting import Reports

R = TypeVar("R", bound=Record)


class Unit(Protocol):
    """What one call may read, in one state."""

    @property
    def learners(self) -> Learners:
        """The Learner Register."""

    @property
    def reports(self) -> Reports:
        """What happened to ULNs."""

    @property
    def jobs(self) -> Jobs:
        """What was submitted at once, and what became of it."""

    @property
    def awards(self) -> Awards:
        """What learners have achieved."""


class ChangingUnit(Protocol):
    """What one call may read and change, all of it or nothing."""

    @property
    def learners(self) -> Changes:
        """The Learner Register."""

    @property
    def finds(self) -> Finds:
        """The finds that were made before."""

    @property
    def jobs(self) -> JobSubmissions:
        """What is worked off after the call."""


class Unacceptable(Exception):  # noqa: N818  # the request's fault, not an error of ours
    """A request that the schema accepts and the operation's published rule does not: WSEC0001.

    ``text`` names the field, the value, the rule and the remedy.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


NOTHING_KEPT = KeptRecords(room=0)


@dataclass(frozen=True, slots=True)
class Caller:
    """An organisation that proved who it is and may call, and the person it names."""

    organisation: Organisation
    user: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What an operator decides about the operations: see the settings of the same names."""

    procedure: Procedure
    opt_out: bool
    report_entries: int
    achievements_per_job: int = 100_000

    def of(self, organisation: Organisation) -> "Rules":
        """The rules as they hold for one organisation, whose own choices come first (domain §6)."""
        own = organisation.procedure
        if own.find_first is own.maximum_minutes is own.minimum_seconds is None:
            return self
        maximum, minimum = self.procedure.maximum, self.procedure.minimum
        procedure = Procedure(
            required=self.procedure.required if own.find_first is None else own.find_first,
            maximum=maximum if own.maximum_minutes is None else timedelta(minutes=own.maximum_minutes),
            minimum=minimum if own.minimum_seconds is None else timedelta(seconds=own.minimum_seconds),
        )
        return replace(self, procedure=procedure)


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """A trusted message: known operation, valid request, admitted caller, the moment it is carried out (UTC).

    ``message_id`` is the audit's name of the message; ``wsa_message_id`` the sender's own, from WS-Addressing, by
    which a repetition is known. ``rows`` are those of a batch that is too large to be part of the request.
    ``kept`` are the records that this process showed not long ago.
    """

    operation: OperationContract
    request: R
    caller: Caller
    now: datetime
    message_id: str
    rules: Rules
    wsa_message_id: str | None = None
    rows: WrittenRows | None = None
    kept: KeptRecords = NOTHING_KEPT

    @property
    def author(self) -> Author:
        """Who makes the changes of this call."""
        organisation = self.caller.organisation
        return Author(
            at=self.now,
            message_id=self.message_id,
            organisation_id=organisation.id,
            organisation=organisation.ukprn,
            user=self.caller.user,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An operation's reply, and what is kept of it.

    ``code`` goes to the audit, with ``reason`` where the code alone does not say why; ``disclosed`` is every ULN
    whose data the reply discloses; ``find`` is a find by demographics, which a registration must follow.
    """

    reply: Record
    code: str
    disclosed: tuple[str, ...] = ()
    reason: str | None = None
    find: FindMade | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that this service carries out: the agreement that it needs, its rule, whether it changes.

    ``only`` is the one kind of organisation that may call it at all; with ``needs`` ``None`` the agreement is
    asked for by the operation itself, which has a code of its own for it.

    ``run`` takes a call and a ``Unit``, or with ``writes`` a ``ChangingUnit``. ``long`` is one that may take so
    long, however small its request is, that other callers must not wait for it.
    """

    needs: Agreement | None
    run: Callable[[Call[Any], Any], Answer]
    writes: bool = False
    long: bool = False
    only: Kind | None = None


Operations = Mapping[str, Operation]
"""Every operation that this service carries out, by its contract name; the rest answer WSEC0002."""
