"""The reference client of ULN Interchange, for awarding organisations.

    >>> from uln_client import AwardingOrganisation
    >>> with AwardingOrganisation() as organisation:
    ...     result = organisation.verify("1026893096", given_name="Darcie", family_name="Tucker")

The names below are imported when they are first asked for: the command's ``--help`` need not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.errors import (
        FaultDetail,
        InvalidReply,
        InvalidValue,
        NotPermitted,
        OutOfHours,
        Refused,
        ServiceError,
        ULNError,
        UnknownOrganisation,
        Unreachable,
        UsageError,
        WrongPassword,
    )
    from uln_client.results import FindResult, Outcome, RegisterValues, VerifyResult
    from uln_client.settings import Settings

__all__ = [
    "AwardingOrganisation",
    "FaultDetail",
    "FindResult",
    "InvalidReply",
    "InvalidValue",
    "NotPermitted",
    "OutOfHours",
    "Outcome",
    "Refused",
    "RegisterValues",
    "ServiceError",
    "Settings",
    "ULNError",
    "UnknownOrganisation",
    "Unreachable",
    "UsageError",
    "VerifyResult",
    "WrongPassword",
]

_HOMES = {
    "AwardingOrganisation": "uln_client.awarding_organisation",
    "Settings": "uln_client.settings",
    **dict.fromkeys(("FindResult", "Outcome", "RegisterValues", "VerifyResult"), "uln_client.results"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "uln_client.errors")), name)
