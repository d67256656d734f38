"""What the register answers for a ULN, as the rules of matching see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from uln_server.register.authorship import Author
from uln_server.register.demographics import Demographics
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
        return self.asked is not self.current and self.asked.uln != self.current.uln

    @property
    def records(self) -> tuple[Learner, ...]:
        """The records a caller may know this learner by: the one asked for first, then its master.

        [O]: a caller who still holds the details under which the old ULN was given out is not refused, and
        neither is one who holds the master's. Of a longer chain of merges the records in between do not count.
        """
        return (self.asked, self.current) if self.merged else (self.asked,)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be meant by a search: every entry that can match, and whether all of them could be read."""

    entries: tuple[Entry, ...]
    complete: bool


class Learners(Protocol):
    """The register as the operations read it."""

    def entry(self, uln: str) -> Entry | None:
        """Give a ULN's entry; ``None`` when unknown, deleted, or merged into a deleted one (domain §4) [O]."""

    def linked(self, uln: str) -> tuple[str, ...]:
        """Give every ULN that was merged into this one, directly or through another, ascending."""

    def candidates(self, demographics: Demographics) -> Candidates:
        """Give everybody who may match these details (domain §5); which of them do is for ``matching`` to say."""

    def entries(self, ulns: Iterable[str]) -> Mapping[str, Entry]:
        """Give the entries of many ULNs, each as ``entry`` would; unknown and deleted ones are left out."""


class Changes(Learners, Protocol):
    """The register as the operations change it, within one transaction."""

    def locked(self, uln: str) -> Learner | None:
        """Give a record as it stands, deleted and merged ones too, and hold off whoever else changes it."""

    def same(self, demographics: Demographics, besides: str = "") -> bool:
        """Tell whether a record of another ULN than ``besides`` has these five, and let others who ask wait."""

    def register(self, new: Learner, by: Author) -> Learner:
        """Put a learner into the register under a new ULN, and give the record with it."""

    def update(self, held: Learner, changes: Mapping[str, str], by: Author) -> Learner:
        """Store changed fields of a locked record, and give it as it is then."""
