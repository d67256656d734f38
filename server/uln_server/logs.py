"""What the service logs: one line an event on stderr, JSON where nobody watches; never personal data."""

import logging
import sys
from contextlib import suppress
from typing import Any, Literal

import structlog

# Their own words can quote what a caller sent; what matters of it is logged by us.
_SILENT = ("uvicorn.error", "uvicorn.access", "asyncio")


log = structlog.get_logger("uln_server")


def tell(level: Literal["info", "warning"], event: str, **facts: Any) -> None:
    """Log what the service does; a log that has gone away must not be in its way."""
    with suppress(OSError, ValueError):
        getattr(log, level)(event, **facts)


def configure(level: str) -> None:
    """Set logging up for this process: our events from ``level`` on, and warnings of the libraries."""
    number = logging.getLevelNamesMapping()[level.upper()]
    watched = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if watched else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    for name in _SILENT:
        quiet = logging.getLogger(name)
        quiet.handlers = [logging.NullHandler()]
        quiet.propagate = False
