"""Who are you, and may you: the password proved once, the organisation read anew for every message."""

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from uln_contract.codes import FaultCode
from uln_contract.shape import Field, OperationContract, Record
from uln_server.access.credentials import Proofs
from uln_server.access.identity import Claim
from uln_server.access.organisation import Organisation
from uln_server.access.wrong_passwords import Pair, WrongPasswords, pair_of
from uln_server.gate.addresses import counted
from uln_server.gate.rates import RateLimit, too_often
from uln_server.settings import Settings
from uln_server.soap.faults import ContractFault, HttpRefusal


@dataclass(frozen=True, slots=True)
class Proof:
    """That a password was just proved, for one version of one organisation's credential."""

    organisation_id: int
    credential_version: int

    def holds_for(self, organisation: Organisation) -> bool:
        """Whether the credential has not been changed since."""
        return (self.organisation_id, self.credential_version) == (
            organisation.id,
            organisation.credential_version,
        )


# Where a request holds its caller, and what that calls the person; LearnerService's hold the fields themselves.
_INVOKERS: Mapping[str, str] = {"invoking_user": "UserName", "invoking_organisation": "Username"}
# Their types have no lengths. No identifier is longer than this: a longer one is as unknown when it is cut short.
_IDENTIFIER_AT_MOST = 40
_USER_NAME_AT_MOST = 35


def claim_of(request: Record) -> Claim:
    """The credentials of a request, wherever its service has them (domain §11)."""
    field = _invoker(request)
    if field is None:
        return Claim(
            ukprn=getattr(request, "ukprn", None),
            organisation_ref=getattr(request, "organisation_ref", None),
            password=getattr(request, "org_password", None),
            user_name=getattr(request, "user_name", None),
        )
    given = _given(request, field)
    return Claim(
        ukprn=_identifier(given.get("ukprn")),
        organisation_ref=_identifier(given.get("organisation_ref") or given.get("reference")),
        password=given.get("org_password") or given.get("password"),
        user_name=given.get("user_name") or given.get("username"),
    )


def check_user_name(request: Record, operation: OperationContract) -> None:
    """Hold the person who calls to the length that LearnerService's types ask for, where the types do not [O].

    Raises ``ContractFault`` WSEC0001. A caller of whom nothing at all was given is not known: WSEC0003, later.
    """
    field = _invoker(request)
    given = {} if field is None else _given(request, field)
    name = given.get("user_name") or given.get("username") or ""
    if field is None or not given or (name.strip() and len(name) <= _USER_NAME_AT_MOST):
        return
    place = f"{operation.request.rpartition('}')[2]}/{field.name}/{_INVOKERS[field.attribute]}"
    raise ContractFault(
        FaultCode.WSEC0001,
        f"{place}: must name the person who calls, in 1 to {_USER_NAME_AT_MOST} characters, not white space alone."
        " Correct it and send the message again.",
    )


def _invoker(request: Record) -> Field | None:
    return next((field for field in request.FIELDS if field.attribute in _INVOKERS), None)


def _given(request: Record, field: Field) -> Mapping[str, Any]:
    """What was given of the caller, by attribute."""
    invoker = getattr(request, field.attribute)
    fields = () if invoker is None else invoker.FIELDS
    values = ((each.attribute, getattr(invoker, each.attribute)) for each in fields)
    return {name: value for name, value in values if value is not None}


def _identifier(text: str | None) -> str | None:
    return None if text is None else text.strip()[:_IDENTIFIER_AT_MOST]


class Prover:
    """Argon2 in its own few threads: a flood of wrong passwords waits for itself, not in front of others.

    Of one organisation and address only one password is checked at a time, and after some wrong ones none for a
    while (domain §11), so that whoever guesses takes one place in the queue and then none. A password that was
    right not long ago has a thread of its own: whoever makes organisations up by the thousand holds up no other.
    """

    def __init__(self, proofs: Proofs, settings: Settings) -> None:
        self._proofs = proofs
        self._wrong = WrongPasswords(settings.wrong_password_tries, settings.wrong_password_longest_delay)
        self._rate = RateLimit(settings.organisation_rate, "The organisation sends more messages than it may")
        self._threads = ThreadPoolExecutor(settings.proofs_at_once, thread_name_prefix="proof")
        self._familiar = ThreadPoolExecutor(1, thread_name_prefix="familiar")
        self._limit = settings.proofs_waiting
        self._waiting = 0
        self._turns: WeakValueDictionary[Pair, asyncio.Lock] = WeakValueDictionary()

    def remembers(self, organisation: Organisation, claim: Claim, address: str | None) -> bool:
        """Tell whether this very password was proved within the time: it may pass, and ends its pair's delay."""
        if not self._proofs.remembered(organisation, claim.password or ""):
            return False
        if len(self._wrong):
            self._wrong.right(pair_of(claim, counted(address)))
        return True

    def count(self, organisation: Organisation) -> None:
        """Count a message of an organisation that has proved who it is; ``HttpRefusal`` 429 over its rate."""
        self._rate.check(organisation.id)

    async def prove(self, organisation: Organisation | None, claim: Claim, address: str | None) -> Proof | None:
        """Check a password with a turn in the queue.

        ``HttpRefusal`` 429 while its organisation and address wait after wrong ones, 503 when the queue is full.
        """
        pair = pair_of(claim, counted(address))
        async with self._turn(pair):
            if organisation is not None and self.remembers(organisation, claim, address):
                return Proof(organisation.id, organisation.credential_version)  # proved while this one waited
            right = await self._checked(organisation, claim.password or "", pair)
            if organisation is None or not right:
                self._wrong.wrong(pair)
                return None
            self._wrong.right(pair)
            return Proof(organisation.id, organisation.credential_version)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._familiar.shutdown(wait=False, cancel_futures=True)

    @asynccontextmanager
    async def _turn(self, pair: Pair) -> AsyncIterator[None]:
        lock = self._turns.get(pair)
        if lock is None:
            lock = self._turns[pair] = asyncio.Lock()
        async with lock:
            yield

    async def _checked(self, organisation: Organisation | None, password: str, pair: Pair) -> bool:
        """Check a password in its turn.

        One that was right not long ago need not wait for those of others, nor for the delay of its pair: another
        system's mistakes at its address do not lock it out.
        """
        loop = asyncio.get_running_loop()
        if organisation is not None and self._proofs.familiar(organisation, password):
            return await loop.run_in_executor(self._familiar, self._proofs.prove, organisation, password)
        self._refuse(pair)
        self._waiting += 1
        try:
            return await loop.run_in_executor(self._threads, self._proofs.prove, organisation, password)
        finally:
            self._waiting -= 1

    def _refuse(self, pair: Pair) -> None:
        """Refuse a password that must wait, or for which there is no room."""
        seconds = self._wrong.wait(pair)
        if seconds:
            raise too_often(_WRONG_TOO_OFTEN, math.ceil(seconds))
        if self._waiting >= self._limit:
            raise HttpRefusal(
                503, "Too many passwords wait to be checked. Send the message again shortly.", {"Retry-After": "1"}
            )


_WRONG_TOO_OFTEN = (
    "Too many messages came from this address for this organisation with a wrong organisation or password."
    " Correct UKPRN, OrganisationRef and OrgPassword, and send the message again after the seconds that"
    " Retry-After says."
)
