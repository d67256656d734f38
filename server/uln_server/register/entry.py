"""What the register answers for a ULN, as the rules of matching see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from uln_server.register.authorship import Author
from uln_server.register.demographics import Demographics
from uln_server.register.learner import Learner


class Identity(Protocol):
    """What tells whether a learner is the one who is meant: the part of a ``Learner`` that is compared.

    ``Learner`` says what the values are.
    """

    @property
    def uln(self) -> str:
        """Its number."""

    @property
    def given_name(self) -> str:
        """The given name."""

    @property
    def preferred_given_name(self) -> str | None:
        """What they are called."""

    @property
    def family_name(self) -> str:
        """The family name."""

    @property
    def previous_family_name(self) -> str | None:
        """An earlier one."""

    @property
    def family_name_at_age16(self) -> str | None:
        """Another earlier one."""

    @property
    def date_of_birth(self) -> str:
        """``YYYY-MM-DD``."""

    @property
    def gender(self) -> str:
        """The contract's code."""

    @property
    def last_known_post_code(self) -> str:
        """As it was registered."""


class Standing(Protocol):
    """An ``Entry``, as far as its records are compared."""

    @property
    def asked(self) -> Identity:
        """The record asked for."""

    @property
    def current(self) -> Identity:
        """The record that stands for it today."""

    @property
    def merged(self) -> bool:
        """Whether the ULN asked for was merged into another one."""

    @property
    def records(self) -> tuple[Identity, ...]:
        """The records a caller may know this learner by."""


class Unmerged(NamedTuple):
    """A record that stands for itself (``Standing`` and ``Identity`` in one): many are read at once."""

    uln: str
    given_name: str
    preferred_given_name: str | None
    family_name: str
    previous_family_name: str | None
    family_name_at_age16: str | None
    date_of_birth: str
    gender: str
    last_known_post_code: str

    @property
    def asked(self) -> "Unmerged":
        """Itself."""
        return self

    @property
    def current(self) -> "Unmerged":
        """Itself."""
        return self

    @property
    def merged(self) -> bool:
        """Never."""
        return False

    @property
    def records(self) -> "tuple[Unmerged, ...]":
        """Itself alone."""
        return (self,)

    def __repr__(self) -> str:
        """Say which record, and nothing of the person: what is printed may come into a log."""
        return f"<Unmerged {self.uln}>"


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

    def entries(self, ulns: Iterable[str]) -> Mapping[str, Standing]:
        """Give many ULNs' entries, to be compared, each as ``entry`` would; unknown and deleted ones left out."""


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
