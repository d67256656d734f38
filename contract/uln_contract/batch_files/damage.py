"""What programs do to texts on their way into a file: lost letters, wrong encodings, spreadsheet errors [O]."""

import re

from uln_contract.batch_files.findings import Finding
from uln_contract.batch_files.value_codes import ValueCode, found

# What no XML may carry, or nobody can see. Tabs and line breaks are white space.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHOWN = 200  # characters of a text that a remedy repeats
_LOST = "\ufffd"
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_SHORTENED = re.compile(r"#{3,}")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,2}", re.ASCII | re.IGNORECASE)
# As Windows-1252 shows them, letters of two bytes in UTF-8 begin with A and an accent; those of three bytes that
# are met here (Welsh and Vietnamese ones, typographic signs) with a and an accent, and a sign.
_SUSPICIOUS = re.compile("[\u00c2-\u00c5\u00c8]|\u00e1[\u00b8-\u00bb]|\u00e2[\u20ac\u201a]")
_OF_A_NAME = re.compile(
    "[\u00a0-\u017f\u0218-\u021b\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2022\u2026\u20ac\x00-\x7f]+"
)
_UNDEFINED = re.compile("[\x81\x8d\x8f\x90\x9d]")


def damaged(column: str, text: str) -> Finding | None:
    """Tell what a program has made of a text: an error whatever the column asks for, or ``None``."""
    if text.isascii() and text.isprintable():
        return _spreadsheet_error(column, text) if text.startswith("#") else None
    if _LOST in text:
        words = f"{column} has a letter that a program could not read, and wrote as {_LOST}."
        return found(ValueCode.LOST_LETTER, words, column=column, value=text)
    right = unscrambled(text)
    if right is not None:
        words = f"{column} has letters that were read in the wrong encoding: {text[:40]!r} for {right[:40]!r}."
        remedy = f"{_write(right)} In the program that made the list, choose UTF-8 when the list is read in."
        return found(ValueCode.MOJIBAKE, words, remedy, column=column, value=text)
    control = _CONTROL.search(text)
    return _control(column, text, control[0]) if control else None


def scientific(text: str) -> bool:
    """Tell whether a text is a number as a spreadsheet shortens it: ``1.03E+09``."""
    return _SCIENTIFIC.fullmatch(text) is not None


def unscrambled(text: str) -> str | None:
    """Give the text that was meant where UTF-8 was read as Windows-1252: Siân for SiÃ¢n; else ``None``.

    Done again while it can be: some lists have gone through it twice.
    """
    right = None
    while _SUSPICIOUS.search(text) and (once := _decoded(text)) is not None:
        right = text = once
    return right


def _decoded(text: str) -> str | None:
    try:
        once = b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return None
    return once if _OF_A_NAME.fullmatch(once) else None


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1" if _UNDEFINED.match(letter) else "cp1252")


def _control(column: str, text: str, character: str) -> Finding:
    place = text.index(character) + 1
    words = f"{column} holds a control character (U+{ord(character):04X}) in place {place}, which no field takes."
    printable = _CONTROL.sub("", text)
    return found(ValueCode.CONTROL, words, _write(printable), column=column, value=_CONTROL.sub("·", text))


def _write(right: str) -> str:
    """Give a long text's remedy in few words."""
    return f"Write {right}." if right and len(right) <= _SHOWN else "Write the value again by hand."


def _spreadsheet_error(column: str, text: str) -> Finding | None:
    if text.upper() not in _ERRORS and not _SHORTENED.fullmatch(text):
        return None
    words = f"{column} holds a spreadsheet's error, {text}, instead of a value."
    return found(ValueCode.SPREADSHEET_ERROR, words, column=column, value=text)
