"""The columns that say something of the whole file, and the file's name, against each other (domain §8)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from uln_contract.batch_files.findings import Finding, Severity
from uln_contract.batch_files.value_codes import ValueCode, found
from uln_contract.layouts import Layout

_UKPRN = re.compile(r"[1-9][0-9]{7}", re.ASCII)
_COUNT = re.compile(r"0*([1-9][0-9]{0,6})", re.ASCII)
_SEPARATORS = re.compile(r"[,\s']|\.0*\Z")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file is held to: its layout, where its columns are, its real name, and whose it should be."""

    layout: Layout
    places: Mapping[str, int]
    name: str
    ukprn: str | None


class Leading:
    """Reads the leading columns of the first row, and looks that no later row has them."""

    def __init__(self, expected: Expected) -> None:
        self._layout, self._name, self._ukprn = expected.layout, expected.name, expected.ukprn
        columns = expected.layout.of_file
        self._places = [
            (each.name, expected.places[each.name]) for each in columns if each.name in expected.places
        ]
        self._texts: dict[str, str] = {}
        self._again = 0
        self._again_first = 0
        self._count: int | None = None
        self._row: int | None = None

    def first(self, row: int, cells: Sequence[str]) -> list[Finding]:
        """Give what there is to say of the first row's leading columns and the file's name, errors last."""
        self._texts = {name: cells[place].strip() for name, place in self._places}
        self._row = row
        findings = self._of_name()
        for name, text in self._texts.items():
            findings += [replace(each, row=row) for each in _CHECKS[name](self, text)]
        return sorted(findings, key=lambda each: each.refuses)

    def later(self, row: int, cells: Sequence[str]) -> list[Finding]:
        """Give what is wrong with a later row's leading columns; the first row's values again are no error."""
        filled = [(name, text) for name, place in self._places if (text := cells[place].strip())]
        for name, text in filled:
            if text != self._texts.get(name, text):
                words = f"{name} is filled again, and otherwise than in the first row, which alone has it."
                return [found(ValueCode.LATER_ROW, words, row=row, column=name, value=text)]
        if filled:
            self._again_first = self._again_first or row
            self._again += 1
        return []

    def end(self, records: int) -> list[Finding]:
        """Give what only the number of records shows, errors last."""
        findings = []
        if self._again:
            names = ", ".join(name for name, _ in self._places)
            words = (
                f"{self._again} later rows, from row {self._again_first} on, fill {names}: only the first does."
            )
            remedy = "Leave these columns empty in every row but the first."
            severity = Severity.WARNING
            findings.append(found(ValueCode.LATER_ROW, words, remedy, row=self._again_first, severity=severity))
        if self._count not in (None, records):
            words = f"LearnerRecordCount is {self._count}, and the file holds {records} learners."
            remedy = f"Look whether rows are missing. If the file is whole, write {records}."
            value, column = str(self._count), "LearnerRecordCount"
            findings.append(
                found(ValueCode.COUNT_DIFFERS, words, remedy, row=self._row, column=column, value=value)
            )
        return findings

    def _of_name(self) -> list[Finding]:
        """Compare the name's UKPRN with the file's own, or with who sends it."""
        named = self._layout.file_name.match(self._name.partition(".")[0])
        own = self._texts.get("UKPRN") or self._ukprn
        if named is None or own is None or named["ukprn"] == own:
            return []
        whose = "the file's own" if self._texts.get("UKPRN") else "that of the organisation that sends it"
        words = f"The file's name has UKPRN {named['ukprn']}, and {whose} is {own}."
        return [found(ValueCode.UKPRN_OF_NAME, words, value=self._name)]

    def _file_version(self, text: str) -> list[Finding]:
        version, column = self._layout.name, "FileVersion"
        if text == version:
            return []
        if text.upper() == version:
            words = f"FileVersion is written {text!r}, and is read as {version}."
            return [
                found(ValueCode.SPELLING, words, f"Write {version}.", column=column, value=text, fixed=version)
            ]
        is_ = f"is {text[:40]!r}" if text else "is empty"
        words = f"FileVersion {is_}, and the headings are those of layout {version}."
        return [found(ValueCode.FILE_VERSION, words, f"Write {version}.", column=column, value=text)]

    def _file_name(self, text: str) -> list[Finding]:
        # The case of the extension is told with the name's form.
        if text.casefold() in {"", self._name.casefold()}:
            return []
        words = f"FileName is {text[:40]!r}, and the file is called {self._name[:40]!r}."
        remedy = f"Write {self._name}, or rename the file."
        return [found(ValueCode.OTHER_NAME, words, remedy, column="FileName", value=text)]

    def _of_ukprn(self, text: str) -> list[Finding]:
        if self._ukprn is not None and text and text != self._ukprn:
            words = f"UKPRN is {text[:40]!r}, and the organisation that sends the file is {self._ukprn}."
            remedy = f"Write {self._ukprn} if the learners are this organisation's; or choose another file."
            return [found(ValueCode.UKPRN, words, remedy, column="UKPRN", value=text)]
        if _UKPRN.fullmatch(text):
            return []
        is_ = "has not eight digits, the first not 0" if text else "is empty, and the first row needs it"
        remedy = f"Write {self._ukprn or 'the eight digits of your UKPRN'} into the first row."
        return [found(ValueCode.UKPRN, f"UKPRN {is_}.", remedy, column="UKPRN", value=text)]

    def _record_count(self, text: str) -> list[Finding]:
        whole = _COUNT.fullmatch(_SEPARATORS.sub("", text))
        self._count = int(whole[1]) if whole else None
        if whole and text == whole[1]:
            return []
        column = "LearnerRecordCount"
        if whole:
            words = f"LearnerRecordCount is written {text[:40]!r}, and is read as {whole[1]}."
            return [
                found(ValueCode.SPELLING, words, f"Write {whole[1]}.", column=column, value=text, fixed=whole[1])
            ]
        is_ = "is no whole number" if text else "is empty, and the first row needs it"
        return [found(ValueCode.COUNT, f"LearnerRecordCount {is_}.", column=column, value=text)]


_CHECKS = {
    "FileVersion": Leading._file_version,  # noqa: SLF001  # a table of the class's own
    "FileName": Leading._file_name,  # noqa: SLF001  # its own methods, by column
    "UKPRN": Leading._of_ukprn,  # noqa: SLF001  # its own methods, by column
    "LearnerRecordCount": Leading._record_count,  # noqa: SLF001  # its own methods, by column
}
