"""Learners for searches by demographics: each group has a day of its own, so that none is in another's way."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from tests.service import RunningService, running, sandbox_settings
from tests.soap.registers import PLAIN, filled_database, uln

from uln_contract.ulns import check_digit
from uln_server.register.learner import Learner
from uln_server.register.learner import Status as LearnerStatus
from uln_server.store.database import Database

_ulns = (uln(number) for number in itertools.count(100) if check_digit(f"{900_000_000 + number}") is not None)

# The one with every detail.
BERN = replace(
    PLAIN,
    uln=next(_ulns),
    given_name="Bernadette",
    family_name="Winterbourne",
    date_of_birth="2002-05-18",
    last_known_post_code="EX4 4QJ",
    preferred_given_name="Dette",
    previous_family_name="Pemberton",
    family_name_at_age16="Underhill",
    school_at_age16="St. Mary's R.C. School",
    place_of_birth="Llandudno",
    email_address="Bern@Example.com",
)
# One with none of the details that narrow, and unknown postcode; one of unknown gender.
NOWHERE = replace(
    PLAIN,
    uln=next(_ulns),
    given_name="Cornelius",
    family_name="Abernathy",
    date_of_birth="2002-06-19",
    last_known_post_code="ZZ99 9ZZ",
)
NEUTRAL = replace(NOWHERE, uln=next(_ulns), date_of_birth="2002-07-20", gender="0", last_known_post_code="EX4 4QJ")

# One, the last by ULN, and those similar to her: moved, of unknown gender, of similar names, her twin brother.
_rosa = replace(PLAIN, given_name="Rosalind", family_name="Featherstone", date_of_birth="2002-04-17")
SIMILAR = (
    replace(_rosa, uln=next(_ulns), last_known_post_code="M1 2WD"),
    replace(_rosa, uln=next(_ulns), gender="9"),
    replace(_rosa, uln=next(_ulns), given_name="Rosalinde"),
    replace(_rosa, uln=next(_ulns), given_name="Featherstone", family_name="Rosalind"),
    replace(_rosa, uln=next(_ulns), gender="1"),
)
ROSA = replace(_rosa, uln=next(_ulns))

# Best first is not by ULN here: two that are equal, one whose gender is not known, one who moved.
MOVED = replace(PLAIN, uln=next(_ulns), given_name="Tabitha", family_name="Quill", date_of_birth="2002-08-21")
UNSPECIFIED = replace(MOVED, uln=next(_ulns), gender="9", last_known_post_code="LS1 4AP")
TWICE = tuple(
    replace(MOVED, uln=next(_ulns), last_known_post_code="LS1 4AP", email_address=f"{each}@example.com")
    for each in range(2)
)

TEN = tuple(
    replace(
        PLAIN,
        uln=next(_ulns),
        given_name="Imogen",
        family_name="Blackwood",
        date_of_birth="2002-09-22",
        last_known_post_code=f"M{each} 2WD",
    )
    for each in range(10)
)
ELEVEN = tuple(
    replace(each, uln=next(_ulns), date_of_birth="2002-10-23", school_at_age16="Cathays" if place else "Canton")
    for place, each in enumerate((*TEN, TEN[0]))
)
CROWD = tuple(
    replace(ELEVEN[0], uln=next(_ulns), date_of_birth="2002-11-24", email_address=f"{each}@example.com")
    for each in range(61)
)
# A record that was merged into another of the same names.
NAMESAKE = replace(
    PLAIN, uln=next(_ulns), given_name="Leopold", family_name="Marchbanks", date_of_birth="2002-12-25", gender="1"
)
MERGED_NAMESAKE = replace(
    NAMESAKE,
    uln=next(_ulns),
    status=LearnerStatus.MERGED,
    master_uln=NAMESAKE.uln,
    last_known_post_code="M1 2WD",
)
TENTH_TWICE = replace(TEN[9], uln=next(_ulns), status=LearnerStatus.MERGED, master_uln=TEN[9].uln)
SEARCHED: tuple[Learner, ...] = (
    *(BERN, NOWHERE, NEUTRAL, ROSA, *SIMILAR, MOVED, UNSPECIFIED, *TWICE, *TEN, TENTH_TWICE, *ELEVEN, *CROWD),
    *(NAMESAKE, MERGED_NAMESAKE),
)


def searching(learner: Learner, **changes: str) -> dict[str, str]:
    """The fields of a search for a learner, by contract name, with some sent otherwise."""
    return {
        "FamilyName": learner.family_name,
        "GivenName": learner.given_name,
        "DateOfBirth": learner.date_of_birth,
        "Gender": learner.gender,
        "LastKnownPostCode": learner.last_known_post_code,
        **changes,
    }


@contextmanager
def searched_service(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service on the filled register with these learners too, on the database of the fixture's parameter."""
    with filled_database(request.param, factory.mktemp("searched"), request) as url:
        with Database.open(url) as database, database.writing() as writing:
            for learner in SEARCHED:
                writing.learners.add(learner)
        with running(sandbox_settings(url)) as service:
            yield service
