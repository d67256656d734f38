"""From the choices on the command line to an organisation that can call."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uln_client.cli.output import note

if TYPE_CHECKING:
    from uln_client.awarding_organisation import AwardingOrganisation
    from uln_client.cli.options import Choices


@contextmanager
def calling(choices: "Choices") -> Iterator["AwardingOrganisation"]:
    """Give the organisation that the settings name, and say so when they name none."""
    from uln_client.awarding_organisation import AwardingOrganisation  # noqa: PLC0415  # slow; --help has no need

    with AwardingOrganisation(**choices.settings()) as organisation, _debugging(wanted=choices.debug):
        if organisation.is_sandbox:
            note(f"No settings: calling the sandbox at {organisation.address} as its awarding organisation.")
        yield organisation


@contextmanager
def changing() -> Iterator[None]:
    """Say, when a change is interrupted while it is under way, that it may have been made."""
    from uln_client.doubt import DOUBT  # noqa: PLC0415  # slow; --help has no need

    try:
        yield
    except KeyboardInterrupt:
        note(f"Interrupted. {DOUBT}")
        raise


@contextmanager
def _debugging(*, wanted: bool) -> Iterator[None]:
    """Write the client's own log to stderr; it holds addresses, statuses and sizes, no contents."""
    log = logging.getLogger("uln_client")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("uln: %(message)s"))
    if wanted:
        log.setLevel(logging.DEBUG)
        log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
