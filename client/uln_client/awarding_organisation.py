"""The awarding organisation as it calls: one method an operation."""

from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from uln_client.checking import check_uln
from uln_client.connection import Connection
from uln_client.identity import address, identity, is_sandbox
from uln_client.results import FindResult, VerifyResult, found_by_uln, verified
from uln_client.service import LearnerService
from uln_client.settings import Options, Settings
from uln_contract.records import (
    FindLearnerResp,
    LearnerByULNRqst,
    MIAPLearnerToVerify,
    VerifyLearnerResp,
    VerifyLearnerRqst,
)

if TYPE_CHECKING:
    from datetime import date


class _Credentials(TypedDict):
    organisation_ref: str | None
    ukprn: str | None
    org_password: str
    user_name: str


class AwardingOrganisation:
    """An awarding organisation's client of one service.

    Settings are options over environment over file (:class:`~uln_client.settings.Settings`); with none at all it
    is the local sandbox's own awarding organisation. One instance may be used from several threads, and keeps
    connections open until :meth:`close`; nothing is sent before the first call.

    Every method raises from the tree in :mod:`uln_client.errors`; the constructor raises ``UsageError``.
    """

    def __init__(self, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        settings = Settings.load(options) if settings is None else settings
        self.address = address(settings)
        self._identity = identity(settings)
        self._check_digit = settings.check_digit
        self._connection = Connection(settings, self.address)
        secret = self._identity.password.get_secret_value()
        self._service = LearnerService(settings, self._connection, secret)

    def __repr__(self) -> str:
        return (
            f"<AwardingOrganisation {self._identity.ukprn or self._identity.organisation_ref} at {self.address}>"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    @property
    def is_sandbox(self) -> bool:
        """Whether the settings name nobody, so that calls go to the local sandbox as its own organisation."""
        return is_sandbox(self._identity)

    def find_by_uln(self, uln: str, *, given_name: str, family_name: str, check_only: bool = False) -> FindResult:
        """Find a learner by ULN and both names (learnerByULN).

        ``check_only`` (FindType CHK) asks for the code without the learner's details.
        """
        self._check(uln)
        request = LearnerByULNRqst(
            find_type="CHK" if check_only else "FUL",
            uln=uln,
            given_name=given_name,
            family_name=family_name,
            **self._credentials(),
        )
        reply = self._service.call("learnerByULN", request, FindLearnerResp)
        return found_by_uln(reply, uln=uln, check_only=check_only)

    def verify(
        self,
        uln: str,
        *,
        given_name: str,
        family_name: str,
        date_of_birth: "date | str | None" = None,
        gender: str | None = None,
    ) -> VerifyResult:
        """Verify that a ULN belongs to a learner of these details (verifyLearner).

        ``date_of_birth`` is a date or ``YYYY-MM-DD``; ``gender`` the contract's 0, 1, 2 or 9. ``None`` and ``""``
        are "not given", and then not compared.
        """
        self._check(uln)
        claimed = MIAPLearnerToVerify(
            uln=uln,
            given_name=given_name,
            family_name=family_name,
            date_of_birth=str(date_of_birth) if date_of_birth else None,
            gender=gender or None,
        )
        request = VerifyLearnerRqst(learner_to_verify=claimed, **self._credentials())
        reply = self._service.call("verifyLearner", request, VerifyLearnerResp)
        return verified(reply.verified_learner, uln=uln)

    def _check(self, uln: str) -> None:
        if self._check_digit:
            check_uln(uln)

    def _credentials(self) -> _Credentials:
        return {
            "organisation_ref": self._identity.organisation_ref,
            "ukprn": self._identity.ukprn,
            "org_password": self._identity.password.get_secret_value(),
            "user_name": self._identity.user_name,
        }
