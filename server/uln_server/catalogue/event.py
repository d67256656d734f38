"""What happens to an entry of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CatalogueEventKind(StrEnum):
    """The kinds of change; an import makes them all."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEvent:
    """One change of one entry, append-only.

    ``before`` holds the earlier value of each field that was changed; ``message_id`` leads to the audit entry of
    whoever made the change.
    """

    id: int
    at: datetime
    key: str
    kind: CatalogueEventKind
    version: int
    before: Mapping[str, object] = field(default_factory=dict)
    message_id: str | None = None
    user: str | None = None
