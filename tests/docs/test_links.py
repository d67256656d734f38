import re
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, anchors, page, pages, table, without_blocks

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


def links() -> list[tuple[Path, str]]:
    return [
        (each, target)
        for each in pages()
        for target in LINK.findall(without_blocks(each.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(("source", "target"), links(), ids=lambda value: str(value).replace(str(ROOT), ""))
def test_every_link_leads_somewhere(source: Path, target: str) -> None:
    if target.startswith("https://"):
        return
    name, _, fragment = target.partition("#")
    file = (source.parent / name).resolve() if name else source
    assert file.exists()
    assert not fragment or fragment in anchors(file.read_text(encoding="utf-8"))


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        source = waiting.pop()
        if source in reached or source.suffix != ".md":
            continue
        reached.add(source)
        waiting += [
            (source.parent / target.partition("#")[0]).resolve() for each, target in links() if each == source
        ]
    assert set(pages()) - reached == set()


def test_every_decision_is_listed_under_its_title_and_status() -> None:
    decisions = sorted((ROOT / "docs/adr").glob("0*.md"))
    assert table(page("docs/adr/README.md"), "decision") == [listed(each) for each in decisions]


def listed(decision: Path) -> list[str]:
    text = decision.read_text(encoding="utf-8")
    status = re.search(r"^Status: (.+)\.$", text, re.MULTILINE)
    assert status is not None, decision
    return [f"[{text.splitlines()[0].removeprefix('# ')}]({decision.name})", status[1]]


def test_every_code_block_ends() -> None:
    for each in pages():
        text = each.read_text(encoding="utf-8")
        assert text.count("```") == 2 * len(
            re.findall(r"^ *```\w*\n.*?^ *```$", text, re.MULTILINE | re.DOTALL)
        ), each
