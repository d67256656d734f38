"""Text from outside, made fit for a database column."""

from typing import overload


@overload
def clean(text: str, limit: int) -> str: ...
@overload
def clean(text: None, limit: int) -> None: ...
@overload
def clean(text: str | None, limit: int) -> str | None: ...
def clean(text: str | None, limit: int) -> str | None:
    """Replace what PostgreSQL cannot store (NUL by U+FFFD, lone surrogates by ?), and cut at ``limit`` characters.

    A cut text ends by saying how much is missing. One unfit text must not fail the rows written along with it.
    """
    if text is None:
        return None
    fit = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return fit if len(fit) <= limit else f"{fit[:limit]}… ({len(fit) - limit} more characters)"
