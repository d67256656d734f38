"""Searches, answers and records for the tests of matching, written shortly."""

from dataclasses import replace
from typing import Any

from tests.unit.learners import DARCIE, alone

from uln_server.register.demographics import Demographics
from uln_server.register.entry import Entry
from uln_server.register.learner import Learner, Status
from uln_server.register.matching import Match, Search, match


def five(learner: Learner) -> Demographics:
    return Demographics(
        given_name=learner.given_name,
        family_name=learner.family_name,
        date_of_birth=learner.date_of_birth,
        gender=learner.gender,
        last_known_post_code=learner.last_known_post_code,
    )


def search(learner: Learner, **changes: str) -> Search:
    """A search for a learner with some of the five sent otherwise."""
    return Search(demographics=replace(five(learner), **changes))


def narrowed(learner: Learner, **fields: str) -> Search:
    return Search(demographics=five(learner), **fields)


def into(master: Learner, record: Learner) -> Entry:
    return Entry(
        asked=replace(record, status=Status.MERGED, master_uln=master.uln),
        current=master,
    )


def told(found: Match) -> str:
    """The code's last digits and the ULNs' last two; a substituted master as "08<96": 96 matched, 08 answers."""
    return " ".join(
        [
            found.code[-4:],
            *(
                each.current.uln[-2:] + (f"<{each.asked.uln[-2:]}" if each.merged else "")
                for each in found.entries
            ),
        ]
    )


def answer(asked: Search, *found: Learner | Entry, complete: bool = True) -> str:
    entries = [each if isinstance(each, Entry) else alone(each) for each in found]
    return told(match(asked, entries, complete=complete))


def numbered(learner: Learner, number: int, **changes: Any) -> Learner:
    return replace(learner, uln=f"52000000{number:02}", **changes)


HELD: dict[str, str] = {
    "previous_family_name": "Wood",
    "school_at_age16": "St. Mary's R.C. School",
    "place_of_birth": "Llandudno",
    "email_address": "Darcie@Example.com",
}
MOVER = numbered(DARCIE, 7, last_known_post_code="M1 2WD", **HELD)
MASTER = numbered(DARCIE, 40)
WED = numbered(DARCIE, 80, family_name="Featherstone", last_known_post_code="M1 2WD")
"""Darcie Tucker since she married and moved: two differences from what she was, no match by itself."""
