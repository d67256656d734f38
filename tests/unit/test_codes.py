"""Every code of domain §4 exists once, is spelt as on the wire, and tells its reader what to do."""

import re

import pytest

from uln_contract.codes import FailureFlag, FaultCode, Origin, ResponseCode, VerifyCode, explain
from uln_contract.explanations import EXPLANATIONS

RESPONSE_CODES = [
    "WSRC0001",
    "WSRC0002",
    "WSRC0003",
    "WSRC0004",
    "WSRC0005",
    "WSRC0006",
    "WSRC0007",
    "WSRC0008",
    "WSRC0009",
    "WSRC0010",
    "WSRC0013",
    "WSRC0014",
    "WSRC0015",
    "WSRC0017",
    "WSRC0018",
    "WSRC0019",
    "WSRC0020",
    "WSRC0021",
    "WSRC0022",
    "WSRC0023",
    "WSRC0024",
    "WSRC0025",
    "WSRC0026",
    "WSRC0027",
    "WSRC0028",
    "WSRC0030",
    "WSRC0040",
    "WSRC0041",
    "WSRC0042",
    "WSRC0043",
    "WSRC0050",
    "WSRC0051",
    "WSEC0044",
    "WSEC0045",
    "WSEC0046",
    "WSEC0047",
    "WSEC0136",
    "WSEC0206",
    "WSEC0208",
]
FAULT_CODES = ["WSEC0001", "WSEC0002", "WSEC0003", "WSEC0004", "WSEC0005", "WSEC0006", "WSEC0999"]
VERIFY_CODES = ["WSVRC001", "WSVRC002", "WSVRC003", "WSVRC004", "WSVRC005", "WSVRC006"]
FAILURE_FLAGS = ["VRF1", "VRF2", "VRF3", "VRF4", "VRF5", "VRF6", "VRF7", "VRF8"]
ALL = [*RESPONSE_CODES, *FAULT_CODES, *VERIFY_CODES, *FAILURE_FLAGS]

OURS = [
    "WSRC0014",
    "WSRC0015",
    "WSRC0023",
    "WSRC0024",
    "WSRC0025",
    "WSRC0026",
    "WSRC0027",
    "WSRC0028",
    "WSRC0040",
    "WSRC0041",
    "WSRC0042",
    "WSRC0050",
    "WSRC0051",
]

# Their meanings are published or seen; a detail of each is ours (domain §4 to §7, §9).
OURS_IN_PART = {
    "WSRC0002",
    "WSRC0018",
    "WSRC0021",
    "WSEC0044",
    "WSEC0045",
    "WSEC0046",
    "WSEC0136",
    "WSEC0002",
    "WSEC0003",
    "WSEC0004",
    "WSVRC006",
    "VRF2",
    "VRF3",
    "VRF4",
    "VRF6",
    "VRF8",
}

OUR_WORDS = re.compile(
    r"deleted|beside|never fail|suspended|another organisation|100,000|UK time|check digit does"
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ResponseCode, RESPONSE_CODES),
        (FaultCode, FAULT_CODES),
        (VerifyCode, VERIFY_CODES),
        (FailureFlag, FAILURE_FLAGS),
    ],
)
def test_each_enumeration_holds_exactly_its_codes(
    kind: type[ResponseCode | FaultCode | VerifyCode | FailureFlag], expected: list[str]
) -> None:
    assert [member.value for member in kind] == expected
    assert [member.name for member in kind] == expected


def test_no_code_stands_in_two_enumerations() -> None:
    assert len(set(ALL)) == len(ALL)


@pytest.mark.parametrize("code", ALL)
def test_a_code_says_what_happened_and_what_to_do(code: str) -> None:
    explanation = explain(code)
    assert explanation.code == code
    for sentences in (explanation.text, explanation.remedy):
        assert len(sentences) > 10
        assert sentences[0].isupper()
        assert sentences.endswith(".")
        assert "  " not in sentences


def test_nothing_is_explained_that_is_no_code() -> None:
    assert set(EXPLANATIONS) == set(ALL)


def test_no_two_codes_read_the_same() -> None:
    assert len({explain(code).text for code in ALL}) == len(ALL)


def test_our_own_meanings_are_marked_as_ours() -> None:
    assert [code for code in RESPONSE_CODES if explain(code).origin is Origin.OURS] == OURS
    assert all(explain(code).origin is not Origin.OURS for code in FAULT_CODES + VERIFY_CODES + FAILURE_FLAGS)


def test_our_own_details_of_published_meanings_are_marked() -> None:
    marked = {code for code in ALL if "This service's rule: " in f"{explain(code).text} {explain(code).remedy}"}
    assert marked == OURS_IN_PART


def test_what_only_we_decided_never_stands_before_the_mark() -> None:
    for code in ALL:
        if explain(code).origin is Origin.OURS:
            continue
        for sentences in (explain(code).text, explain(code).remedy):
            published = sentences.partition("This service's rule: ")[0]
            assert not OUR_WORDS.search(published), code


def test_a_member_is_explained_like_its_text() -> None:
    assert explain(ResponseCode.WSRC0004) is explain("WSRC0004")


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        explain("WSRC0011")
