"""The whole import: read, check, put in, chunk by chunk; merged records last, so that their masters are there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from uln_server.access.audit import AuditEntry
from uln_server.importing.checking import Candidate, Checker
from uln_server.importing.destinations import Chunk, Destination
from uln_server.importing.report import ErrorFile
from uln_server.importing.rows import Row, Source
from uln_server.importing.rules import Finding, Rule
from uln_server.importing.scratch import Aside, Scratch
from uln_server.register.learner import Status
from uln_server.store.bulk import Progress

CHUNK = 10_000
"""Rows a transaction [O]: few enough that a call does not wait long behind one, many enough to be quick."""

T = TypeVar("T")
Refused = list[tuple[int, list[Finding]]]


class Import:
    """One file on its way into one destination, from where ``progress`` says.

    ``watch`` is called after each chunk: it shows how far the source is, and may raise to stop.
    """

    def __init__(  # noqa: PLR0913  # the parts an import is made of
        self,
        source: Source,
        checker: Checker,
        destination: Destination,
        report: ErrorFile,
        scratch: Scratch,
        *,
        watch: Callable[[Progress], None],
        chunk: int = CHUNK,
    ) -> None:
        self._source = source
        self._checker = checker
        self._destination = destination
        self._report = report
        self._scratch = scratch
        self._watch = watch
        self._chunk = chunk

    def run(self, progress: Progress, ended: Callable[[Progress], AuditEntry]) -> Progress:
        """Deal with every row once, and give the counts; ``ended`` makes the audit's entry of the end.

        Raises ``Unusable`` where the file cannot be read any further: what came before is in.
        """
        for rows in _chunks(self._source.rows(), self._chunk):
            known = [row for row in rows if row.number <= progress.row]
            self._read_again(known)
            if len(known) < len(rows):
                progress = self._rows(rows[len(known) :], progress)
            self._watch(progress)
        waiting = islice(self._scratch.in_order(), progress.asides, None)
        for asides in _chunks(waiting, self._chunk):
            progress = self._asides(asides, progress)
            self._watch(progress)
        with self._destination.chunk() as chunk:
            chunk.audit(ended(progress))
            chunk.move(progress, progress, datetime.now(UTC))
            self._report.secure()
        return progress

    def _read_again(self, rows: list[Row]) -> None:
        """Remember what has to be of rows that an earlier run dealt with."""
        again = self._scratch.duplicates(self._ulns(rows))
        merged = (row for row in rows if self._checker.merged(row.cells) and row.number not in again)
        checked = (self._checked(row) for row in merged)
        self._put_aside(each for each in checked if isinstance(each, Candidate))

    def _rows(self, rows: list[Row], progress: Progress) -> Progress:
        """Deal with rows as they come: put in, put aside, refuse."""
        refused: Refused = []
        alone: list[Candidate] = []
        merged: list[Candidate] = []
        repeated = self._scratch.duplicates(self._ulns(rows))
        for row in rows:
            checked = self._checked(row)
            findings = checked if isinstance(checked, list) else []
            if row.number in repeated:
                findings.append(_repeated(self._checker.uln(row.cells), repeated[row.number]))
            if findings or isinstance(checked, list):
                refused.append((row.number, findings))
            else:
                (merged if checked.values["status"] is Status.MERGED else alone).append(checked)
        self._put_aside(merged)
        with self._destination.chunk() as chunk:
            settled = _Settled(chunk, self._checker, alone, refused)
            for each in alone:
                settled.take(each)
            return self._settle(chunk, settled, progress, replace(progress, row=rows[-1].number))

    def _asides(self, asides: list[Aside], progress: Progress) -> Progress:
        """Deal with merged records, each of whose masters was dealt with before."""
        refused: Refused = [(each.number, [_circle(each.master)]) for each in asides if each.circular]
        merged = [
            checked
            for each in asides
            if not each.circular and isinstance(checked := self._checker.check(each.number, each.cells), Candidate)
        ]
        with self._destination.chunk() as chunk:
            settled = _Settled(chunk, self._checker, merged, refused)
            statuses = dict(chunk.statuses(each.values["master_uln"] for each in merged))
            for each in merged:
                settled.take(each, statuses)
            return self._settle(chunk, settled, progress, replace(progress, asides=progress.asides + len(asides)))

    def _settle(self, chunk: Chunk, settled: "_Settled", progress: Progress, reached: Progress) -> Progress:
        """Write what was decided: the records, the error file, and where the import is now."""
        counted = reached.plus(settled.added, held=settled.held, refused=len(settled.refused))
        # First: the error file is another process's, if that is importing this file too.
        chunk.move(progress, counted)
        chunk.add(settled.added, progress)
        for number, findings in sorted(settled.refused, key=lambda each: each[0]):
            self._report.add(number, findings)
        secured = replace(counted, errors_size=self._report.secure())
        chunk.move(counted, secured)
        return secured

    def _checked(self, row: Row) -> Candidate | list[Finding]:
        return [row.defect] if row.defect else self._checker.check(row.number, row.cells)

    def _ulns(self, rows: Iterable[Row]) -> list[tuple[str, int]]:
        readable = ((self._checker.uln(row.cells), row.number) for row in rows if row.cells)
        return [
            (uln, number) for uln, number in readable if len(uln) == _DIGITS and uln.isascii() and uln.isdigit()
        ]

    def _put_aside(self, merged: Iterable[Candidate]) -> None:
        self._scratch.put_aside(
            (each.values["uln"], each.values["master_uln"], each.number, each.cells[:-1]) for each in merged
        )


class _Settled:
    """What becomes of candidates, decided against what the register holds."""

    def __init__(self, chunk: Chunk, checker: Checker, candidates: list[Candidate], refused: Refused) -> None:
        self._checker = checker
        self._register = chunk.held(each.values["uln"] for each in candidates)
        self.added: list[dict[str, Any]] = []
        self.held = 0
        self.refused = refused

    def take(self, candidate: Candidate, masters: dict[str, Status] | None = None) -> None:
        """Decide about one. ``masters`` are the records that a merged one may name, and takes it in."""
        values = candidate.values
        held = self._register.get(values["uln"])
        if held is not None:
            differing = self._checker.differing(candidate, held)
            if differing:
                self.refused.append((candidate.number, [_held(values["uln"], differing)]))
            else:
                self.held += 1
            return
        if masters is not None:
            status = masters.get(values["master_uln"])
            if status is None or status is Status.DELETED:
                self.refused.append((candidate.number, [_no_master(values["master_uln"], status)]))
                return
            masters[values["uln"]] = Status.MERGED
        self.added.append(values)


_DIGITS = 10


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _repeated(uln: str, row: int) -> Finding:
    words = f"stands in row {row} already: a ULN is one learner's."
    return Finding(Rule.DUPLICATE, "ULN", uln, words, "Keep the row that is right, and take the other out.")


def _held(uln: str, differing: list[str]) -> Finding:
    return Finding(
        Rule.HELD,
        "ULN",
        uln,
        f"is in the register already, with other values of {', '.join(differing)}.",
        "An import changes no record: take the row out, or update the learner with the values that are right.",
    )


def _no_master(master: str, status: Status | None) -> Finding:
    if status is Status.DELETED:
        words, rule = "is a deleted record: nothing can be merged into it.", Rule.MASTER_DELETED
    else:
        words, rule = "is neither in the register nor a row of this file that was taken.", Rule.MASTER_UNKNOWN
    return Finding(
        rule, "MasterULN", master, words, "Name the record that stands for the learner, and import it too."
    )


def _circle(master: str) -> Finding:
    words = "leads back to this record or into a circle: no record stands for the learner."
    return Finding(Rule.CIRCLE, "MasterULN", master, words, "Make one of the records of the circle active (1).")
