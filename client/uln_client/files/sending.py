"""A file's good rows on their way: parted into jobs, a few of them under way at once, each followed to its end."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, Protocol

from uln_client import jobs
from uln_client.desk import Desk
from uln_client.errors import InvalidValue, ULNError, UsageError
from uln_client.files.errands import Errand, Values
from uln_client.files.journal import Journal, Part
from uln_client.jobs import Job
from uln_client.sense import senseless
from uln_client.service import message_name

AT_A_TIME = 3
"""Jobs under way at once: enough that the service need not wait for the next, and few to lose sight of [O]."""
_GO_ON = "Run the same command again: it goes on where it stopped, and sends nothing twice."


class Row(Protocol):
    """A row that can be sent."""

    @property
    def number(self) -> int:
        """As the file counts it."""

    @property
    def values(self) -> Values:
        """What is sent."""


class Watch(Protocol):
    """Is told how far a run has come."""

    def sent(self, rows: int) -> None:
        """So many more rows were handed in, now or in an earlier run."""

    def done(self, rows: int) -> None:
        """So many more rows have their result."""

    def job(self, job: Job) -> None:
        """Take note of how a job stands."""


@dataclass(slots=True)
class _UnderWay:
    part: Part
    kept: Sequence[Any] = field(repr=False)
    since: float = field(default_factory=time.monotonic)


class Sending:
    """Sends one file's good rows to one desk."""

    def __init__(self, desk: Desk, errand: Errand, journal: Journal, watch: Watch, *, at_once: int) -> None:
        self._desk = desk
        self._errand = errand
        self._journal = journal
        self._watch = watch
        self._at_once = at_once

    def send(self, rows: Iterable[Row], *, follow: bool = True) -> None:
        """Send what is not sent yet; unless told otherwise, follow each job to its end.

        What an earlier run sent is not sent again. A submission that was never answered is sent again under its
        first MessageID (domain §7). Raises anything of :mod:`uln_client.errors`; the journal then says how far it
        came, and the same call goes on from there.
        """
        try:
            self._send(rows, follow=follow)
        except ULNError as error:
            if not isinstance(error, UsageError):
                error.advise(_GO_ON)
            raise

    def _send(self, rows: Iterable[Row], *, follow: bool) -> None:
        under_way: deque[_UnderWay] = deque()
        for number, batch in enumerate(_batches(rows, self._at_once), 1):
            values = [each.values for each in batch]
            part = self._announced(number, [each.number for each in batch], values)
            if part.job is None:
                job_id = self._desk.hand_in(self._errand.kind, self._message(part, values))
                self._journal.accepted(part, job_id)
            self._watch.sent(part.count)
            if part.complete:
                self._watch.done(part.count)
            elif follow:
                under_way.append(_UnderWay(part, self._errand.kept(values)))
            while len(under_way) >= AT_A_TIME:
                self._finish(under_way.popleft())
        while under_way:
            self._finish(under_way.popleft())

    def _announced(self, number: int, rows: Sequence[int], values: Sequence[Values]) -> Part:
        """Give the part of an earlier run, or a new one, which from now on is known."""
        ranges, content = list(_ranges(rows)), _digest(values)
        known = self._journal.parts.get(number)
        if known is None:
            part = Part(number, ranges, len(rows), message_name(), content)
            self._journal.announce(part)
            return part
        if known.rows != ranges or (known.content != content and not known.complete):
            raise UsageError(
                f"Rows {rows[0]} to {rows[-1]} are read otherwise than by the run that began to send them.",
                "Run the command with the release that began it, or with --restart to send the whole file anew.",
            )
        return known

    def _message(self, part: Part, values: Sequence[Values]) -> bytes:
        """Write a part's message. What the contract's schemas refuse although the check let it pass is named."""
        try:
            return self._errand.message(values, part.name)
        except InvalidValue as refused:
            for number, row in zip(part.row_numbers(), values, strict=True):
                try:
                    self._errand.message([row], part.name)
                except InvalidValue as error:
                    field = f"Row {number}: {error.field}"
                    raise InvalidValue(field, error.value, error.rule, error.remedy) from None
            raise refused from None

    def _finish(self, each: _UnderWay) -> None:
        """Follow a job to its end, and keep what became of its rows."""
        part = each.part
        if part.job is None:
            raise RuntimeError("only jobs are followed")
        job = self._followed(part.job, part, each.since)
        if job is not None:
            results = self._errand.results(job, each.kept)
            early = job.failed and len(results) < part.count
            if not early and len(results) != part.count:
                raise senseless(f"its job has done {len(results)} of {part.count} rows")
            if len(results) != part.done:
                self._journal.ended(part, results, job.status if early else "", job.reason if early else "")
        self._watch.done(part.done or 0)

    def _followed(self, job_id: int, part: Part, since: float) -> Job | None:
        """Ask until the job has ended; ``None`` for one that ended before, and is forgotten by now."""
        wait = max(0.0, jobs.FIRST_WAIT - (time.monotonic() - since))
        again = jobs.FIRST_WAIT
        while True:
            time.sleep(wait)
            wait, again = again, min(again * 2, jobs.LONGEST_WAIT)
            job = self._desk.ask(self._errand.kind, job_id)
            self._watch.job(job)
            if job.finished:
                return job
            if not job.known:
                if part.done is not None:
                    return None
                raise UsageError(
                    f"The service does not know job {job_id} any more.",
                    "It keeps jobs for a time only. Run the command with --restart to send the whole file anew: "
                    "what the register holds already it does not take twice.",
                )


def _batches(rows: Iterable[Row], at_once: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, at_once)):
        yield batch


def _digest(values: Sequence[Values]) -> str:
    """Tell what is sent of these rows from anything else."""
    digest = blake2b(digest_size=16)
    for each in values:
        digest.update(_BETWEEN.join((*each, *each.values(), "")).encode())
    return digest.hexdigest()


# No value of a file has it: it is a control character.
_BETWEEN = "\x1f"


def _ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give ascending numbers as ranges, both ends included."""
    first = last = numbers[0]
    for each in numbers[1:]:
        if each != last + 1:
            yield first, last
            first = each
        last = each
    yield first, last
