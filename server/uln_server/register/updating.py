"""What a registration writes and what an update changes (domain §6): pure, and after any refusal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uln_contract.records import LearnerToRegister, LearnerToUpdate
from uln_server.register.learner import Learner, Status

CHANGEABLE = tuple(field.attribute for field in LearnerToRegister.FIELDS)
"""The fields of a learner that a caller may give, in contract order."""
FROM_FILES = ("uci", "upn")
"""The fields that only a file gives: no message that registers or updates carries them (domain §8).

R9's Learner has UniqueCandidateIdentifier and UniquePupilNumber, but no operation of R9's that tells or takes a
Learner is carried out here yet [O].
"""
_KEPT = (*CHANGEABLE, *FROM_FILES)
_NOT_SEEN = "0"
_DOES_NOT_SHARE = "2"


def new_learner(
    uln: str, sent: LearnerToRegister, now: datetime, *, uci: str | None = None, upn: str | None = None
) -> Learner:
    """Give the record that a registration starts: active, version 1; optional fields left empty are ``None``.

    ``now`` is aware, in UTC. Values are kept as they were sent.
    """
    values: dict[str, Any] = {name: _given(getattr(sent, name)) for name in CHANGEABLE}
    values |= {"uci": _given(uci), "upn": _given(upn)}
    return Learner(uln=uln, status=Status.ACTIVE, version=1, created_at=now, updated_at=now, **values)


def changes(held: Learner, sent: LearnerToUpdate | Mapping[str, str | None]) -> Mapping[str, str]:
    """Give the fields that an update changes, each with its new value; empty when nothing changes (WSRC0020).

    A field that is absent, empty or blank keeps the value held, and every other difference counts, also one of
    letter case [O] (domain §6). A mapping may have some of ``CHANGEABLE`` and ``FROM_FILES``; ``ValueError``
    for any other name.
    """
    given = sent if isinstance(sent, Mapping) else {name: getattr(sent, name) for name in CHANGEABLE}
    unknown = sorted(given.keys() - set(_KEPT))
    if unknown:
        raise ValueError(f"An update cannot change {', '.join(unknown)}. It changes: {', '.join(_KEPT)}.")
    kept = {name: value for name, text in given.items() if (value := _given(text)) is not None}
    return {name: value for name, value in kept.items() if value != getattr(held, name)}


def share_refused(held: str, new: str, *, opt_out: bool) -> bool:
    """Whether a change of AbilityToShare from ``held`` to ``new`` is invalid (WSRC0014, domain §4) [O].

    Nobody goes back to 0, notice not seen; to 2, does not share, only where the setting ``opt_out`` allows it.
    """
    if new == held:
        return False
    return new == _NOT_SEEN or (new == _DOES_NOT_SHARE and not opt_out)


def _given(text: str | None) -> str | None:
    """A value that says something: what is missing, empty or blank says nothing (domain §12)."""
    return text if text and text.strip() else None
