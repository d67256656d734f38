"""Organisations for the tests of access, kept in memory."""

from dataclasses import dataclass
from typing import Any

from uln_server.access.credentials import QUICK, hash_password
from uln_server.access.organisation import Agreement, Kind, Organisation, Status

PASSWORD = "SandboxAO-000001"
_HASH = hash_password(PASSWORD, QUICK)


def an_organisation(**changes: Any) -> Organisation:
    fields: dict[str, Any] = {
        "id": 1,
        "kind": Kind.AWARDING_ORGANISATION,
        "ukprn": "90000001",
        "organisation_ref": "SBXAO1",
        "name": "Sandbox Awarding Organisation",
        "status": Status.ACTIVE,
        "hours": "always",
        "credential_version": 1,
        "password_hash": _HASH,
        "agreements": frozenset(Agreement),
    }
    return Organisation(**{**fields, **changes})


@dataclass(frozen=True)
class Listed:
    """The port ``Organisations`` over a list."""

    all: tuple[Organisation, ...]

    def by_identifier(self, identifier: str) -> Organisation | None:
        sought = identifier.upper()
        return next((each for each in self.all if sought in (each.ukprn, each.organisation_ref)), None)
