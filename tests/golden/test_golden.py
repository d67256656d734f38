from pathlib import Path

import pytest
from tests.golden.broken import ALL, Broken
from tests.golden.reporting import REPORTS, kept, reported, text


@pytest.mark.parametrize("broken", [pytest.param(each, id=each.title) for each in ALL.values()])
def test_a_broken_file_gets_its_report(broken: Broken, tmp_path: Path) -> None:
    assert text(reported(broken, tmp_path)) == kept(broken).read_text(encoding="utf-8")


def test_every_kept_report_is_of_a_file() -> None:
    assert set(REPORTS.iterdir()) == {kept(each) for each in ALL.values()}
