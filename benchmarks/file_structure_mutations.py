"""What people, spreadsheets and programs do to a file as a whole, to its headings and to whole rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from benchmarks.file_mutants import CellWriter, Mutant, Place

from uln_contract.batch_files.rows import FileForm
from uln_contract.layouts import ValueKind

Mutation = Callable[[Random, Mutant], Mutant | None]
"""Gives a file with one more defect; ``None`` where it makes no difference."""
_FILLED = ("GivenName", "FamilyName")
_TOLD_APART = frozenset({ValueKind.ULN, ValueKind.DATE, ValueKind.POST_CODE, ValueKind.EMAIL})


def _any_row(random: Random, mutant: Mutant) -> int:
    return random.randrange(3, len(mutant.table.rows) + 2)


def _spoilt_line(kind: str, change: Callable[[Random, str], str | None]) -> Mutation:
    def mutate(random: Random, mutant: Mutant) -> Mutant | None:
        row = _any_row(random, mutant)
        line = mutant.line(mutant.table.rows[row - 2])
        spoilt = change(random, line)
        if spoilt is None:
            return None
        return replace(mutant, kind=kind, places=[Place(row)], lines={row: lambda _: spoilt})

    return mutate


def _cell_lost(random: Random, line: str) -> str:
    cells = line.rstrip("\r\n").split('","')
    del cells[random.randrange(1, len(cells) - 1)]
    return '","'.join(cells) + "\r\n"


def _cell_too_many(random: Random, line: str) -> str:
    cells = line.rstrip("\r\n").split('","')
    cells.insert(random.randrange(1, len(cells) - 1), "x")
    return '","'.join(cells) + "\r\n"


def _quote_lost(random: Random, line: str) -> str:
    cells = line.rstrip("\r\n").split('","')
    place = random.choice([at for at, cell in enumerate(cells) if cell and 0 < at < len(cells) - 1])
    return '","'.join(cells[:place]) + f'","{cells[place]},"' + '","'.join(cells[place + 1 :]) + "\r\n"


def _quote_within(random: Random, line: str) -> str:
    cells = line.rstrip("\r\n").split('","')
    place = random.choice([at for at, cell in enumerate(cells) if len(cell) > 3 and 0 < at < len(cells) - 1])
    cells[place] = f'{cells[place][:2]}"{cells[place][2:]}'
    return '","'.join(cells) + "\r\n"


def _whole(kind: str, change: Callable[[Random, bytes], bytes], places: list[Place] | None = None) -> Mutation:
    """Spoil the bytes of the whole file."""

    def mutate(random: Random, mutant: Mutant) -> Mutant:
        seed = random.random()
        return replace(
            mutant,
            kind=kind,
            places=[Place()] if places is None else places,
            spoil=lambda content: change(Random(seed), content),  # the same each time
        )

    return mutate


def _windows(_: Random, mutant: Mutant) -> Mutant | None:
    """Write in Windows-1252: the first place with a letter that differs is to be named."""
    table = mutant.table
    for letter, other in (("Ł", "L"), ("ł", "l")):
        table = replace(
            table, rows=tuple(tuple(cell.replace(letter, other) for cell in row) for row in table.rows)
        )
    cells = (
        (at, name, cell)
        for at, row in enumerate(table.rows, 2)
        for name, cell in zip(table.headings, row, strict=True)
    )
    first = next(((at, name) for at, name, cell in cells if not cell.isascii()), None)
    if first is None:
        return None
    return replace(
        mutant, kind="Windows-1252", truth=table, table=table, encoding="cp1252", places=[Place(*first)]
    )


def _mixed_encodings(random: Random, mutant: Mutant) -> Mutant | None:
    found = [
        at for at, row in enumerate(mutant.table.rows, 2) if not "".join(row).isascii() and "Ł" not in "".join(row)
    ]
    if len(found) < 2:
        return None
    row = random.choice(found)

    def spoil(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        lines[row - 1] = lines[row - 1].decode().encode("cp1252", "replace")
        return b"\r\n".join(lines)

    return replace(mutant, kind="one row in another encoding", spoil=spoil, places=[Place(row)])


def _heading(kind: str, change: Callable[[Random, str], str | None], *, required: bool = False) -> Mutation:
    """Spell a heading otherwise: the column is to be named."""

    def mutate(random: Random, mutant: Mutant) -> Mutant | None:
        needed = {each.name for each in mutant.layout.columns if each.required}
        names = [each for each in mutant.table.headings if each in needed or not required]
        name = random.choice(names)
        heading = change(random, name)
        if heading is None or heading == name:
            return None
        return replace(mutant, kind=kind, table=mutant.table.renamed(name, heading), places=[Place(None, name)])

    return mutate


def _misspelt(random: Random, name: str) -> str | None:
    if len(name) < 6:
        return None
    place = random.randrange(2, len(name) - 2)
    return name[:place] + name[place + 1 :]


def _column_missing(random: Random, mutant: Mutant) -> Mutant:
    needed = [each.name for each in mutant.layout.columns if each.required]
    name = random.choice(needed)
    return replace(mutant, kind="column missing", table=mutant.table.without(name), places=[Place(None, name)])


def _heading_twice(random: Random, mutant: Mutant) -> Mutant:
    one, other = random.sample(mutant.table.headings[-6:], 2)
    return replace(
        mutant, kind="heading twice", table=mutant.table.renamed(one, other), places=[Place(None, other)]
    )


def _column_more(_: Random, mutant: Mutant) -> Mutant:
    more = mutant.table.beside("Campus", ["North"] * len(mutant.table.rows))
    return replace(mutant, kind="column too many", table=more, places=[Place(None, "Campus")])


def _headings_swapped(random: Random, mutant: Mutant) -> Mutant | None:
    """Swap two headings whose columns are different kinds of things; two names nobody could tell apart."""
    full = [
        each.name
        for each in mutant.layout.of_record
        if all(row[mutant.table.headings.index(each.name)] for row in mutant.table.rows)
    ]
    told = [each for each in full if mutant.layout.by_name[each].kind in _TOLD_APART]
    if len(told) < 2:
        return None
    one, other = random.sample(told, 2)
    if mutant.layout.by_name[one].kind is mutant.layout.by_name[other].kind:
        return None
    swap = {one: other, other: one}
    return replace(
        mutant,
        kind="two headings swapped",
        table=mutant.table.headed(lambda each: swap.get(each, each)),
        places=[Place(None, one)],
    )


def _reordered(random: Random, mutant: Mutant) -> Mutant:
    names = list(mutant.table.headings)
    random.shuffle(names)
    return replace(mutant, kind="columns in another order", table=mutant.table.only(names), places=[Place()])


def _title_above(_: Random, mutant: Mutant) -> Mutant:
    title = "Learners 2024" + "," * (len(mutant.table.headings) - 1) + "\r\n"
    return replace(mutant, kind="title above the headings", more={1: title}, places=[Place()])


def _total_below(_: Random, mutant: Mutant) -> Mutant:
    last = len(mutant.table.rows) + 2
    total = f"Total,{len(mutant.table.rows)}\r\n"
    return replace(mutant, kind="total below", more={last: total}, places=[Place(last)])


def _headings_again(random: Random, mutant: Mutant) -> Mutant:
    """Two files joined: the headings stand once more in the middle."""
    row = _any_row(random, mutant)
    again = mutant.line(mutant.table.headings)
    return replace(mutant, kind="headings once more", more={row: again}, places=[Place(row)])


def _whole_column(kind: str, kinds: frozenset[ValueKind], change: Callable[[str], str]) -> Mutation:
    """Spoil every value of a column, as a spreadsheet does."""

    def mutate(random: Random, mutant: Mutant) -> Mutant | None:
        names = [
            each.name for each in mutant.layout.of_record if each.kind in kinds and mutant.table.cell(2, each.name)
        ]
        if not names:
            return None
        name = random.choice(names)
        spoilt = mutant.table.map(name, lambda value: change(value) if value else value)
        places = [
            Place(at, name)
            for at in range(2, len(spoilt.rows) + 2)
            if spoilt.cell(at, name) != mutant.table.cell(at, name)
        ]
        return replace(mutant, kind=kind, table=spoilt, places=places) if places else None

    return mutate


def _row_twice(random: Random, mutant: Mutant) -> Mutant:
    row = _any_row(random, mutant)
    twice = mutant.table.repeated(row)
    last = len(twice.rows) + 1
    if "LearnerRecordCount" in twice.headings:
        twice = twice.put(2, "LearnerRecordCount", str(len(twice.rows)))
    return replace(mutant, kind="row twice", table=twice, places=[Place(last)])


def _put_first(kind: str, column: str, change: Callable[[str], str], *, row: int | None = 2) -> Mutation:
    """Change what the first row says of the whole file."""

    def mutate(_: Random, mutant: Mutant) -> Mutant | None:
        if column not in mutant.table.headings:
            return None
        value = change(mutant.table.cell(2, column))
        return replace(mutant, kind=kind, table=mutant.table.put(2, column, value), places=[Place(row, column)])

    return mutate


def _leading_again(random: Random, mutant: Mutant) -> Mutant | None:
    if not mutant.layout.of_file:
        return None
    row = _any_row(random, mutant)
    spoilt = mutant.table.put(row, "UKPRN", "90000007")
    return replace(mutant, kind="leading column in a later row", table=spoilt, places=[Place(row, "UKPRN")])


def _in_record(kind: str, change: Callable[[str, str, str], str], *, column: bool = True) -> Mutation:
    """Spoil an element of an XML record: ``change`` gets the record, the element's name and its text."""

    def mutate(random: Random, mutant: Mutant) -> Mutant:
        row, name = _any_row(random, mutant), random.choice(_FILLED)
        text = mutant.table.cell(row, name)
        return replace(
            mutant,
            kind=kind,
            places=[Place(row, name if column else None)],
            lines={row: lambda record: change(record, name, text)},
        )

    return mutate


