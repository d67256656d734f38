"""Which of the files that lie in a folder are whole (domain §8) [O].

A file under a temporary name is left alone until it has its own, as many programs give it after the last byte. One
under its own name is whole when it has not changed for a while.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

TEMPORARY = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".upload", ".swp", "~")
LEADING = (".", "~$", "#")
"""How the names of files end, or begin, that are left alone [O]."""


class Version(NamedTuple):
    """What of a file changes while it is written: which file it is, its size, and when it was last written to."""

    inode: int
    size: int
    written: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that lies in a folder; ``version`` is as it was when it was looked at."""

    path: Path = field(repr=False)
    version: Version


def version_of(path: Path) -> Version:
    """Look at a file, or at a link itself."""
    return _version(path.lstat())


def _version(found: os.stat_result) -> Version:
    return Version(found.st_ino, found.st_size, found.st_mtime_ns)


class Arrivals:
    """Looks at folders again and again, and remembers since when each file is as it is.

    ``settle_seconds``: for so long a file must not have changed. By the clock that wrote its time, or, where that
    is ahead of ours, by our own looks.
    """

    def __init__(
        self,
        settle_seconds: float,
        *,
        clock: Callable[[], float] = time.time,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settle = settle_seconds
        self._clock = clock
        self._watch = watch
        self._seen: dict[Path, tuple[Version, float]] = {}

    def whole(self, folder: Path) -> Iterator[Arrival]:
        """Give the files of a folder that are whole, in the order of their names."""
        for each in self._present(folder):
            if self._settled(each):
                yield each

    def unsettled(self) -> frozenset[Path]:
        """Give the files that were there at the last look and not whole yet."""
        return frozenset(self._seen)

    def _present(self, folder: Path) -> list[Arrival]:
        with os.scandir(folder) as entries:
            paths = [folder / each.name for each in entries if is_complete_name(each.name)]
        found = []
        for path in sorted(paths):
            with suppress(FileNotFoundError):  # another process was quicker
                kind = path.lstat()
                if stat.S_ISREG(kind.st_mode):
                    found.append(Arrival(path, _version(kind)))
        gone = {path for path in self._seen if path.parent == folder}.difference(each.path for each in found)
        for path in gone:
            del self._seen[path]
        return found

    def _settled(self, arrival: Arrival) -> bool:
        version, since = self._seen.get(arrival.path, (None, 0.0))
        if version != arrival.version:
            since = self._watch()
            self._seen[arrival.path] = (arrival.version, since)
        age = self._clock() - arrival.version.written / 1e9
        settled = age >= self._settle or self._watch() - since >= self._settle
        if settled:
            del self._seen[arrival.path]
        return settled


def is_complete_name(name: str) -> bool:
    """Tell whether a name is a file's own, and no temporary one or one that is hidden."""
    return not (name.startswith(LEADING) or name.casefold().endswith(TEMPORARY))
