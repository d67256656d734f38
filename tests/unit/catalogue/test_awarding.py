import pytest
from tests.unit.catalogue.entries import OTHER, OWNER, qualification, unit

from uln_server.catalogue.awarding import Grading, Problem, awardable, graded
from uln_server.catalogue.entry import Availability, Entry

DAY = "2024-06-30"


def test_what_is_not_there_cannot_be_awarded() -> None:
    assert awardable(None, organisation=OWNER, date=DAY) is Problem.NOT_ON_CATALOGUE


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, None),
        ({"operational_start": DAY, "certification_end": DAY}, None),
        ({"operational_start": "2024-07-01"}, Problem.BEFORE_START),
        ({"certification_end": "2024-06-29"}, Problem.AFTER_END),
        ({"operational_end": "2024-06-29"}, None),
        ({"expiry": "2024-06-29", "review": "2020-01-01"}, None),
        ({"withdrawn": DAY}, Problem.WITHDRAWN),
        ({"withdrawn": "2024-07-01"}, None),
    ],
)
def test_an_award_falls_between_operational_start_and_certification_end(
    fields: dict[str, str], problem: Problem | None
) -> None:
    assert awardable(qualification(**fields), organisation=OWNER, date=DAY) is problem


@pytest.mark.parametrize(
    ("entry", "organisation", "problem"),
    [
        (qualification(), OTHER, Problem.NOT_AVAILABLE),
        (unit(), OTHER, Problem.NOT_AVAILABLE),
        (unit(availability=Availability.SHARED), OTHER, None),
        (unit(listed=(OTHER,)), OTHER, None),
        (unit(listed=(OTHER,)), "10000003", Problem.NOT_AVAILABLE),
        (qualification(listed=(OTHER,)), OTHER, Problem.NOT_AVAILABLE),
        (qualification(availability=Availability.SHARED), OTHER, Problem.NOT_AVAILABLE),
        (qualification(owner_ukprn=None, owner_recognition_number="RN1"), OWNER, Problem.OWNER_NOT_KNOWN),
        (
            qualification(owner_ukprn=None, owner_recognition_number="RN1", recognised_ukprn=OWNER),
            OWNER,
            None,
        ),
        (qualification(recognised_ukprn=OTHER), OTHER, Problem.NOT_AVAILABLE),
    ],
)
def test_who_may_award(entry: Entry, organisation: str, problem: Problem | None) -> None:
    assert awardable(entry, organisation=organisation, date=DAY) is problem


def test_the_first_problem_is_told() -> None:
    early_and_another_s = qualification(operational_start="2025-01-01")
    assert awardable(early_and_another_s, organisation=OTHER, date=DAY) is Problem.BEFORE_START


@pytest.mark.parametrize(
    ("entry", "grade", "grading"),
    [
        (unit(), "Pass", Grading("Pass")),
        (unit(), None, Grading("Pass")),
        (unit(), " ", Grading("Pass")),
        (unit(), "Merit", Grading(None, Problem.NOT_A_GRADE)),
        (qualification(), "distinction *", Grading("Distinction*")),
        (qualification(), "", Grading(None, Problem.NO_GRADE)),
        (qualification(), "Distinction", Grading(None, Problem.NOT_A_GRADE)),
        (qualification(grades=None), " A* ", Grading("A*")),
        (qualification(grades=None), None, Grading(None)),
    ],
)
def test_a_grade_is_one_of_the_structure(entry: Entry, grade: str | None, grading: Grading) -> None:
    assert graded(entry, grade) == grading
