"""Finding learners by their details: which records match, and which of them is answered (domain §5).

The codes, and that the narrowing fields narrow only, are published; swapped names, another postcode and a stored
gender 9 were seen to give possible matches, a merged record WSRC0022. Everything else is ours [O] and stands here;
``docs/matching.md`` explains it to those who keep the data.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from uln_contract.codes import ResponseCode
from uln_contract.names import Likeness, compare_family, compare_given
from uln_contract.normalising import normalise
from uln_server.register.demographics import Demographics, genders_agree, post_code_key
from uln_server.register.entry import Entry
from uln_server.register.finding import names_swapped
from uln_server.register.learner import Learner

MOST_RETURNED = 10
"""More learners than this are too many (WSRC0002) [P]."""


# Neither prints its values: they are personal data, and a repr ends up in logs.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Search:
    """Whom a caller looks for: the five demographics, and what may narrow the result.

    ``None`` is "not given". The four narrowing fields never make a record match; they only leave records out.
    """

    demographics: Demographics
    previous_family_name: str | None = None
    school_at_age16: str | None = None
    place_of_birth: str | None = None
    email_address: str | None = None

    def leaves_out(self, record: Learner) -> bool:
        """Tell whether the record holds another value than the one sent, in any of the narrowing fields [O].

        A record that holds none stays, and so it does where either value has nothing to compare ("-"). Of the
        previous family name a similar one is no other; e-mail addresses differ whatever their case.
        """
        return (
            self._other_previous_family_name(record)
            or _differ(normalise, self.school_at_age16, record.school_at_age16)
            or _differ(normalise, self.place_of_birth, record.place_of_birth)
            or _differ(str.casefold, self.email_address, record.email_address)
        )

    def _other_previous_family_name(self, record: Learner) -> bool:
        sent, held = self.previous_family_name or "", record.previous_family_name or ""
        return _differ(normalise, sent, held) and compare_family(sent, held) is Likeness.DIFFERENT


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """The answer to a search, one of five.

    WSRC0004: the one entry that is equal, not merged. WSRC0022: the same through a merged record; ``asked`` is
    that record, ``current`` its master. WSRC0003: 1 to 10 entries, best first, merged ones among them. WSRC0002,
    WSRC0001: no entry.
    """

    code: ResponseCode
    entries: tuple[Entry, ...] = ()


class _Agreement(IntEnum):
    """How far a record agrees with the five sent, best first."""

    EQUAL = 0
    NOTHING_DIFFERS = 1  # but a gender is not known, so that it is not equal
    ONE_DIFFERENCE = 2


@dataclass(frozen=True, slots=True, repr=False)
class _Candidate:
    entry: Entry
    agreement: _Agreement

    @property
    def learner(self) -> str:
        """The ULN that stands for this learner: of a merged record and its master, the same."""
        return self.entry.current.uln

    @property
    def rank(self) -> tuple[_Agreement, str]:
        """Where the learner stands in the answer: fewest differences first, then by ULN [O]."""
        return self.agreement, self.learner

    @property
    def place(self) -> tuple[_Agreement, str, bool, str]:
        """The same, the master's own record before a merged one. No two share one: nothing is left to chance."""
        return *self.rank, self.entry.merged, self.entry.asked.uln


def match(search: Search, entries: Iterable[Entry], *, complete: bool = True) -> Match:
    """Give the answer to a search from the records that may match, in whatever order and however often they come.

    ``entries`` must hold every record equal in all five. ``complete=False`` says that others may be missing,
    because reading stopped at a limit: then whatever is no exact match is too many [O], for nothing can be said
    of the records that nobody read, least of all that there are none.
    """
    candidates = [each for each in (_candidate(search.demographics, entry) for entry in entries) if each]
    equal = [each for each in candidates if each.agreement is _Agreement.EQUAL]
    others = [each for each in candidates if each.agreement is not _Agreement.EQUAL]
    # Narrowing may decide between several equal learners, but never turns all of them away [O].
    equal = _narrowed(search, equal) or equal
    exact = _once_each(equal)
    if len(exact) == 1:
        return Match(ResponseCode.WSRC0022 if exact[0].merged else ResponseCode.WSRC0004, exact)
    possible = _once_each([*equal, *_narrowed(search, others)])
    if len(possible) > MOST_RETURNED or not complete:
        return Match(ResponseCode.WSRC0002)
    return Match(ResponseCode.WSRC0003, possible) if possible else Match(ResponseCode.WSRC0001)


