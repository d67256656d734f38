"""What the command writes: the answer on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from uln_client.errors import FaultDetail, InvalidValue, Refused, ServiceError, ULNError, Unreachable
from uln_contract.codes import explain

if TYPE_CHECKING:
    from uln_client.cli.options import Choices


def readable(stream: TextIO) -> None:
    """Let a name that the terminal's character set lacks come out altered rather than end the command."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def say(lines: Iterable[str]) -> None:
    """Write the answer in words. What came from the service cannot steer the terminal."""
    for line in lines:
        sys.stdout.write(f"{printable(line)}\n")


def note(text: str) -> None:
    """Write a note to stderr."""
    sys.stderr.write(f"uln: {printable(text)}\n")


def printable(text: str) -> str:
    """Replace control characters by ``?``: names and faults are the service's words, not the terminal's orders."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def document(content: Mapping[str, object]) -> None:
    """Write one JSON document; in plain ASCII where stdout is not UTF-8."""
    sys.stdout.write(json.dumps(content, ensure_ascii=is_plain(), indent=2) + "\n")


def is_plain() -> bool:
    """Whether stdout is to be ASCII alone: it is not UTF-8."""
    return (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"


def fail(error: ULNError, choices: "Choices") -> None:
    """Say what went wrong: on stderr in words and, when JSON is wanted, as the document too."""
    note(error.text)
    for line in _service_words(error):
        note(line)
    note(error.remedy)
    if choices.json:
        document({"error": _error_document(error)})


def _service_words(error: ULNError) -> list[str]:
    detail = detail_of(error)
    if isinstance(error, Unreachable):
        words = [_turned_away(error)]
    elif detail is None:
        words = [error.fault_string] if isinstance(error, ServiceError) else []
    else:
        words = [detail.description, detail.further_details]
    return [f"The service says: {text}" for text in _each_once(words, error)]


def _each_once(words: list[str], error: ULNError) -> Iterator[str]:
    """Leave out what the error's own text or remedy says already, and what the other of the words repeats."""
    said = [
        _bare(error.text),
        _bare(error.remedy),
        _bare(explain(error.code).text) if isinstance(error, Refused) else "",
    ]
    for text in sorted(filter(None, words), key=len, reverse=True):
        if not any(_bare(text) in earlier for earlier in said):
            said.append(_bare(text))
    return (text for text in dict.fromkeys(filter(None, words)) if _bare(text) in said[3:])


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def detail_of(error: ULNError) -> FaultDetail | None:
    """Give the fault's detail of an error that has one."""
    return error.detail if isinstance(error, Refused | ServiceError) else None


def _turned_away(error: Unreachable) -> str:
    """Give what the service said when it turned the message away; its code would only call the message invalid."""
    return error.detail.further_details if error.detail else ""


def _error_document(error: ULNError) -> dict[str, object]:
    content: dict[str, object] = {"kind": type(error).__name__, "text": error.text, "remedy": error.remedy}
    if isinstance(error, InvalidValue):
        content |= {"field": error.field, "rule": error.rule}
    if isinstance(error, Unreachable) and _turned_away(error):
        content["further_details"] = _turned_away(error)
    detail = detail_of(error)
    if detail is not None:
        content |= {
            "code": detail.code,
            "description": detail.description,
            "further_details": detail.further_details,
            "timestamp": detail.timestamp,
        }
    return content
