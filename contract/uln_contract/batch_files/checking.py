"""A batch file checked for everything that can be known without the register (domain §8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from uln_contract.achievement_fields import LONDON
from uln_contract.batch_files.columns import ACTIONS, ColumnCheck
from uln_contract.batch_files.findings import Finding, Severity, UnusableFile
from uln_contract.batch_files.headings import Headed, headed
from uln_contract.batch_files.leading import Expected, Leading
from uln_contract.batch_files.opening import name_findings, open_source
from uln_contract.batch_files.relations import Relations
from uln_contract.batch_files.repeats import Repeats
from uln_contract.batch_files.rows import Row, Source
from uln_contract.batch_files.swapping import SAMPLE, swapped
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.layouts import LAYOUTS, FileKind, Layout, layouts_of


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is checked.

    ``strict``: what is otherwise a warning refuses. ``encoding``, ``delimiter`` and ``sheet`` say how to read the
    file where it does not say so itself. ``ukprn`` is the organisation that sends it. ``most`` is the number of
    records that it may hold, if not the layout's. ``today`` is the day in London, unless it is today. ``actions``
    are the numbers that the service takes for Action. ``name`` is the file's name where it is read from elsewhere,
    and ``""`` for a file that has none.
    """

    strict: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    ukprn: str | None = None
    most: int | None = None
    today: date | None = None
    actions: frozenset[int] = ACTIONS
    name: str | None = None


_ANY = Options()


class CheckedRow(NamedTuple):
    """One record, checked.

    ``number`` and ``cells`` are those of the file. ``values`` has, by the layout's names of the columns, the texts
    as they are sent: what is safe is put right, what is blank is not there, nor are the columns of the whole file.
    Of a value that is refused it is the text that was judged. ``findings`` tell every change.
    """

    number: int
    cells: Sequence[str]
    values: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """Say nothing of the person: what is printed may come into a log."""
        return f"<CheckedRow {self.number}>"

    @property
    def good(self) -> bool:
        """Whether the record is sent."""
        return not any(each.refuses for each in self.findings)


class CheckedFile:
    """A batch file being checked, row by row; a context manager that closes it.

    ``findings`` are those of the file as a whole; they are complete once ``rows`` has ended.
    """

    def __init__(self, source: Source, headed_: Headed, name: str, options: Options = _ANY) -> None:
        """Check the headings and the first rows of a source that nothing was read of.

        ``name`` is the file's own, ``""`` when it has none.

        Raises ``UnusableFile``, as ``rows`` does.
        """
        self.source = source
        self._options = options
        self._name = name
        self._sample: list[Row] = []
        self._rest = self._ahead(source.rows())
        columns = _by_version(headed_, source, self._sample)
        self.layout, self._places = columns.layout, columns.places
        self._found: list[Finding] = [*columns.findings]
        self._leading = Leading(Expected(self.layout, self._places, name, options.ukprn))
        self._headings = list(source.headings)
        self._most = options.most or self.layout.most
        self._checking = _Checking(self.layout, self._places, options)
        self._look_ahead()

    @property
    def findings(self) -> list[Finding]:
        """What is found of the file as a whole."""
        return [self._severe(each) for each in (*self.source.findings, *self._found)]

    def rows(self) -> Iterator[CheckedRow]:
        """Give every record, once.

        Raises ``UnusableFile`` where the file stops making sense, holds too many records, or at its end when it
        then shows that it is not whole.
        """
        records = 0
        for row in chain(self._sample, self._rest):
            records += 1
            if records > self._most:
                self._too_many()
            yield self._checked(row, first=records == 1)
        self._end(records)

    def position(self) -> tuple[int, int]:
        """Give how much has been read, and how much there is, in the source's own measure."""
        return self.source.position()

    def close(self) -> None:
        """Close the file."""
        self.source.close()

    def __enter__(self) -> Self:
        """Give the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def _ahead(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Read the first rows; where the file stops making sense among them, that is told in its turn."""
        try:
            for row in islice(rows, SAMPLE):
                self._sample.append(row)  # those before the break stay
        except UnusableFile as broken_off:
            return _raising(broken_off)
        return rows

    def _look_ahead(self) -> None:
        """Look at the first rows for what makes the whole file unusable."""
        whole = [each for each in self._sample if not _refuses(each.findings)]
        if whole and whole[0] is self._sample[0]:
            self._add(*self._leading.first(whole[0].number, whole[0].cells))
        columns = swapped(self.layout, self._places, [each.cells for each in whole])
        named = name_findings(Path(self._name), self.layout, self.source.written.form) if self._name else []
        self._add(*named, *([columns] if columns else []))

    def _checked(self, row: Row, *, first: bool) -> CheckedRow:
        if row.findings and _refuses(row.findings):
            return CheckedRow(row.number, row.cells, {}, self._placed(row.findings, row.number))
        if row.cells == self._headings:
            again = found(ValueCode.HEADINGS_AGAIN, "The headings stand once more in this row.")
            return CheckedRow(row.number, row.cells, {}, self._placed((again,), row.number))
        leading = [] if first else self._leading.later(row.number, row.cells)
        values, findings = self._checking.check(row.number, row.cells)
        if row.findings or leading or findings:
            told = self._placed((*row.findings, *leading, *findings), row.number)
            return CheckedRow(row.number, row.cells, values, told)
        return CheckedRow(row.number, row.cells, values)

    def _placed(self, findings: Sequence[Finding], row: int) -> tuple[Finding, ...]:
        sheet = self.source.written.sheet or None
        strict = self._options.strict
        return tuple(
            replace(each, row=row, sheet=sheet, severity=Severity.ERROR if strict else each.severity)
            for each in findings
        )

    def _severe(self, finding: Finding) -> Finding:
        if self._options.strict and not finding.refuses:
            return replace(finding, severity=Severity.ERROR)
        return finding

    def _add(self, *findings: Finding) -> None:
        """Add findings of the whole file, and stop when there is one that refuses it."""
        sheet = self.source.written.sheet or None
        self._found += [replace(each, sheet=sheet) for each in findings]
        told = self.findings
        if _refuses(told):
            raise UnusableFile(*sorted(told, key=lambda each: each.refuses))

    def _too_many(self) -> None:
        words = f"The file holds more than {self._most} records, and that is what one file may hold."
        self._add(found(ValueCode.TOO_MANY, words))

    def _end(self, records: int) -> None:
        findings = self._leading.end(records)
        if not records:
            findings.append(found(ValueCode.NO_RECORD, "The file has headings and no record."))
        elif records < self.layout.fewest:
            usual = self.layout.fewest
            words = f"The file holds {records} records; files of this layout usually hold {usual} or more."
            findings.insert(0, found(ValueCode.FEW, words))
        self._add(*findings)


