"""Who are you, and may you: the password proved once, the organisation read anew for every message."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from uln_contract.shape import Record
from uln_server.access.credentials import Proofs
from uln_server.access.identity import Claim
from uln_server.access.organisation import Organisation
from uln_server.settings import Settings
from uln_server.soap.faults import HttpRefusal


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


def claim_of(request: Record) -> Claim:
    """The credentials of a request: every request of LearnerService has these four fields (domain §11)."""
    return Claim(
        ukprn=getattr(request, "ukprn", None),
        organisation_ref=getattr(request, "organisation_ref", None),
        password=getattr(request, "org_password", None),
        user_name=getattr(request, "user_name", None),
    )


class Prover:
    """Argon2 in its own few threads: a flood of wrong passwords waits for itself, not in front of others."""

    def __init__(self, proofs: Proofs, settings: Settings) -> None:
        self.proofs = proofs
        self._threads = ThreadPoolExecutor(settings.proofs_at_once, thread_name_prefix="proof")
        self._limit = settings.proofs_waiting
        self._waiting = 0

    async def prove(self, organisation: Organisation | None, password: str) -> Proof | None:
        """Check a password with a turn in the queue; ``HttpRefusal`` 503 when the queue is full."""
        if self._waiting >= self._limit:
            raise HttpRefusal(
                503, "Too many passwords wait to be checked. Send the message again shortly.", {"Retry-After": "1"}
            )
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._threads, self.proofs.prove, organisation, password)
        finally:
            self._waiting -= 1
        if organisation is None or not right:
            return None
        return Proof(organisation.id, organisation.credential_version)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
