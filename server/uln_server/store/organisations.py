"""Organisations, their agreements and credentials: reading and changing."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import bindparam, insert, or_, select, update

from uln_server.access import hours as opening
from uln_server.access.credentials import hash_password
from uln_server.access.organisation import Agreement, Kind, Organisation, OwnProcedure, Status
from uln_server.store.aggregates import joined
from uln_server.store.errors import OrganisationInvalid, OrganisationTaken, OrganisationUnknown
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared, Row
from uln_server.store.tables import agreement, organisation

PASSWORD_LENGTH = 16
"""Characters of an OrgPassword (contract type ``MIAPOrgPassword``)."""

# A find is remembered for a week (store.finds), and nobody reviews for longer than an hour.
_LONGEST_MINUTES, _LONGEST_SECONDS = 7 * 24 * 60, 3600

_UKPRN = re.compile(r"[0-9a-zA-Z]{8}")
_ORGANISATION_REF = re.compile(r"[0-9a-zA-Z]{6}")

_in_force = (
    select(joined(agreement.c.agreement))
    .where(agreement.c.organisation_id == organisation.c.id, agreement.c.ended_at.is_(None))
    .scalar_subquery()
)
_columns = (
    organisation.c.id,
    organisation.c.kind,
    organisation.c.ukprn,
    organisation.c.organisation_ref,
    organisation.c.name,
    organisation.c.status,
    organisation.c.hours,
    organisation.c.credential_version,
    organisation.c.password_hash,
    organisation.c.fault_qualified,
    organisation.c.linked_ulns_qualified,
    organisation.c.find_first,
    organisation.c.find_maximum_minutes,
    organisation.c.review_minimum_seconds,
    _in_force.label("agreements"),
)
_BY_IDENTIFIER = Prepared(
    select(*_columns).where(
        or_(
            organisation.c.ukprn == bindparam("identifier"),
            organisation.c.organisation_ref == bindparam("identifier"),
        )
    )
)
_ALL = Prepared(select(*_columns).order_by(organisation.c.ukprn))

_stored = (
    *("kind", "ukprn", "organisation_ref", "name", "status", "hours", "credential_version", "password_hash"),
    *("fault_qualified", "linked_ulns_qualified", "created_at", "updated_at"),
)
_ADD = Prepared(
    insert(organisation).values({name: bindparam(name) for name in _stored}).returning(organisation.c.id)
)
_this = organisation.c.id == bindparam("organisation_id")
_SET_STATUS = Prepared(
    update(organisation).where(_this).values(status=bindparam("status"), updated_at=bindparam("at"))
)
_SET_HOURS = Prepared(
    update(organisation).where(_this).values(hours=bindparam("hours"), updated_at=bindparam("at"))
)
_SET_FORMS = Prepared(
    update(organisation)
    .where(_this)
    .values(
        fault_qualified=bindparam("fault_qualified"),
        linked_ulns_qualified=bindparam("linked_ulns_qualified"),
        updated_at=bindparam("at"),
    )
)
_SET_PROCEDURE = Prepared(
    update(organisation)
    .where(_this)
    .values(
        find_first=bindparam("find_first"),
        find_maximum_minutes=bindparam("maximum_minutes"),
        review_minimum_seconds=bindparam("minimum_seconds"),
        updated_at=bindparam("at"),
    )
)
_SET_PASSWORD = Prepared(
    update(organisation)
    .where(_this)
    .values(
        password_hash=bindparam("password_hash"),
        credential_version=organisation.c.credential_version + 1,
        updated_at=bindparam("at"),
    )
)
_SIGN = Prepared(
    insert(agreement)
    .values(
        organisation_id=bindparam("organisation_id"),
        agreement=bindparam("agreement"),
        signed_at=bindparam("at"),
    )
    .inline()
)
_END = Prepared(
    update(agreement)
    .where(
        agreement.c.organisation_id == bindparam("organisation_id"),
        agreement.c.agreement == bindparam("agreement"),
        agreement.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)


class StoredOrganisations:
    """The organisations as the register holds them (port ``access.identity.Organisations``)."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def by_identifier(self, identifier: str) -> Organisation | None:
        """Find by UKPRN (8 characters) or OrganisationRef (6), case ignored; the lengths tell them apart."""
        if not identifier.isalnum():
            return None
        rows = self._line.rows(_BY_IDENTIFIER, identifier=identifier.upper())
        return _organisation(rows[0]) if rows else None

    def all(self) -> tuple[Organisation, ...]:
        """Give every organisation, by UKPRN."""
        return tuple(_organisation(row) for row in self._line.rows(_ALL))


