"""Where files lie: a folder for each organisation, and one for what is worked on (domain §8) [O].

::

    DIR/
        90000003/           an organisation, by its UKPRN
            in/             it puts its files here
            done/           worked off: the file, and reports beside it
            failed/         nothing of it was done: the file, and a report that says why
        .intake/            the service's own
            90000003~TOKEN/ one file that was taken, under its name

Everything is in one file system, so that a file is moved at once or not at all. A symbolic link is never followed,
and never taken: it would lead out of the folder.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from uln_server.intake.arrivals import version_of

IN, DONE, FAILED = "in", "done", "failed"
_WORK = ".intake"
_UKPRN = re.compile("[0-9A-Za-z]{8}")
_TAKEN = re.compile(r"([0-9A-Za-z]{8})~([0-9a-f]{32})")
_BLOCK = 2**20  # bytes
_LONGEST_NAME, _LONGEST_EXTENSION = (
    150,
    20,
)  # bytes in UTF-8, as file systems count: reports have more than the name
_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"/\\|?*]')


class NotUsable(Exception):  # noqa: N818  # the folder's fault, not an error of ours
    """The folder cannot be used for an intake; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file in the service's own folder: whose it is, the name of its folder's token, and where it lies.

    ``path`` does not exist any more once the file was filed away. ``mark`` is in the names of what is written
    meanwhile: another process's differ, which may have slept for longer than its claim and still be writing.
    """

    ukprn: str
    token: str
    path: Path = field(repr=False)
    mark: str = "0"

    @property
    def spool(self) -> Path:
        """Where the rows to be done are kept, beside the folder."""
        return self.path.parent.with_suffix(".rows")

    @property
    def part(self) -> Path:
        """Where something is written until it is whole."""
        return self.path.parent.with_suffix(f".{self.mark}.part")

    @property
    def reports(self) -> Path:
        """The folder in which reports are written, beside the file's."""
        return self.path.parent.with_suffix(f".{self.mark}.reports")


