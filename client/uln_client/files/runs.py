"""One file's run: checked whole, sent as jobs, followed, given back; or taken up where it stopped (domain §8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from uln_client.errors import UsageError
from uln_client.files import sending
from uln_client.files.contents import content_of
from uln_client.files.errands import Achievements, Errand, Registration, Verification
from uln_client.files.examining import OF_NAMES
from uln_client.files.giving_back import give_back
from uln_client.files.journal import Journal
from uln_client.files.sending import Sending
from uln_client.files.summary import Summary
from uln_client.files.writings import Writings
from uln_contract.batch_files.checking import CheckedFile, CheckedRow, Options, open_checked
from uln_contract.batch_files.findings import Finding
from uln_contract.layouts import FileKind, Layout

if TYPE_CHECKING:
    from uln_client.desk import Desk
    from uln_client.jobs import Job

MOST_ROWS = 1_000_000
"""Rows of one file: it is sent as many jobs, so that only time bounds it [O]."""
FOLDER = ".uln-journal"
"""Where journals lie, beside the file [O].

There they are as safe as the learners' details in the file itself, the disk has room for them, and they are found
again by whoever runs the command again, on whichever machine.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a file is sent for, and how it is read: an earlier run is taken up only for the same."""

    check_only: bool = False
    provisional: bool = False
    email: str | None = None
    strict: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is run.

    ``restart`` forgets an earlier run. Without ``wait`` no job is followed, and nothing is given back yet.
    ``output`` is the folder for what is written, ``None`` for the file's own. ``apply_merges`` asks for a copy of
    the list with the ULNs to use from now on. ``piped`` says that the file has no name of its own.
    """

    purpose: Purpose = field(default_factory=Purpose)
    restart: bool = False
    wait: bool = True
    output: Path | None = None
    apply_merges: bool = False
    piped: bool = False


class Watch(sending.Watch, Protocol):
    """Is told how far a run has come, pass by pass."""

    def stage(self, words: str) -> None:
        """A pass over the file begins."""

    def position(self, done: int, of: int) -> None:
        """So much of the file was read in this pass."""

    def rows(self, of: int) -> None:
        """So many rows are sent in all."""


class Silent:
    """Tells nobody."""

    def stage(self, words: str) -> None:
        """Tell nobody."""

    def position(self, done: int, of: int) -> None:
        """Tell nobody."""

    def rows(self, of: int) -> None:
        """Tell nobody."""

    def sent(self, rows: int) -> None:
        """Tell nobody."""

    def done(self, rows: int) -> None:
        """Tell nobody."""

    def job(self, job: "Job") -> None:
        """Tell nobody."""


_PLAINLY = How()


def run(desk: "Desk", path: Path, kind: FileKind, how: How = _PLAINLY, watch: Watch | None = None) -> Summary:
    """Send a file's good rows, and give back what became of each row.

    ``desk`` is an organisation's own (:class:`~uln_client.AwardingOrganisation`). The whole file is checked before
    anything is sent. Raises ``UnusableFile`` when none of it can be, :class:`~uln_client.errors.UsageError` when
    an earlier run stands in the way, and whatever else the service's answers mean; the same call then goes on
    where this one stopped.
    """
    path, watch = path.absolute(), watch or Silent()
    identity = _identity(desk, path, kind)
    with Journal.opened(place_of(path, identity, how.purpose), anew=how.restart) as journal:
        if journal.run is None:
            journal.begin({**identity, **asdict(how.purpose), **_counted(desk, path, kind, how.purpose, watch)})
            again = False
        else:
            _check_same(journal.run, identity, how.purpose)
            again = _finished(journal)
        return _carried_out(desk, path, kind, how, watch, journal, again=again)


def _carried_out(  # noqa: PLR0913, PLR0917  # what a run is made of
    desk: "Desk", path: Path, kind: FileKind, how: How, watch: Watch, journal: Journal, *, again: bool
) -> Summary:
    run_: Mapping[str, Any] = journal.run or {}
    opened = _opening(desk, path, kind, how.purpose, date.fromisoformat(run_["today"]))
    summary = Summary(path=path, kind=kind, rows=run_["rows"], good=run_["good"], again=again)
    if run_["good"] and not again:
        _send(desk, opened, how, watch, journal)
    if _content(path) != run_["content"]:
        raise UsageError(
            "The file was changed while it was being sent.",
            "Put its earlier content back and run the same command again: it gives what became of each row.",
        )
    summary.jobs = list(dict.fromkeys(part.job for part in journal.parts.values() if part.job is not None))
    if how.wait or again:
        watch.stage("Writing")
        with opened() as checked:
            errand = errand_of(desk, checked.layout, how.purpose)
            findings = _Findings(summary, piped=how.piped)
            rows = findings.of(_positioned(checked, watch))
            folder = (how.output or path.parent).absolute()
            writings = Writings(path.parent / FOLDER / f"{path.name}.written.json")
            give_back(checked, rows, errand, journal, folder, writings, summary, apply_merges=how.apply_merges)
            findings.add(checked.findings)
    return summary


