"""The codes of batches' rows: each is explained once, and says where it comes from (domain §7, §9)."""

from enum import StrEnum

import pytest

from uln_contract.achievement_codes import ACHIEVEMENT_CODES
from uln_contract.codes import AchievementCode, FindingClass, Origin, ReturnCode, explain
from uln_contract.explanations import EXPLANATIONS
from uln_contract.return_codes import RETURN_CODES

PUBLISHED = {"RC006", "RC011", "RC012", "RC013"}


@pytest.mark.parametrize(("kind", "explained"), [(ReturnCode, RETURN_CODES), (AchievementCode, ACHIEVEMENT_CODES)])
def test_each_code_is_explained_in_order(kind: type[StrEnum], explained: dict[str, object]) -> None:
    assert list(explained) == [member.value for member in kind] == [member.name for member in kind]


@pytest.mark.parametrize("code", [*ReturnCode, *AchievementCode])
def test_a_code_says_what_happened_and_what_to_do(code: StrEnum) -> None:
    explanation = explain(code)
    assert explanation.code == code
    for sentences in (explanation.text, explanation.remedy):
        assert sentences[0].isupper() or sentences[0] == "0"
        assert sentences.endswith(".")
        assert "  " not in sentences
    assert explanation.origin is (Origin.PUBLISHED if code in PUBLISHED else Origin.OURS)


def test_no_code_means_two_things() -> None:
    codes = [*EXPLANATIONS, *RETURN_CODES, *ACHIEVEMENT_CODES]
    assert len(set(codes)) == len(codes)
    assert len({explain(code).text for code in codes}) == len(codes)


def test_three_classes_refuse_and_one_warns() -> None:
    classes = {code.value.rstrip("0123456789"): code.finding_class for code in AchievementCode}
    assert classes == {
        "FD": FindingClass.FIELD_DATA,
        "LD": FindingClass.LEARNER_DATA,
        "BR": FindingClass.BUSINESS_RULE,
        "W": FindingClass.WARNING,
    }
