"""What a call came to, in types: codes are members of the contract's enums, never bare text.

A reply that carries a code the contract does not give its operation, or that answers another question than the one
asked, is no result: it raises :class:`~uln_client.errors.InvalidReply`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from uln_client.errors import InvalidReply
from uln_contract.codes import Explanation, FailureFlag, ResponseCode, VerifyCode, explain
from uln_contract.records import FindLearnerResp, Learner, MIAPVerifiedLearner

_FOUND = frozenset({ResponseCode.WSRC0004, ResponseCode.WSRC0022})
# What a find by ULN may answer (domain §4, §5): never possible matches.
_BY_ULN = _FOUND | {ResponseCode.WSRC0001, ResponseCode.WSRC0015}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindResult:
    """The answer to a find.

    ``learners`` holds what the register returned: one for a match (the master, when the ULN was merged), none
    otherwise, and none in a check-only find, whatever the code.
    """

    code: ResponseCode
    learners: tuple[Learner, ...]

    @property
    def found(self) -> bool:
        """Whether exactly one learner matches, directly (WSRC0004) or through a merged ULN (WSRC0022)."""
        return self.code in _FOUND

    @property
    def merged(self) -> bool:
        """Whether the ULN that was asked for is an old one: use the returned learner's from now on."""
        return self.code is ResponseCode.WSRC0022

    @property
    def learner(self) -> Learner | None:
        """The learner that was found, when exactly one was and the service returned it."""
        return self.learners[0] if self.found and self.learners else None

    @property
    def merged_from(self) -> tuple[str, ...]:
        """Every ULN that was merged into the learner's."""
        linked = self.learner.linked_ulns if self.learner else None
        return linked.uln if linked else ()

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)


class Outcome(StrEnum):
    """What a verification comes to, whether or not the ULN was merged into another one."""

    MATCH = "match"
    SIMILAR = "similar"
    NO_MATCH = "no match"
    NOT_FOUND = "not found"


_OUTCOMES = {
    VerifyCode.WSVRC001: Outcome.MATCH,
    VerifyCode.WSVRC002: Outcome.MATCH,
    VerifyCode.WSVRC003: Outcome.SIMILAR,
    VerifyCode.WSVRC004: Outcome.SIMILAR,
    VerifyCode.WSVRC005: Outcome.NO_MATCH,
    VerifyCode.WSVRC006: Outcome.NOT_FOUND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterValues:
    """What the register holds, as far as a verification returned it; ``None`` is "not returned"."""

    uln: str | None
    given_name: str | None
    family_name: str | None
    date_of_birth: str | None
    gender: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """The answer to a verification; ``register`` is ``None`` where the service returns nothing (005, 006)."""

    code: VerifyCode
    flags: tuple[FailureFlag, ...]
    register: RegisterValues | None

    @property
    def outcome(self) -> Outcome:
        """The code's meaning, without the question of merging."""
        return _OUTCOMES[self.code]

    @property
    def merged(self) -> bool:
        """Whether the ULN is an old one, merged into the one that ``register`` names."""
        return self.code in {VerifyCode.WSVRC002, VerifyCode.WSVRC004}

    @property
    def explanation(self) -> Explanation:
        """The code in words, and what to do about it."""
        return explain(self.code)

    @property
    def failures(self) -> tuple[Explanation, ...]:
        """Each flag in words, and what to do about it."""
        return tuple(explain(flag) for flag in self.flags)


def found_by_uln(reply: FindLearnerResp, *, uln: str, check_only: bool) -> FindResult:
    """Read the reply to learnerByULN. Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense."""
    code = _code(ResponseCode, reply.response_code)
    if code not in _BY_ULN:
        raise _senseless(f"a find by ULN never answers {code}")
    _same_question(reply.uln, uln)
    expected = 1 if code in _FOUND and not check_only else 0
    if len(reply.learner) != expected and not check_only:
        raise _senseless(f"{code} came with {len(reply.learner)} learners")
    if code is ResponseCode.WSRC0004:
        for learner in reply.learner:
            _same_question(learner.uln, uln)
    return FindResult(code=code, learners=reply.learner)


def verified(reply: MIAPVerifiedLearner, *, uln: str) -> VerifyResult:
    """Read the reply to verifyLearner. Raises :class:`~uln_client.errors.InvalidReply` if it makes no sense."""
    code = _code(VerifyCode, reply.response_code)
    _same_question(reply.searched_uln, uln)
    return VerifyResult(
        code=code,
        flags=tuple(_code(FailureFlag, flag) for flag in reply.failure_flag),
        register=_register(reply),
    )


def _register(reply: MIAPVerifiedLearner) -> RegisterValues | None:
    values = RegisterValues(
        uln=reply.uln,
        given_name=reply.given_name,
        family_name=reply.family_name,
        date_of_birth=reply.date_of_birth,
        gender=reply.gender,
    )
    nothing = RegisterValues(uln=None, given_name=None, family_name=None, date_of_birth=None, gender=None)
    return None if values == nothing else values


C = TypeVar("C", bound=StrEnum)


def _code(kind: type[C], text: str) -> C:
    try:
        return kind(text)
    except ValueError:
        shown = "".join(character for character in text[:20] if character.isprintable())
        raise _senseless(f"{kind.__name__} {shown!r} is no code of the contract") from None


def _same_question(answered: str | None, asked: str) -> None:
    if answered is not None and answered != asked:
        raise _senseless("it is about another ULN than the one that was sent")


def _senseless(reason: str) -> InvalidReply:
    return InvalidReply(
        f"The reply breaks the contract: {reason}.",
        "Nothing in it can be relied on: report this to the service's operator.",
    )