def _narrowed(search: Search, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Leave out the records that hold another value than one that was sent.

    Unless a record of the same learner that agrees as well stays: narrowing decides between learners, not which
    of two equally good records, a merged one and its master, is answered [O].
    """
    staying = {each.rank for each in candidates if not search.leaves_out(each.entry.asked)}
    return [each for each in candidates if each.rank in staying]


def _once_each(candidates: Iterable[_Candidate]) -> tuple[Entry, ...]:
    """Give each learner once, best first, by the record that agrees best; the master's own if equally good [O]."""
    once: dict[str, Entry] = {}
    for each in sorted(candidates, key=lambda candidate: candidate.place):
        once.setdefault(each.learner, each.entry)
    return tuple(once.values())


def _candidate(sent: Demographics, entry: Entry) -> _Candidate | None:
    agreement = _agreement(sent, entry.asked)
    return None if agreement is None else _Candidate(entry, agreement)


def _agreement(sent: Demographics, record: Learner) -> _Agreement | None:
    """Compare the five; ``None`` is "no match". The record is compared as it stands, merged or not.

    Date of birth and gender never are the one difference: twins and namesakes would match (domain §5) [O].
    """
    if sent.date_of_birth != record.date_of_birth or not genders_agree(sent.gender, record.gender):
        return None
    differences = _differing_names(sent, record) + (not _post_codes_equal(sent, record))
    if differences == 0:
        equal = sent.gender == record.gender and _known(sent.gender)
        return _Agreement.EQUAL if equal else _Agreement.NOTHING_DIFFERS
    return _Agreement.ONE_DIFFERENCE if differences == 1 else None


def _differing_names(sent: Demographics, record: Learner) -> int:
    """Count the differences of the names: 0, 1, or 2 for anything more than one.

    One is: both swapped; or one name similar, or equal to an earlier or the preferred name, and the other exact.
    """
    given = compare_given(sent.given_name, record.given_name)
    family = compare_family(sent.family_name, record.family_name)
    if given is family is Likeness.EXACT:
        return 0
    one_differs = (
        (family is Likeness.EXACT and (given is Likeness.SIMILAR or _is_preferred(sent, record)))
        or (given is Likeness.EXACT and (family is Likeness.SIMILAR or _is_earlier(sent, record)))
        or names_swapped(sent.given_name, sent.family_name, record)
    )
    return 1 if one_differs else 2


def _is_preferred(sent: Demographics, record: Learner) -> bool:
    return compare_given(sent.given_name, record.preferred_given_name or "") is Likeness.EXACT


def _is_earlier(sent: Demographics, record: Learner) -> bool:
    earlier = (record.previous_family_name, record.family_name_at_age16)
    return any(compare_family(sent.family_name, name or "") is Likeness.EXACT for name in earlier)


def _post_codes_equal(sent: Demographics, record: Learner) -> bool:
    """Compare the postcodes; the usual unknown one counts as another, even beside itself (domain §3) [O]."""
    return sent.post_code_known and sent.post_code_key == post_code_key(record.last_known_post_code)


def _known(gender: str) -> bool:
    """Tell whether a gender says anything: one that is not known or not specified agrees with both."""
    return not (genders_agree(gender, "1") and genders_agree(gender, "2"))


def _differ(key: Callable[[str], str], sent: str | None, held: str | None) -> bool:
    """Tell whether both values have something to compare, and are not the same."""
    one, other = key(sent or ""), key(held or "")
    return "" not in {one, other} and one != other
