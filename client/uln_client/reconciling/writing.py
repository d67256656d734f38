"""What a comparison writes: the report, and the achievement file that puts the register right (domain §8, §9)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from uln_client.errors import UsageError
from uln_client.files.runs import FOLDER
from uln_client.files.writings import Writings
from uln_client.reconciling.ledger import Ledger
from uln_client.reconciling.summary import Summary
from uln_client.reconciling.telling import HEADINGS
from uln_contract.batch_files.checking import CheckedFile
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import ACHIEVEMENTS

REPORT, CORRECTIONS = "report", "corrections"
_LAST_NUMBER = 999


@dataclass(frozen=True, slots=True)
class Targets:
    """Where is written: into ``folder``; ``stem`` is the name of ``list`` without extension, ``form`` its form."""

    list: Path
    folder: Path
    stem: str
    form: FileForm
    ukprn: str

    @classmethod
    def beside(
        cls, path: Path, output: Path | None, checked: CheckedFile, ukprn: str | None, name: str | None
    ) -> "Targets":
        """Give where to write what is found in a list; its corrections need the organisation's UKPRN."""
        stem = path.stem if name is None else Path(name).stem or "list"
        named = ACHIEVEMENTS.file_name.fullmatch(stem)
        ukprn = ukprn or (named["ukprn"] if named else None)
        if ukprn is None:
            raise UsageError(
                f"The file of corrections needs a name of the form {ACHIEVEMENTS.file_name_form}, and the UKPRN "
                "is not known.",
                "Give --ukprn.",
            )
        return cls(path, (output or path.parent).absolute(), stem, checked.source.written.form, ukprn)


def write(ledger: Ledger, targets: Targets, summary: Summary) -> None:
    """Write what a ledger has to be written: the report always, so that no earlier one stands for it."""
    with _told(targets.folder):
        targets.folder.mkdir(parents=True, exist_ok=True)
        (targets.folder / FOLDER).mkdir(exist_ok=True)
        writings = Writings(targets.folder / FOLDER / f"{targets.stem}.reconciled.json")
        summary.files[REPORT] = _report(ledger, targets, writings)
        if summary.corrections:
            summary.files[CORRECTIONS] = _corrections(ledger, targets, writings)
        writings.wrote(*summary.files.values())


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"What differs cannot be written into {folder} ({error.strerror}).",
            "Name another folder with --output.",
        ) from None


def _report(ledger: Ledger, targets: Targets, writings: Writings) -> Path:
    path = writings.free(targets.folder / f"{targets.stem}.reconciled.csv")
    # With the mark a spreadsheet reads it as UTF-8.
    written = Written(FileForm.CSV, "utf-8-sig", ",")
    with writer(path, written, HEADINGS, protect=True, like=targets.list) as report:
        for line in ledger.written("lines"):
            report.row(line)
    return path


def _corrections(ledger: Ledger, targets: Targets, writings: Writings) -> Path:
    path = _named(targets, writings)
    written, names = Written(targets.form, "utf-8", ",", "\r\n"), ACHIEVEMENTS.names
    with writer(path, written, names, layout=ACHIEVEMENTS, like=targets.list) as file:
        for values in ledger.written("corrections"):
            file.row([values.get(name, "") for name in names])
    return path


def _named(targets: Targets, writings: Writings) -> Path:
    """Give the first free name of the published form: nothing stands there, and nothing of it was ever sent.

    What an earlier comparison wrote, and nobody has changed or sent, is written over.
    """
    today = datetime.now(ZoneInfo("Europe/London"))
    for number in range(1, _LAST_NUMBER + 1):
        name = f"QCF_{targets.ukprn}_{today:%Y%m%d}_{number:03}.{targets.form}"
        path = targets.folder / name
        sent = any((targets.folder / FOLDER).glob(f"{name}.*"))
        if not sent and writings.free(path) == path:
            return path
    raise UsageError(
        f"The folder {targets.folder} has {_LAST_NUMBER} achievement files of today already.",
        "Name another folder with --output.",
    )
