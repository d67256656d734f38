"""Lists for tests, and importing them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from uln_server.access.audit import AuditEntry
from uln_server.importing.catalogue.run import Counts, carry_out
from uln_server.importing.lists import ListOrder
from uln_server.store.database import Database

UNIT = {"Reference": "K/501/5773", "Title": "Keeping Bees", "OwnerUkprn": "10000001", "Credit": "3"}
QUALIFICATION = {**UNIT, "Reference": "600/1166/X", "Title": "Diploma in Beekeeping", "Credit": "37"}

OFQUAL = {
    "Qualification Number": "500/4606/8",
    "Qualification Title": "Level 2 Award in Beekeeping",
    "Owner Organisation Recognition Number": "RN5133",
    "Owner Organisation Name": "Bee Awards",
    "Owner Organisation Acronym": "BA",
    "Qualification Level": "Level 2",
    "Qualification Sub Level": "None",
    "EQF Level": "Level 3",
    "Qualification Type": "Vocationally-Related Qualification",
    "Total Credits": "13",
    "Qualification SSA": "3.1 Agriculture",
    "Qualification Status": "Available to learners",
    "Regulation Start Date": "2010-07-01",
    "Operational Start Date": "2010-08-01",
    "Operational End Date": "",
    "Certification End Date": "",
    "Minimum Guided Learning Hours": "100",
    "Maximum Guided Learning Hours": "120",
    "Total Qualification Time": "130",
    "Guided Learning Hours": "110",
    "Offered In England": "Yes",
    "Offered In Northern Ireland": "No",
    "Overall Grading Type": "Pass/Merit/Distinction",
    "Assessment Methods": "Coursework, Portfolio of Evidence",
}


@dataclass
class Watcher:
    """Keeps what it is told."""

    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)


def act(command: str) -> AuditEntry:
    """As ``cli.operator.act`` does."""
    now = datetime.now(UTC)
    message = f"act-{now.timestamp()}-{command.rpartition(' ')[2]}"
    return AuditEntry(at=now, message_id=message, user="operator:kim", operation=command, code="OPERATOR")


def csv_file(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows, whose headings are the first row's, as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def errors_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.errors.csv")


def findings(path: Path) -> list[tuple[str, str, str, str]]:
    """Give row, column, value and rule of each line in the error file of a list."""
    with errors_of(path).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    assert all(line[4] and line[5] for line in lines), "every line says what is wrong and what to do"
    return [(line[0], line[1], line[2], line[3]) for line in lines]


def imported(
    database: Database,
    path: Path,
    watcher: Watcher | None = None,
    *,
    complete: bool = False,
    check: bool = False,
) -> Counts:
    order = ListOrder(path=path, errors=errors_of(path), check=check)
    return carry_out(database, order, act, watcher or Watcher(), complete=complete)
