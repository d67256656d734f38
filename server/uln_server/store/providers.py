"""The list of learning providers that are known (domain §9)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from uln_server.catalogue.provider import Provider
from uln_server.store.aggregates import each_of
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import provider

_ANY = Prepared(select(provider.c.ukprn).limit(1))
_ALL = Prepared(select(provider.c.ukprn, provider.c.name).order_by(provider.c.ukprn))
_THESE = Prepared(
    select(provider.c.ukprn, provider.c.name).where(provider.c.ukprn.op("IN")(each_of(bindparam("ukprns"))))
)
_ADD = Prepared(
    insert(provider).values({name: bindparam(name) for name in ("ukprn", "name", "created_at", "updated_at")})
)
_RENAME = Prepared(
    update(provider)
    .where(provider.c.ukprn == bindparam("of"))
    .values(name=bindparam("name"), updated_at=bindparam("at"))
)


class StoredProviders:
    """The providers as the register holds them."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def loaded(self) -> bool:
        """Whether there is a list at all: without one no provider can be called unknown."""
        return bool(self._line.rows(_ANY))

    def known(self, ukprns: Iterable[str]) -> dict[str, Provider]:
        """Give those of these UKPRNs that the list has."""
        rows = self._line.rows(_THESE, ukprns=json.dumps(list(ukprns)))
        return {ukprn: Provider(ukprn, name) for ukprn, name in rows}

    def all(self) -> tuple[Provider, ...]:
        """Give every provider, by UKPRN."""
        return tuple(Provider(ukprn, name) for ukprn, name in self._line.rows(_ALL))


class ProviderChanges(StoredProviders):
    """What may be changed about the list, within a writing transaction."""

    def add(self, providers: Sequence[Provider], at: datetime) -> None:
        """Add providers of which the list has none."""
        times = {"created_at": at, "updated_at": at}
        self._line.run_many(_ADD, [{"ukprn": each.ukprn, "name": each.name, **times} for each in providers])

    def rename(self, providers: Sequence[Provider], at: datetime) -> None:
        """Give providers of the list the names that they have now."""
        self._line.run_many(_RENAME, [{"of": each.ukprn, "name": each.name, "at": at} for each in providers])
