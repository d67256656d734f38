from collections.abc import Callable

import pytest

from uln_server.catalogue.entry import Availability, ComponentRole, Country, EntryKind
from uln_server.importing.catalogue import cells
from uln_server.importing.catalogue.cells import Misfit
from uln_server.importing.lists import ListRule


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.text, "Bees & Wasps", "Bees & Wasps"),
        (cells.whole, "120", 120),
        (cells.whole, "120.00", 120),
        (cells.credit, "13", 13),
        (cells.credit, "0", None),
        (cells.day, "2024-02-29", "2024-02-29"),
        (cells.day, "2024-08-31T00:00:00", "2024-08-31"),
        (cells.day, "1/9/2010", "2010-09-01"),
        (cells.day, "31/08/2024 00:00", "2024-08-31"),
        (cells.ukprn, "10001234", "10001234"),
        (cells.ukprns, "10001235; 10001234 10001235", ("10001234", "10001235")),
        (cells.recognition_number, "rn5133", "RN5133"),
        (cells.grades, "Pass; Merit;Distinction  *;merit;", ("Pass", "Merit", "Distinction *")),
        (cells.countries, "Wales; ENG", (Country.ENGLAND, Country.WALES)),
        (cells.countries, "northern  ireland,", (Country.NORTHERN_IRELAND,)),
        (cells.yes_or_no, "TRUE", True),
        (cells.yes_or_no, "n", False),
        (cells.kind, "Unit", EntryKind.UNIT),
        (cells.availability, "SHARED", Availability.SHARED),
        (cells.role, "Principal Learning", ComponentRole.PRINCIPAL_LEARNING),
    ],
)
def test_a_cell_is_read(read: Callable[[str], object], cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "rule"),
    [
        (cells.text, "x" * 4001, ListRule.LENGTH),
        (cells.whole, "1.5", ListRule.FORM),
        (cells.whole, "-1", ListRule.FORM),
        (cells.whole, "1000000", ListRule.FORM),
        (cells.whole, "٣", ListRule.FORM),
        (cells.day, "2023-02-29", ListRule.DATE),
        (cells.day, "12/31/2024", ListRule.DATE),
        (cells.day, "31 August 2024", ListRule.DATE),
        (cells.ukprn, "1234", ListRule.FORM),
        (cells.ukprns, "10001234;SBXAO1", ListRule.FORM),
        (cells.recognition_number, "RN 5133", ListRule.FORM),
        (cells.grades, " ; ", ListRule.FORM),
        (cells.countries, "ENG;France", ListRule.FORM),
        (cells.yes_or_no, "maybe", ListRule.FORM),
        (cells.kind, "module", ListRule.FORM),
    ],
)
def test_a_cell_that_does_not_fit_says_what_to_do(
    read: Callable[[str], object], cell: str, rule: ListRule
) -> None:
    with pytest.raises(Misfit) as refused:
        read(cell)
    assert refused.value.rule is rule
    assert refused.value.words
    assert refused.value.remedy
