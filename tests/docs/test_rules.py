"""``docs/rules.md``: whatever number the code cites, the page says where that rule stands."""

import re

from tests.docs.pages import ROOT, page, table

SECTIONS = {row[0] for row in table(page("docs/rules.md"), "section")}
CITED = re.compile(r"domain (§\d+(?:(?:,| and| to) §\d+)*)")


def test_every_section_that_the_code_cites_is_listed() -> None:
    cited: set[str] = set()
    for part in ("contract", "server", "client", "tests", "benchmarks"):
        for file in (ROOT / part).rglob("*.py"):
            for numbers in CITED.findall(file.read_text(encoding="utf-8")):
                cited |= {f"domain {number}" for number in re.findall(r"§\d+", numbers)}
    assert len(cited) > 5
    assert cited <= SECTIONS


def test_the_twelve_sections_are_in_order() -> None:
    listed = [row[0] for row in table(page("docs/rules.md"), "section")]
    assert listed == [f"domain §{number}" for number in range(1, 13)]


def test_every_mark_is_explained() -> None:
    assert [row[0] for row in table(page("docs/rules.md"), "mark")] == ["[P]", "[S]", "[O]"]
