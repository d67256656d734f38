"""The awarding organisation as it calls: one method an operation."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, Unpack

from uln_client.changes import (
    REQUIRED,
    Changes,
    RegisterResult,
    UpdateResult,
    completed,
    given,
    registered,
    updated,
)
from uln_client.checking import check_form, check_uln
from uln_client.connection import Connection
from uln_client.desk import Desk
from uln_client.doubt import in_doubt
from uln_client.errors import UsageError
from uln_client.events import LearningEventsResult, check_question, learning_events
from uln_client.identity import address, beside, identity, is_sandbox
from uln_client.own_awards import PAGE_SIZE, OwnAward, question, walked
from uln_client.reports import (
    RETRIEVED_AT_ONCE,
    ReportResult,
    RetrievedULN,
    check_dates,
    reported,
    retrieved,
)
from uln_client.results import FindResult, VerifyResult, found_by_demographics, found_by_uln, verified
from uln_client.service import (
    external_service,
    learner_service,
    learner_service_r9,
    reconciliation_service,
)
from uln_client.settings import Options, Settings
from uln_client.submissions import Submissions
from uln_contract.r9_records import (
    GetLearnerLearningEvents,
    GetLearnerLearningEventsResponse,
    GetLearnerLearningEventsResponseMessage,
    InvokingOrganisationR10,
)
from uln_contract.reconciliation_records import GetOwnAwards, GetOwnAwardsResponse
from uln_contract.records import (
    FindLearnerResp,
    Learner,
    LearnerByDemographicsRqst,
    LearnerByULNRqst,
    LearnerToRegister,
    LearnerToUpdate,
    MIAPLearnerToVerify,
    MIAPULNsToRetrieve,
    RegisterSingleLearnerResp,
    RegisterSingleLearnerRqst,
    RetrieveULNsResp,
    RetrieveULNsRqst,
    ULNReportResp,
    ULNReportRqst,
    UpdateLearnerResp,
    UpdateLearnerRqst,
    VerifyLearnerResp,
    VerifyLearnerRqst,
)

if TYPE_CHECKING:
    from datetime import date, datetime


# The number of the supplier whose software calls; any is taken (domain §10).
_VENDOR = 1


class AwardingOrganisation(Submissions):
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
        self._service = learner_service(settings, self._connection, secret)
        external, r9, reconciliation = (
            self._connection.at(beside(self.address, name))
            for name in ("ExternalService", "LearnerServiceR9", "ReconciliationService")
        )
        self.desk = Desk(self._identity, self._service, external_service(settings, external, secret), self.address)
        self._r9 = learner_service_r9(settings, r9, secret)
        self._reconciliation = reconciliation_service(settings, reconciliation, secret)

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
            **self.desk.credentials(),
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
        request = VerifyLearnerRqst(learner_to_verify=claimed, **self.desk.credentials())
        reply = self._service.call("verifyLearner", request, VerifyLearnerResp)
        return verified(reply.verified_learner, uln=uln)

    def find_by_demographics(  # noqa: PLR0913  # the fields of the contract
        self,
        *,
        given_name: str,
        family_name: str,
        date_of_birth: "date | str",
        gender: str,
        post_code: str,
        previous_family_name: str | None = None,
        school_at_age16: str | None = None,
        place_of_birth: str | None = None,
        email_address: str | None = None,
        check_only: bool = False,
    ) -> FindResult:
        """Find a learner whose ULN is not known (learnerByDemographics, domain §5).

        The first five are required and decide what matches; the others only narrow the result, and ``None`` and
        ``""`` are "not given". ``date_of_birth`` is a date or ``YYYY-MM-DD``. ``check_only`` (FindType CHK) asks
        for the code alone.
        """
        asked = LearnerByDemographicsRqst(
            find_type="CHK" if check_only else "FUL",
            given_name=given_name,
            family_name=family_name,
            date_of_birth=str(date_of_birth),
            gender=gender,
            last_known_post_code=post_code,
            previous_family_name=previous_family_name or None,
            school_at_age16=school_at_age16 or None,
            place_of_birth=place_of_birth or None,
            email_address=email_address or None,
            **self.desk.credentials(),
        )
        reply = self._service.call("learnerByDemographics", asked, FindLearnerResp)
        return found_by_demographics(reply, asked=asked, check_only=check_only)

    def register(self, learner: LearnerToRegister) -> RegisterResult:
        """Register a learner, who gets a new ULN (registerSingleLearner, domain §6). It is never sent twice.

        Find the learner by exactly these demographics first: without that the service answers WSRC0021, and after
        possible matches it does so until there was time to review them.
        """
        request = RegisterSingleLearnerRqst(learner=learner, **self.desk.credentials())
        with in_doubt():
            reply = self._service.call("registerSingleLearner", request, RegisterSingleLearnerResp)
            return registered(reply)

    def update(
        self,
        uln: str,
        changes: Changes,
        version: int | None = None,
        *,
        given_name: str | None = None,
        family_name: str | None = None,
    ) -> UpdateResult:
        """Change a learner's record (updateSingleLearner, domain §6). It is never sent twice.

        ``version`` is the record's ``version_number`` as the caller read it: if the record was changed since, the
        service answers WSRC0013 and changes nothing. Without it the record is read first, and its version taken.

        An update must carry seven fields, changed or not, and what ``changes`` lacks of them is read from the
        register too. Reading needs ``given_name`` and ``family_name`` as registered now, because a record is found
        by ULN and names; without them ``UsageError`` is raised. With ``version`` and all seven nothing is read.
        """
        self._check(uln)
        values = given(changes)
        if version is not None and values.keys() >= set(REQUIRED):
            return self._update(uln, values, version, None)
        if given_name is None or family_name is None:
            raise UsageError(
                "The record must be read before it is updated, and the names to find it by are missing.",
                "Give given_name and family_name as they are registered now.",
            )
        found = self.find_by_uln(uln, given_name=given_name, family_name=family_name)
        learner = found.learner
        if learner is None or found.merged:
            return UpdateResult(code=found.code, sent=False, learner=learner)
        version = learner.version_number if version is None else version
        return self._update(uln, completed(learner, values), version, learner)

    def _update(self, uln: str, values: dict[str, str], version: int, learner: Learner | None) -> UpdateResult:
        record = LearnerToUpdate(uln=uln, version_number=version, **values)
        request = UpdateLearnerRqst(learner=record, **self.desk.credentials())
        with in_doubt():
            return updated(self._service.call("updateSingleLearner", request, UpdateLearnerResp), learner)

    def retrieve(self, ulns: Iterable[str]) -> tuple[RetrievedULN, ...]:
        """Ask what became of ULNs, one or any number of them, each with its master if merged (retrieveULNs).

        The answers are in the order of ``ulns``. The contract takes 200 at once: more are asked for in several
        calls, the first of which is made when all have passed the checks.
        """
        asked = tuple(ulns)
        if not asked:
            raise UsageError("No ULN is given.", "Give at least one ULN.")
        for uln in asked:
            self.check_uln(uln)
        parts = [asked[at : at + RETRIEVED_AT_ONCE] for at in range(0, len(asked), RETRIEVED_AT_ONCE)]
        return tuple(each for part in parts for each in self._retrieve(part))

    def _retrieve(self, ulns: tuple[str, ...]) -> Iterable[RetrievedULN]:
        request = RetrieveULNsRqst(ulns_to_retrieve=MIAPULNsToRetrieve(uln=ulns), **self.desk.credentials())
        return retrieved(self._service.call("retrieveULNs", request, RetrieveULNsResp), ulns)

    def merged_unmerged_report(self, from_date: "date | str", to_date: "date | str | None" = None) -> ReportResult:
        """List the ULNs that were merged and unmerged between two dates, both included.

        getMergedUnmergedULNsReport. Dates are dates or ``YYYY-MM-DD``; without ``to_date`` it is today.
        """
        return self._report("getMergedUnmergedULNsReport", from_date, to_date)

    def deleted_report(self, from_date: "date | str", to_date: "date | str | None" = None) -> ReportResult:
        """List the ULNs that were deleted between two dates (getDeletedULNsReport); dates as above."""
        return self._report("getDeletedULNsReport", from_date, to_date)

    def _report(self, operation: str, from_date: "date | str", to_date: "date | str | None") -> ReportResult:
        start, end = str(from_date), str(to_date) if to_date else None
        check_dates(start, end)
        request = ULNReportRqst(from_date=start, to_date=end, **self.desk.credentials())
        reply = self._service.call(operation, request, ULNReportResp)
        return reported(reply, from_date=start, to_date=end)

    def learning_events(  # noqa: PLR0913  # the fields of the contract
        self,
        uln: str,
        *,
        given_name: str,
        family_name: str,
        date_of_birth: "date | str | None" = None,
        gender: str | None = None,
        brief: bool = False,
        user_type: Literal["LNR", "ORG", "SER"] = "ORG",
    ) -> LearningEventsResult:
        """Read what a learner has achieved, the Personal Learning Record (GetLearnerLearningEvents, domain §10).

        The learner is verified by names, and by date of birth and gender where given. ``brief`` asks for nine
        fields of each event. ``user_type`` is as whom the caller speaks: LNR the learner, SER a careers service,
        both with the agreement for it only.
        """
        self.check_uln(uln)
        born = str(date_of_birth) if date_of_birth else None
        check_question(given_name, family_name, born, gender or None, user_type)
        who = self._identity
        question = GetLearnerLearningEvents(
            invoking_organisation=InvokingOrganisationR10(
                organisation_ref=who.organisation_ref,
                password=who.password.get_secret_value(),
                ukprn=who.ukprn,
                username=who.user_name,
            ),
            user_type=user_type,
            vendor_id=_VENDOR,
            language="ENG",
            uln=uln,
            given_name=given_name,
            family_name=family_name,
            date_of_birth=born,
            gender=gender or None,
            get_type="BRIEF" if brief else "FULL",
        )
        reply = self._r9.call("GetLearnerLearningEvents", question, GetLearnerLearningEventsResponseMessage)
        result = reply.get_learner_learning_events_result or GetLearnerLearningEventsResponse()
        return learning_events(result, uln=uln)

    def own_awards(
        self,
        *,
        from_date: "date | str | None" = None,
        to_date: "date | str | None" = None,
        provider_ukprn: str | None = None,
        updated_since: "datetime | str | None" = None,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[OwnAward]:
        """Read what the service holds of this organisation's own awards, each once, by ULN and reference number.

        GetOwnAwards, an operation of ULN Interchange alone; it needs the agreement to submit achievements. The two
        dates are award dates, both included; ``provider_ukprn`` is where the awards were achieved;
        ``updated_since`` gives those that the service has made or changed since, without a time zone in UK time.
        ``None`` and ``""`` narrow nothing. The next page, of ``page_size`` awards at most, is asked for when it is
        needed: nothing is sent before the first award is asked for, and none of them is kept.
        """
        asked = question(
            self._identity,
            from_date=from_date,
            to_date=to_date,
            provider_ukprn=provider_ukprn,
            updated_since=updated_since,
            page_size=page_size,
        )
        return walked(asked, self._own_awards)

    def _own_awards(self, asked: GetOwnAwards) -> GetOwnAwardsResponse:
        return self._reconciliation.call("GetOwnAwards", asked, GetOwnAwardsResponse)

    def check_uln(self, uln: str) -> None:
        """Refuse a ULN that no learner can have: its form, and its check digit unless that check is off.

        Every call that is about one learner does so; submissions leave it to the service, achievement by
        achievement. Raises :class:`~uln_client.errors.InvalidValue`.
        """
        check_form(uln)
        self._check(uln)

    def _check(self, uln: str) -> None:
        if self._check_digit:
            check_uln(uln)
