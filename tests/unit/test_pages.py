import pytest
from tests.unit.html_reading import Page

from uln_server.gate.endpoints import Endpoint, endpoints
from uln_server.pages import service_page
from uln_server.settings import Settings

TODAY, EARLIER = endpoints(Settings())


@pytest.mark.parametrize("endpoint", [TODAY, EARLIER])
def test_the_page_leads_to_the_contract(endpoint: Endpoint) -> None:
    address = f"https://lrs.example:8443{endpoint.path}"
    page = Page(service_page(endpoint, address))
    assert page.links == [f"{address}?wsdl", f"{address}?singleWsdl"]
    assert f"uln --url {address}" in page.text


def test_the_page_lists_the_operations_of_its_generation() -> None:
    today, earlier = Page(service_page(TODAY, "http://x/")), Page(service_page(EARLIER, "http://x/"))
    assert "verifyLearner" in today.texts
    assert today.tags.count("tr") == 11
    assert earlier.tags.count("tr") == 14


def test_the_page_says_which_operations_answer() -> None:
    texts = Page(service_page(TODAY, "http://x/")).texts
    assert texts[texts.index("verifyLearner") + 2] == "answered"
    assert texts[texts.index("submitBatchRegistration") + 2] == "not yet: WSEC0002"


def test_an_address_becomes_no_markup() -> None:
    page = Page(service_page(TODAY, 'http://x/"><script>alert(1)</script>'))
    assert "script" not in page.tags
