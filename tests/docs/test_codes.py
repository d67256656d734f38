from enum import StrEnum

import pytest
from tests.docs.pages import page, sections, table

from uln_contract import codes


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Response codes", codes.ResponseCode),
        ("Verification codes", codes.VerifyCode),
        ("Failure flags", codes.FailureFlag),
        ("Return codes", codes.ReturnCode),
        ("Achievement codes", codes.AchievementCode),
        ("Fault codes", codes.FaultCode),
    ],
)
def test_every_code_is_listed_as_it_is_explained(heading: str, kind: type[StrEnum]) -> None:
    explained = map(codes.explain, kind)
    assert table(sections(page("docs/codes.md"), 2)[heading], "code") == [
        [f"`{each.code}`", each.text, each.remedy, each.origin] for each in explained
    ]
