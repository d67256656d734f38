"""Files that were given back with what became of each row are read again as if nothing had been added."""

from pathlib import Path

import pytest

from uln_contract.batch_files.answer_columns import ANSWER_COLUMNS
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.opening import open_source
from uln_contract.layouts import LAYOUTS, NAMESPACE, VERIFICATION


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_added_headings_are_passed_over_in_silence(layout: object) -> None:
    (layout,) = [each for each in LAYOUTS.values() if each is layout]
    found = headed([*layout.names, *ANSWER_COLUMNS], (layout,))
    assert (found.findings, len(found.places)) == ((), len(layout.names))


def test_an_added_heading_is_no_misspelt_one() -> None:
    names = [each for each in LAYOUTS["achievement"].names if each != "ActionReason"]
    assert {each.code for each in headed([*names, "Reason"]).findings} == {"F042"}


def test_added_elements_are_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "VER_90000001_20240624_001.xml"
    record = (
        "<Learner><ULN>1026893096</ULN><FamilyName>Tucker</FamilyName><GivenName>Darcie</GivenName>{}</Learner>"
    )
    added = "".join(f"<{each}>no match</{each}>" for each in ANSWER_COLUMNS)
    records = record.format(added) + record.format("") + record.format(added)
    path.write_text(f'<VerifyFile xmlns="{NAMESPACE}">{records}</VerifyFile>', encoding="utf-8")
    source = open_source(path)
    rows = list(source.rows())
    source.close()
    assert [each.findings for each in rows] == [()] * 3
    assert len({tuple(each.cells) for each in rows}) == 1
    assert tuple(source.headings) == VERIFICATION.names
