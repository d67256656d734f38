"""A clerk who follows a report's remedies to the letter, and has the source to look things up in."""

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.file_mutants import Mutant
from tests.golden.tables import Table

from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.rows import FileForm
from uln_contract.batch_files.structure_codes import StructureCode
from uln_contract.batch_files.value_codes import ValueCode

# The remedy is to make the file again, or to take something out of it that is no record.
_AGAIN = frozenset(
    {StructureCode.F021, StructureCode.F022, StructureCode.F028, StructureCode.F031, StructureCode.F006}
)
_TWICE = frozenset({ValueCode.SAME_LEARNER, ValueCode.SAME_ULN, ValueCode.SAME_ACHIEVEMENT})
_NO_RECORD = frozenset({ValueCode.HEADINGS_AGAIN, StructureCode.F053})


def corrected(mutant: Mutant, findings: Iterable[Finding]) -> Mutant:
    """Give the file as it is sent again."""
    after = mutant
    for finding in findings:
        if finding.fixed is None:
            after = _followed(after, finding)
    return after


def _followed(mutant: Mutant, finding: Finding) -> Mutant:
    row = None if finding.row is None else finding.row + (1 if mutant.form is FileForm.XML else 0)
    if finding.code in _AGAIN and finding.row is None:
        return replace(mutant, table=mutant.truth, lines={}, cells={}, spoil=None)
    if finding.code in _NO_RECORD or row in mutant.more:
        return replace(mutant, more={})
    if finding.code in _TWICE and row is not None:
        return _without(mutant, row)
    if row is None or (row == 1 and mutant.form is not FileForm.XML):
        return _headed(mutant, finding)
    return _looked_up(mutant, row, finding)


def _without(mutant: Mutant, row: int) -> Mutant:
    """Take out a row that is there twice, and count again."""
    table = mutant.table
    rows = tuple(each for at, each in enumerate(table.rows, 2) if at != row)
    return replace(mutant, table=_counted(replace(table, rows=rows)))


def _counted(table: Table) -> Table:
    if "LearnerRecordCount" not in table.headings:
        return table
    return table.put(2, "LearnerRecordCount", str(len(table.rows)))


def _headed(mutant: Mutant, finding: Finding) -> Mutant:
    """Put a heading right, or a column, or what the first row says of the whole file."""
    table, truth, column = mutant.table, mutant.truth, finding.column
    if column is None or column not in truth.headings:
        return mutant
    if column in {each.name for each in mutant.layout.of_file} and column in table.headings:
        return replace(mutant, table=table.put(2, column, truth.cell(2, column)))
    if len(table.headings) < len(truth.headings):
        return replace(mutant, table=truth)
    if len(table.headings) == len(truth.headings) and finding.refuses:
        # The column that the finding is about, and the one that has its heading.
        places = [at for at, each in enumerate(truth.headings) if column in {each, table.headings[at]}]
        headings = [truth.headings[at] if at in places else each for at, each in enumerate(table.headings)]
        return replace(mutant, table=replace(table, headings=tuple(headings)))
    return mutant


def _looked_up(mutant: Mutant, row: int, finding: Finding) -> Mutant:
    """Copy a cell from the source, or the whole row where no cell is named."""
    if row - 2 >= len(mutant.truth.rows):
        return mutant
    lines = {at: change for at, change in mutant.lines.items() if at != row}
    column = finding.column
    if column is None or mutant.lines.get(row) is not None:
        source = mutant.truth.rows[row - 2]
        table = mutant.table
        rows = tuple(source if at == row else each for at, each in enumerate(table.rows, 2))
        cells = {place: write for place, write in mutant.cells.items() if place[0] != row}
        return replace(mutant, table=replace(table, rows=rows), lines=lines, cells=cells, spoil=None)
    if column not in mutant.table.headings or column not in mutant.truth.headings:
        return mutant
    place = mutant.table.headings.index(column)
    cells = {at: write for at, write in mutant.cells.items() if at != (row, place)}
    spoil = None if mutant.kind == "one row in another encoding" else mutant.spoil
    return replace(
        mutant,
        table=mutant.table.put(row, column, mutant.truth.cell(row, column)),
        cells=cells,
        spoil=spoil,
    )
