"""Verifying that a ULN belongs to the learner described (domain §4 and §5).

The codes and the flags' meanings are published; when each is answered is ours [O].
"""

from collections.abc import Iterator
from dataclasses import dataclass

from uln_contract.codes import FailureFlag, VerifyCode
from uln_contract.names import Likeness, compare_family, compare_given
from uln_server.register.demographics import genders_agree
from uln_server.register.entry import Identity, Standing
from uln_server.register.finding import names_agree, names_swapped

_THROUGH_A_MERGED_RECORD = {
    VerifyCode.WSVRC001: VerifyCode.WSVRC002,
    VerifyCode.WSVRC003: VerifyCode.WSVRC004,
    VerifyCode.WSVRC005: VerifyCode.WSVRC005,
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A learner as the caller describes them. ``None`` is "not given"; dates are ``YYYY-MM-DD``."""

    given_name: str
    family_name: str
    date_of_birth: str | None
    gender: str | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: WSVRC001 to WSVRC005, and what failed, ascending. An unknown ULN (006) never gets this far."""

    code: VerifyCode
    flags: tuple[FailureFlag, ...]


def verify(claim: Claim, entry: Standing) -> Verification:
    """Compare a claim with the register's entry for its ULN.

    A merged ULN is compared with its own record, then with its master; the better outcome counts, then the one
    with fewer flags, then its own [O]. 001 and 003 become 002 and 004 for a merged ULN; 005 stays.
    """
    if not entry.merged:
        return Verification(*_outcome(claim, entry.asked))
    code, flags = min((_outcome(claim, record) for record in entry.records), key=_from_the_best)
    return Verification(_THROUGH_A_MERGED_RECORD[code], flags)


def _from_the_best(outcome: tuple[VerifyCode, tuple[FailureFlag, ...]]) -> tuple[str, int]:
    code, flags = outcome
    return code.value, len(flags)


def _outcome(claim: Claim, learner: Identity) -> tuple[VerifyCode, tuple[FailureFlag, ...]]:
    rest_equal = _date_agrees(claim, learner) and _gender_agrees(claim, learner)
    if rest_equal and _names_exact(claim, learner):
        return VerifyCode.WSVRC001, ()
    flags = tuple(sorted(_failures(claim, learner)))
    names = (claim.given_name, claim.family_name)
    if rest_equal and (names_agree(*names, learner) or names_swapped(*names, learner)):
        return VerifyCode.WSVRC003, flags
    return VerifyCode.WSVRC005, flags


def _names_exact(claim: Claim, learner: Identity) -> bool:
    return (
        compare_given(claim.given_name, learner.given_name) is Likeness.EXACT
        and compare_family(claim.family_name, learner.family_name) is Likeness.EXACT
    )


def _date_agrees(claim: Claim, learner: Identity) -> bool:
    return claim.date_of_birth is None or claim.date_of_birth == learner.date_of_birth


def _gender_agrees(claim: Claim, learner: Identity) -> bool:
    return claim.gender is None or genders_agree(claim.gender, learner.gender)


def _failures(claim: Claim, learner: Identity) -> Iterator[FailureFlag]:
    """Give the flags, the direct comparison of each name first; the others only beside its failure."""
    previous = learner.previous_family_name
    if _given_fails(claim.given_name, learner.given_name):
        yield FailureFlag.VRF1
        if _family_fails(claim.given_name, learner.family_name):
            yield FailureFlag.VRF2
        if previous is not None and _family_fails(claim.given_name, previous):
            yield FailureFlag.VRF3
    if _family_fails(claim.family_name, learner.family_name):
        yield FailureFlag.VRF5
        if _given_fails(claim.family_name, learner.given_name):
            yield FailureFlag.VRF4
        if previous is not None and _family_fails(claim.family_name, previous):
            yield FailureFlag.VRF6
    if not _date_agrees(claim, learner):
        yield FailureFlag.VRF7
    if not _gender_agrees(claim, learner):
        yield FailureFlag.VRF8


def _given_fails(name: str, held: str) -> bool:
    """Tell whether a name fails against a given name of the register; similar counts as passing."""
    return compare_given(name, held) is Likeness.DIFFERENT


def _family_fails(name: str, held: str) -> bool:
    """Tell whether a name fails against a family name of the register; similar counts as passing."""
    return compare_family(name, held) is Likeness.DIFFERENT
