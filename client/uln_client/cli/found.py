"""The answer to a find, in words and as data: for ``uln find`` and for the find before a registration."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from uln_client.cli.details import FIVE
from uln_client.cli.exits import Exit
from uln_client.cli.tables import table
from uln_client.cli.words import label, register_lines
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from uln_client.results import FindResult
    from uln_contract.records import Learner

EXITS = {
    ResponseCode.WSRC0001: Exit.NO_MATCH,
    ResponseCode.WSRC0002: Exit.UNSURE,
    ResponseCode.WSRC0003: Exit.UNSURE,
    ResponseCode.WSRC0004: Exit.DONE,
    ResponseCode.WSRC0015: Exit.USAGE,
    ResponseCode.WSRC0022: Exit.DONE,
}
_WORDS = {
    ResponseCode.WSRC0001: "no match",
    ResponseCode.WSRC0002: "too many matches",
    ResponseCode.WSRC0003: "possible matches",
    ResponseCode.WSRC0004: "match",
    ResponseCode.WSRC0015: "not enough to search with",
    ResponseCode.WSRC0022: "match, merged",
}


def found_lines(result: "FindResult", asked: str, details: Mapping[str, str] | None = None) -> Iterator[str]:
    """Say what a find answered, all but what to do about it.

    ``asked`` names the learner; ``details`` are those of a search, to say where a possible match differs.
    """
    yield f"{asked}: {_outcome(result)} ({result.code})"
    if result.learner is not None:
        yield from register_lines(result.learner)
    if result.possible:
        yield from _possible_lines(result.possible, details or {})


def _outcome(result: "FindResult") -> str:
    if result.merged and result.learner is not None:
        return f"match, merged into {result.learner.uln}"
    if result.possible:
        return f"{len(result.possible)} possible {'match' if len(result.possible) == 1 else 'matches'}"
    return _WORDS[result.code]


def _possible_lines(learners: "tuple[Learner, ...]", details: Mapping[str, str]) -> Iterator[str]:
    headings = ("", "ULN", *(label(each.attribute) for each in FIVE), "Other names", "Differs in")
    rows = [
        (
            str(number),
            learner.uln,
            *(getattr(learner, each.attribute) for each in FIVE),
            _other_names(learner),
            ", ".join(differences(learner, details)),
        )
        for number, learner in enumerate(learners, 1)
    ]
    return table(headings, rows)


def _other_names(learner: "Learner") -> str:
    names = ("preferred_given_name", "previous_family_name", "family_name_at_age16")
    return ", ".join(dict.fromkeys(value for name in names if (value := getattr(learner, name))))


def differences(learner: "Learner", details: Mapping[str, str]) -> Iterator[str]:
    """Name those of the five details that the register holds otherwise than they were sent.

    Case, spaces and accents make no difference to it (domain §5).
    """
    from uln_contract.names import normalise  # noqa: PLC0415  # --help need not wait for its tables

    for each in FIVE:
        sent = details.get(each.attribute)
        if sent is not None and normalise(sent) != normalise(getattr(learner, each.attribute)):
            yield label(each.attribute).lower()


def found_document(result: "FindResult") -> dict[str, object]:
    """Give what a find answered as data; the linked ULNs stand beside the learner, as ``merged_from``."""
    return {
        "code": result.code,
        "text": result.explanation.text,
        "remedy": result.explanation.remedy,
        "found": result.found,
        "merged": result.merged,
        "merged_from": list(result.merged_from),
        "learner": None if result.learner is None else plain(result.learner),
        "possible": [plain(learner) for learner in result.possible],
    }


def plain(learner: "Learner") -> dict[str, object]:
    """Give a learner's fields as data, without the linked ULNs."""
    return {name: value for name, value in asdict(learner).items() if name != "linked_ulns"}
