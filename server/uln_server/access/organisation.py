"""Who may call: an organisation, what it agreed to, and how its replies are written."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an organisation is (domain §1)."""

    AWARDING_ORGANISATION = "awarding-organisation"
    LEARNING_PROVIDER = "learning-provider"
    GOVERNMENT = "government"
    CAREERS_SERVICE = "careers-service"


class Status(StrEnum):
    """Whether an organisation may call at all."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Agreement(StrEnum):
    """What an organisation signed for; each operation needs one (domain §11) [O names]."""

    REGISTER_READ = "register-read"
    REGISTER_WRITE = "register-write"
    PLR_READ = "plr-read"
    ACHIEVEMENTS_SUBMIT = "achievements-submit"
    SPEAK_FOR_LEARNERS = "speak-for-learners"
    SPEAK_AS_CAREERS_SERVICE = "speak-as-careers-service"


@dataclass(frozen=True, slots=True)
class OwnProcedure:
    """An organisation's own rule of finding before registering (domain §6) [O]; ``None``: the service's."""

    find_first: bool | None = None
    maximum_minutes: int | None = None
    minimum_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as the access check sees it, read anew for every message.

    ``credential_version`` grows with each change of the password, so that a remembered proof of an earlier one
    dies with it. ``password_hash`` is Argon2id in PHC form. ``hours`` is ``always``, ``never`` or
    ``HH:MM-HH:MM`` in Europe/London. The two ``…_qualified`` choices override the endpoint's default.
    """

    id: int
    kind: Kind
    ukprn: str
    organisation_ref: str
    name: str
    status: Status
    hours: str
    credential_version: int
    password_hash: str = field(repr=False)
    agreements: frozenset[Agreement]
    fault_qualified: bool | None = None
    linked_ulns_qualified: bool | None = None
    procedure: OwnProcedure = OwnProcedure()
