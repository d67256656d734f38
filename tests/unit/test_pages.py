import pytest
from tests.unit.html_reading import Page

from uln_contract.operations import EXTERNAL_SERVICE, LEARNER_SERVICE_R9, RECONCILIATION_SERVICE
from uln_contract.shape import OperationContract
from uln_server.gate.endpoints import Endpoint, endpoints
from uln_server.pages import service_page
from uln_server.settings import Settings

TODAY, EARLIER, EXTERNAL, R9, OWN = endpoints(Settings())


@pytest.mark.parametrize("endpoint", [TODAY, EARLIER, EXTERNAL, R9, OWN])
def test_the_page_leads_to_the_contract(endpoint: Endpoint) -> None:
    address = f"https://lrs.example:8443{endpoint.path}"
    page = Page(service_page(endpoint, address))
    assert page.links == [f"{address}?wsdl", f"{address}?singleWsdl"]
    assert endpoint.service in page.texts
    assert (f"uln --url {address}" in page.text) is (endpoint in {TODAY, EARLIER})


@pytest.mark.parametrize(
    ("endpoint", "contract", "call"),
    [
        (TODAY, "today\u2019s contract.", "verifyLearner"),
        (EARLIER, "the contract of 2014.", "verifyLearner"),
        (EXTERNAL, "the contract of ExternalService.", "GetAchievementBatchJob"),
        (R9, "today\u2019s contract of LearnerServiceR9.", "GetOrganisation"),
        (OWN, "a contract of this service\u2019s own.", "GetOwnAwards"),
    ],
)
def test_the_page_says_what_it_speaks_and_what_to_call_first(endpoint: Endpoint, contract: str, call: str) -> None:
    page = Page(service_page(endpoint, "http://x/"))
    assert f"This address speaks {contract}" in page.text
    assert page.texts[-2] == call


def test_the_page_lists_the_operations_of_its_generation() -> None:
    today, earlier = Page(service_page(TODAY, "http://x/")), Page(service_page(EARLIER, "http://x/"))
    assert "verifyLearner" in today.texts
    assert today.tags.count("tr") == 11
    assert earlier.tags.count("tr") == 14


@pytest.mark.parametrize(
    ("endpoint", "operations"),
    [(EXTERNAL, EXTERNAL_SERVICE), (R9, LEARNER_SERVICE_R9), (OWN, RECONCILIATION_SERVICE)],
)
def test_the_page_lists_the_operations_of_its_service_alone(
    endpoint: Endpoint, operations: tuple[OperationContract, ...]
) -> None:
    page = Page(service_page(endpoint, "http://x/"))
    assert page.tags.count("tr") == 1 + len(operations)
    assert {each.name for each in operations} <= set(page.texts)


def test_the_page_says_which_operations_answer() -> None:
    texts = Page(service_page(TODAY, "http://x/")).texts
    assert texts[texts.index("verifyLearner") + 2] == "answered"
    assert texts[texts.index("submitBatchRegistration") + 2] == "answered"
    texts = Page(service_page(EARLIER, "http://x/")).texts
    assert texts[texts.index("getLearnerRecord") + 2] == "not yet: WSEC0002"


def test_an_address_becomes_no_markup() -> None:
    page = Page(service_page(TODAY, 'http://x/"><script>alert(1)</script>'))
    assert "script" not in page.tags
