"""Threads in which large and unusual documents are read, and which forget what was in them."""

import asyncio
import gc
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import TypeVar

from uln_server.memory import give_back

T = TypeVar("T")


class Readers:
    """Read documents, at most ``at_once`` of them at a time, each in a thread of its own.

    lxml keeps every name of every document, of attributes too, until the thread ends that read it: whoever sends
    names that nobody has sent before, which takes no password, would fill the memory for good.
    """

    def __init__(self, at_once: int, name: str) -> None:
        self._turns = ThreadPoolExecutor(at_once, thread_name_prefix=name)

    async def read(self, work: Callable[[], T]) -> T:
        """Carry the reading of a document out, and give what it gives or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._turns, _alone, work)

    def close(self) -> None:
        """Wait for those that are being read."""
        self._turns.shutdown(wait=True, cancel_futures=True)


def _alone(work: Callable[[], T]) -> T:
    done: Future[T] = Future()

    def carry_out() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            done.set_exception(error)

    thread = Thread(target=carry_out, name="reading")
    thread.start()
    thread.join()
    # A document and its parser hold each other, and with them the names.
    gc.collect()
    give_back()
    return done.result()


class KnownTags:
    """The tags that documents had which were read in threads that never end, the event loop's own above all.

    A document whose tags are all known leaves nothing new behind. Others are known from then on, as long as there
    is room; those that come later are for ``Readers``.
    """

    def __init__(self, room: int = 1024 * 1024) -> None:
        self._room = room
        self._known: set[bytes] = set()

    def have(self, document: bytes) -> bool:
        """Whether all tags of a document are known, or are now; those with a ``>`` in a value never are."""
        tags = set(_TAG.findall(document))
        if tags <= self._known:
            return True
        new = tags - self._known
        size = sum(map(len, new))
        # In UTF-16 a part of a letter may look like the end of a tag.
        if size > self._room or b"\0" in document or any(map(_has_open_quote, new)):
            return False
        self._room -= size
        self._known |= new
        return True


_TAG = re.compile(rb"<([^>]*)")


def _has_open_quote(tag: bytes) -> bool:
    """Whether a tag may go on behind what looks like its end, within a value's quotes."""
    double, single = tag.count(b'"'), tag.count(b"'")
    return bool(double % 2 or single % 2 or (double and single))
