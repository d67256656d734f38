"""Writes the tables and the example files of ``docs/files`` from the layouts: ``python contract/file_pages.py``.

What stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->`` in a page is written anew, and every file of
``docs/files/examples``. The tests hold all of it to what this would write.
"""

import argparse
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from file_examples import examples
from uln_contract.batch_files.structure_codes import STRUCTURE
from uln_contract.batch_files.value_codes import VALUES
from uln_contract.explanations import Explanation
from uln_contract.layouts import LAYOUTS, Column, Layout

FOLDER = Path(__file__).parents[1] / "docs/files"
_PLACE = re.compile(r"(<!-- (?P<name>[^>]+?) -->\n).*?(<!-- end of (?P=name) -->)", re.DOTALL)


def tables() -> dict[str, str]:
    """Give every generated table by the name that a page calls it by."""
    columns = {f"columns of {name}": _columns(layout) for name, layout in LAYOUTS.items()}
    return {
        **columns,
        "codes of structure": _codes(STRUCTURE.items()),
        "codes of values": _codes(VALUES.items()),
    }


def pages() -> dict[Path, str]:
    """Give every page of the folder with its tables written anew."""
    written = tables()
    return {
        page: _PLACE.sub(
            lambda found: f"{found[1]}\n{written[found['name']]}\n{found[3]}", page.read_text(encoding="utf-8")
        )
        for page in sorted(FOLDER.glob("*.md"))
    }


def _columns(layout: Layout) -> str:
    rows = (
        (str(number), f"`{each.name}`", _needed(each), _meaning(each), f"`{each.type.example}`")
        for number, each in enumerate(layout.columns, 1)
    )
    return _table(("", "heading", "needed", "what it holds", "example"), rows)


def _needed(column: Column) -> str:
    if column.of_file:
        return "first row"
    return "yes" if column.required else ""


def _meaning(column: Column) -> str:
    sent = f" Sent as `{column.element}`." if column.element not in {None, column.name} else ""
    return f"{column.type.meaning}{sent}".replace("|", "\\|")


def _codes(codes: Iterable[tuple[object, Explanation]]) -> str:
    return _table(
        ("code", "refuses", "what is found", "what to do"),
        (
            (f"`{each.code}`", "" if code.severity.value == "warning" else "yes", each.text, each.remedy)  # type: ignore[attr-defined]  # both enumerations have it
            for code, each in codes
        ),
    )


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(_lines(tuple(headings), rows)) + "\n"


def _lines(headings: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |".replace("|  |", "| |")
    yield "|" + "---|" * len(headings)
    for row in rows:
        yield f"| {' | '.join(row)} |".replace("|  |", "| |")


def main() -> None:
    """Write pages and examples."""
    argparse.ArgumentParser(description="Write tables and examples of docs/files from the layouts.").parse_args()
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8", newline="\n")
    examples(FOLDER / "examples")


if __name__ == "__main__":
    main()
