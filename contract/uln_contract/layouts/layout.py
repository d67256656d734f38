"""What a batch file of one layout looks like: its columns, its name, how many records it holds (domain §8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from uln_contract.facets import Facets

NAMESPACE = "urn:uln-interchange:files"
"""The namespace of batch files in XML [O]: nothing is published on them but their extension."""


class FileKind(StrEnum):
    """What a file's records are for: which operation takes them."""

    REGISTRATION = "registration"
    VERIFICATION = "verification"
    ACHIEVEMENTS = "achievements"


class ValueKind(StrEnum):
    """What a column's values are: it decides what can be put right, and what a spreadsheet does to them."""

    TEXT = "text"
    NAME = "name"
    ULN = "uln"
    DATE = "date"
    MOMENT = "moment"
    CODE = "code"
    POST_CODE = "post code"
    EMAIL = "e-mail"
    REFERENCE = "reference"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``name`` is its heading, and in XML the element's local name. ``element`` is the contract's element that
    carries it; ``None`` for what no message carries. ``required``: every record fills it. ``of_file``: it says
    something of the whole file, and only the first row has it.
    """

    name: str
    kind: ValueKind
    type: Facets
    element: str | None = None
    required: bool = False
    of_file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout of batch files.

    ``columns`` stand in the published order. ``file_name`` fits a name without its extension; ``file_name_form``
    says it in words, such as ``LRB_<UKPRN>_<DDMMYYYYHHMM>``. ``extension_upper`` says whether the extension is
    written in capitals. ``most`` is the number of records that a file may hold unless settings say otherwise,
    ``fewest`` the number below which a file is unusual, ``at_once`` what one job takes over SOAP. ``root`` and
    ``record`` are the elements of the XML form. ``also_headed`` gives for other spellings of a heading,
    casefolded, the column's name.
    """

    name: str
    kind: FileKind
    title: str
    columns: tuple[Column, ...]
    file_name: re.Pattern[str]
    file_name_form: str
    file_name_example: str
    extension_upper: bool
    fewest: int
    most: int
    at_once: int
    root: str
    record: str
    also_headed: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The headings, in the published order."""
        return tuple(each.name for each in self.columns)

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their headings."""
        return {each.name: each for each in self.columns}

    @property
    def of_file(self) -> tuple[Column, ...]:
        """The columns that only the first row fills."""
        return tuple(each for each in self.columns if each.of_file)

    @property
    def of_record(self) -> tuple[Column, ...]:
        """The columns that every row fills."""
        return tuple(each for each in self.columns if not each.of_file)
