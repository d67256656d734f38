"""The columns of a file of learners, and which of them a file has [O], in any order.

The names are the contract's own; UCI and UPN, which its Learner has not, are those of layout 3A.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from uln_contract.facets import Facets, facets_of, named_facets
from uln_contract.layouts import REGISTRATION_3A
from uln_contract.records import Learner as LearnerRecord
from uln_server.importing.problems import Unusable

REQUIRED = frozenset(
    {
        *("ULN", "GivenName", "FamilyName", "DateOfBirth", "Gender", "LastKnownPostCode"),
        *("VerificationType", "AbilityToShare"),
    }
)
"""The columns that every file has and every row fills [O]: what registering asks for (domain §6), and the ULN."""

FOLLOWING = frozenset({"MasterSubstituted", "TierLevel", "LinkedULNs"})
"""Elements of the contract's Learner that follow from others: they may be there, and are not read [O]."""

_STORED_AS = {
    "created_date": "created_at",
    "last_updated_date": "updated_at",
    "learner_status": "status",
    "version_number": "version",
}
# In the contract an xs:int; versions start at 1 (domain §3), and nine digits are enough [O].
_VERSION = Facets(
    meaning="A whole number from 1 to 999999999: it starts at 1 and grows with every change.",
    example="1",
    pattern=re.compile("[1-9][0-9]{0,8}"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the contract, the attribute of ``register.learner.Learner``, its type."""

    name: str
    attribute: str
    type: Facets

    @property
    def required(self) -> bool:
        """Whether every row has to fill it."""
        return self.name in REQUIRED


def _columns() -> dict[str, Column]:
    plain = (each for each in LearnerRecord.FIELDS if each.name not in {*FOLLOWING, "VersionNumber"})
    columns = [
        *(
            Column(each.name, _STORED_AS.get(each.attribute, each.attribute), facets_of(each.name))
            for each in plain
        ),
        Column("VersionNumber", "version", _VERSION),
        Column("MasterULN", "master_uln", named_facets("MIAPULN")),
        *(Column(each, each.lower(), REGISTRATION_3A.by_name[each].type) for each in ("UCI", "UPN")),
    ]
    return {each.name: each for each in columns}


COLUMNS = _columns()
"""Every column that a file may have, by name."""

_NAMES = {name.casefold(): name for name in (*COLUMNS, *FOLLOWING)}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a file has its columns. ``columns`` follows the file; ``None`` stands for one that is not read."""

    columns: tuple[Column | None, ...]
    notes: tuple[str, ...] = ()
    places: dict[str, int] = field(init=False, repr=False, compare=False)
    """The index of each column that the file has, by name."""

    def __post_init__(self) -> None:
        places = {each.name: place for place, each in enumerate(self.columns) if each is not None}
        object.__setattr__(self, "places", places)


EVERYTHING = Layout(tuple(COLUMNS.values()))
"""The layout of a form that names its values itself."""


def layout_of(headings: Sequence[str]) -> Layout:
    """Read a heading row.

    The case of a heading and spaces around it are forgiven, with a note. Raises ``Unusable`` for a heading that
    the contract does not know (the nearest one is named), one that stands twice, and a required one that lacks.
    """
    names = [_known(place, heading) for place, heading in enumerate(headings, 1)]
    _refuse_twice(names)
    missing = sorted(REQUIRED.difference(names))
    if missing:
        raise Unusable(
            f"The heading row lacks {', '.join(missing)}.",
            "Every learner needs them: add the column, with the contract's name as its heading.",
        )
    return Layout(tuple(COLUMNS.get(name) for name in names), tuple(_notes(headings, names)))


def nearest(name: str) -> str | None:
    """Give the contract's name that is most like this one."""
    near = difflib.get_close_matches(re.sub(r"[\s_-]", "", name.casefold()), _NAMES, n=1)
    return _NAMES[near[0]] if near else None


def _known(place: int, heading: str) -> str:
    name = _NAMES.get(heading.strip().casefold())
    if name is not None:
        return name
    if not heading.strip():
        raise Unusable(f"Column {place} has no heading.", "Give it one of the contract's names, or take it out.")
    near = nearest(heading)
    raise Unusable(
        f"Column {place} is headed {heading.strip()[:40]!r}, which is no name of the contract's.",
        f"Did you mean {near}? Otherwise take the column out." if near else "Rename the column, or take it out.",
    )


def _refuse_twice(names: Sequence[str]) -> None:
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise Unusable(f"The heading {twice} stands twice.", "Keep one of the two columns.")


def _notes(headings: Sequence[str], names: Sequence[str]) -> list[str]:
    spelt = [
        f"{heading.strip()} as {name}" for heading, name in zip(headings, names, strict=True) if heading != name
    ]
    left_out = [name for name in names if name in FOLLOWING]
    notes = []
    if spelt:
        notes.append(f"Headings that are not spelt as in the contract are read: {', '.join(spelt)}.")
    if left_out:
        notes.append(f"Not read, because it follows from the other columns: {', '.join(left_out)}.")
    return notes
