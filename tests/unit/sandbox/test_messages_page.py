from datetime import UTC, datetime

import pytest
from tests.unit.html_reading import Page

from uln_server.access.audit import SandboxMessage
from uln_server.sandbox.messages_page import messages_page

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-16"?><e:Envelope xmlns:e="urn:e"><e:Header/><e:Body>'
    '<v:VerifyLearner xmlns:v="urn:v"><ULN>1026893096</ULN><GivenName>Siân &amp; Co</GivenName><!-- x -->'
    "<FamilyName/></v:VerifyLearner></e:Body></e:Envelope>"
)


def message(code: str = "WSVRC001", **changes: str) -> SandboxMessage:
    values = {
        "message_id": "abc123",
        "path": "/LearnerService.svc",
        "operation": "verifyLearner",
        "reading": "Read as sent.",
        "request": ENVELOPE,
        "reply": "<reply/>",
        **changes,
    }
    return SandboxMessage(at=datetime(2024, 7, 1, 9, 5, 7, tzinfo=UTC), code=code, **values)


def test_an_empty_sandbox_says_so() -> None:
    assert "No message has come yet." in Page(messages_page([])).text


def test_messages_stand_in_the_order_given_each_with_its_anchor() -> None:
    page = Page(messages_page([message(message_id="new"), message(message_id="old")]))
    assert page.ids == ["new", "old"]
    assert {"#new", "#old"} <= set(page.links)
    assert page.tags.count("details") == page.tags.count("summary") == 2


def test_a_message_is_told_in_full() -> None:
    page = Page(messages_page([message()]))
    for text in ("verifyLearner", "WSVRC001", "2024-07-01 09:05:07 UTC", "Read as sent.", "<reply/>", ENVELOPE):
        assert text in page.text


def test_the_fields_are_read_as_text() -> None:
    page = Page(messages_page([message()]))
    cells = page.texts[page.texts.index("Read as sent.") + 1 :]
    assert cells[:5] == ["ULN", "1026893096", "GivenName", "Siân & Co", "FamilyName"]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("WSEC0005", ["Why it was refused", "refused", "What to do:"]),
        ("WSVRC005", ["What we answered", "answered", "What to do:"]),
        ("WSRC0004", ["What we answered", "answered"]),
        ("HTTP413", ["Why it was refused", "HTTP 413: the message is too large."]),
        ("415", ["Why it was refused", "HTTP 415: the message is not XML"]),
        ("HTTP418", ["Why it was refused", "HTTP 418: refused before it was read as XML."]),
        ("VersionMismatch", ["Why it was refused", "A SOAP fault, VersionMismatch"]),
    ],
)
def test_the_code_is_explained(code: str, texts: list[str]) -> None:
    page = Page(messages_page([message(code)]))
    assert all(text in page.text for text in texts)


HOSTILE = "</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


@pytest.mark.parametrize("field", ["message_id", "path", "operation", "reading", "request", "reply"])
def test_nothing_sent_becomes_markup(field: str) -> None:
    page = Page(messages_page([message(**{field: HOSTILE})]))
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_hostile_names_and_codes_become_no_markup() -> None:
    html = messages_page([message("<b onclick='x'>", request="<a><é.x>&lt;script></é.x></a>")])
    assert "script" not in Page(html).tags
    assert "<script" not in html
    assert "onclick='" not in html


def test_broken_xml_is_said_to_be() -> None:
    page = Page(messages_page([message("WSEC0001", request="<a><b></a>")]))
    assert "As XML it cannot be read: Opening and ending tag mismatch" in page.text


@pytest.mark.parametrize("request_text", ["", "  "])
def test_an_empty_message_is_shown_as_such(request_text: str) -> None:
    page = Page(messages_page([message("WSEC0001", request=request_text)]))
    assert "As XML" not in page.text


def test_entities_are_not_expanded() -> None:
    request = "<!DOCTYPE a [<!ENTITY x 'bomb'><!ENTITY f SYSTEM 'file:///etc/passwd'>]><a><b>&x;</b><c>&f;</c></a>"
    page = Page(messages_page([message("WSEC0001", request=request)]))
    assert "root:" not in page.text
    assert page.text.count("bomb") == 1


def test_a_long_text_is_cut_and_says_so() -> None:
    page = Page(messages_page([message(request="x" * 20_001 + "y", reply="<r/>")]))
    assert "and 2 more characters" in page.text
    assert "xy" not in page.text


def test_many_fields_are_cut_and_say_so() -> None:
    page = Page(messages_page([message(request=f"<a>{'<b>1</b>' * 203}</a>")]))
    assert "and 3 more fields" in page.text


def test_no_script_and_nothing_fetched() -> None:
    page = Page(messages_page([message()]))
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert all(link.startswith(("#", "/sandbox")) for link in page.links)
