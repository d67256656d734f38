"""Measure what the check makes of 1,000 seeded mutations of good batch files.

``python benchmarks/file_mutations.py`` prints it, and so does ``make bench``. Each mutation is what a person, a
spreadsheet or a program does to a file of 50 records of any layout and form: to one value or two, to a column,
to a row, to the headings, to the file. What can be measured is bound by what can be known: a defect that makes
another good value, such as one name for another, is none of the mutations.

named      The report has a finding at the defect's row and column; at its column, where it is a heading's; at its
           row, where a line or record is broken; and at all, where it is the file's, such as its encoding.
silent     Values of records that would be sent, which differ from the truth without a finding at their place.
put right  One correction and one resend are enough: every record is then sent with its true values. The corrector
           knows the findings alone, and the source to look things up in, as a clerk does. Where a finding names a
           cell and has not put it right already, the cell is copied from the source; where it names a row alone,
           the row; where it names a column, its heading, or all of it when it is missing. A row that is said to be
           there twice, or to be no record, is taken out, and so is one that the source has not. A file that is
           said to be broken off is made again. Nothing is guessed, and nothing looked at that no finding names.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.file_cell_mutations import changes_of
from benchmarks.file_correcting import corrected
from benchmarks.file_mutants import Mutant, Place, good, values
from benchmarks.file_structure_mutations import STRUCTURES
from benchmarks.file_truths import TRUTHS

from uln_contract.batch_files.checking import CheckedRow, Options, open_checked
from uln_contract.batch_files.findings import Finding, UnusableFile
from uln_contract.batch_files.rows import FileForm

MUTATIONS = 1_000
SEED = 20_241_124
TODAY = Options(today=date(2024, 7, 1), ukprn="90000001")
_OF_CELLS = 0.6  # of the mutations; the others are of columns, headings, rows and whole files
_TWO = 0.25  # of those of values


@dataclass
class Checked:
    """What the check says of a file."""

    findings: list[Finding]
    rows: list[CheckedRow] = field(default_factory=list)
    usable: bool = True


@dataclass
class Measured:
    """The counts, and what missed."""

    count: int = 0
    defects: int = 0
    named: int = 0
    silent: int = 0
    put_right: int = 0
    misses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def miss(self, what: str, mutant: Mutant) -> None:
        """Count a miss under its kind."""
        self.misses[what, f"{mutant.layout.name} {mutant.form}: {mutant.kind}"] += 1


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="uln-mutations-") as folder:
        report(Path(folder))


def report(folder: Path) -> None:
    """Print the three figures, and what missed by kind."""
    started = perf_counter()
    measured = measure(folder)
    print(f"batch files, {measured.count:,} seeded mutations, {perf_counter() - started:.0f} s:")
    print(f"  right row and column named   {_share(measured.named, measured.defects)}   (at least 99.5 %)")
    print(f"  values changed silently      {measured.silent:5}               (0)")
    print(f"  put right in one resend      {_share(measured.put_right, measured.defects)}   (at least 90 %)")
    for (what, kind), count in sorted(measured.misses.items()):
        print(f"    {what}: {kind}, {count}")


def _share(part: int, whole: int) -> str:
    return f"{part:5} of {whole:5} {part / whole:7.2%}"


def measure(folder: Path, count: int = MUTATIONS, seed: int = SEED) -> Measured:
    """Check mutation after mutation, and correct and check each once more."""
    measured = Measured()
    for mutant in mutants(count, seed):
        _judge(mutant, folder, measured)
    return measured


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """Give so many files, each with one defect, the same for the same seed."""
    random = Random(seed)  # the same mutations every time
    names = sorted(TRUTHS)
    while count:
        truth = random.choice(TRUTHS[random.choice(names)])
        base = good(truth, random.choice(list(FileForm)))
        mutant = _in_cells(random, base) if random.random() < _OF_CELLS else _in_structure(random, base)
        if mutant is not None:
            count -= 1
            yield mutant


def _in_cells(random: Random, base: Mutant) -> Mutant | None:
    """Spoil one value, or two of different rows."""
    one = _in_a_cell(random, base)
    if one is None or random.random() >= _TWO:
        return one
    two = _in_a_cell(random, one)
    if two is None or two.places[0].row == one.places[0].row:
        return one
    return replace(two, kind=f"{one.kind}, {two.kind}", places=[*one.places, *two.places])


def _in_a_cell(random: Random, base: Mutant) -> Mutant | None:
    row = random.randrange(2, len(base.table.rows) + 2)
    filled = [each for each in base.layout.of_record if base.table.cell(row, each.name)]
    column = random.choice(filled)
    kind, change = random.choice(sorted(changes_of(column).items()))
    value = base.table.cell(row, column.name)
    spoilt = change(random, value)
    if spoilt is None or spoilt == value or (base.form is FileForm.XML and "\x07" in spoilt):
        return None
    return replace(
        base, kind=kind, table=base.table.put(row, column.name, spoilt), places=[Place(row, column.name)]
    )


def _in_structure(random: Random, base: Mutant) -> Mutant | None:
    return random.choice(STRUCTURES[base.form])(random, base)


def _judge(mutant: Mutant, folder: Path, measured: Measured) -> None:
    found = checked(mutant, folder)
    measured.count += 1
    changed = silent(mutant, found)
    measured.silent += changed
    if changed:
        measured.miss("silent", mutant)
    if not mutant.places:
        return
    measured.defects += 1
    if all(any(_names(each, place, mutant) for each in found.findings) for place in mutant.places):
        measured.named += 1
    else:
        measured.miss("not named", mutant)
    after = corrected(mutant, found.findings)
    if _right(after, found if after is mutant else checked(after, folder)):
        measured.put_right += 1
    else:
        measured.miss("not put right", mutant)


def checked(mutant: Mutant, folder: Path) -> Checked:
    """Check a file as the command does."""
    path = folder / mutant.name
    path.write_bytes(mutant.written())
    result = Checked([])
    of_file: list[Finding] = []
    try:
        with open_checked(path, kind=mutant.layout.kind, options=TODAY) as file:
            for row in file.rows():
                result.rows.append(row)
                result.findings += row.findings
            of_file = file.findings
    except UnusableFile as error:
        result.usable = False
        of_file = list(error.findings)
    result.findings += of_file
    return result


def _names(finding: Finding, place: Place, mutant: Mutant) -> bool:
    row = None if place.row is None else mutant.number(place.row)
    return (row is None or finding.row == row) and (place.column is None or finding.column == place.column)


def silent(mutant: Mutant, found: Checked) -> int:
    """Count the values that would be sent and are others than the true ones, and that no finding is about."""
    if not found.usable:
        return 0
    told = {(each.row, each.column) for each in found.findings}
    columns_told = {each.column for each in found.findings if each.row in {None, 1}}
    wrong = 0
    for row in found.rows:
        at = mutant.true_row(row.number)
        if not row.good or at - 2 >= len(mutant.truth.rows) or mutant.kind in _MOVED:
            continue
        true = values(mutant.truth, at)
        for name in true.keys() | row.values.keys():
            same = _same(name, true.get(name, ""), row.values.get(name, ""))
            wrong += not same and (row.number, name) not in told and name not in columns_told
    return wrong


def _same(name: str, true: str, sent: str) -> bool:
    """Whether two values say the same; a reference number may be written with or without its slashes."""
    if name == "UnitOrQualificationReferenceNumber":
        true, sent = true.replace("/", ""), sent.replace("/", "")
    return true == sent


# The rows stand elsewhere than in the truth.
_MOVED = frozenset({"blank lines"})


def _right(after: Mutant, found: Checked) -> bool:
    """Tell whether every record would be sent with its true values."""
    if not found.usable or len(found.rows) != len(after.truth.rows):
        return False
    return all(row.good and _sent_truly(row, values(after.truth, at)) for at, row in enumerate(found.rows, 2))


def _sent_truly(row: CheckedRow, true: Mapping[str, str]) -> bool:
    return row.values.keys() == true.keys() and all(_same(name, true[name], row.values[name]) for name in true)


if __name__ == "__main__":
    main()
