"""Workbooks for tests: written by the library that we write with, or taken apart and put together otherwise."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from tests.unit.batch_files.files import GOOD, HEADINGS

NAMES = HEADINGS.split(",")
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"


def workbook(
    folder: Path, *sheets: Sequence[Sequence[Any]], change: Callable[[Any, list[Any]], None] | None = None
) -> Path:
    """Write a workbook with these rows on its sheets; ``change`` does the rest to it and its sheets."""
    path = folder / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        made = []
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
            made.append(sheet)
        if change is not None:
            change(book, made)
    return path


def good(*more: Sequence[Any]) -> list[Sequence[Any]]:
    return [NAMES, GOOD, *more]


def repacked(path: Path, parts: Mapping[str, bytes | None], more: Sequence[tuple[str, bytes]] = ()) -> Path:
    """Replace parts of a workbook, or leave them out, and add some."""
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()} | dict(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (*kept.items(), *more):
            if content is not None:
                new.writestr(name, content)
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def with_sheet(path: Path, *changes: tuple[str, str]) -> Path:
    """Replace texts in the first sheet's XML, each of which must be there."""
    content = part(path, SHEET).decode()
    for old, new in changes:
        assert old in content, content
        content = content.replace(old, new)
    return repacked(path, {SHEET: content.encode()})