def _before(record: str, name: str, more: str) -> str:
    return record.replace(f"<{name}>", f"{more}<{name}>")


def _as(kind: str, write: CellWriter, columns: tuple[str, ...], *, defect: bool = True) -> Mutation:
    """Write a cell of a workbook as something else than text."""

    def mutate(random: Random, mutant: Mutant) -> Mutant | None:
        names = [each for each in columns if each in mutant.table.headings]
        row = _any_row(random, mutant)
        filled = [each for each in names if mutant.table.cell(row, each)]
        if not filled:
            return None
        name = random.choice(filled)
        place = mutant.table.headings.index(name)
        value = mutant.table.cell(row, name)

        def written(book: Any, sheet: Any, at: int, column: int) -> None:
            write(book, _Valued(sheet, value), at, column)

        places = [Place(row, name)] if defect else []
        return replace(mutant, kind=kind, cells={(row, place): written}, places=places)

    return mutate


class _Valued:
    """A worksheet, and the value that the cell should have."""

    def __init__(self, sheet: Any, value: str) -> None:
        self.sheet = sheet
        self.value = value


def _real_date(book: Any, sheet: Any, row: int, place: int) -> None:
    form = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.sheet.write_datetime(row, place, date.fromisoformat(sheet.value[:10]), form)


