"""Whether two columns are swapped: most rows have in each of them what belongs into the other (domain §8) [O]."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

from uln_contract import ulns
from uln_contract.achievement_fields import moment
from uln_contract.batch_files.dates import meant
from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.fixing import post_code
from uln_contract.batch_files.misfits import in_words
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.layouts import Column, Layout, ValueKind
from uln_contract.names import has_letters
from uln_contract.references import key_of

SAMPLE = 50
"""The rows that are looked at."""
_FEWEST = 2  # rows that have a value in both columns
# What nobody writes into a column of free text: a value of these kinds in it belongs into another.
_TELLING = frozenset({ValueKind.ULN, ValueKind.DATE, ValueKind.MOMENT, ValueKind.POST_CODE, ValueKind.EMAIL})
_DATES = (ValueCode.OTHER_DATE, ValueCode.AMBIGUOUS_DATE)
_FREE = frozenset({ValueKind.NAME, ValueKind.TEXT})


def swapped(layout: Layout, places: Mapping[str, int], rows: Sequence[Sequence[str]]) -> Finding | None:
    """Give the finding that names the two columns, or ``None``. ``rows`` are cells of the file's first rows.

    Two columns of one form cannot be told apart, such as the two names.
    """
    columns = [each for each in layout.of_record if each.name in places]
    doubtful = {each.name for each in columns if _mostly(_misfits(each, places[each.name], rows))}
    for one, other in combinations(columns, 2):
        if (one.name in doubtful or other.name in doubtful) and _are_swapped(one, other, places, rows):
            words = (
                f"{one.name} and {other.name} seem to be swapped: most of the first rows have in {one.name} what"
                f" belongs into {other.name}, and the other way round."
            )
            remedy = f"Head the column that is headed {one.name} {other.name}, and the other way round."
            return found(ValueCode.SWAPPED, words, remedy, column=one.name)
    return None


def _misfits(column: Column, place: int, rows: Sequence[Sequence[str]]) -> list[bool]:
    return [not _fits(column, text) for cells in rows if (text := cells[place].strip())]


def _are_swapped(one: Column, other: Column, places: Mapping[str, int], rows: Sequence[Sequence[str]]) -> bool:
    pairs = [(cells[places[one.name]].strip(), cells[places[other.name]].strip()) for cells in rows]
    both = [(first, second) for first, second in pairs if first and second]
    return len(both) >= _FEWEST and _mostly(
        [_belongs(first, other, one) and _belongs(second, one, other) for first, second in both]
    )


def _belongs(text: str, to: Column, stands_in: Column) -> bool:
    """Tell whether a value is what one column asks for and what the column where it stands does not."""
    if not _fits(to, text):
        return False
    return not _fits(stands_in, text) or (_telling(to) and not _telling(stands_in))


def _telling(column: Column) -> bool:
    numbered = column.kind is ValueKind.REFERENCE and column.type.pattern is not None
    return numbered or column.kind in _TELLING


def _fits(column: Column, text: str) -> bool:  # one line a kind
    """Tell whether a text is what the column asks for, if in another form; in free text what has a letter is."""
    if column.kind is ValueKind.ULN:
        return ulns.is_valid(text)
    if column.kind in (ValueKind.DATE, ValueKind.MOMENT):
        return moment(text) is not None or meant(text, date.min, date.max).code in _DATES
    if column.kind is ValueKind.POST_CODE:
        return post_code(text) is not None
    if column.kind in _FREE:
        return has_letters(text)
    if column.name == "UnitOrQualificationReferenceNumber":
        return key_of(text) is not None
    return bool(column.type.fits(text)) or in_words(column, text) is not None


def _mostly(told: Sequence[bool]) -> bool:
    return 2 * sum(told) > len(told)
