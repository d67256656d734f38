"""Whether the names sent are a learner's: for finding by ULN, verifying and matching (domain §5) [O]."""

from collections.abc import Callable, Iterable

from uln_contract.names import Likeness, compare_family, compare_given, has_letters
from uln_server.register.entry import Identity

__all__ = ["has_letters", "names_agree", "names_swapped"]


def names_agree(given_name: str, family_name: str, learner: Identity) -> bool:
    """Tell whether both names are at least similar to names that the register holds for this learner.

    The given name may be the preferred one; the family name the previous one or the one at age 16.
    """
    return _given_agrees(given_name, learner) and _family_agrees(family_name, learner)


def names_swapped(given_name: str, family_name: str, learner: Identity) -> bool:
    """Tell whether each name is exactly the other field's; merely similar would pass Roberta as Robert Roberts."""
    return (
        compare_given(family_name, learner.given_name) is Likeness.EXACT
        and compare_family(given_name, learner.family_name) is Likeness.EXACT
    )


def _given_agrees(name: str, learner: Identity) -> bool:
    return _similar_to_any(compare_given, name, (learner.given_name, learner.preferred_given_name))


def _family_agrees(name: str, learner: Identity) -> bool:
    held = (learner.family_name, learner.previous_family_name, learner.family_name_at_age16)
    return _similar_to_any(compare_family, name, held)


def _similar_to_any(compare: Callable[[str, str], Likeness], name: str, held: Iterable[str | None]) -> bool:
    return any(other is not None and compare(name, other) >= Likeness.SIMILAR for other in held)
