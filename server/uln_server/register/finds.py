"""That an organisation searched for a learner before it registers one (domain §6)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from uln_contract.codes import ResponseCode
from uln_server.register.demographics import Demographics
from uln_server.register.registering import LastFind


@dataclass(frozen=True, slots=True, kw_only=True)
class FindMade:
    """A find by demographics that was answered: by whom, for whom, when (aware, UTC), and with which code."""

    organisation_id: int
    demographics: Demographics = field(repr=False)
    at: datetime
    code: ResponseCode


class Finds(Protocol):
    """The finds that were made, as a registration asks for them."""

    def last(self, organisation_id: int, demographics: Demographics) -> LastFind | None:
        """Give this organisation's last find for these details, whoever of its people made it."""
