"""A corrected copy of a batch file: what is safe is put right, and each change is told (domain §8).

The copy has the layout's headings in their order, UTF-8, CRLF and the published form of a name. Values are changed
where the check says how they are sent, and nowhere else. Rows that are refused stand in it as they are, and no
file is ever overwritten [O].
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from uln_client.errors import UsageError
from uln_client.files.report import Change, Report
from uln_contract.batch_files.checking import CheckedFile, CheckedRow, Options, open_checked
from uln_contract.batch_files.headings import headed
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.structure_codes import StructureCode
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import FileKind, Layout

# Of such a row nobody knows what its cells are, or whether it belongs here: in a well-formed copy it would pass.
_DAMAGED = frozenset({*StructureCode, ValueCode.LATER_ROW, ValueCode.HEADINGS_AGAIN})
FOLDER = "corrected"
"""Where a corrected copy goes unless another place is named: the folder beside the file [O]."""
_FORMS = {f".{each}": each for each in FileForm}
_CLOCK = ZoneInfo("Europe/London")


def correct(path: Path, report: Report, *, kind: FileKind | None, options: Options, output: Path | None) -> None:
    """Write the corrected copy of a file that has been examined, and say in the report what it changes.

    Where there can be none, the report says why: the file cannot be used, a row of it cannot be told apart, or
    something stands where the copy would.
    """
    try:
        _correct(path, report, kind, options, output)
    except UsageError as error:
        report.no_copy = f"{error.text} {error.remedy}"
    except OSError as error:
        report.no_copy = f"The corrected copy cannot be written: {error.strerror}. Name another with --output."


def _correct(path: Path, report: Report, kind: FileKind | None, options: Options, output: Path | None) -> None:
    if report.unusable or report.layout is None or report.written is None:
        raise UsageError(
            f"{report.file} cannot be used as it is, so there is no corrected copy.",
            "Put right what is said of the file as a whole, and run the command again.",
        )
    target = output or _place(report.file, report.layout, report.written.form, report.ukprn or options.ukprn)
    _refuse_existing(target, path)
    with open_checked(path, kind=kind, options=options) as file:
        copy = _Copy(file, target)
        written = Written(form_of(target, report.written.form), "utf-8", ",", "\r\n")
        target.parent.mkdir(parents=True, exist_ok=True)
        with writer(target, written, file.layout.names, layout=file.layout, like=path) as output_file:
            for row in file.rows():
                output_file.row(copy.cells(row))
                for change in copy.changes(row):
                    report.changed(change)
    report.copy = str(target)


def form_of(target: Path, form: FileForm) -> FileForm:
    """Give the form that a file's extension says, ``form`` where it says none."""
    return _FORMS.get(target.suffix.lower(), form)


def _refuse_existing(target: Path, path: Path) -> None:
    if target.exists():
        is_input = path.exists() and target.samefile(path)
        raise UsageError(
            f"{target} is {'the file itself' if is_input else 'there already'}, and nothing is overwritten.",
            "Name another file with --output, or take that one away.",
        )


def _place(name: str, layout: Layout, form: FileForm, ukprn: str | None) -> Path:
    """Where the copy goes: under the file's own name if it has the layout's form, else under one that has."""
    path = Path(name)
    stem = path.stem if layout.file_name.fullmatch(path.stem) else _named(layout, ukprn)
    upper = layout.extension_upper and form is not FileForm.XLSX
    return path.parent / FOLDER / f"{stem}.{form.value.upper() if upper else form.value}"


def _named(layout: Layout, ukprn: str | None) -> str:
    if ukprn is None:
        raise UsageError(
            f"The corrected copy needs a name of the form {layout.file_name_form}, and the UKPRN is not known.",
            "Give --ukprn, or the whole name with --output.",
        )
    now = datetime.now(_CLOCK)
    return (
        layout.file_name_form.replace("<UKPRN>", ukprn)
        .replace("<DDMMYYYYHHMM>", f"{now:%d%m%Y%H%M}")
        .replace("<YYYYMMDD>", f"{now:%Y%m%d}")
        .replace("<NNN>", "001")
    )


class _Copy:
    """What the copy has in each row."""

    def __init__(self, file: CheckedFile, target: Path) -> None:
        self._layout = file.layout
        self._places = headed(file.source.headings, (file.layout,)).places
        self._width = len(file.source.headings)
        self._target = target
        self._first = True
        self._before: Mapping[str, str] = {}
        self._after: Mapping[str, str] = {}

    def cells(self, row: CheckedRow) -> list[str]:
        """Give a row's cells in the layout's order."""
        if len(row.cells) != self._width or any(each.refuses and each.code in _DAMAGED for each in row.findings):
            raise UsageError(
                f"Row {row.number} cannot be told apart for sure, so there is no corrected copy.",
                "Put right what is said of that row, and run the command again.",
            )
        self._before = {name: row.cells[place] for name, place in self._places.items()}
        self._after = {**self._before, **self._put_right(row), **self._leading()}
        self._first = False
        return [self._after.get(name, "") for name in self._layout.names]

    def _put_right(self, row: CheckedRow) -> dict[str, str]:
        """The values as they are sent; of a refused row, those that are safe."""
        if row.good:
            return {each.name: row.values.get(each.name, "") for each in self._layout.of_record}
        return {each.column: each.fixed for each in row.findings if each.column and each.fixed is not None}

    def _leading(self) -> dict[str, str]:
        """What the first row says of the whole file; the count has been checked."""
        names = [each.name for each in self._layout.of_file]
        if not names or not self._first:
            return dict.fromkeys(names, "")
        known = {"FileVersion": self._layout.name, "FileName": self._target.name}
        return {name: known.get(name, self._before.get(name, "").strip()) for name in names}

    def changes(self, row: CheckedRow) -> Iterator[Change]:
        """Tell what the copy has otherwise than the file, the row that was last written being meant."""
        said = {each.column: each for each in row.findings if each.fixed is not None}
        for name in self._layout.names:
            before, after = self._before.get(name, ""), self._after.get(name, "")
            if before != after:
                found = said.get(name)
                words = f"{found.code} {found.words}" if found else _OF_FILE.get(name, _SENT)
                yield Change(row.number, name, before, after, words)


_SENT = "So it is sent."
_OF_FILE = {
    "FileVersion": "The version of the layout whose headings the file has.",
    "FileName": "The copy's own name.",
    "UKPRN": "Said once, in the first row.",
    "LearnerRecordCount": "Said once, in the first row.",
}
