"""Units of work: what may be read, and what may be changed, on one line."""

from types import TracebackType
from typing import Self

from uln_server.store.awards import AwardChanges, StoredAwards
from uln_server.store.catalogue import CatalogueChanges, StoredCatalogue
from uln_server.store.changes import LearnerChanges
from uln_server.store.events import StoredEvents
from uln_server.store.finds import StoredFinds
from uln_server.store.intake_files import IntakeChanges, StoredIntake
from uln_server.store.job_mail import JobMail, StoredJobMail
from uln_server.store.job_work import FreeJobs, JobWork
from uln_server.store.jobs import JobChanges, StoredJobs
from uln_server.store.learners import StoredLearners
from uln_server.store.lines import Line
from uln_server.store.messages import MessageKeeping, StoredMessages
from uln_server.store.organisations import OrganisationChanges, StoredOrganisations
from uln_server.store.providers import ProviderChanges, StoredProviders
from uln_server.store.registers import RegisterCreation, StoredRegister
from uln_server.store.reports import StoredReports
from uln_server.store.trail import AuditTrail, AuditWriting
from uln_server.store.uln_numbers import NumberingChanges, StoredNumbering


class Reading:
    """Everything that can be read. Kept with its line; belongs to the thread that asked for it."""

    def __init__(self, line: Line) -> None:
        self.organisations = StoredOrganisations(line)
        self.learners = StoredLearners(line)
        self.finds = StoredFinds(line)
        self.events = StoredEvents(line)
        self.reports = StoredReports(line)
        self.audit = AuditTrail(line)
        self.register = StoredRegister(line)
        self.numbering = StoredNumbering(line)
        self.messages = StoredMessages(line)
        self.jobs = StoredJobs(line)
        self.job_work = FreeJobs(line)
        self.job_mail = StoredJobMail(line)
        self.catalogue = StoredCatalogue(line)
        self.providers = StoredProviders(line)
        self.awards = StoredAwards(line)
        self.intake = StoredIntake(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is held between statements, so nothing is to be given back."""


class Writing:
    """Everything that can be read and changed within one transaction."""

    def __init__(self, line: Line) -> None:
        self.organisations = OrganisationChanges(line)
        self.learners = LearnerChanges(line)
        self.finds = StoredFinds(line)
        self.events = StoredEvents(line)
        self.reports = StoredReports(line)
        self.audit = AuditWriting(line)
        self.register = RegisterCreation(line)
        self.numbering = NumberingChanges(line)
        self.messages = MessageKeeping(line)
        self.jobs = JobChanges(line)
        self.job_work = JobWork(line)
        self.job_mail = JobMail(line)
        self.catalogue = CatalogueChanges(line)
        self.providers = ProviderChanges(line)
        self.awards = AwardChanges(line)
        self.intake = IntakeChanges(line)
