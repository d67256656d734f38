"""What a call came to, in types: codes are members of the contract's enums, never bare text.

A reply that carries a code the contract does not give its operation, or that answers another question than the one
asked, is no result: it raises :class:`~uln_client.errors.InvalidReply`.
"""

from dataclasses import dataclass
from enum import StrEnum

from uln_client.sense import answer_of, code_of, same_uln, senseless
from uln_contract.codes import Explanation, FailureFlag, ResponseCode, VerifyCode, explain
from uln_contract.records import (
    FindLearnerResp,
    Learner,
    LearnerByDemographicsRqst,
    MIAPVerifiedBatchLearner,
    MIAPVerifiedLearner,
)

_FOUND = frozenset({ResponseCode.WSRC0004, ResponseCode.WSRC0022})
# What a find by ULN may answer (domain §4, §5): never possible matches.
_BY_ULN = _FOUND | {ResponseCode.WSRC0001, ResponseCode.WSRC0015}
_BY_DEMOGRAPHICS = _BY_ULN | {ResponseCode.WSRC0002, ResponseCode.WSRC0003}
# How many learners come with a code, at least and at most (domain §4); none with any other.
_LEARNERS = {ResponseCode.WSRC0003: (1, 10), ResponseCode.WSRC0004: (1, 1), ResponseCode.WSRC0022: (1, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindResult:
    """The answer to a find.

    ``learners`` holds what the register returned: one for a match (the master, when the ULN was merged), one to
    ten possible matches in the order of the service, best first; none otherwise, and none in a check-only find,
    whatever the code.
    """

    code: ResponseCode
    learners: tuple[Learner, ...]

    @property
    def found(self) -> bool:
        """Whether exactly one learner matches, directly (WSRC0004) or through a merged ULN (WSRC0022)."""
        return self.code in _FOUND

    @property
    def merged(self) -> bool:
        """Whether what matches was merged into the returned learner, whose ULN is the one to use from now on."""
        return self.code is ResponseCode.WSRC0022

    @property
    def learner(self) -> Learner | None:
        """The learner that was found, when exactly one was and the service returned it."""
        return self.learners[0] if self.found and self.learners else None

    @property
    def possible(self) -> tuple[Learner, ...]:
        """The learners that it may be (WSRC0003): compare each with the learner's own document."""
        return self.learners if self.code is ResponseCode.WSRC0003 else ()

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


OUTCOMES = {
    VerifyCode.WSVRC001: Outcome.MATCH,
    VerifyCode.WSVRC002: Outcome.MATCH,
    VerifyCode.WSVRC003: Outcome.SIMILAR,
    VerifyCode.WSVRC004: Outcome.SIMILAR,
    VerifyCode.WSVRC005: Outcome.NO_MATCH,
    VerifyCode.WSVRC006: Outcome.NOT_FOUND,
}
"""What each code comes to."""


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
        return OUTCOMES[self.code]

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
    code = answer_of("a find by ULN", reply.response_code, _BY_ULN)
    same_uln(reply.uln, uln)
    result = _found(code, reply, check_only=check_only)
    if code is ResponseCode.WSRC0004:
        for learner in reply.learner:
            same_uln(learner.uln, uln)
    return result


def found_by_demographics(
    reply: FindLearnerResp, *, asked: LearnerByDemographicsRqst, check_only: bool
) -> FindResult:
    """Read the reply to learnerByDemographics. Raises as :func:`found_by_uln`."""
    code = answer_of("a find by demographics", reply.response_code, _BY_DEMOGRAPHICS)
    _same_details(reply, asked)
    return _found(code, reply, check_only=check_only)


def _found(code: ResponseCode, reply: FindLearnerResp, *, check_only: bool) -> FindResult:
    least, most = _LEARNERS.get(code, (0, 0))
    if not check_only and not least <= len(reply.learner) <= most:
        raise senseless(f"{code} came with {len(reply.learner)} learners")
    return FindResult(code=code, learners=reply.learner)


# The search comes back before any learner (domain §5).
_ECHOED = (
    "family_name",
    "given_name",
    "date_of_birth",
    "gender",
    "last_known_post_code",
    "previous_family_name",
    "school_at_age16",
    "place_of_birth",
    "email_address",
)


def _same_details(reply: FindLearnerResp, asked: LearnerByDemographicsRqst) -> None:
    """Refuse an answer to another search; a service may tidy case and white space, and leave details out."""
    for name in _ECHOED:
        answered = getattr(reply, name)
        if answered is not None and _bare(answered) != _bare(getattr(asked, name) or ""):
            raise senseless("it is about other details than those that were sent")


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def verified(reply: MIAPVerifiedLearner | MIAPVerifiedBatchLearner, *, uln: str) -> VerifyResult:
    """Read the reply to verifyLearner, or one row of a batch's. Raises as :func:`found_by_uln`."""
    code = code_of(VerifyCode, reply.response_code)
    same_uln(reply.searched_uln, uln)
    return VerifyResult(
        code=code,
        flags=tuple(code_of(FailureFlag, flag) for flag in reply.failure_flag),
        register=_register(reply),
    )


def _register(reply: MIAPVerifiedLearner | MIAPVerifiedBatchLearner) -> RegisterValues | None:
    values = RegisterValues(
        uln=reply.uln,
        given_name=reply.given_name,
        family_name=reply.family_name,
        date_of_birth=reply.date_of_birth,
        gender=reply.gender,
    )
    nothing = RegisterValues(uln=None, given_name=None, family_name=None, date_of_birth=None, gender=None)
    return None if values == nothing else values
