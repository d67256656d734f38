"""The reference client of ULN Interchange, for awarding organisations.

    >>> from uln_client import AwardingOrganisation
    >>> with AwardingOrganisation() as organisation:
    ...     result = organisation.verify("1026893096", given_name="Darcie", family_name="Tucker")

The names below are imported when they are first asked for: the command's ``--help`` need not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uln_client.achievements import AchievementFinding, AchievementOutcome, AchievementResult, Action
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.batches import RegisteredLearner, VerifiedLearner
    from uln_client.changes import Changes, RegisterResult, UpdateResult
    from uln_client.errors import (
        FaultDetail,
        InvalidReply,
        InvalidValue,
        JobFailed,
        NotPermitted,
        OutOfHours,
        Refused,
        ServiceError,
        SubmissionRefused,
        ULNError,
        UnknownOrganisation,
        Unreachable,
        UsageError,
        WrongPassword,
    )
    from uln_client.events import LearningEventsResult
    from uln_client.jobs import Job, JobKind
    from uln_client.own_awards import OwnAward
    from uln_client.reports import ReportResult, RetrievedULN
    from uln_client.results import FindResult, Outcome, RegisterValues, VerifyResult
    from uln_client.settings import Settings
    from uln_contract.external_records import Achievement
    from uln_contract.records import BatchLearner, LearnerToRegister, MIAPBatchLearnerToVerify

__all__ = [
    "Achievement",
    "AchievementFinding",
    "AchievementOutcome",
    "AchievementResult",
    "Action",
    "AwardingOrganisation",
    "BatchLearner",
    "Changes",
    "FaultDetail",
    "FindResult",
    "InvalidReply",
    "InvalidValue",
    "Job",
    "JobFailed",
    "JobKind",
    "LearnerToRegister",
    "LearningEventsResult",
    "MIAPBatchLearnerToVerify",
    "NotPermitted",
    "OutOfHours",
    "Outcome",
    "OwnAward",
    "Refused",
    "RegisterResult",
    "RegisterValues",
    "RegisteredLearner",
    "ReportResult",
    "RetrievedULN",
    "ServiceError",
    "Settings",
    "SubmissionRefused",
    "ULNError",
    "UnknownOrganisation",
    "Unreachable",
    "UpdateResult",
    "UsageError",
    "VerifiedLearner",
    "VerifyResult",
    "WrongPassword",
]

_HOMES = {
    "AwardingOrganisation": "uln_client.awarding_organisation",
    "Achievement": "uln_contract.external_records",
    **dict.fromkeys(("BatchLearner", "LearnerToRegister", "MIAPBatchLearnerToVerify"), "uln_contract.records"),
    **dict.fromkeys(
        ("AchievementFinding", "AchievementOutcome", "AchievementResult", "Action"), "uln_client.achievements"
    ),
    **dict.fromkeys(("RegisteredLearner", "VerifiedLearner"), "uln_client.batches"),
    "LearningEventsResult": "uln_client.events",
    **dict.fromkeys(("Job", "JobKind"), "uln_client.jobs"),
    "OwnAward": "uln_client.own_awards",
    "Settings": "uln_client.settings",
    **dict.fromkeys(("Changes", "RegisterResult", "UpdateResult"), "uln_client.changes"),
    **dict.fromkeys(("ReportResult", "RetrievedULN"), "uln_client.reports"),
    **dict.fromkeys(("FindResult", "Outcome", "RegisterValues", "VerifyResult"), "uln_client.results"),
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "uln_client.errors")), name)
