"""A change that may have been made although no sound answer came: the caller must look before sending it again."""

from collections.abc import Iterator
from contextlib import contextmanager

from uln_client.errors import InvalidReply, ServiceError, ULNError, Unreachable

DOUBT = "The change may have been made: find the learner before you send it again."
JOB_DOUBT = (
    "The job may have been made. Submit the same again: while the first is unfinished, the service gives its "
    "number instead of making another, and what it has done it does not do twice."
)


@contextmanager
def in_doubt(doubt: str = DOUBT) -> Iterator[None]:
    """Say in the remedy of an error that the change inside may have been made, in the words of ``doubt``.

    Of a refusal, and of what was refused before the message was read, it was not.
    """
    try:
        yield
    except (Unreachable, InvalidReply, ServiceError) as error:
        if not _untouched(error):
            error.advise(doubt)
        raise


def _untouched(error: ULNError) -> bool:
    if not isinstance(error, Unreachable):
        return False
    return error.unread or (error.status is not None and 400 <= error.status < 500)  # noqa: PLR2004  # HTTP's class
