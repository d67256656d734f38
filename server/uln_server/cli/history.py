"""How a record's history is told: each event, who made it, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uln_server.register.event import Event, EventKind
from uln_server.register.learner import Learner
from uln_server.register.times import LONDON
from uln_server.store.events import Change

_NOBODY = "not known"
_MASTER = {EventKind.MERGED: "into", EventKind.UNMERGED: "from"}


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a record's history, and each field that it changed: the value before and the value after."""

    event: Event
    changed: Mapping[str, tuple[str | None, str | None]]

    def as_lines(self) -> Iterator[str]:
        """Say it in one line, and each changed field in one more. Times are UK time."""
        event = self.event
        parts = (
            f"{event.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}",
            f"version {event.version}",
            " ".join(filter(None, (event.kind, _MASTER.get(event.kind), event.master_uln))),
            f"by {', '.join(filter(None, (event.organisation, event.user))) or _NOBODY}",
            f"message {event.message_id}" if event.message_id else "",
        )
        yield "  ".join(filter(None, parts))
        for name, (before, after) in self.changed.items():
            yield f"    {name.replace('_', ' ')}: {_quoted(before)} -> {_quoted(after)}"

    def as_data(self) -> dict[str, object]:
        """Give it as a JSON object, the time in UTC."""
        event = self.event
        return {
            "at": event.at.isoformat(),
            "kind": event.kind,
            "version": event.version,
            "master_uln": event.master_uln,
            "organisation": event.organisation,
            "user": event.user,
            "message_id": event.message_id,
            "changed": {
                name: {"before": before, "after": after} for name, (before, after) in self.changed.items()
            },
        }


def tell(record: Learner, history: Sequence[Change]) -> tuple[Told, ...]:
    """Tell a record's history, oldest first.

    Only what a change replaced is kept; what it put there is what the next change of that field replaced, or what
    the record holds today.
    """
    told: list[Told] = []
    later: dict[str, str | None] = {}
    for change in reversed(history):
        after = {name: later[name] if name in later else getattr(record, name) for name in change.before}
        told.append(Told(change.event, {name: (was, after[name]) for name, was in change.before.items()}))
        later |= change.before
    return tuple(reversed(told))


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else f'"{value}"'
