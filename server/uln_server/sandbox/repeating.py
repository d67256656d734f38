"""Registering invented learners once more, and ending records: what duplicates and deletions look like [O]."""

from dataclasses import replace
from datetime import datetime
from random import Random

from uln_server.register.learner import Learner, Status
from uln_server.sandbox.details import SHORT_FORMS, later, written
from uln_server.sandbox.drawing import one_of
from uln_server.sandbox.mark import INVENTED
from uln_server.sandbox.places import Home

_SHORTEST_MISTYPED = 5  # letters


def registered_again(held: Learner, uln: str, registered: datetime, home: Home, chance: Random) -> Learner:
    """Give a learner's record as it is when the same learner is registered once more, from another address."""
    located = held.last_known_address_line1 is not None
    return replace(
        held,
        uln=uln,
        status=Status.ACTIVE,
        master_uln=None,
        version=1,
        created_at=registered,
        updated_at=registered,
        last_known_post_code=written(home.place.post_code, chance),
        last_known_address_line1=home.line1 if located else None,
        last_known_address_town=home.place.area.town if located else None,
        last_known_address_county_or_city=home.place.area.county if located else None,
        date_of_address_capture=registered.date().isoformat() if located else None,
        notes=INVENTED,
    )


def misspelt(again: Learner, held: Learner, chance: Random) -> Learner:
    """Let the address be the first one, and the given name a short form or the family name mistyped instead.

    Either is similar to what is held (domain §5). Where neither can be had, ``again`` stays as it is.
    """
    at_home = replace(
        again,
        last_known_post_code=held.last_known_post_code,
        last_known_address_line1=held.last_known_address_line1,
        last_known_address_town=held.last_known_address_town,
        last_known_address_county_or_city=held.last_known_address_county_or_city,
    )
    if short := SHORT_FORMS.get(held.given_name):
        return replace(at_home, given_name=short, preferred_given_name=None)
    family_name = _mistyped(held.family_name, chance)
    return again if family_name == held.family_name else replace(at_home, family_name=family_name)


def ended(record: Learner, status: Status, until: datetime, chance: Random) -> Learner:
    """Give a record as it is after it was deleted or merged, some time between its last change and ``until``."""
    at = later(record.updated_at, until, chance)
    return replace(record, status=status, version=record.version + 1, updated_at=at)


def _mistyped(name: str, chance: Random) -> str:
    """Swap two neighbouring letters, which leaves a longer name similar; a shorter one is kept."""
    places = [at for at in range(1, len(name) - 1) if name[at] != name[at + 1] and name[at : at + 2].isalpha()]
    if len(name) < _SHORTEST_MISTYPED or not places:
        return name
    at = one_of(places, chance)
    return f"{name[:at]}{name[at + 1]}{name[at]}{name[at + 2 :]}"
