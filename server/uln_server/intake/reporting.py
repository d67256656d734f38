"""What is written about a file: every finding, the output, the records to correct, and a summary (domain §8).

All of it is written beside the file in the service's own folder, each whole, and moved from there.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from uln_contract.batch_files.answer_columns import ANSWER_COLUMNS
from uln_contract.batch_files.checking import CheckedFile, CheckedRow
from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.outputs import Answered, output_of, refused_with
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import FileKind, Layout
from uln_server.batch.intake_file import IntakeFile
from uln_server.intake.spool import Spool

HEADINGS = ("File", "Sheet", "Row", "Column", "Value", "SentAs", "Severity", "Code", "Rule", "Remedy")
"""Those of the report of findings."""
_CSV = Written(FileForm.CSV, "utf-8-sig", ",", "\r\n")  # with a mark: people open it
_NOT_SENT = "not sent"


@dataclass(frozen=True, slots=True)
class Names:
    """What the things that are written about a file are called: after the name that it will have itself."""

    folder: Path
    filed_as: str
    form: FileForm | None = None

    @property
    def report(self) -> Path:
        """Every finding."""
        return self.folder / f"{self.filed_as}.report.csv"

    @property
    def summary(self) -> Path:
        """A few lines for people."""
        return self.folder / f"{self.filed_as}.summary.txt"

    @property
    def output(self) -> Path:
        """What became of each record, in the file's own form."""
        return self._of_form("output")

    @property
    def corrections(self) -> Path:
        """The records to correct, in the file's own form."""
        return self._of_form("correct")

    def _of_form(self, what: str) -> Path:
        """Keep the extension behind, if it is the form's; another stays in the name, so that it is no other's."""
        path = Path(self.filed_as)
        extension, form = path.suffix[1:], self.form or FileForm.CSV
        if extension.lower() == form.value:
            return self.folder / f"{path.stem}.{what}.{extension}"
        return self.folder / f"{self.filed_as}.{what}.{form.value}"


class FindingsFile:
    """Every finding, a line each; a context manager, whose file is there once it has ended well."""

    def __init__(self, names: Names, file: str) -> None:
        self._file = file
        self._writing = writer(names.report, _CSV, HEADINGS, protect=True)

    def add(self, findings: Iterable[Finding]) -> None:
        """Write findings."""
        for each in findings:
            row = "" if each.row is None else str(each.row)
            value, fixed = each.value or "", each.fixed or ""
            place = (self._file, each.sheet or "", row, each.column or "", value, fixed)
            self._writing.row((*place, each.severity.value, each.code, each.words, each.remedy))

    def __enter__(self) -> Self:
        self._writing.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writing.__exit__(kind, error, trace)


@dataclass(frozen=True, slots=True)
class Told:
    """A record, what became of it, and what there is to say of it; ``answered`` has a code if it was sent."""

    row: CheckedRow = field(repr=False)
    answered: Answered
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def to_correct(self) -> bool:
        """Whether somebody has to look at it before it is sent again."""
        return any(each.refuses for each in self.findings)


@dataclass(slots=True)
class Tally:
    """How a file's records fared: how many have which outcome, and how many are to be corrected."""

    outcomes: dict[str, int] = field(default_factory=dict)
    to_correct: int = 0

    @property
    def records(self) -> int:
        """How many there are."""
        return sum(self.outcomes.values())

    @property
    def sent(self) -> int:
        """How many of them became rows of jobs."""
        return self.records - self.outcomes.get(_NOT_SENT, 0)

    def take(self, told: Told) -> None:
        """Count one more."""
        outcome = told.answered.code or _NOT_SENT
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


def give_back(checked: CheckedFile, told: Iterable[Told], names: Names, file: IntakeFile, records: int) -> Tally:
    """Write all but the summary; ``told`` are the records of ``checked`` in their order, ``records`` of them."""
    tally, to_correct = Tally(), Spool(names.folder.with_suffix(".correct"), names.folder.with_suffix(".part"))
    written = Written(checked.source.written.form, "utf-8", ",", "\r\n")
    output = output_of(checked.layout, ukprn=file.ukprn, records=records, name=names.output.name)
    with (
        FindingsFile(names, file.name) as report,
        writer(names.output, written, output.headings, layout=checked.layout) as rows,
    ):

        def kept() -> Iterator[tuple[int, object]]:
            for each in told:
                rows.row(output.cells(each.row.values, _coded(each, checked.layout)))
                report.add(each.findings)
                tally.take(each)
                if each.to_correct:
                    yield each.row.number, [list(each.row.cells), _answer(each)]

        tally.to_correct = to_correct.write(kept())
        report.add(checked.findings)
    if tally.to_correct:
        _correct(checked, to_correct, names, file, tally.to_correct)
    to_correct.remove()
    return tally


def _coded(told: Told, layout: Layout) -> Answered:
    """Give what the output says of a record: one that was not sent has the code that it would have had."""
    if told.answered.code:
        return told.answered
    codes = " ".join(dict.fromkeys(each.code for each in told.findings if each.refuses))
    code = refused_with(told.findings).value if layout.kind is FileKind.REGISTRATION else ""
    return replace(told.answered, code=code, codes=codes)


def _answer(told: Told) -> list[str]:
    wrong = [each for each in told.findings if each.refuses]
    said = (f"{each.column}: {each.words}" if each.column else each.words for each in wrong)
    return [
        told.answered.code or _NOT_SENT,
        " ".join(dict.fromkeys(each.code for each in wrong)),
        " ".join(said),
        " ".join(dict.fromkeys(each.remedy for each in wrong)),
        told.answered.uln,
    ]


def _correct(checked: CheckedFile, kept: Spool, names: Names, file: IntakeFile, count: int) -> None:
    """Write the records to correct as they stand in the file, so that it can be sent again once they are."""
    source, layout = checked.source, checked.layout
    leading = _leading(checked, names, file, count)
    width = len(source.headings)
    added = [each for each in ANSWER_COLUMNS if each not in source.headings]
    first = True
    written = Written(source.written.form, "utf-8", ",", "\r\n")
    with writer(names.corrections, written, [*source.headings, *added], layout=layout) as rows:
        for text in kept.rows(0, count):
            cells, answer = json.loads(text)
            cells = [*cells, *[""] * width][:width]
            for place, value in leading.items():
                cells[place] = value if first else ""
            told = dict(zip(ANSWER_COLUMNS, answer, strict=True))
            for place, heading in enumerate(source.headings):
                cells[place] = told.get(heading, cells[place])
            rows.row([*cells, *(told[each] for each in added)])
            first = False


def _leading(checked: CheckedFile, names: Names, file: IntakeFile, count: int) -> dict[int, str]:
    """Give what the first row says of the whole file, by the places of its columns."""
    values = {
        "FileVersion": checked.layout.name,
        "FileName": names.corrections.name,
        "UKPRN": file.ukprn,
        "LearnerRecordCount": str(count),
    }
    places = headed(checked.source.headings, (checked.layout,)).places
    return {places[each.name]: values[each.name] for each in checked.layout.of_file if each.name in places}