class OrganisationChanges(StoredOrganisations):
    """What may be changed about organisations, within a writing transaction.

    An organisation is named by UKPRN or OrganisationRef. Each change gives the organisation as it now stands,
    and raises ``OrganisationUnknown`` for a name nobody has. Doing a thing twice is no error.
    """

    def add(  # noqa: PLR0913  # the fields of an organisation, by keyword
        self,
        *,
        kind: Kind,
        ukprn: str,
        organisation_ref: str,
        name: str,
        password: str,
        agreements: Iterable[Agreement] = (),
        status: Status = Status.ACTIVE,
        hours: str = opening.ALWAYS,
        fault_qualified: bool | None = None,
        linked_ulns_qualified: bool | None = None,
        hashing: Callable[[str], str] = hash_password,
    ) -> Organisation:
        """Set an organisation up. Identifiers are kept in upper case [O].

        Raises ``OrganisationInvalid`` for a field that has not the contract's form, ``OrganisationTaken`` when
        the UKPRN or the OrganisationRef belongs to another.
        """
        _check_identifiers(ukprn, organisation_ref)
        _check_hours(hours)
        if not name.strip():
            raise OrganisationInvalid("An organisation needs a name.")
        for identifier in (ukprn, organisation_ref):
            self._refuse_taken(identifier)
        now = datetime.now(UTC)
        rows = self._line.rows(
            _ADD,
            kind=kind,
            ukprn=ukprn.upper(),
            organisation_ref=organisation_ref.upper(),
            name=name.strip(),
            status=status,
            hours=hours,
            credential_version=1,
            password_hash=_hashed(password, hashing),
            fault_qualified=fault_qualified,
            linked_ulns_qualified=linked_ulns_qualified,
            created_at=now,
            updated_at=now,
        )
        for each in sorted(set(agreements)):
            self._line.run(_SIGN, organisation_id=rows[0][0], agreement=each, at=now)
        return self._named(ukprn)

    def suspend(self, identifier: str) -> Organisation:
        """Let the organisation call no longer, at once."""
        return self._set_status(identifier, Status.SUSPENDED)

    def resume(self, identifier: str) -> Organisation:
        """Let the organisation call again."""
        return self._set_status(identifier, Status.ACTIVE)

    def set_password(
        self, identifier: str, password: str, *, hashing: Callable[[str], str] = hash_password
    ) -> Organisation:
        """Change the password; ``OrganisationInvalid`` unless it has 16 characters and is not blank."""
        found = self._named(identifier)
        password_hash = _hashed(password, hashing)
        self._line.run(_SET_PASSWORD, organisation_id=found.id, password_hash=password_hash, at=datetime.now(UTC))
        return self._named(identifier)

    def agree(self, identifier: str, signed: Agreement) -> Organisation:
        """Record that the organisation signed an agreement, from now on."""
        found = self._named(identifier)
        if signed not in found.agreements:
            self._line.run(_SIGN, organisation_id=found.id, agreement=signed, at=datetime.now(UTC))
        return self._named(identifier)

    def withdraw(self, identifier: str, ended: Agreement) -> Organisation:
        """Record that an agreement ends now; its time in force stays on record."""
        found = self._named(identifier)
        self._line.run(_END, organisation_id=found.id, agreement=ended, at=datetime.now(UTC))
        return self._named(identifier)

    def set_hours(self, identifier: str, hours: str) -> Organisation:
        """Change the opening hours; ``OrganisationInvalid`` for a text that is none."""
        _check_hours(hours)
        found = self._named(identifier)
        self._line.run(_SET_HOURS, organisation_id=found.id, hours=hours, at=datetime.now(UTC))
        return self._named(identifier)

    def set_forms(
        self, identifier: str, *, fault_qualified: bool | None, linked_ulns_qualified: bool | None
    ) -> Organisation:
        """Change in which form replies are written for it; ``None`` leaves that to the address's default."""
        found = self._named(identifier)
        self._line.run(
            _SET_FORMS,
            organisation_id=found.id,
            fault_qualified=fault_qualified,
            linked_ulns_qualified=linked_ulns_qualified,
            at=datetime.now(UTC),
        )
        return self._named(identifier)

    def set_procedure(self, identifier: str, procedure: OwnProcedure) -> Organisation:
        """Change its rule of finding before registering; ``OrganisationInvalid`` for times that cannot be."""
        _check_procedure(procedure)
        found = self._named(identifier)
        self._line.run(
            _SET_PROCEDURE,
            organisation_id=found.id,
            find_first=procedure.find_first,
            maximum_minutes=procedure.maximum_minutes,
            minimum_seconds=procedure.minimum_seconds,
            at=datetime.now(UTC),
        )
        return self._named(identifier)

    def _set_status(self, identifier: str, status: Status) -> Organisation:
        found = self._named(identifier)
        self._line.run(_SET_STATUS, organisation_id=found.id, status=status, at=datetime.now(UTC))
        return self._named(identifier)

    def _named(self, identifier: str) -> Organisation:
        found = self.by_identifier(identifier)
        if found is None:
            raise OrganisationUnknown(
                f"No organisation has the UKPRN or OrganisationRef {identifier!r}:"
                " `uln-server org list` names all."
            )
        return found

    def _refuse_taken(self, identifier: str) -> None:
        holder = self.by_identifier(identifier)
        if holder is not None:
            raise OrganisationTaken(
                f"{identifier!r} belongs to {holder.name} (UKPRN {holder.ukprn}, OrganisationRef"
                f" {holder.organisation_ref}) already: choose another, or change that organisation."
            )