class _Checking:
    """What is asked of every record of one layout, made ready once."""

    def __init__(self, layout: Layout, places: Mapping[str, int], options: Options) -> None:
        today = options.today or datetime.now(LONDON).date()
        checks = [
            (places[each.name], ColumnCheck(each, layout.kind, today, actions=options.actions))
            for each in layout.of_record
            if each.name in places
        ]
        self._columns = [
            (each.column.name, place, each.plain, each.judge, each.column.required) for place, each in checks
        ]
        self._relations = Relations(layout.kind, frozenset(each.name for each in layout.columns), today)
        self._repeats = Repeats(layout.kind)

    def check(self, row: int, cells: Sequence[str]) -> tuple[Mapping[str, str], Sequence[Finding]]:
        """Give what is sent of a record, and what there is to say of it."""
        values: dict[str, str] = {}
        findings: list[Finding] = []
        for name, place, plain, judge, required in self._columns:
            value = cells[place]
            if not value and not required:
                continue
            if plain(value):
                values[name] = value
                continue
            text, told = judge(value)
            if text:
                values[name] = text
            if told:
                findings += told
        broken = _broken(findings) if findings else _NOTHING
        findings += self._relations.judge(values, broken)
        if not findings or not _refuses(findings):
            repeat = self._repeats.judge(values, row)
            if repeat is not None:
                findings.append(repeat)
        return values, findings


_NOTHING: frozenset[str] = frozenset()


def open_checked(path: Path, *, kind: FileKind | None = None, options: Options = _ANY) -> CheckedFile:
    """Open a batch file to be checked; ``kind`` is what it should be, anything if there is none.

    Raises ``UnusableFile`` when no record of it could be sent, and ``OSError`` when there is no such file.
    """
    source = open_source(path, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet)
    try:
        layouts = layouts_of(kind) if kind else tuple(LAYOUTS.values())
        sheet = source.written.sheet or None
        columns = headed(source.headings, layouts, row=source.heading_row, sheet=sheet)
        return CheckedFile(source, columns, path.name if options.name is None else options.name, options)
    except BaseException:
        source.close()
        raise


def _raising(broken_off: UnusableFile) -> Iterator[Row]:
    yield from ()
    raise broken_off


def _by_version(headed_: Headed, source: Source, sample: Sequence[Row]) -> Headed:
    """Where the headings fit several layouts as well, take the one that FileVersion names."""
    place = headed_.places.get("FileVersion")
    if place is None or not sample or _refuses(sample[0].findings):
        return headed_
    version = sample[0].cells[place].strip().upper()
    other = [each for each in headed_.alike if each.name == version]
    sheet = source.written.sheet or None
    return headed(source.headings, other, row=source.heading_row, sheet=sheet) if other else headed_


def _refuses(findings: Sequence[Finding]) -> bool:
    return any(each.refuses for each in findings)


def _broken(findings: Sequence[Finding]) -> frozenset[str]:
    return frozenset(each.column for each in findings if each.column and each.refuses)
