"""What an organisation submits at once, and the jobs that come of it (domain §7, §9)."""

from collections.abc import Iterable, Iterator
from functools import partial

from uln_client.achievements import AchievementResult, results
from uln_client.batches import (
    REGISTERED_AT_ONCE,
    VERIFIED_AT_ONCE,
    RegisteredLearner,
    VerifiedLearner,
    batches,
    registered_learners,
    verified_learners,
)
from uln_client.desk import Desk
from uln_client.jobs import Job, JobKind, Watch, accepted, followed, found, output_of
from uln_client.service import message_name
from uln_client.submitting import AT_ONCE, Part, check_submission, parts, request_of
from uln_contract.external_records import (
    Achievement,
    AchievementBatchJobResponse,
)
from uln_contract.records import (
    BatchLearner,
    BatchOutputResp,
    MIAPBatchLearnerToVerify,
    VerifyBatchOutputResp,
)


class Submissions:
    """The calls of :class:`~uln_client.AwardingOrganisation` that make jobs, or ask about them."""

    desk: Desk

    def register_learners(
        self, learners: Iterable[BatchLearner], *, check_only: bool = False, watch: Watch | None = None
    ) -> Iterator[RegisteredLearner]:
        """Register learners in batches, or look with ``check_only`` what would become of them (domain §7).

        submitBatchRegistration, 200 learners a job, and getBatchRegistrationOutput. Nothing is sent before the
        first result is asked for; each job is followed to its end before the next is submitted, and ``watch`` is
        shown how it stands. Raises :class:`~uln_client.errors.JobFailed` after the last result of a job that ended
        early.
        """
        for first, batch in batches(learners, REGISTERED_AT_ONCE):
            message = self.desk.registration(batch, message_name(), check_only=check_only)
            job_id = self.desk.hand_in(JobKind.REGISTRATION, message)
            job = self._accepted(JobKind.REGISTRATION, job_id, watch)
            yield from registered_learners(output_of(job, BatchOutputResp), job_id, batch, first)
            job.check(len(batch))

    def verify_learners(
        self,
        learners: Iterable[MIAPBatchLearnerToVerify],
        *,
        email: str | None = None,
        watch: Watch | None = None,
    ) -> Iterator[VerifiedLearner]:
        """Verify learners in batches, 5,000 a job (submitVerifyBatch, getVerifyBatchOutput).

        The service tells ``email`` when a job is done, if it sends mail. All else is as in
        :meth:`register_learners`.
        """
        for first, batch in batches(learners, VERIFIED_AT_ONCE):
            job_id = self.desk.hand_in(
                JobKind.VERIFICATION, self.desk.verification(batch, message_name(), email=email)
            )
            job = self._accepted(JobKind.VERIFICATION, job_id, watch)
            yield from verified_learners(output_of(job, VerifyBatchOutputResp), job_id, batch, first)
            job.check(len(batch))

    def submit_achievements(
        self,
        achievements: Iterable[Achievement],
        *,
        provisional: bool = False,
        email: str | None = None,
        at_once: int = AT_ONCE,
        watch: Watch | None = None,
    ) -> Iterator[AchievementResult]:
        """Submit achievements, any number of them, and give what became of each, in order (domain §9).

        SubmitAchievementBatchJob and GetAchievementBatchJob. ``at_once`` is how many make a job, at most 100,000;
        a smaller job's error file has room for more about each. They are read as they are sent, and none of them
        is kept. A date without a time is that day's beginning. All else is as in :meth:`register_learners`.
        """
        for part, job_id in self._submitted(achievements, provisional=provisional, email=email, at_once=at_once):
            job = self._accepted(JobKind.ACHIEVEMENTS, job_id, watch)
            output = output_of(job, AchievementBatchJobResponse)
            yield from results(output, job_id, part.sent, part.first)
            job.check(len(part.sent))

    def send_achievements(
        self,
        achievements: Iterable[Achievement],
        *,
        provisional: bool = False,
        email: str | None = None,
        at_once: int = AT_ONCE,
    ) -> Iterator[int]:
        """Submit achievements as :meth:`submit_achievements` does, but follow no job: give each one's number."""
        sent = self._submitted(achievements, provisional=provisional, email=email, at_once=at_once)
        return (job_id for _, job_id in sent)

    def _submitted(
        self, achievements: Iterable[Achievement], *, provisional: bool, email: str | None, at_once: int
    ) -> Iterator[tuple[Part, int]]:
        """Give each part of what is submitted with its JobID, the moment the service has answered it."""
        check_submission(email, at_once)
        request = partial(request_of, self.desk.user(), provisional=provisional, email=email)
        for part in parts(achievements, request, at_once=at_once):
            with part:
                job_id = self.desk.hand_in(JobKind.ACHIEVEMENTS, part.message())
            yield part, job_id

    def job(self, job_id: int) -> Job:
        """Ask how a job of any kind stands; each kind has an operation of its own, and they are asked in turn."""
        return found(job_id, self.desk.ask)

    def follow(self, job_id: int, *, watch: Watch | None = None) -> Job:
        """Ask how a job of any kind stands until it has finished; ``watch`` is shown every answer."""
        job = self.job(job_id)
        if watch is not None:
            watch(job)
        return job if job.kind is None or job.finished else self._followed(job.kind, job_id, watch)

    def _accepted(self, kind: JobKind, job_id: int, watch: Watch | None) -> Job:
        """Follow a job from its submission to its end."""
        if watch is not None:
            watch(accepted(kind, job_id))
        return self._followed(kind, job_id, watch)

    def _followed(self, kind: JobKind, job_id: int, watch: Watch | None) -> Job:
        """Follow a job to its end."""
        return followed(job_id, partial(self.desk.ask, kind, job_id), watch)