def _organisation(row: Row) -> Organisation:
    return Organisation(
        id=row[0],
        kind=row[1],
        ukprn=row[2],
        organisation_ref=row[3],
        name=row[4],
        status=row[5],
        hours=row[6],
        credential_version=row[7],
        password_hash=row[8],
        fault_qualified=row[9],
        linked_ulns_qualified=row[10],
        procedure=_procedure(*row[11:14]),
        agreements=_agreements(row[14] or ""),
    )


@lru_cache(maxsize=256)
def _procedure(
    find_first: bool | None,  # noqa: FBT001  # the row's columns
    maximum_minutes: int | None,
    minimum_seconds: int | None,
) -> OwnProcedure:
    return OwnProcedure(find_first, maximum_minutes, minimum_seconds)


@lru_cache(maxsize=256)
def _agreements(text: str) -> frozenset[Agreement]:
    return frozenset(Agreement(name) for name in text.split())


def _check_identifiers(ukprn: str, organisation_ref: str) -> None:
    if not _UKPRN.fullmatch(ukprn):
        raise OrganisationInvalid(f"{ukprn!r} is no UKPRN: it has 8 digits (or letters), such as 90000001.")
    if not _ORGANISATION_REF.fullmatch(organisation_ref):
        raise OrganisationInvalid(
            f"{organisation_ref!r} is no OrganisationRef: it has 6 letters or digits, such as SBXAO1."
        )


def _check_hours(hours: str) -> None:
    if hours not in (opening.ALWAYS, opening.NEVER):
        try:
            opening.parse(hours)
        except opening.HoursError as error:
            raise OrganisationInvalid(str(error)) from error


def _check_procedure(procedure: OwnProcedure) -> None:
    maximum, minimum = procedure.maximum_minutes, procedure.minimum_seconds
    for name, value, least, most in (
        ("--maximum-minutes", maximum, 1, _LONGEST_MINUTES),
        ("--minimum-seconds", minimum, 0, _LONGEST_SECONDS),
    ):
        if value is not None and not least <= value <= most:
            raise OrganisationInvalid(f"{name} is {value}: give a number from {least} to {most}.")
    if maximum is not None and minimum is not None and minimum >= maximum * 60:
        raise OrganisationInvalid(
            f"A find that must be {minimum} seconds old and counts for {maximum} minutes lets nobody register"
            " after possible matches: give fewer --minimum-seconds or more --maximum-minutes."
        )


def _hashed(password: str, hashing: Callable[[str], str]) -> str:
    if len(password) != PASSWORD_LENGTH or not password.strip():
        raise OrganisationInvalid(
            f"A password has exactly {PASSWORD_LENGTH} characters, not all of them spaces;"
            f" this one has {len(password)}."
        )
    return hashing(password)
