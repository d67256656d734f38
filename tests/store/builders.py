"""What the store's tests put into a register."""

import itertools
import secrets
from datetime import UTC, datetime
from typing import Any

from uln_server.access.audit import AuditEntry, SandboxMessage
from uln_server.access.credentials import QUICK, hash_password
from uln_server.access.organisation import Kind, Organisation
from uln_server.register.learner import Learner, Status
from uln_server.store.database import Database

THEN = datetime(2024, 2, 29, 12, 30, 15, 250_000, tzinfo=UTC)
ULNS = ("1026893096", "1174112637", "4444599390", "6936002314", "9276308686")
PASSWORD = "SandboxAO-000001"

_numbers = itertools.count(1)


def quick(password: str) -> str:
    """Hash without the work that protects a real password."""
    return hash_password(password, QUICK)


def a_learner(uln: str = ULNS[0], **changes: Any) -> Learner:
    fields: dict[str, Any] = {
        "uln": uln,
        "status": Status.ACTIVE,
        "version": 1,
        "created_at": THEN,
        "updated_at": THEN,
        "given_name": "Siân",
        "family_name": "O'Brien-Łukasz",
        "date_of_birth": "2001-02-28",
        "gender": "2",
        "last_known_post_code": "CF10 3NP",
        "ability_to_share": "1",
        "verification_type": "1",
    }
    return Learner(**{**fields, **changes})


def an_organisation(
    database: Database, ukprn: str = "90000001", ref: str = "SBXAO1", **fields: Any
) -> Organisation:
    with database.writing() as writing:
        return writing.organisations.add(
            **{
                "kind": Kind.AWARDING_ORGANISATION,
                "ukprn": ukprn,
                "organisation_ref": ref,
                "name": "Sandbox Awarding Organisation",
                "password": PASSWORD,
                "hashing": quick,
                **fields,
            }
        )


def learners(database: Database, *ulns: str) -> None:
    with database.writing() as writing:
        for uln in ulns:
            writing.learners.add(a_learner(uln))


def an_entry(**changes: Any) -> AuditEntry:
    fields: dict[str, Any] = {"at": THEN, "message_id": secrets.token_hex(8), "code": "WSRC0004"}
    return AuditEntry(**{**fields, **changes})


def a_message(**changes: Any) -> SandboxMessage:
    number = next(_numbers)
    fields: dict[str, Any] = {
        "at": THEN,
        "message_id": f"message-{number}",
        "path": "/LearnerService.svc",
        "operation": "learnerByULN",
        "code": "WSRC0004",
        "reading": "read as sent",
        "request": "<request/>",
        "reply": "<reply/>",
    }
    return SandboxMessage(**{**fields, **changes})
