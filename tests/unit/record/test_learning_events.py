"""Which of a learner's events a caller sees, and as whom it asks (domain §10)."""

import pytest
from tests.unit.record.recordings import Shown, each_shown, recorded
from tests.unit.record.submissions import AO, OTHER_AO

from uln_server.access.organisation import Agreement
from uln_server.record.learning_events import UserType, seen_alone, speaks_as, visible

OWN, ANOTHER_S = Shown(), Shown(organisation=OTHER_AO, number=18)
WITHDRAWN = Shown(withdrawn=True, number=19, reference="S/900/0001")
PROVISIONAL = Shown(form="Provisional", number=20, reference="S/900/0002", organisation=OTHER_AO)
ALL = [OWN, ANOTHER_S, WITHDRAWN, PROVISIONAL]
LEARNER, ORGANISATION, CAREERS_SERVICE = UserType
FOR_LEARNERS = frozenset({Agreement.PLR_READ, Agreement.SPEAK_FOR_LEARNERS})
AS_SERVICE = frozenset({Agreement.PLR_READ, Agreement.SPEAK_AS_CAREERS_SERVICE})


@pytest.mark.parametrize(
    ("claim", "agreements", "taken_for"),
    [
        ("LNR", FOR_LEARNERS, LEARNER),
        ("LNR", AS_SERVICE, ORGANISATION),
        ("SER", AS_SERVICE, CAREERS_SERVICE),
        ("SER", FOR_LEARNERS, ORGANISATION),
        ("ORG", frozenset(Agreement), ORGANISATION),
        (" lnr\n", frozenset(Agreement), LEARNER),
        ("", frozenset(Agreement), ORGANISATION),
        ("Unknown", frozenset(Agreement), ORGANISATION),
        ("LNR", frozenset(), ORGANISATION),
    ],
)
def test_a_claim_counts_with_the_agreement_for_it(
    claim: str, agreements: frozenset[Agreement], taken_for: UserType
) -> None:
    assert speaks_as(claim, agreements) is taken_for


@pytest.mark.parametrize("user_type", UserType)
def test_of_a_learner_who_shares_everybody_sees_what_stands(user_type: UserType) -> None:
    seen = visible(recorded(ALL), seen_alone(user_type, AO, shares=True))
    assert each_shown(seen) == [OWN, ANOTHER_S, PROVISIONAL]
    assert seen.size == 3


@pytest.mark.parametrize(
    ("user_type", "ukprn", "seen"),
    [
        (LEARNER, "90000009", [OWN, ANOTHER_S, PROVISIONAL]),
        (ORGANISATION, AO, [OWN]),
        (CAREERS_SERVICE, OTHER_AO, [ANOTHER_S, PROVISIONAL]),
        (ORGANISATION, "90000009", []),
    ],
)
def test_of_a_learner_who_does_not_an_organisation_sees_what_it_awarded(
    user_type: UserType, ukprn: str, seen: list[Shown]
) -> None:
    assert each_shown(visible(recorded(ALL), seen_alone(user_type, ukprn, shares=False))) == seen


@pytest.mark.parametrize("user_type", UserType)
def test_of_nothing_nothing_is_seen(user_type: UserType) -> None:
    assert visible(recorded([]), seen_alone(user_type, AO, shares=False)).size == 0
