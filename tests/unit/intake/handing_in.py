"""Files handed in for tests: folders, files of each kind, and an intake that is taken a look at a time."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from tests.store.builders import an_organisation

from uln_contract.layouts import ACHIEVEMENTS, REGISTRATION_3A, VERIFICATION, Layout
from uln_server.access.organisation import Agreement, Kind
from uln_server.batch.intake_file import IntakeFile
from uln_server.batch.processors import processors
from uln_server.batch.worker import Worker
from uln_server.intake.folders import Folders
from uln_server.intake.running import Running
from uln_server.record.action import Action, Actions
from uln_server.settings import Settings
from uln_server.store.database import Database

PROVIDER, AO = "90000003", "90000001"
Record = Mapping[str, str]
_WORDS = ("ada", "bea", "cyn", "dor", "eva", "fay", "gil", "hal", "ian", "jon")


def name_of(number: int) -> str:
    """A name of letters alone that no other number has, unlike its neighbours'."""
    return "".join(_WORDS[int(digit)] for digit in f"{number:03}").capitalize()


def newcomer(number: int, **changes: str) -> dict[str, str]:
    """A learner whom no register knows; each number is another, and like no other."""
    return {
        "MISIdentifier": f"MIS-{number:04}",
        "GivenName": name_of(number),
        "FamilyName": name_of(999 - number),
        "LastKnownPostCode": "CV4 9EE",
        "DateOfBirth": f"{1960 + number % 40}-0{1 + number % 9}-1{number % 10}",
        "Gender": "2",
        "PrivacyNoticeSeen": "1",
        "VerificationType": "1",
        **changes,
    }


def registration(records: Sequence[Record], name: str = "LRB_90000003_240620240930.CSV") -> str:
    """A registration file of layout 3A."""
    leading = {"FileVersion": "3A", "FileName": name, "UKPRN": PROVIDER, "LearnerRecordCount": str(len(records))}
    return written(REGISTRATION_3A, [{**leading, **records[0]}, *records[1:]])


def verification(records: Sequence[Record]) -> str:
    return written(VERIFICATION, records)


def achievements(records: Sequence[Record]) -> str:
    return written(ACHIEVEMENTS, records)


def written(layout: Layout, records: Sequence[Record]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, layout.names, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writeheader()
    lines.writerows(records)
    return text.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file, by its headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def organisations(database: Database) -> None:
    """A provider that may read and register, and an awarding organisation that may submit."""
    agreements = (Agreement.REGISTER_READ, Agreement.REGISTER_WRITE)
    an_organisation(database, PROVIDER, "SBXLP1", kind=Kind.LEARNING_PROVIDER, agreements=agreements)
    an_organisation(database, AO, "SBXAO1", agreements=(Agreement.ACHIEVEMENTS_SUBMIT,))


class Handing:
    """A folder of folders, its intake, and a worker, each of which does something when it is told to."""

    def __init__(self, database: Database, root: Path, *, lease: float = 60.0, settle: float = 0.0) -> None:
        self.database = database
        self.root = root
        self.folders = Folders(root)
        self.folders.prepare()
        chosen = Settings(intake_settle_seconds=settle, intake_look_seconds=0.01)
        self.running = Running(chosen, database, self.folders, lease_seconds=lease)
        actions = Actions({each: number for number, each in enumerate(Action, 1)})
        of_release = processors(opt_out=False, actions=actions)
        self._worker = Worker(
            database, of_release, lease=timedelta(seconds=5), trouble=_raise, chunk_rows=100, turn_seconds=60
        )

    def put(self, text: str | bytes, name: str = "LRB_90000003_240620240930.CSV", ukprn: str = PROVIDER) -> Path:
        """Hand a file in."""
        folder = self.root / ukprn / "in"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def look(self) -> None:
        """Let the intake look once."""
        self.running.look()

    def work(self) -> None:
        """Work every job off."""
        while self._worker.turn():
            pass

    def through(self) -> None:
        """Take everything as far as it comes."""
        self.look()
        self.work()
        self.look()

    def listed(self, folder: str, ukprn: str = PROVIDER) -> list[str]:
        """What lies in one of an organisation's folders."""
        return sorted(each.name for each in (self.root / ukprn / folder).iterdir())

    def path(self, folder: str, name: str, ukprn: str = PROVIDER) -> Path:
        return self.root / ukprn / folder / name

    def unfinished(self) -> tuple[IntakeFile, ...]:
        return self.database.reading().intake.unfinished()

    def audited(self) -> list[tuple[str | None, str]]:
        return [(each.operation, each.code) for each in self.database.reading().audit.query()]


def _raise(_job: object, error: Exception) -> None:
    raise error
