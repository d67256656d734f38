from pathlib import Path

import pytest

from uln_contract.batch_files.findings import Severity
from uln_contract.batch_files.structure_codes import STRUCTURE, StructureCode, structural


def test_every_code_is_explained_in_whole_sentences() -> None:
    assert set(STRUCTURE) == set(StructureCode)
    for code, each in STRUCTURE.items():
        assert each.code == code.value
        assert each.text.endswith("."), code
        assert each.remedy.endswith((".", ")")), code


@pytest.mark.parametrize("code", StructureCode)
def test_every_code_is_reached_by_a_test(code: StructureCode) -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert any(f'"{code.value}"' in each for each in texts)


def test_a_finding_has_its_code_s_severity_and_remedy() -> None:
    finding = structural(StructureCode.F005, "Words.", row=2)
    assert finding.severity is Severity.WARNING
    assert finding.remedy == STRUCTURE[StructureCode.F005].remedy
    assert structural(StructureCode.F006, "Words.", "Do.").remedy == "Do."
    assert structural(StructureCode.F006, "Words.").severity is Severity.ERROR
