"""From a file that was taken to its jobs: checked whole, and then made into jobs part by part (domain §8) [O].

Nothing becomes a job before the whole file is checked. A part, what is audited of it and how far the file has come
are one transaction: whoever goes on after a kill goes on behind the last part.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from uln_contract.batch_files.checking import CheckedFile, Options, open_checked
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.outputs import Answered
from uln_contract.codes import FaultCode
from uln_server.batch.intake_file import Held, IntakeState, Part
from uln_server.batch.job import ContentDigest, JobKind, Submission
from uln_server.intake.codes import IntakeCode, finding
from uln_server.intake.errands import ERRANDS, Errand, job_rows
from uln_server.intake.folders import FAILED, Folders, Taken
from uln_server.intake.holding import USER, Holding
from uln_server.intake.reporting import FindingsFile, Names, Tally, Told, give_back
from uln_server.intake.spool import Spool
from uln_server.intake.summary import write_summary
from uln_server.store.units import Reading, Writing

REPEATED_WITHIN = timedelta(days=1)
"""For how long the same content of the same organisation is the same file [O]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an operator decides about files: the settings of these names, and the numbers that Action may have."""

    achievements_per_job: int
    intake_achievements: str
    actions: frozenset[int]


class _Refused(Exception):  # noqa: N818  # the file's fault
    """Nothing of the file is done, and ``findings`` say why; ``code`` is what the audit says of it.

    ``tally`` is how its records fared, where they were looked at and everything found is in the report.
    """

    def __init__(
        self, code: str, *findings: Finding, operation: str | None = None, tally: Tally | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.findings = findings
        self.operation = operation
        self.tally = tally


class Submitting:
    """Takes one file from its state ``TAKEN`` on, or ``FAILING``."""

    def __init__(self, holding: Holding, folders: Folders, terms: Terms, reading: Reading) -> None:
        file = holding.file
        self._holding = holding
        self._folders = folders
        self._terms = terms
        self._reading = reading
        self._taken = folders.taken(file.ukprn, file.token, file.name, holding.mark)
        self._names = Names(self._taken.reports, file.filed_as)

    def step(self) -> str | None:
        """Make the jobs, or file the file away as failed; give the code of what it failed for.

        A file that is still written to is put back, and forgotten.
        """
        file = self._holding.file
        if file.state is IntakeState.FAILING:
            self._file_away()
            return None
        if not self._taken.path.exists():
            self._folders.clear(self._taken)
            self._holding.end(IntakeState.FAILED, self._holding.entry(None, IntakeCode.GONE))
            return IntakeCode.GONE
        if file.digest is None and not self._identify():
            return None
        fresh_folder(self._taken)
        try:
            self._submit()
        except _Refused as refused:
            self._fail(refused)
            return refused.code
        return None

    def _identify(self) -> bool:
        digest = self._folders.own_copy(self._taken)
        if digest is None:
            self._holding.change(lambda writing, held: writing.intake.withdraw(held))
            self._folders.give_back(self._taken)
            return False
        self._holding.change(lambda writing, held: writing.intake.identify(held, digest))
        return True

    def _submit(self) -> None:
        options = options_of(self._holding.file.ukprn, self._terms)
        spool = Spool(self._taken.spool, self._taken.part)
        try:
            with open_checked(self._taken.path, options=options) as checked:
                errand = ERRANDS[checked.layout.kind]
                self._admit(errand, self._reading)
                if not spool.there:
                    self._examine(checked, spool)
        except UnusableFile as unusable:
            raise _Refused(FaultCode.WSEC0001, *unusable.findings) from None
        count = spool.count()
        if not count:
            self._return_all()
        while self._holding.file.state is IntakeState.TAKEN:
            self._holding.change(lambda writing, held: self._part(writing, held, errand, spool, count))

    def _part(self, writing: Writing, held: Held, errand: Errand, spool: Spool, count: int) -> None:
        """Make the next part's job."""
        file = self._holding.file
        self._admit(errand, writing)
        if not file.parts:
            self._refuse_repeated(writing, errand)
        rows = min(errand.at_once or self._terms.achievements_per_job, count - file.rows)
        entry = self._holding.entry(errand.submit, errand.submitted)
        digest = ContentDigest()
        digest.add({"intake": file.token, "part": str(len(file.parts))})
        submission = Submission(
            kind=errand.kind,
            form=errand.form or self._terms.intake_achievements * (errand.kind is JobKind.ACHIEVEMENTS),
            organisation_id=file.organisation_id,
            ukprn=file.ukprn,
            user=USER,
            message_id=entry.message_id,
            digest=digest.hexdigest(),
            at=entry.at,
            given=errand.given,
        )
        job_id = writing.jobs.submit(submission, spool.rows(file.rows, rows))
        writing.audit.add(entry)
        last = file.rows + rows == count
        state = IntakeState.WAITING if last else IntakeState.TAKEN
        writing.intake.advance(held, state, (*file.parts, Part(job_id, rows)))

    def _refuse_repeated(self, writing: Writing, errand: Errand) -> None:
        file = self._holding.file
        first = writing.intake.first_of_content(file, file.digest or "", REPEATED_WITHIN)
        if first is not None:
            said = finding(IntakeCode.REPEATED, f"The first one is {first.filed_as}.")
            raise _Refused(IntakeCode.REPEATED, said, operation=errand.submit)

    def _admit(self, errand: Errand, unit: Reading | Writing) -> None:
        if self._holding.file.parts:
            return
        organisation = unit.organisations.by_identifier(self._holding.file.ukprn)
        refusal = errand.refusal(organisation, datetime.now(UTC))
        if refusal is not None:
            raise _Refused(refusal[0], refusal[1], operation=errand.submit)

    def _examine(self, checked: CheckedFile, spool: Spool) -> None:
        """Check every record, and keep the rows of those that are good."""
        good: list[int] = []
        tally = Tally()

        def values() -> Iterator[Mapping[str, str]]:
            for each in self._holding.watched(checked.rows()):
                report.add(each.findings)
                tally.take(Told(each, Answered("checked" if each.good else "")))
                if each.good:
                    good.append(each.number)
                    yield each.values

        with FindingsFile(self._names, self._holding.file.name) as report:
            try:
                spool.write((good.pop(), fields) for fields in job_rows(checked.layout, values()))
            except UnusableFile as unusable:
                report.add(unusable.findings)
                operation = ERRANDS[checked.layout.kind].submit
                wrong = unusable.findings
                refused = _Refused(FaultCode.WSEC0001, *wrong, operation=operation, tally=tally)
            else:
                report.add(checked.findings)
                return
        raise refused

    def _return_all(self) -> None:
        """Give a file back of which no record is good."""
        file = self._holding.file
        options = options_of(file.ukprn, self._terms)
        with open_checked(self._taken.path, options=options) as checked:
            records = count_of(self._taken, options)
            told = (Told(each, Answered(), each.findings) for each in self._holding.watched(checked.rows()))
            names = replace(self._names, form=checked.source.written.form)
            tally = give_back(checked, told, names, file, records)
            raise _Refused(FaultCode.WSEC0001, operation=ERRANDS[checked.layout.kind].submit, tally=tally)

    def _fail(self, refused: _Refused) -> None:
        file = self._holding.file
        if refused.tally is None:
            with FindingsFile(self._names, file.name) as report:
                report.add(refused.findings)
        write_summary(self._names.summary, file, refused.tally, findings=refused.findings)
        code = next((each.code for each in refused.findings if each.refuses), None)
        reason = None if code in {None, refused.code} else f"intake {code}"
        entry = self._holding.entry(refused.operation, refused.code, reason=reason)

        def told(writing: Writing, held: Held) -> None:
            writing.audit.add(entry)
            writing.intake.advance(held, IntakeState.FAILING, ())

        self._holding.change(told)
        self._file_away()

    def _file_away(self) -> None:
        self._folders.file_away(self._taken, FAILED, self._holding.file.filed_as)
        self._holding.end(IntakeState.FAILED)


def options_of(ukprn: str, terms: Terms) -> Options:
    """Give how an organisation's file is checked."""
    return Options(ukprn=ukprn, actions=terms.actions)


def count_of(taken: Taken, options: Options) -> int:
    """Count the records of a file, which takes reading it."""
    with open_checked(taken.path, options=options) as counted:
        return sum(1 for _ in counted.rows())


def fresh_folder(taken: Taken) -> None:
    """Make the folder for what is written about a file; what was begun there before is taken away."""
    shutil.rmtree(taken.reports, ignore_errors=True)
    taken.reports.mkdir(mode=0o700)
