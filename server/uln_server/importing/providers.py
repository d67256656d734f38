"""The list of known providers from a file: UKPRN and name."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from uln_server.access.audit import AuditEntry
from uln_server.catalogue.provider import Provider, is_ukprn
from uln_server.importing.lists import (
    ListOrder,
    ListRule,
    Watcher,
    chunks,
    duplicate,
    is_fit,
    missing,
    opened,
    unfit,
)
from uln_server.importing.problems import Unusable
from uln_server.importing.report import ErrorFile
from uln_server.importing.rows import Row
from uln_server.importing.rules import Finding
from uln_server.store.database import Database
from uln_server.store.providers import StoredProviders

_NAMES = {"ukprn": "UKPRN", "name": "Name", "providername": "Name"}
_MOST = 400  # characters of a name [O]


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are UKPRN and name; ``None`` stands for one that is not read."""

    columns: tuple[str | None, ...]
    notes: tuple[str, ...] = ()


def layout_of(headings: Sequence[str]) -> Layout:
    """Read a heading row; case, spaces and underlines do not count. ``Unusable`` where UKPRN or Name lacks."""
    names = [_NAMES.get(re.sub(r"[\s_-]", "", each).casefold()) for each in headings]
    for name in ("UKPRN", "Name"):
        if names.count(name) != 1:
            words = "lacks" if name not in names else "has twice"
            raise Unusable(f"The heading row {words} {name}.", "Its columns are UKPRN and Name, each once.")
    unread = [heading.strip() for heading, name in zip(headings, names, strict=True) if name is None]
    return Layout(tuple(names), (f"Not read: {', '.join(unread)}.",) if unread else ())


def carry_out(
    database: Database, order: ListOrder, act: Callable[[str], AuditEntry], watcher: Watcher
) -> Counter[Fate]:
    """Import a list of providers, or check it, and give what became of its rows. Nobody is taken off the list.

    Raises ``Unusable`` when the file cannot be read, or not to its end; what came before is in.
    """
    counts: Counter[Fate] = Counter()
    first: dict[str, int] = {}
    with opened(order, layout_of) as source, ErrorFile(order.errors) as report:
        for note in source.layout.notes:
            watcher.note(note)
        for rows in chunks(source.rows()):
            providers = []
            for row in rows:
                read = _read(source.layout, row, first)
                if isinstance(read, Provider):
                    providers.append(read)
                else:
                    report.add(row.number, read)
                    counts[Fate.REFUSED] += 1
            report.secure()
            counts += _put(database, providers, check=order.check)
    if not order.check:
        told = ", ".join(f"{counts[fate]} {fate}" for fate in Fate)
        with database.writing() as writing:
            writing.audit.add(replace(act("provider import"), reason=told))
    return counts


def _read(layout: Layout, row: Row, first: dict[str, int]) -> Provider | list[Finding]:
    if row.defect:
        return [row.defect]
    named = {name: cell.strip() for name, cell in zip(layout.columns, row.cells, strict=True) if name}
    findings = [found for name, cell in named.items() if (found := _wrong(name, cell))]
    earlier = first.setdefault(named["UKPRN"], row.number)
    if not findings and earlier != row.number:
        findings.append(duplicate("UKPRN", named["UKPRN"], earlier))
    return findings or Provider(named["UKPRN"], named["Name"])


def _wrong(name: str, cell: str) -> Finding | None:
    if not cell:
        return missing(name)
    if not is_fit(cell):
        return unfit(name, cell)
    if name == "UKPRN" and not is_ukprn(cell):
        return Finding(ListRule.FORM, name, cell, "is no UKPRN.", "Write its eight digits, like 10001234.")
    if len(cell) > _MOST:
        words = f"has {len(cell)} characters, and at most {_MOST} fit."
        return Finding(ListRule.LENGTH, name, cell, words, "Shorten it.")
    return None


def _put(database: Database, providers: Sequence[Provider], *, check: bool) -> Counter[Fate]:
    if check:
        return _sorted(database.reading().providers, providers)[0]
    with database.writing() as writing:
        counts, new, renamed = _sorted(writing.providers, providers)
        now = datetime.now(UTC)
        writing.providers.add(new, now)
        writing.providers.rename(renamed, now)
        return counts


def _sorted(
    stored: StoredProviders, providers: Iterable[Provider]
) -> tuple[Counter[Fate], list[Provider], list[Provider]]:
    """Tell who is new and who has another name now."""
    listed = list(providers)
    known = stored.known(each.ukprn for each in listed)
    new = [each for each in listed if each.ukprn not in known]
    renamed = [each for each in listed if each.ukprn in known and known[each.ukprn] != each]
    unchanged = len(listed) - len(new) - len(renamed)
    counts = Counter({Fate.NEW: len(new), Fate.CHANGED: len(renamed), Fate.UNCHANGED: unchanged})
    return counts, new, renamed
