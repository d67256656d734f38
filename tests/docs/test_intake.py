"""``docs/intake.md`` against the intake itself."""

from tests.docs.pages import page, table

from uln_server.intake.arrivals import LEADING, TEMPORARY
from uln_server.intake.codes import EXPLANATIONS
from uln_server.intake.reporting import HEADINGS

PAGE = page("docs/intake.md")


def test_every_code_of_its_own_is_listed_as_it_is_explained() -> None:
    assert table(PAGE, "code") == [[f"`{each.code}`", each.text, each.remedy] for each in EXPLANATIONS.values()]


def test_the_columns_of_the_report_are_listed() -> None:
    assert ", ".join(HEADINGS) in PAGE


def test_the_names_that_are_left_alone_are_listed() -> None:
    listed = PAGE.partition("names that end with")[2].partition("are left alone")[0]
    assert [each for each in TEMPORARY if f"`{each}`" not in listed] == []
    assert [each for each in LEADING if each != "." and f"`{each}`" not in listed] == []
