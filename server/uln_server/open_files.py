"""How many connections a process may hold, as the system counts them: each is an open file."""

import sys

import structlog

log = structlog.get_logger(__name__)

# The database, the journal, the listeners, libraries that are imported late.
_OTHERS = 240
_LISTENERS = 2


def connections_that_fit(wanted: int) -> int:
    """Give how many connections each listener may hold, at most ``wanted``.

    Raises the process's own limit on open files as far as the system lets it. A process at that limit can accept
    nobody, and not even open its database, until connections end.
    """
    limit = _raised(_LISTENERS * wanted + _OTHERS)
    fit = wanted if limit is None else max(1, min(wanted, (limit - _OTHERS) // _LISTENERS))
    if fit < wanted:
        log.warning("fewer connections than set: raise the limit on open files", connections=fit, open_files=limit)
    return fit


def _raised(needed: int) -> int | None:
    """Raise the soft limit to ``needed`` if it is lower, and give it as it is then; ``None``: there is none."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
