"""What the commands write: the answer on stdout, everything else on stderr."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO


def readable(stream: TextIO) -> None:
    """Let a name that the terminal's character set lacks come out altered rather than end the command."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def say(*lines: str) -> None:
    """Write lines of an answer, at once, so that a pipe sees them too."""
    for line in lines:
        sys.stdout.write(f"{printable(line)}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Write a line to stderr; a library's message of several lines becomes one."""
    one_line = re.sub(r"\s*\n\s*", " ", text)
    sys.stderr.write(f"uln-server: {printable(one_line)}\n")


def printable(text: str) -> str:
    """Replace control characters by ``?``: what was stored gives no orders to a terminal."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "?" for one in text)


def document(content: object, indent: int | None = 2) -> None:
    """Write one JSON document; in plain ASCII where stdout is not UTF-8."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(content, ensure_ascii=plain, indent=indent) + "\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write columns as wide as their longest text; text only, so that it can be searched and cut."""
    lines = [list(headings), *([printable(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def pairs(values: Mapping[str, str]) -> None:
    """Write names and values, one pair a line."""
    width = max(map(len, values), default=0)
    say(*(f"{name.ljust(width)}  {value}" for name, value in values.items()))
