"""Bytes that wait in a file once they are many: a large body, and the records that were read from it."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

import structlog

from uln_server.soap.faults import HttpRefusal

log = structlog.get_logger(__name__)

IN_MEMORY = 256 * 1024
"""Up to this many bytes are kept in memory [O]; more lie in a nameless file of the system's temporary folder."""


class Spool:
    """Bytes, written once and then read from their start, as often as is needed."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # close() ends it
        self._size = 0

    def write(self, part: bytes) -> None:
        """Add bytes at the end; ``HttpRefusal`` 503 when the temporary folder takes no more of them."""
        try:
            self._size += self._file.write(part)
        except OSError as error:
            # A log that has gone away must not be in the way of the answer.
            with suppress(OSError, ValueError):
                log.warning("temporary folder takes no more", error=errno.errorcode.get(error.errno or 0))
            raise HttpRefusal(
                503,
                "The service has no room for so large a message at the moment. Send it again later.",
                {"Retry-After": "60"},
            ) from None

    def parts(self, size: int) -> Iterator[bytes]:
        """Give all bytes in their order, ``size`` of them at a time."""
        self._file.seek(0)
        while part := self._file.read(size):
            yield part

    def lines(self) -> Iterator[bytes]:
        """Give the bytes line by line, without the ends of the lines."""
        self._file.seek(0)
        for line in self._file:
            yield line[:-1]

    def start(self, size: int) -> bytes:
        """Give the first ``size`` bytes, or all if there are fewer."""
        self._file.seek(0)
        return self._file.read(size)

    def close(self) -> None:
        """Forget the bytes."""
        self._file.close()

    def __len__(self) -> int:
        return self._size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SpooledRows:
    """The first ``most`` rows of a submission, each as the text that a job keeps (port ``batch.job.WrittenRows``).

    Its length counts those too that were not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._spool = Spool()
        self._hash = hashlib.blake2b(digest_size=32)
        self._count = 0

    def add(self, text: str) -> None:
        """Add a row, in one line."""
        line = text.encode() + b"\n"
        self._hash.update(line)
        self._spool.write(line)
        self._count += 1

    @property
    def full(self) -> bool:
        """Whether no more rows are kept."""
        return self._count >= self._most

    def count(self) -> None:
        """Count a row that is not kept."""
        self._count += 1

    def close(self) -> None:
        """Forget the rows."""
        self._spool.close()

    @property
    def digest(self) -> str:
        """64 hexadecimal characters that tell these rows from others."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[str]:
        return (line.decode() for line in self._spool.lines())

    def __len__(self) -> int:
        return self._count
