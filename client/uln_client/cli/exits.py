"""The exit codes of ``uln``: the same for every command, listed in docs/client.md."""

from enum import IntEnum

from uln_client.errors import Refused, ULNError, UsageError


class Exit(IntEnum):
    """What the process ends with."""

    DONE = 0
    NO_MATCH = 1
    USAGE = 2
    UNSURE = 3
    REFUSED = 4
    UNREACHABLE = 5
    BUG = 70


def exit_of(error: ULNError) -> Exit:
    """Give the exit code of an error; a service that failed or cannot be understood counts as unreachable."""
    if isinstance(error, UsageError):
        return Exit.USAGE
    return Exit.REFUSED if isinstance(error, Refused) else Exit.UNREACHABLE
