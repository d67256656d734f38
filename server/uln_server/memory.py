"""How the C library deals with memory that documents took: the same size after a flood of them as before it.

glibc keeps what was freed, in a pool for each of many threads, and after one large document it takes the next ones
of that size from the pools too: a process of 140 MB then stays at several hundred. Other C libraries know none of
these calls, and need none.
"""

import ctypes
import sys
from collections.abc import Callable

# Parameters of mallopt and their names in malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGE = 1024 * 1024
# More than one large answer: else each would be given back, and asked for page by page for the next.
_SPARE = 4 * 1024 * 1024
_POOLS = 2


def _of_libc(name: str) -> Callable[..., int]:
    """Give a function of glibc, or one that does nothing where there is none."""
    found: Callable[..., int] | None = None
    if sys.platform == "linux":
        found = getattr(ctypes.CDLL(None), name, None)
    return found or _nothing


def _nothing(*_: int) -> int:
    return 0


_mallopt = _of_libc("mallopt")
_malloc_trim = _of_libc("malloc_trim")


def settle() -> None:
    """Have few pools, and take what is large from the system each time; to be called before there are threads."""
    _mallopt(_ARENA_MAX, _POOLS)
    _mallopt(_MMAP_THRESHOLD, _LARGE)
    _mallopt(_TRIM_THRESHOLD, _SPARE)


def give_back() -> None:
    """Give the system what is free."""
    _malloc_trim(0)
