"""Rules of combination: the tree of what a qualification is made of, kept and shown; no rule reads it yet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of entries, by key, and of groups; ``None`` stands for no limit. Credits and numbers are whole."""

    title: str
    entries: tuple[str, ...] = ()
    groups: tuple["Group", ...] = ()
    minimum_credit: int | None = None
    maximum_credit: int | None = None
    minimum_entries: int | None = None
    maximum_entries: int | None = None
