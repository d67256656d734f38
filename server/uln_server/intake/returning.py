"""From jobs that have ended to what is written about the file (domain §8) [O].

What the outputs will disclose is audited first, as the operation that asks for a job's output does it, and then
written: so nothing is told that is not audited.
"""

from collections.abc import Iterator
from dataclasses import replace

from uln_contract.batch_files.checking import CheckedFile, open_checked
from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.outputs import Answered
from uln_contract.layouts import FileKind
from uln_server.access.audit import AuditEntry
from uln_server.batch.intake_file import Held, IntakeState, Part
from uln_server.intake.codes import IntakeCode, finding
from uln_server.intake.errands import ERRANDS, Errand
from uln_server.intake.folders import DONE, Folders
from uln_server.intake.holding import Holding
from uln_server.intake.reporting import Names, Told, give_back
from uln_server.intake.spool import Spool
from uln_server.intake.submitting import Terms, count_of, fresh_folder, options_of
from uln_server.intake.summary import write_summary
from uln_server.operations.job_output import shown
from uln_server.store.units import Reading, Writing

_NOT_DONE = "not done"
_Result = tuple[Answered, tuple[Finding, ...]]


class Returning:
    """Takes one file whose jobs have ended from its state ``WAITING`` or ``REPORTING`` on."""

    def __init__(self, holding: Holding, folders: Folders, terms: Terms, reading: Reading) -> None:
        file = holding.file
        self._holding = holding
        self._folders = folders
        self._terms = terms
        self._reading = reading
        self._taken = folders.taken(file.ukprn, file.token, file.name, holding.mark)

    def step(self) -> str | None:
        """Write what became of the file, and file it away; give the code of what it failed for."""
        if self._holding.file.state is IntakeState.WAITING:
            self._tell()
        file = self._holding.file
        if self._taken.path.exists():
            fresh_folder(self._taken)
            self._write()
            self._holding.renew()
            self._folders.file_away(self._taken, DONE, file.filed_as)
        else:
            self._folders.clear(self._taken)
            if not self._folders.lies_in(file.ukprn, DONE, file.filed_as):
                self._holding.end(IntakeState.FAILED, self._holding.entry(None, IntakeCode.GONE))
                return IntakeCode.GONE
        self._holding.end(IntakeState.DONE)
        return None

    def _tell(self) -> None:
        """Audit what the outputs will show."""
        file = self._holding.file
        entries = [entry for each in file.parts if (entry := self._entry(each)) is not None]

        def told(writing: Writing, held: Held) -> None:
            for each in entries:
                writing.audit.add(each)
            writing.intake.advance(held, IntakeState.REPORTING, file.parts)

        self._holding.change(told)

    def _entry(self, part: Part) -> AuditEntry | None:
        job = self._reading.jobs.get(part.job_id)
        if job is None:
            return None
        errand = ERRANDS[FileKind(job.kind.value)]
        results = (result for _, result in self._reading.jobs.results(job.id) if result is not None)
        disclosed = shown(result.values.get("uln") for result in self._holding.watched(results))
        return self._holding.entry(errand.ask, errand.code_of(job), disclosed=disclosed)

    def _write(self) -> None:
        file = self._holding.file
        options = options_of(file.ukprn, self._terms)
        with open_checked(self._taken.path, options=options) as checked:
            names = Names(self._taken.reports, file.filed_as, checked.source.written.form)
            registration = checked.layout.kind is FileKind.REGISTRATION
            records = count_of(self._taken, options) if registration else 0
            tally = give_back(checked, self._told(checked), names, file, records)
        write_summary(names.summary, file, tally)

    def _told(self, checked: CheckedFile) -> Iterator[Told]:
        """Give each record with what became of it: those that were sent, by their numbers in the file."""
        results = self._results(ERRANDS[checked.layout.kind])
        numbers = Spool(self._taken.spool, self._taken.part).numbers()
        sent = next(numbers, None)
        for row in self._holding.watched(checked.rows()):
            if row.number != sent:
                yield Told(row, Answered(), row.findings)
                continue
            answered, findings = next(results)
            sent = next(numbers, None)
            placed = (
                replace(each, row=row.number, sheet=checked.source.written.sheet or None) for each in findings
            )
            yield Told(row, answered, (*row.findings, *placed))

    def _results(self, errand: Errand) -> Iterator[_Result]:
        for part in self._holding.file.parts:
            job = self._reading.jobs.get(part.job_id)
            count = 0
            for row, result in self._reading.jobs.results(part.job_id) if job else ():
                if result is None:
                    break
                count += 1
                yield errand.answered(row, result), errand.findings(result)
            why = f"It is job {part.job_id}, which is no longer kept." if job is None else ""
            ended = f"Job {part.job_id} ended as {job.status}. {job.rejection or ''}".strip() if job else why
            for _ in range(part.rows - count):
                yield Answered(_NOT_DONE), (finding(IntakeCode.NOT_DONE, ended),)
