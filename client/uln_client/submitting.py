"""Achievements on their way out: written to a file as they come, and parted into jobs.

zeep would make objects of them all, 0.4 ms and 8 KB each; these are written as text, the moment they are read, so
that what is kept of a job is a file and a few words an achievement.
"""

import re
import tempfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from types import TracebackType
from typing import IO, Self

from uln_client.achievements import Sent
from uln_client.batch_messages import ENVELOPE
from uln_client.checking import check_carried
from uln_client.errors import InvalidValue, UsageError
from uln_client.rules import rule_of
from uln_client.service import message_name
from uln_contract.external_records import (
    SERVICES,
    Achievement,
    ArrayOfAchievement,
    SubmitAchievementBatchJob,
    User,
)
from uln_contract.writing import escape, write

AT_ONCE = 3_000
"""Achievements in a job unless told otherwise: its error file, at most 1 MB, has a line for each [O]."""
AT_ONCE_AT_MOST = 100_000
"""What ULN Interchange takes in a job unless its operator says otherwise (domain §9)."""
MOST_BYTES = 100_000_000
"""A message's size; ULN Interchange takes 128 MB unless its operator says otherwise."""

_ELEMENT = f"{{{SERVICES}}}SubmitAchievementBatchJob"
_ACHIEVEMENT = f"{{{SERVICES}}}Achievement"
_DECLARED = f'<ns1:Achievement xmlns:ns1="{SERVICES}">'
_PLACE = "<ns1:achievements></ns1:achievements>"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# What certainly is an address; the service has the last word (WSEC0044).
_EMAIL = re.compile(r"(?=.{3,254}\Z)[^@\s]+@[^@\s]+")
_TEXTS = {field.attribute: field.name for field in Achievement.FIELDS if not field.integer}


class Part:
    """The message of one job, in a file. ``first`` is its first achievement's place in all, counted from 1."""

    def __init__(self, head: bytes, tail: bytes, first: int) -> None:
        self.first = first
        self.sent: list[Sent] = []
        self.size = len(head) + len(tail)
        self._tail = tail
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # close() closes it
        self._file.write(head)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Delete the file."""
        self._file.close()

    def add(self, text: bytes, achievement: Achievement) -> None:
        """Write one more achievement."""
        self._file.write(text)
        self.size += len(text)
        reference = achievement.unit_or_qualification_reference_number
        self.sent.append(Sent(achievement.uln, reference, achievement.mis_identifier, achievement.action))

    def message(self) -> IO[bytes]:
        """Give the whole message, ready to be read."""
        self._file.write(self._tail)
        self._file.seek(0)
        return self._file


def parts(
    achievements: Iterable[Achievement],
    request: Callable[[], SubmitAchievementBatchJob],
    *,
    at_once: int = AT_ONCE,
    most_bytes: int = MOST_BYTES,
) -> Generator[Part, None, None]:
    """Part achievements into messages of at most so many, and so many bytes; each is named anew.

    ``request`` gives the message without its achievements. No more of them are read than stand in the messages
    that were given, and one more. Raises :class:`~uln_client.errors.InvalidValue` for one that cannot be written.
    """
    part: Part | None = None
    try:
        for number, achievement in enumerate(achievements, 1):
            text = _written(achievement, number)
            if part is not None and (len(part.sent) >= at_once or part.size + len(text) > most_bytes):
                whole, part = part, None
                yield whole
            part = part or Part(*_around(request(), message_name()), number)
            part.add(text, achievement)
        whole, part = part, None  # type: ignore[assignment]  # None for no achievement at all
        if whole is not None:
            yield whole
    finally:
        if part is not None:
            part.close()


def check_submission(email: str | None, at_once: int) -> None:
    """Refuse what a submission cannot be made with, before an achievement is read.

    Raises :class:`~uln_client.errors.UsageError`.
    """
    if email and not _EMAIL.fullmatch(email):
        rule = rule_of("OrgEmail")
        raise InvalidValue("emailAddress", email, rule.words, rule.remedy)
    if not 1 <= at_once <= AT_ONCE_AT_MOST:
        raise UsageError(
            f"A job of {at_once} achievements is not possible.", f"Give at_once from 1 to {AT_ONCE_AT_MOST:,}."
        )


def request_of(user: User, *, provisional: bool, email: str | None) -> SubmitAchievementBatchJob:
    """Give a message without its achievements."""
    return SubmitAchievementBatchJob(
        invoking_user=user,
        email_address=email or None,
        submission_type="Provisional" if provisional else "Final",
        achievements=ArrayOfAchievement(),
    )


def to_submit(
    request: SubmitAchievementBatchJob, achievements: Iterable[Achievement], name: str, first: int = 1
) -> bytes:
    """Write one message with the MessageID ``name``; ``first`` is its first achievement's place in all.

    Raises as :func:`parts`.
    """
    head, tail = _around(request, name)
    return b"".join((head, *(_written(each, number) for number, each in enumerate(achievements, first)), tail))


def _around(request: SubmitAchievementBatchJob, name: str) -> tuple[bytes, bytes]:
    """What stands before the achievements of a message, and after them."""
    whole = ENVELOPE % (escape(name), write(request, _ELEMENT, {}))
    head, _, tail = whole.rpartition(_PLACE)
    return f"{head}<ns1:achievements>".encode(), f"</ns1:achievements>{tail}".encode()


def _written(achievement: Achievement, number: int) -> bytes:
    """Write one achievement; a date without a time gets the day's beginning."""
    for attribute, name in _TEXTS.items():
        value = getattr(achievement, attribute)
        if value is not None and not value.isprintable():
            _check(name, value, number)
    text = write(_timed(achievement), _ACHIEVEMENT, {})
    return f"<ns1:Achievement>{text[len(_DECLARED) :]}".encode()


def _timed(achievement: Achievement) -> Achievement:
    return replace(
        achievement,
        achievement_award_date=_moment(achievement.achievement_award_date),
        action_date=_moment(achievement.action_date),
        date_of_birth=achievement.date_of_birth and _moment(achievement.date_of_birth),
    )


def _moment(text: str) -> str:
    return f"{text}T00:00:00" if _DAY.fullmatch(text) else text


def _check(name: str, value: str, number: int) -> None:
    try:
        check_carried(name, value)
    except InvalidValue as error:
        raise InvalidValue(f"Achievement {number}: {name}", value, error.rule, error.remedy) from None
