"""Column types that both databases store in their own way and Python sees alike."""

from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=Enum)


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC.

    PostgreSQL keeps ``timestamptz``, SQLite ISO-8601 text of one width, so that it sorts as time does. Raises
    ``ValueError`` for a naive time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text where the database has no type for instants."""
        return Text() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive time: nobody could say what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone; stored times are UTC.")
        instant = value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give an aware time, whatever the database keeps."""
        if value is None:
            return None
        instant: datetime = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


class Member(TypeDecorator[E]):
    """A member of an enumeration, stored as its value: a number for an ``IntEnum``, else text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # noqa: ARG002  # SQLAlchemy's signature
        """Number or text, as the members are."""
        return Integer() if issubclass(self.kind, int) else Text()

    def process_bind_param(self, value: E | None, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Store the member's value."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:  # noqa: ARG002  # as above
        """Find the member; ``ValueError`` when the stored value is none."""
        return None if value is None else self.kind(value)
