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
    from uln_client.changes import Changes, RegisterResult, UpdateResult
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
    from uln_client.reports import ReportResult, RetrievedULN
    from uln_client.results import FindResult, Outcome, RegisterValues, VerifyResult
    from uln_client.settings import Settings
    from uln_contract.records import LearnerToRegister

__all__ = [
    "AwardingOrganisation",
    "Changes",
    "FaultDetail",
    "FindResult",
    "InvalidReply",
    "InvalidValue",
    "LearnerToRegister",
    "NotPermitted",
    "OutOfHours",
    "Outcome",
    "Refused",
    "RegisterResult",
    "RegisterValues",
    "ReportResult",
    "RetrievedULN",
    "ServiceError",
    "Settings",
    "ULNError",
    "UnknownOrganisation",
    "Unreachable",
    "UpdateResult",
    "UsageError",
    "VerifyResult",
    "WrongPassword",
]

_HOMES = {
    "AwardingOrganisation": "uln_client.awarding_organisation",
    "LearnerToRegister": "uln_contract.records",
    "Settings": "uln_client.settings",
    **dict.fromkeys(("Changes", "RegisterResult", "UpdateResult"), "uln_client.changes"),
    **dict.fromkeys(("ReportResult", "RetrievedULN"), "uln_client.reports"),
    **dict.fromkeys(("FindResult", "Outcome", "RegisterValues", "VerifyResult"), "uln_client.results"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "uln_client.errors")), name)
