"""Passwords of organisations: hashed with Argon2id, proved once, remembered briefly (domain §11)."""

import hmac
import secrets
import time
from collections.abc import Callable
from threading import Lock

from argon2 import Parameters, PasswordHasher, profiles
from argon2.exceptions import VerifyMismatchError

from uln_server.access.organisation import Organisation

STRONG = profiles.RFC_9106_LOW_MEMORY
"""Argon2id with 64 MiB, three passes and four lanes (RFC 9106, second choice): about 50 ms.

A stronger profile would hold for passwords set from then on: a hash carries the parameters it was made with, and
is checked with them until its password is set anew.
"""
QUICK = profiles.CHEAPEST
"""For tests and for throw-away registers only: takes no time, and so protects nothing."""

_REMEMBERED_AT_MOST = 10_000
# How long after its time a proof still tells a password that was right from one that never was [O].
_FAMILIAR_SECONDS = 3600.0

# The hash of a random password that nobody kept: what an unknown organisation's password is checked against.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$XipE57nOmh7Z5zwjEXHdqA$3kbSGkXITzipwDmt+30aJB6JgOYWfIhqEdPym2yQxDc"


def hash_password(password: str, profile: Parameters = STRONG) -> str:
    """Hash with Argon2id and a random salt; the text is in PHC form and carries its own parameters."""
    return PasswordHasher.from_parameters(profile).hash(password)


class Proofs:
    """The passwords that were proved lately, as HMACs under a key that this process alone holds.

    A proof is tied to organisation, credential version and stored hash, so that a changed password needs a new
    one; it ends ``seconds`` after it was made, however often it is used. For an hour more the password is
    familiar: it must be checked again, but may be even while others wait. Safe to use from many threads.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._until: dict[bytes, float] = {}
        self._lock = Lock()
        self._hasher = PasswordHasher()

    def remembered(self, organisation: Organisation, password: str) -> bool:
        """Tell whether this very password was proved for this organisation within the time."""
        return self._proved(organisation, password, 0.0)

    def familiar(self, organisation: Organisation, password: str) -> bool:
        """Tell whether this very password was right for this organisation not long ago."""
        return self._proved(organisation, password, _FAMILIAR_SECONDS)

    def prove(self, organisation: Organisation | None, password: str) -> bool:
        """Check a password with Argon2, and remember it if it is right.

        An organisation that is not known costs the same work and gives ``False``. Raises argon2's
        ``InvalidHashError`` if the stored hash is damaged.
        """
        proved = self._matches(_NOBODY if organisation is None else organisation.password_hash, password)
        if organisation is None or not proved:
            return False
        self._remember(self._proof(organisation, password))
        return True

    def _proved(self, organisation: Organisation, password: str, more: float) -> bool:
        proof = self._proof(organisation, password)
        with self._lock:
            now, until = self._clock(), self._until.get(proof)
            if until is None:
                return False
            if until + _FAMILIAR_SECONDS <= now:
                del self._until[proof]
            return until + more > now

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except VerifyMismatchError:
            return False

    def _remember(self, proof: bytes) -> None:
        with self._lock:
            self._until.pop(proof, None)
            while len(self._until) >= _REMEMBERED_AT_MOST:
                del self._until[next(iter(self._until))]
            self._until[proof] = self._clock() + self._seconds

    def _proof(self, organisation: Organisation, password: str) -> bytes:
        tied = f"{organisation.id}:{organisation.credential_version}:{organisation.password_hash}:{password}"
        return hmac.digest(self._key, tied.encode(), "sha256")
