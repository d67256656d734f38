"""The files that are written of another, row by row."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from uln_client.files.journal import Result
from uln_client.files.outcomes import Outcome, Standing
from uln_client.files.summary import Merge, Summary
from uln_client.files.writings import Writings
from uln_contract.batch_files.answer_columns import ANSWER_COLUMNS
from uln_contract.batch_files.checking import CheckedFile, CheckedRow
from uln_contract.batch_files.headings import headed, key
from uln_contract.batch_files.outputs import Answered, Output, output_of, refused_with
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import Writer, writer
from uln_contract.codes import VerifyCode
from uln_contract.layouts import FileKind

OUTPUT, OUTCOMES, TO_CORRECT, MERGED = "output", "outcomes", "to-correct", "merges-applied"
_FOUND = ("FamilyName", "GivenName", "DateOfBirth", "Gender")
_ADDED = frozenset(map(key, ANSWER_COLUMNS))


class Given(NamedTuple):
    """A row of the file, what became of it, and the service's result, if it was sent and answered."""

    row: CheckedRow
    outcome: Outcome
    result: Result | None


class Target(Protocol):
    """A file being written."""

    def take(self, given: Given) -> None:
        """Write what belongs into it of one row."""


@dataclass(slots=True)
class Place:
    """Where files are written, and the file that they are written of."""

    checked: CheckedFile
    path: Path
    folder: Path
    writings: Writings
    stack: ExitStack
    places: Mapping[str, int] = field(init=False)
    _paths: dict[str, Path] = field(default_factory=dict)
    _writers: list[Writer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = headed(self.checked.source.headings, (self.checked.layout,)).places

    @property
    def headings(self) -> Sequence[str]:
        """The file's own."""
        return self.checked.source.headings

    def opened(
        self,
        what: str,
        path: Path,
        headings: Sequence[str],
        written: Written | None = None,
        *,
        protect: bool = False,
    ) -> Writer:
        """Open a file to be written, as the file itself is unless ``written`` says otherwise.

        ``protect`` is for files that people open and no program reads.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._paths[what] = path
        form = written or self.checked.source.written
        made = writer(path, form, headings, layout=self.checked.layout, protect=protect, like=self.path)
        self._writers.append(self.stack.enter_context(made))
        return made

    @property
    def protected(self) -> int:
        """How many cells have an apostrophe in front, so that a spreadsheet does not compute them."""
        return sum(each.protected for each in self._writers)

    def written(self) -> dict[str, Path]:
        """Take note of what was written, now that it is whole, and give it."""
        self.writings.wrote(*self._paths.values())
        return self._paths


def outcomes(place: Place) -> Target:
    """Give the same file with the answer's columns added."""
    path = place.writings.free(place.folder / f"{place.path.stem}.{OUTCOMES}{place.path.suffix}")
    kept = _kept(place.headings)
    headings = [*(place.headings[each] for each in kept), *ANSWER_COLUMNS]
    return _Outcomes(place.opened(OUTCOMES, path, headings, protect=True), kept)


def to_correct(place: Place, count: int) -> Target:
    """Give the file of the rows to correct, so many; the first one has the columns of the whole file."""
    path = place.writings.free(place.folder / TO_CORRECT / place.path.name)
    kept = _kept(place.headings)
    headings = [*(place.headings[each] for each in kept), *ANSWER_COLUMNS]
    leading = {"FileName": path.name, "LearnerRecordCount": str(count)}
    return _ToCorrect(place.opened(TO_CORRECT, path, headings), kept, place, leading)


def merged(place: Place, summary: Summary) -> Target:
    """Give the copy of the list in which master ULNs stand for merged ones."""
    path = place.writings.free(place.folder / MERGED / place.path.name)
    return _Merged(place.opened(MERGED, path, place.headings), place.places["ULN"], summary)


def published(place: Place, count: int) -> Target:
    """Give the output file, of so many records."""
    layout, form = place.checked.layout, place.checked.source.written.form
    form = FileForm.CSV if form is FileForm.XLSX else form
    suffix = form.upper() if layout.extension_upper else form.value
    path = place.writings.free(place.folder / f"{place.path.stem}.{OUTPUT}.{suffix}")
    return _Published(place, path, Written(form, "utf-8", ",", "\r\n"), count)


class _Outcomes:
    def __init__(self, lines: Writer, kept: Sequence[int]) -> None:
        self._lines, self._kept = lines, kept

    def take(self, given: Given) -> None:
        self._lines.row([*_cells(given.row.cells, self._kept), *_answer(given.outcome)])


class _ToCorrect:
    def __init__(self, lines: Writer, kept: Sequence[int], place: Place, leading: Mapping[str, str]) -> None:
        self._lines, self._kept = lines, kept
        self._of_file = {
            each.name: place.places[each.name]
            for each in place.checked.layout.of_file
            if each.name in place.places
        }
        self._leading = leading
        self._first: dict[int, str] | None = None
        self._begun = False

    def take(self, given: Given) -> None:
        cells = list(given.row.cells)
        if self._first is None:
            of_file = {place: cells[place] for place in self._of_file.values() if place < len(cells)}
            self._first = of_file | {
                place: self._leading[n] for n, place in self._of_file.items() if n in self._leading
            }
        if not given.outcome.to_correct:
            return
        for place, text in self._first.items():
            if place < len(cells):
                cells[place] = "" if self._begun else text
        self._begun = True
        self._lines.row([*_cells(cells, self._kept), *_answer(given.outcome)])


class _Merged:
    """Only a match decides: where the details are merely similar, somebody has to look first [O]."""

    def __init__(self, lines: Writer, place: int, summary: Summary) -> None:
        self._lines, self._place, self._summary = lines, place, summary

    def take(self, given: Given) -> None:
        cells, outcome = list(given.row.cells), given.outcome
        if outcome.code == VerifyCode.WSVRC002 and outcome.uln:
            self._summary.replaced(Merge(given.row.number, given.row.values["ULN"], outcome.uln))
            cells[self._place] = outcome.uln
        elif outcome.code == VerifyCode.WSVRC004:
            self._summary.uncertain += 1
        self._lines.row(cells)


class _Published:
    """Opened with the first row, which says whose file it is."""

    def __init__(self, place: Place, path: Path, written: Written, count: int) -> None:
        self._place, self._path, self._written, self._count = place, path, written, count
        self._output: Output | None = None
        self._lines: Writer | None = None

    def take(self, given: Given) -> None:
        if self._output is None or self._lines is None:
            self._output = output_of(
                self._place.checked.layout, ukprn=self._ukprn(given.row), records=self._count, name=self._path.name
            )
            self._lines = self._place.opened(OUTPUT, self._path, self._output.headings, self._written)
        if given.outcome.standing is not Standing.OPEN:
            self._lines.row(self._output.cells(given.row.values, self._answered(given)))

    def _ukprn(self, row: CheckedRow) -> str:
        place = self._place.places.get("UKPRN")
        return row.cells[place].strip() if place is not None and place < len(row.cells) else ""

    def _answered(self, given: Given) -> Answered:
        kind, outcome, result = self._place.checked.layout.kind, given.outcome, given.result
        if kind is FileKind.REGISTRATION:
            code = str(refused_with(given.row.findings)) if result is None else outcome.code
            return Answered(code=code, uln=outcome.uln)
        if kind is FileKind.ACHIEVEMENTS:
            return Answered(code=outcome.word, codes=outcome.code)
        if result is None:
            return Answered(codes=outcome.code)
        found = {name: text for name, text in zip(_FOUND, result[3:], strict=True) if text}
        return Answered(code=outcome.code, uln=outcome.uln, flags=result[1], found=found)


def _kept(headings: Sequence[str]) -> list[int]:
    """The places of the file's own columns, without what an earlier run added."""
    return [place for place, each in enumerate(headings) if key(each) not in _ADDED]


def _cells(cells: Sequence[str], kept: Sequence[int]) -> list[str]:
    return [cells[place] if place < len(cells) else "" for place in kept]


def _answer(outcome: Outcome) -> tuple[str, ...]:
    return outcome.word, outcome.code, outcome.reason, outcome.remedy, outcome.uln
