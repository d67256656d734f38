"""Tables for a terminal: columns as wide as what they hold."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

_GAP = "  "


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay rows out under their headings, a line each; columns without any value are left out."""
    kept = [place for place in range(len(headings)) if any(row[place] for row in rows)]
    lines = [[line[place] for place in kept] for line in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True))
        yield f"  {_GAP.join(padded)}".rstrip()
