"""What the register answers for a ULN, as the rules of matching see it."""

from dataclasses import dataclass
from typing import Protocol

from uln_server.register.learner import Learner


@dataclass(frozen=True, slots=True)
class Entry:
    """A ULN that is in the register: the record asked for, and the record that stands for it today.

    ``current`` is ``asked`` itself, or the master that it was merged into, directly or through others.
    """

    asked: Learner
    current: Learner

    @property
    def merged(self) -> bool:
        """Whether the ULN asked for was merged into another one."""
        return self.asked.uln != self.current.uln

    @property
    def records(self) -> tuple[Learner, ...]:
        """The records a caller may know this learner by: the one asked for first, then its master.

        [O]: a caller who still holds the details under which the old ULN was given out is not refused, and
        neither is one who holds the master's. Of a longer chain of merges the records in between do not count.
        """
        return (self.asked, self.current) if self.merged else (self.asked,)


class Learners(Protocol):
    """The register as the operations read it."""

    def entry(self, uln: str) -> Entry | None:
        """Give a ULN's entry; ``None`` when unknown, deleted, or merged into a deleted one (domain §4) [O]."""

    def linked(self, uln: str) -> tuple[str, ...]:
        """Give every ULN that was merged into this one, directly or through another, ascending."""
