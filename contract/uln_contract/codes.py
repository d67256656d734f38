"""The codes of the service, spelt exactly as on the wire: clients crash on any other spelling (domain §4)."""

from enum import StrEnum

from uln_contract.achievement_codes import ACHIEVEMENT_CODES, AchievementCode, FindingClass
from uln_contract.explanations import EXPLANATIONS, Explanation, Origin
from uln_contract.return_codes import RETURN_CODES, ReturnCode

__all__ = [
    "AchievementCode",
    "Explanation",
    "FailureFlag",
    "FaultCode",
    "FindingClass",
    "Origin",
    "ResponseCode",
    "ReturnCode",
    "VerifyCode",
    "explain",
]


class ResponseCode(StrEnum):
    """``ResponseCode`` of a normal reply; the WSEC members are answered in a 200 reply too, never as a fault."""

    WSRC0001 = "WSRC0001"
    WSRC0002 = "WSRC0002"
    WSRC0003 = "WSRC0003"
    WSRC0004 = "WSRC0004"
    WSRC0005 = "WSRC0005"
    WSRC0006 = "WSRC0006"
    WSRC0007 = "WSRC0007"
    WSRC0008 = "WSRC0008"
    WSRC0009 = "WSRC0009"
    WSRC0010 = "WSRC0010"
    WSRC0013 = "WSRC0013"
    WSRC0014 = "WSRC0014"
    WSRC0015 = "WSRC0015"
    WSRC0017 = "WSRC0017"
    WSRC0018 = "WSRC0018"
    WSRC0019 = "WSRC0019"
    WSRC0020 = "WSRC0020"
    WSRC0021 = "WSRC0021"
    WSRC0022 = "WSRC0022"
    WSRC0023 = "WSRC0023"
    WSRC0024 = "WSRC0024"
    WSRC0025 = "WSRC0025"
    WSRC0026 = "WSRC0026"
    WSRC0027 = "WSRC0027"
    WSRC0028 = "WSRC0028"
    WSRC0030 = "WSRC0030"
    WSRC0040 = "WSRC0040"
    WSRC0041 = "WSRC0041"
    WSRC0042 = "WSRC0042"
    WSRC0043 = "WSRC0043"
    WSRC0050 = "WSRC0050"
    WSRC0051 = "WSRC0051"
    WSEC0044 = "WSEC0044"
    WSEC0045 = "WSEC0045"
    WSEC0046 = "WSEC0046"
    WSEC0047 = "WSEC0047"
    WSEC0136 = "WSEC0136"
    WSEC0206 = "WSEC0206"
    WSEC0208 = "WSEC0208"


class FaultCode(StrEnum):
    """``ErrorCode`` of a SOAP fault (``MIAPAPIException``, HTTP 500)."""

    WSEC0001 = "WSEC0001"
    WSEC0002 = "WSEC0002"
    WSEC0003 = "WSEC0003"
    WSEC0004 = "WSEC0004"
    WSEC0005 = "WSEC0005"
    WSEC0006 = "WSEC0006"
    WSEC0999 = "WSEC0999"


class VerifyCode(StrEnum):
    """``ResponseCode`` of verifyLearner and of batch verification, three digits each."""

    WSVRC001 = "WSVRC001"
    WSVRC002 = "WSVRC002"
    WSVRC003 = "WSVRC003"
    WSVRC004 = "WSVRC004"
    WSVRC005 = "WSVRC005"
    WSVRC006 = "WSVRC006"


class FailureFlag(StrEnum):
    """``FailureFlag`` of a verification: which comparison failed."""

    VRF1 = "VRF1"
    VRF2 = "VRF2"
    VRF3 = "VRF3"
    VRF4 = "VRF4"
    VRF5 = "VRF5"
    VRF6 = "VRF6"
    VRF7 = "VRF7"
    VRF8 = "VRF8"


_EXPLAINED = {**EXPLANATIONS, **RETURN_CODES, **ACHIEVEMENT_CODES}


def explain(code: str) -> Explanation:
    """Explain any code of the service, given as a member or as its text.

    Raises ``KeyError`` for a text that is no code of the service.
    """
    return _EXPLAINED[code]
