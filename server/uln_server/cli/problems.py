"""What a command cannot do: said in words with the way out, never as a traceback."""

from enum import IntEnum

from uln_server.store.errors import (
    DatabaseAddressError,
    JobUnknown,
    OrganisationInvalid,
    OrganisationTaken,
    OrganisationUnknown,
    StoreError,
    UlnUnknown,
)


class Exit(IntEnum):
    """What ``uln-server`` ends with, for every command (``docs/operating.md``) [O]."""

    DONE = 0
    USAGE = 2
    PARTLY = 3
    REFUSED = 4
    BUG = 70


class Problem(Exception):  # noqa: N818  # the operator's word for it
    """Something that the operator has to put right.

    ``text`` says what and where, ``remedy`` what to do about it; neither carries a password or a learner's name.
    """

    def __init__(self, text: str, remedy: str = "", *, ends_with: Exit = Exit.REFUSED) -> None:
        super().__init__(text)
        self.text = text
        self.remedy = remedy
        self.ends_with = ends_with

    @classmethod
    def from_store(cls, error: StoreError) -> "Problem":
        """Say what the store said: its texts name the way out themselves."""
        return cls(str(error), ends_with=Exit.USAGE if isinstance(error, _WRONG_USE) else Exit.REFUSED)


_WRONG_USE = (
    *(DatabaseAddressError, JobUnknown, OrganisationInvalid, OrganisationTaken, OrganisationUnknown),
    UlnUnknown,
)