def _send(desk: "Desk", opened: "_Opened", how: How, watch: Watch, journal: Journal) -> None:
    run_: Mapping[str, Any] = journal.run or {}
    watch.stage("Sending")
    watch.rows(run_["good"])
    with opened() as checked:
        errand = errand_of(desk, checked.layout, how.purpose)
        sender = Sending(desk, errand, journal, watch, at_once=run_["at_once"])
        sender.send((row for row in checked.rows() if row.good), follow=how.wait)


class _Findings:
    """Keeps in the summary what was found; of what came through a pipe, nothing that is about the name."""

    def __init__(self, summary: Summary, *, piped: bool) -> None:
        self._summary = summary
        self._unsaid: frozenset[str] = OF_NAMES if piped else frozenset()

    def of(self, rows: Iterator[CheckedRow]) -> Iterator[CheckedRow]:
        """Give rows, and keep what was found in them."""
        for row in rows:
            self.add(row.findings)
            self._summary.kept += "UCI" in row.values or "UPN" in row.values
            yield row

    def add(self, findings: Sequence[Finding]) -> None:
        """Keep findings."""
        for each in findings:
            if each.code not in self._unsaid:
                self._summary.report.add(each)


def errand_of(desk: "Desk", layout: Layout, purpose: Purpose) -> Errand:
    """Give what a file of this layout is sent for."""
    if layout.kind is FileKind.VERIFICATION:
        return Verification(desk, layout, email=purpose.email)
    if layout.kind is FileKind.REGISTRATION:
        return Registration(desk, layout, check_only=purpose.check_only)
    return Achievements(desk, layout, provisional=purpose.provisional, email=purpose.email)


def place_of(path: Path, identity: Mapping[str, str], purpose: Purpose) -> Path:
    """Where the journal lies: one for each service, organisation and intention, so that a rehearsal is another."""
    intention = (
        identity["service"],
        identity["organisation"],
        identity["kind"],
        purpose.check_only,
        purpose.provisional,
    )
    tag = blake2b(repr(intention).encode(), digest_size=4).hexdigest()
    return path.parent / FOLDER / f"{path.name}.{tag}.jsonl"


def _identity(desk: "Desk", path: Path, kind: FileKind) -> dict[str, str]:
    caller = desk.credentials()
    return {
        "kind": kind.value,
        "service": desk.address,
        "organisation": caller["ukprn"] or caller["organisation_ref"] or "",
        "content": _content(path),
    }


def _content(path: Path) -> str:
    try:
        return content_of(path)
    except OSError as error:
        raise UsageError(
            f"The file {path} cannot be read ({error.strerror}).",
            "Give a file that is there and that you may read.",
        ) from None


def _counted(desk: "Desk", path: Path, kind: FileKind, purpose: Purpose, watch: Watch) -> dict[str, Any]:
    """Check the whole file, and count its rows."""
    watch.stage("Checking")
    today = datetime.now(ZoneInfo("Europe/London")).date()
    rows = good = 0
    with _opening(desk, path, kind, purpose, today)() as checked:
        for row in _positioned(checked, watch):
            rows += 1
            good += row.good
        at_once = checked.layout.at_once
    return {"rows": rows, "good": good, "at_once": at_once, "today": today.isoformat()}


_EVERY = 2_000


def _positioned(checked: CheckedFile, watch: Watch) -> Iterator[CheckedRow]:
    """Give a file's rows, and tell now and then how far they are."""
    for place, row in enumerate(checked.rows()):
        if place % _EVERY == 0:
            watch.position(*checked.position())
        yield row


_Opened = Callable[[], CheckedFile]


def _opening(desk: "Desk", path: Path, kind: FileKind, purpose: Purpose, today: date) -> _Opened:
    """Give what opens the file; every pass of a run finds the same in it, whichever day that is."""
    options = Options(
        strict=purpose.strict,
        encoding=purpose.encoding,
        delimiter=purpose.delimiter,
        sheet=purpose.sheet,
        ukprn=desk.credentials()["ukprn"],
        most=MOST_ROWS,
        today=today,
    )

    return partial(open_checked, path, kind=kind, options=options)


def _finished(journal: Journal) -> bool:
    """Whether rows were sent, and nothing is left to be sent or asked."""
    good = (journal.run or {}).get("good", 0)
    complete = all(each.complete for each in journal.parts.values())
    return bool(good) and complete and sum(each.count for each in journal.parts.values()) == good


def _check_same(run_: Mapping[str, Any], identity: Mapping[str, str], purpose: Purpose) -> None:
    if run_["content"] != identity["content"]:
        raise UsageError(
            "The file is not what it was when an earlier run sent it.",
            "Put its earlier content back, and the same command goes on or gives the results again. To send "
            "corrected rows alone, give the file of rows to correct. To send this whole file anew, add --restart.",
        )
    other = [name for name, value in asdict(purpose).items() if run_[name] != value]
    if other:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in other)
        raise UsageError(
            f"An earlier run of this file was begun with other options: {options}.",
            "Give the same options as then, or add --restart to send the whole file anew.",
        )
