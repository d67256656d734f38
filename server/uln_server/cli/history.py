"""How a record's history is told: each event, who made it, and what it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uln_server.register.event import Event, EventKind
from uln_server.register.learner import Learner
from uln_server.register.times import LONDON
from uln_server.store.events import Change

_MASTER = {EventKind.MERGED: "into", EventKind.UNMERGED: "from"}


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a record's history, and each field that it changed: the value before and the value after.

    ``of_another``: the event of a record that was merged into this one, or taken out of it again.
    """

    event: Event
    changed: Mapping[str, tuple[str | None, str | None]]
    of_another: bool = False

    def as_lines(self) -> Iterator[str]:
        """Say it in one line, and each changed field in one more. Times are UK time."""
        event = self.event
        what: tuple[str | None, ...] = (event.kind, _MASTER.get(event.kind), event.master_uln)
        if self.of_another:
            what = (event.uln, event.kind, f"{_MASTER[event.kind]} this record")
        by = [who for who in (event.organisation, event.user) if who]
        parts = (
            f"{event.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}",
            "" if self.of_another else f"version {event.version}",
            " ".join(filter(None, what)),
            f"by {', '.join(by)}" if by else "",
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
            "uln": event.uln,
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


def tell(record: Learner, history: Sequence[Change], links: Sequence[Event] = ()) -> tuple[Told, ...]:
    """Tell a record's history, oldest first, with the merges of others into it.

    Only what a change replaced is kept; what it put there is what the next change of that field replaced, or what
    the record holds today.
    """
    told: list[Told] = []
    later: dict[str, str | None] = {}
    for change in reversed(history):
        after = {name: later[name] if name in later else getattr(record, name) for name in change.before}
        told.append(Told(change.event, {name: (was, after[name]) for name, was in change.before.items()}))
        later |= change.before
    told += [Told(each, {}, of_another=True) for each in links]
    return tuple(sorted(told, key=lambda each: each.event.id))


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else f'"{value}"'