def _number(form: str) -> CellWriter:
    def write(book: Any, sheet: Any, row: int, place: int) -> None:
        sheet.sheet.write_number(row, place, int(sheet.value), book.add_format({"num_format": form}))

    return write


def _error(_: Any, sheet: Any, row: int, place: int) -> None:
    sheet.sheet.write_formula(row, place, "=VLOOKUP(1,X:Y,2)", None, "#N/A")


def _formula(_: Any, sheet: Any, row: int, place: int) -> None:
    sheet.sheet.write_formula(row, place, f'="{sheet.value}"', None, sheet.value)


def _never_computed(_: Any, sheet: Any, row: int, place: int) -> None:
    sheet.sheet.write_formula(row, place, "=A1", None, "")


def _merged(_: Any, sheet: Any, row: int, place: int) -> None:
    sheet.sheet.merge_range(row, place, row + 1, place, sheet.value)


def _cut(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content) // 3, len(content) - 60)]


def _last_line_cut(_: Random, mutant: Mutant) -> Mutant:
    last = len(mutant.table.rows) + 1
    return replace(
        mutant, kind="last line cut off", places=[Place(last)], lines={last: lambda line: line[: len(line) // 2]}
    )


_DATES = ("DateOfBirth", "DateofBirth", "AchievementAwardDate", "DateOfAddressCapture")
_ULNS = ("ULN", "Uln")

_DAYS = frozenset({ValueKind.DATE, ValueKind.MOMENT})
_EPOCH = date(1899, 12, 30)
EVERYWHERE: tuple[Mutation, ...] = (
    _whole_column("all dates as 16/08/1976", _DAYS, lambda value: f"{date.fromisoformat(value[:10]):%d/%m/%Y}"),
    _whole_column("all dates as 16-Aug-76", _DAYS, lambda value: f"{date.fromisoformat(value[:10]):%d-%b-%y}"),
    _whole_column(
        "all dates as numbers", _DAYS, lambda value: str((date.fromisoformat(value[:10]) - _EPOCH).days)
    ),
    _whole_column("all ULNs as 1.03E+09", frozenset({ValueKind.ULN}), lambda value: f"{int(value):.2E}"),
    _whole_column("all postcodes small", frozenset({ValueKind.POST_CODE}), str.lower),
    _whole_column("all names with a space behind", frozenset({ValueKind.NAME}), lambda value: f"{value} "),
    _row_twice,
    _put_first("count wrong", "LearnerRecordCount", lambda value: str(int(value) + 1)),
    _put_first("count missing", "LearnerRecordCount", lambda _: ""),
    _put_first("version of another layout", "FileVersion", lambda value: {"2A": "3A", "3A": "2A"}[value]),
    _put_first("version missing", "FileVersion", lambda _: ""),
    _put_first("UKPRN with a digit too many", "UKPRN", lambda value: f"{value}1"),
)
TABLES: tuple[Mutation, ...] = (
    _heading("heading in capitals", lambda _, name: name.upper()),
    _heading("heading misspelt", _misspelt),
    _heading("heading with a space", lambda _, name: name[:4] + " " + name[4:] if len(name) > 4 else None),
    _column_missing,
    _heading_twice,
    _column_more,
    _headings_swapped,
    _reordered,
    _leading_again,
)
LINES: tuple[Mutation, ...] = (
    _spoilt_line("cell lost", _cell_lost),
    _spoilt_line("cell too many", _cell_too_many),
    _spoilt_line("quotation mark not closed", _quote_lost),
    _spoilt_line("quotation mark within a value", _quote_within),
    _spoilt_line("comma without quotation marks", lambda _, line: line.replace('"', "").replace("-", ",", 1)),
    _last_line_cut,
    _title_above,
    _total_below,
    _headings_again,
    _windows,
    _mixed_encodings,
    _whole("UTF-16", lambda _, content: content.decode().encode("utf-16")),
    _whole("byte-order mark", lambda _, content: b"\xef\xbb\xbf" + content),
    _whole("line feeds", lambda _, content: content.replace(b"\r\n", b"\n")),
    _whole("carriage returns", lambda _, content: content.replace(b"\r\n", b"\r")),
    _whole("blank lines", lambda _, content: content.replace(b"\r\n", b"\r\n\r\n"), []),
    _whole("trailing commas", lambda _, content: content.replace(b"\r\n", b",,\r\n"), []),
    lambda _, mutant: replace(mutant, kind="semicolons", delimiter=";", quoted=False, places=[Place()]),
    lambda _, mutant: replace(mutant, kind="tabs", delimiter="\t", quoted=False, places=[Place()]),
)
RECORDS: tuple[Mutation, ...] = (
    _in_record(
        "unknown element", lambda record, name, _: _before(record, name, "<Campus>N</Campus>"), column=False
    ),
    _in_record("element twice", lambda record, name, _: _before(record, name, f"<{name}>Kim</{name}>")),
    _in_record("element with elements", lambda record, name, _: record.replace(f"<{name}>", f"<{name}><First/>")),
    _in_record(
        "element misspelt", lambda record, name, _: record.replace(f"{name}>", f"{name[:-1]}>"), column=False
    ),
    _in_record("ampersand", lambda record, name, _: record.replace(f"<{name}>", f"<{name}>A & "), column=False),
    _in_record("end tag missing", lambda record, name, _: record.replace(f"</{name}>", ""), column=False),
    _whole("cut off", _cut),
    _whole("document type", lambda _, content: content.replace(b"?>\n", b"?>\n<!DOCTYPE x>\n", 1)),
    _whole("no namespace", lambda _, content: content.replace(b' xmlns="urn:uln-interchange:files"', b"", 1)),
)
CELLS: tuple[Mutation, ...] = (
    _as("real date", _real_date, _DATES, defect=False),
    _as("ULN as a number", _number("0"), _ULNS, defect=False),
    _as("ULN as a number shown 1.03E+09", _number("0.00E+00"), _ULNS, defect=False),
    _as("error cell", _error, (*_DATES, *_ULNS, *_FILLED)),
    _as("formula", _formula, _FILLED),
    _as("formula that was never computed", _never_computed, _FILLED),
    _as("merged cells", _merged, _FILLED),
    _whole("cut off", _cut),
)
STRUCTURES: dict[FileForm, tuple[Mutation, ...]] = {
    FileForm.CSV: (*EVERYWHERE, *TABLES, *LINES),
    FileForm.XML: (*EVERYWHERE, *RECORDS),
    FileForm.XLSX: (*EVERYWHERE, *TABLES, *CELLS),
}
"""What may happen to a file of each form."""
