"""Whether a reply makes sense: its codes are the contract's, and it answers the question that was asked."""

from collections.abc import Container
from enum import StrEnum
from typing import TypeVar

from uln_client.errors import InvalidReply
from uln_contract.codes import ResponseCode

C = TypeVar("C", bound=StrEnum)


def code_of(kind: type[C], text: str) -> C:
    """Give the code that a reply spells; raises :class:`~uln_client.errors.InvalidReply` for any other text."""
    try:
        return kind(text)
    except ValueError:
        shown = "".join(character for character in text[:20] if character.isprintable())
        raise senseless(f"{kind.__name__} {shown!r} is no code of the contract") from None


def answer_of(operation: str, text: str, allowed: Container[ResponseCode]) -> ResponseCode:
    """Give a ResponseCode that an operation may answer (domain §4).

    ``operation`` names it with its article. Raises :class:`~uln_client.errors.InvalidReply` for any other code.
    """
    code = code_of(ResponseCode, text)
    if code not in allowed:
        raise senseless(f"{operation} never answers {code}")
    return code


def same_uln(answered: str | None, asked: str) -> None:
    """Refuse a reply about another ULN than the one that was sent; a reply may leave it out."""
    if answered is not None and answered != asked:
        raise senseless("it is about another ULN than the one that was sent")


def senseless(reason: str) -> InvalidReply:
    """Give the error for a reply that breaks the contract; ``reason`` holds no learner's details."""
    return InvalidReply(
        f"The reply breaks the contract: {reason}.",
        "Nothing in it can be relied on: report this to the service's operator.",
    )