class Folders:
    """The folders below one that the operator names."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = root / _WORK

    def prepare(self) -> None:
        """Make the service's own folder; ``NotUsable`` where that cannot be."""
        if not _is_folder(self.root):
            raise NotUsable(f"{self.root} is no folder: make it, with a folder for each organisation in it.")
        try:
            self._work.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise NotUsable(f"{self._work} cannot be made: {error.strerror}.") from None
        if not _is_folder(self._work):
            raise NotUsable(f"{self._work} is no folder, or a link to one: take it away.")

    def organisations(self) -> tuple[str, ...]:
        """Give the names of the folders that may be an organisation's."""
        with os.scandir(self.root) as entries:
            found = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
        return tuple(sorted(each for each in found if _UKPRN.fullmatch(each)))

    def of(self, ukprn: str, name: str) -> Path:
        """Give one of an organisation's three folders, made if it is not there.

        Raises ``NotUsable`` where it is a link, or something else than a folder.
        """
        folder = self.root / ukprn / name
        with suppress(FileExistsError):
            _make_like_parent(folder)
        if not _is_folder(folder):
            raise NotUsable(f"{ukprn}/{name} is no folder, or a link to one: take it away.")
        return folder

    def take(self, path: Path, ukprn: str) -> Taken | None:
        """Move a file into a folder of its own; ``None`` when somebody else did, or still writes it (Windows)."""
        token = secrets.token_hex(16)
        folder = self._folder(ukprn, token)
        folder.mkdir(mode=0o700)
        taken = Taken(ukprn, token, folder / safe_name(path.name))
        try:
            path.rename(taken.path)
        except (FileNotFoundError, PermissionError):
            folder.rmdir()
            return None
        except OSError as error:
            folder.rmdir()
            if error.errno != errno.EXDEV:
                raise
            text = f"{ukprn}/{IN} is on another file system than {self.root}: files could not be moved at once."
            raise NotUsable(text) from None
        if not stat.S_ISREG(taken.path.lstat().st_mode):  # exchanged for a link since it was looked at
            taken.path.unlink()
            folder.rmdir()
            return None
        _secure(folder)
        return taken

    def taken(self, ukprn: str, token: str, name: str, mark: str = "0") -> Taken:
        """Give a file that was taken, wherever it is by now."""
        return Taken(ukprn, token, self._folder(ukprn, token) / name, mark)

    def all_taken(self) -> Iterator[Taken]:
        """Give every file that lies in the service's own folder."""
        with os.scandir(self._work) as entries:
            folders = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
        for each in sorted(folders):
            fits = _TAKEN.fullmatch(each)
            if fits:
                with suppress(FileNotFoundError):  # filed away by another process meanwhile
                    yield from (Taken(fits[1], fits[2], path) for path in (self._work / each).iterdir())

    def age(self, taken: Taken) -> float:
        """Give for how many seconds a file has been in the service's own folder; 0 once it is there no more."""
        with suppress(FileNotFoundError):
            return time.time() - taken.path.parent.stat().st_mtime
        return 0.0

    def tidy(self, seconds: float) -> None:
        """Take away folders of the service's own that are empty, and as old as this."""
        for each in self._work.iterdir():
            with suppress(OSError):  # it is not empty, or there no more
                if _TAKEN.fullmatch(each.name) and time.time() - each.stat().st_mtime > seconds:
                    each.rmdir()

    def clear(self, taken: Taken) -> None:
        """Take away what was the service's own of a file that has been filed away."""
        for each in self._work.glob(f"{taken.path.parent.name}.*"):
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)
        with suppress(OSError):
            taken.path.parent.rmdir()

    def forget(self, taken: Taken, filed_as: str) -> None:
        """Take away a copy of a file that has been filed away, if it was: whoever made it had slept."""
        if any(self.lies_in(taken.ukprn, each, filed_as) for each in (DONE, FAILED)):
            taken.path.unlink(missing_ok=True)
            self.clear(taken)

    def give_back(self, taken: Taken) -> None:
        """Put a file back where it came from, for it was not whole yet."""
        folder = self.of(taken.ukprn, IN)
        place = folder / taken.path.name
        if os.path.lexists(place):
            place = folder / f"{place.stem}.{taken.token[:8]}{place.suffix}"
        taken.path.rename(place)
        self.clear(taken)

    def own_copy(self, taken: Taken) -> str | None:
        """Put a copy in the file's place, and give the SHA-256 of it; ``None`` when the file changed meanwhile.

        Whoever still had the file open writes into what is no longer there.
        """
        before, part = version_of(taken.path), taken.part
        digest = hashlib.sha256()
        with taken.path.open("rb") as source, part.open("wb") as target:
            while block := source.read(_BLOCK):
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if version_of(taken.path) != before:
            part.unlink()
            return None
        os.utime(part, ns=(before.written, before.written))
        part.replace(taken.path)
        _secure(taken.path.parent)
        return digest.hexdigest()

    def file_away(self, taken: Taken, folder: str, name: str) -> None:
        """Move what was written about a file, and then the file, into one of its organisation's folders.

        Done before, it is done. So whoever finds the file there finds its reports as well.
        """
        place = self.of(taken.ukprn, folder)
        reports = sorted(taken.reports.iterdir()) if taken.reports.exists() else ()
        for each in reports:
            _move(each, place / each.name)
        with suppress(FileNotFoundError):
            _move(taken.path, place / name)
        _secure(place)
        self.clear(taken)

    def lies_in(self, ukprn: str, folder: str, name: str) -> bool:
        """Tell whether one of an organisation's folders has a file of this name."""
        return os.path.lexists(self.root / ukprn / folder / name)

    def _folder(self, ukprn: str, token: str) -> Path:
        return self._work / f"{ukprn}~{token}"


def safe_name(name: str) -> str:
    """Give a name that every file system takes and every line of a report can show."""
    fit = _UNFIT.sub("_", name).strip(" .") or "_"
    stem, _, extension = fit.rpartition(".")
    if len(fit.encode()) <= _LONGEST_NAME:
        return fit
    if not stem or len(extension.encode()) > _LONGEST_EXTENSION:
        return _cut(fit, _LONGEST_NAME)
    return f"{_cut(stem, _LONGEST_NAME - len(extension.encode()) - 1)}.{extension}"


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _move(path: Path, place: Path) -> None:
    # Before: whoever may write to the folder could have put a link to something else in the file's place.
    _share(path, place.parent)
    path.replace(place)


def _share(path: Path, with_: Path) -> None:
    """Let those read a file who may read a folder: the folder's group, and its permissions without "run"."""
    if os.name == "nt":  # a file has its folder's permissions anyway
        return
    folder = with_.stat()
    with suppress(PermissionError):
        os.chown(path, -1, folder.st_gid)
    with suppress(PermissionError):  # the owner is another one, who put it there
        path.chmod(stat.S_IMODE(folder.st_mode) & 0o666)


def _make_like_parent(folder: Path) -> None:
    folder.mkdir()
    if os.name != "nt":
        parent = folder.parent.stat()
        with suppress(PermissionError):
            os.chown(folder, -1, parent.st_gid)
            folder.chmod(stat.S_IMODE(parent.st_mode))


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _secure(folder: Path) -> None:
    """See that a move is on the disk; a folder cannot be opened for that on Windows, and need not be."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
