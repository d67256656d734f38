"""The learner as the register keeps it."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from uln_server.register.demographics import Demographics


class Status(IntEnum):
    """Whether a register entry stands for itself. 1 is seen in live replies; 0 and 2 are ours [O] (domain §3)."""

    DELETED = 0
    ACTIVE = 1
    MERGED = 2


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Learner:
    """One entry of the Learner Register.

    Text fields hold what was registered, in the lengths and patterns of the contract type ``learner:Learner``;
    ``None`` is "not held", never an empty string. ``date_of_birth`` and ``date_of_address_capture`` are plain
    Europe/London dates, ``YYYY-MM-DD``; ``created_at`` and ``updated_at`` are aware, in UTC. ``gender``,
    ``verification_type`` and ``ability_to_share`` hold the contract's own codes. ``master_uln`` is set exactly
    when ``status`` is ``MERGED``. ``uci`` and ``upn``, the unique candidate identifier and the unique pupil
    number, come from files of layout 3A alone (domain §8), and no message tells them. ``version`` starts at 1 and
    grows by one with each stored change [O].
    """

    uln: str
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime
    given_name: str
    family_name: str
    date_of_birth: str
    gender: str
    last_known_post_code: str
    ability_to_share: str
    verification_type: str
    master_uln: str | None = None
    title: str | None = None
    middle_other_name: str | None = None
    preferred_given_name: str | None = None
    previous_family_name: str | None = None
    family_name_at_age16: str | None = None
    school_at_age16: str | None = None
    last_known_address_line1: str | None = None
    last_known_address_line2: str | None = None
    last_known_address_town: str | None = None
    last_known_address_county_or_city: str | None = None
    date_of_address_capture: str | None = None
    place_of_birth: str | None = None
    email_address: str | None = None
    nationality: str | None = None
    scottish_candidate_number: str | None = None
    uci: str | None = None
    upn: str | None = None
    other_verification_description: str | None = None
    notes: str | None = None

    def __repr__(self) -> str:
        """Say which record, and nothing of the person: what is printed may come into a log."""
        return f"<Learner {self.uln}, {self.status.name.lower()}, version {self.version}>"

    @property
    def demographics(self) -> Demographics:
        """The five details that tell learners apart."""
        return Demographics(
            given_name=self.given_name,
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            gender=self.gender,
            last_known_post_code=self.last_known_post_code,
        )
