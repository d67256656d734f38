"""How large what is read may be, so that no file fills the memory [O]."""

from typing import NamedTuple


class Limits(NamedTuple):
    """What a file may be.

    ``line``: characters of a line of CSV. ``between``: bytes of XML that may hold no whole record. ``unpacked``:
    bytes of a workbook's parts together, ``part_ratio`` how many times more than packed a large part may be,
    ``parts`` how many there may be. ``row``: bytes of one row of a sheet, of which a spreadsheet's widest takes a
    million; ``behind``: bytes behind its cells, for merged cells and the like. ``cells``: cells of a sheet, as a
    rectangle around what is filled, and ``text`` the characters in them together: the library keeps a sheet in
    memory. ``marked``: rows of a sheet that have merged cells, and rows with errors in them.
    """

    line: int = 1_000_000
    between: int = 16 * 2**20
    unpacked: int = 2**30
    part_ratio: int = 200
    row: int = 2**21
    behind: int = 2**25
    parts: int = 2_000
    cells: int = 10_000_000
    text: int = 2**28
    marked: int = 100_000


LIMITS = Limits()
