"""Whether to register a learner after the find: what it answered, what was asked for, and what a person says."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uln_client.cli.asking import ask
from uln_client.cli.exits import Exit
from uln_client.cli.find import remedy_of
from uln_client.cli.found import EXITS
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.results import FindResult


@dataclass(frozen=True, slots=True)
class Decision:
    """To register, or else how the command ends: its exit code, what to do, and the ULN that is the learner's."""

    register: bool
    exit: Exit = Exit.DONE
    remedy: str = ""
    uln: str | None = None


_REGISTER = Decision(register=True)


def decide(found: "FindResult", *, yes: bool, asking: bool) -> Decision:
    """Decide from what the find answered; ``yes`` registers on no match, ``asking`` lets a person decide."""
    if found.learner is not None:
        return Decision(register=False, remedy=_KNOWN, uln=found.learner.uln)
    if found.code is ResponseCode.WSRC0001:
        return _on_no_match(yes=yes, asking=asking)
    if found.code is ResponseCode.WSRC0003:
        return _on_possible_matches(found, asking=asking)
    remedy = _TOO_MANY if found.code is ResponseCode.WSRC0002 else remedy_of(found)
    return Decision(register=False, exit=EXITS[found.code], remedy=remedy)


_KNOWN = "Nothing was registered: the learner has this ULN already."
_TOO_MANY = (
    "Nothing was registered: too many learners are like this one to be shown. Give the previous family name, the "
    "school at age 16, the place of birth or the e-mail address as well: they narrow the search."
)
_UNCONFIRMED = "Nothing was registered: nobody can be asked here. Give --yes to register when there is no match."
_YES_NO = frozenset({"y", "n"})
_STOPPED = "Nothing was registered."
_UNREVIEWED = (
    "Nothing was registered. Compare each of them with the learner's own document. If the learner is one of them, "
    "use that ULN; if not, run uln register at a terminal without --yes and --json, and say so there."
)


def _on_no_match(*, yes: bool, asking: bool) -> Decision:
    if yes or (asking and ask("Register as a new learner? y or n:", _YES_NO, "Answer y or n.") == "y"):
        return _REGISTER
    return Decision(register=False, exit=Exit.NO_MATCH, remedy=_STOPPED if asking else _UNCONFIRMED)


def _on_possible_matches(found: "FindResult", *, asking: bool) -> Decision:
    if not asking:
        return Decision(register=False, exit=Exit.UNSURE, remedy=_UNREVIEWED)
    by_number = {str(number): learner.uln for number, learner in enumerate(found.possible, 1)}
    answer = ask(
        "Compare them with the learner's own document. Is the learner one of these? "
        "Its number, or n for none of them; Enter stops:",
        {*by_number, "n"},
        f"Answer with a number from 1 to {len(by_number)}, or n.",
    )
    if answer == "n":
        return _REGISTER
    if answer is None:
        return Decision(register=False, exit=Exit.UNSURE, remedy=_STOPPED)
    return Decision(
        register=False,
        remedy=f"Nothing was registered: the learner has the ULN {by_number[answer]}.",
        uln=by_number[answer],
    )
