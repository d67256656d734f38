"""Where messages that make jobs are handed in, and jobs are asked about (domain §7, §9)."""

from collections.abc import Iterable, Sequence
from typing import IO, TypedDict

from uln_client.batch_messages import to_register, to_verify
from uln_client.doubt import JOB_DOUBT, in_doubt
from uln_client.identity import Identity
from uln_client.jobs import Job, JobKind, Output, shown, submitted
from uln_client.service import Service
from uln_client.submitting import request_of, to_submit
from uln_contract.external_records import (
    Achievement,
    AchievementBatchJobResponse,
    GetAchievementBatchJob,
    GetAchievementBatchJobResponse,
    SubmitAchievementBatchJobResponseMessage,
    User,
)
from uln_contract.records import (
    BatchLearner,
    BatchOutputResp,
    BatchOutputRqst,
    BatchRegistrationResp,
    BatchRegistrationRqst,
    MIAPBatchLearnerToVerify,
    VerifyBatchOutputResp,
    VerifyBatchOutputRqst,
    VerifyBatchResp,
    VerifyBatchRqst,
)


class Credentials(TypedDict):
    """What LearnerService's messages say of who calls (domain §11)."""

    organisation_ref: str | None
    ukprn: str | None
    org_password: str
    user_name: str


class Desk:
    """One organisation's desk at LearnerService and ExternalService; safe to use from several threads.

    ``address`` is that of LearnerService.
    """

    def __init__(self, identity: Identity, service: Service, external: Service, address: str) -> None:
        self._identity = identity
        self._service = service
        self._external = external
        self.address = address

    def registration(self, learners: Sequence[BatchLearner], name: str, *, check_only: bool = False) -> bytes:
        """Write the message of one batch registration, with the MessageID ``name``, for :meth:`hand_in`.

        The same learners under the same name are the same job, whenever they are handed in within a day.
        """
        request = BatchRegistrationRqst(
            job_type="CHK" if check_only else "FUL", learner_record_count=len(learners), **self.credentials()
        )
        return to_register(request, learners, name)

    def verification(
        self, learners: Sequence[MIAPBatchLearnerToVerify], name: str, *, email: str | None = None
    ) -> bytes:
        """Write the message of one batch verification; all else is as in :meth:`registration`."""
        request = VerifyBatchRqst(
            learner_record_count=len(learners), org_email=email or None, **self.credentials()
        )
        return to_verify(request, learners, name)

    def achievements(
        self,
        achievements: Iterable[Achievement],
        name: str,
        *,
        provisional: bool = False,
        email: str | None = None,
    ) -> bytes:
        """Write the message of one batch of achievements; all else is as in :meth:`registration`."""
        request = request_of(self.user(), provisional=provisional, email=email)
        return to_submit(request, achievements, name)

    def hand_in(self, kind: JobKind, message: bytes | IO[bytes]) -> int:
        """Submit a message, which may lie in a file, and give the number of the job that it makes.

        Raises :class:`~uln_client.errors.SubmissionRefused`, or anything else of the tree.
        """
        with in_doubt(JOB_DOUBT):
            code, job_id = self._handed_in(kind, message)
            return submitted(kind, code, job_id)

    def _handed_in(self, kind: JobKind, message: bytes | IO[bytes]) -> tuple[str | None, int | None]:
        if kind is JobKind.ACHIEVEMENTS:
            answer = self._external.send(
                "SubmitAchievementBatchJob", message, SubmitAchievementBatchJobResponseMessage
            ).submit_achievement_batch_job_result
            return (answer.response_code, answer.job_id) if answer else (None, None)
        if kind is JobKind.VERIFICATION:
            verification = self._service.send("submitVerifyBatch", message, VerifyBatchResp)
            return verification.response_code, verification.job_id
        registration = self._service.send("submitBatchRegistration", message, BatchRegistrationResp)
        return registration.response_code, registration.job_id

    def ask(self, kind: JobKind, job_id: int) -> Job:
        """Ask how a job of a known kind stands."""
        output: Output
        if kind is JobKind.ACHIEVEMENTS:
            question = GetAchievementBatchJob(invoking_user=self.user(), job_id=job_id)
            reply = self._external.call("GetAchievementBatchJob", question, GetAchievementBatchJobResponse)
            output = reply.get_achievement_batch_job_result or AchievementBatchJobResponse()
        elif kind is JobKind.VERIFICATION:
            asked = VerifyBatchOutputRqst(job_id=job_id, **self.credentials())
            output = self._service.call("getVerifyBatchOutput", asked, VerifyBatchOutputResp)
        else:
            request = BatchOutputRqst(job_id=job_id, **self.credentials())
            output = self._service.call("getBatchRegistrationOutput", request, BatchOutputResp)
        return shown(kind, job_id, output.response_code, output)

    def credentials(self) -> Credentials:
        """The caller as LearnerService knows it."""
        return {
            "organisation_ref": self._identity.organisation_ref,
            "ukprn": self._identity.ukprn,
            "org_password": self._identity.password.get_secret_value(),
            "user_name": self._identity.user_name,
        }

    def user(self) -> User:
        """The caller as ExternalService knows it, which takes a UKPRN in OrganisationRef too (domain §11)."""
        return User(
            org_password=self._identity.password.get_secret_value(),
            organisation_ref=self._identity.organisation_ref or self._identity.ukprn,
            user_name=self._identity.user_name,
        )
