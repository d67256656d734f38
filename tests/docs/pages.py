"""Reading the documentation as its tests need it: tables, code blocks, links, anchors."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block: its language and its text."""

    language: str
    text: str


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every page that people read."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def table(text: str, first_heading: str) -> list[list[str]]:
    """The rows of the table whose first heading this is."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split(" | ")])
    return rows


def blocks(text: str) -> list[Block]:
    return [Block(language, body) for language, body in _BLOCK.findall(text)]


def without_blocks(text: str) -> str:
    return _BLOCK.sub("", text)


def sections(text: str, level: int) -> dict[str, str]:
    """Heading and body of each section of a level, code blocks respected."""
    mark = "#" * level + " "
    found: dict[str, str] = {}
    heading, fenced = "", False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if not fenced and line.startswith("#") and len(line.split(" ")[0]) <= level:
            heading = line.removeprefix(mark).strip() if line.startswith(mark) else ""
        elif heading:
            found[heading] = found.get(heading, "") + line
    return found


def anchors(text: str) -> set[str]:
    """The fragments that a page's headings answer to, as the usual renderers make them."""
    headings = _HEADING.findall(without_blocks(text))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def plain(cell: str) -> str:
    """A table cell without its code marks."""
    return cell.replace("`", "")
