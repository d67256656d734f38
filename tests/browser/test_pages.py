"""The pages as a person sees them: in a browser, clicking; its console stays empty."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from tests.service import RunningService, running_sandbox
from tests.soap.registers import credentials
from tests.soap.wire import GENERATION_2014, TODAY, find_body, send, verify_body

MESSAGES = "/sandbox/messages"
DARCIE, NOBODY = "1026893096", "1000000043"
PASSWORD, WRONG = "SandboxAO-000001", "NotThePassword-1"
# Three ways for a text to become more than a text; what it would do shows in the page's title.
HOSTILE = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\"></pre></details>"
RIGHT = credentials("SBXAO1", password=PASSWORD, user="someone")


@pytest.fixture(autouse=True)
def nothing_on_the_console(browser: Chrome) -> Iterator[None]:
    """Whatever the policy blocked, was missing or failed is on the browser's console: nothing may be."""
    console(browser)
    yield
    assert console(browser) == []


def console(browser: Chrome) -> list[str]:
    """What was written since it was last read. The icon that browsers ask for by themselves is not missed."""
    lines = browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium left it so
    return [str(each["message"]) for each in lines if "/favicon.ico" not in each["message"]]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox that got a good call, one with markup for a name, and one with a wrong password."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as service:
        assert send(service, verify_body(credentials=RIGHT)).text("ResponseCode") == "WSVRC001"
        send(service, verify_body(given=HOSTILE, credentials=RIGHT)).expect_fault("WSEC0001")
        wrong = credentials("SBXAO1", password=WRONG, user="someone")
        send(service, find_body(credentials=wrong)).expect_fault("WSEC0005")
        yield service


@pytest.fixture
def messages(sandbox: RunningService, browser: Chrome) -> Chrome:
    """The browser with the page of these messages open."""
    browser.get(sandbox.url + MESSAGES)
    return browser


def folded(browser: Chrome) -> list[WebElement]:
    return browser.find_elements(By.TAG_NAME, "details")


def unfolded(browser: Chrome, place: int) -> str:
    """Click on the message at a place, and give what can then be read of it."""
    message = folded(browser)[place]
    message.find_element(By.TAG_NAME, "summary").click()
    assert message.get_attribute("open")
    return message.text


def test_messages_are_folded_newest_first(messages: Chrome) -> None:
    assert messages.title == "Messages of the sandbox"
    said = [re.sub(r" \d{4}-.* UTC", "", each.text.replace("\n", " ")) for each in folded(messages)]
    assert said == [
        "WSEC0005 learnerByULN refused ·",
        "WSEC0001 verifyLearner refused ·",
        "WSVRC001 verifyLearner answered ·",
    ]


def test_an_answered_message_is_told(messages: Chrome) -> None:
    told = unfolded(messages, 2)
    for text in ("What we answered", "How we read it", "What you sent", "What we sent back", "GivenName Darcie"):
        assert text in told
    assert "1976-08-16" in told


def test_a_refused_message_says_why_and_what_to_do(messages: Chrome) -> None:
    told = unfolded(messages, 0)
    assert "Why it was refused" in told
    assert "What to do:" in told
    assert "password" in told.partition("How we read it")[0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_no_password_is_shown(messages: Chrome, place: int) -> None:
    told = unfolded(messages, place)
    assert "OrgPassword ********" in told
    assert "<OrgPassword>********</OrgPassword>" in told
    for secret in (PASSWORD, WRONG):
        assert secret not in told
        assert secret not in messages.page_source


def test_markup_in_a_name_is_read_as_text_and_does_nothing(messages: Chrome) -> None:
    told = unfolded(messages, 1)
    assert HOSTILE in told
    assert messages.title == "Messages of the sandbox"
    assert messages.find_elements(By.CSS_SELECTOR, "script, img, iframe, object, embed, form, link") == []
    assert len(folded(messages)) == 3


def test_the_page_is_dressed_by_its_own_style(messages: Chrome) -> None:
    """The policy lets the one thing through that the page needs."""
    (code,) = folded(messages)[0].find_elements(By.CSS_SELECTOR, "summary b")
    (other,) = folded(messages)[2].find_elements(By.CSS_SELECTOR, "summary b")
    assert code.value_of_css_property("color") != other.value_of_css_property("color")
    assert folded(messages)[0].value_of_css_property("border-top-style") == "solid"


def test_nothing_runs_out_of_the_page(messages: Chrome) -> None:
    for place in range(3):
        unfolded(messages, place)
    beside = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert messages.execute_script(beside) == 0


def test_a_link_to_a_message_unfolds_it(messages: Chrome) -> None:
    unfolded(messages, 1)
    link = folded(messages)[1].find_element(By.CSS_SELECTOR, "a[href^='#']").get_attribute("href")
    assert link is not None
    messages.get("about:blank")
    messages.get(link)
    assert [each.get_attribute("open") for each in folded(messages)] == [None, "true", None]


def test_a_new_sandbox_s_page_is_empty_and_shows_what_came_when_looked_at_again(
    tmp_path: Path, browser: Chrome
) -> None:
    with running_sandbox(tmp_path) as service:
        browser.get(service.url + MESSAGES)
        assert "No message has come yet." in browser.find_element(By.TAG_NAME, "main").text
        for number, (uln, code) in enumerate(((DARCIE, "WSVRC001"), (NOBODY, "WSVRC006")), 1):
            send(service, verify_body(uln, credentials=RIGHT))
            browser.find_element(By.LINK_TEXT, "Look again").click()
            assert len(folded(browser)) == number
            assert folded(browser)[0].text.startswith(code)


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
def test_the_service_s_page_leads_to_its_contract(sandbox: RunningService, browser: Chrome, path: str) -> None:
    browser.get(sandbox.url + path)
    assert browser.title == "LearnerService"
    assert sandbox.url + path in browser.find_element(By.TAG_NAME, "main").text
    for name in ("?wsdl", "?singleWsdl"):
        browser.find_element(By.LINK_TEXT, name).click()
        assert browser.current_url == sandbox.url + path + name
        assert f'location="{sandbox.url}{path}"' in browser.page_source
        assert "LearnerPortType" in browser.page_source
        browser.back()
    assert browser.title == "LearnerService"
