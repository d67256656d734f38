"""The gate's regression table: each hostile message over HTTP, answered as docs/refusals.md says, and none in the
way of the next.
"""

import time
from pathlib import Path

import pytest
from tests.docs.pages import page, table
from tests.service import RunningService
from tests.soap import hostile_achievements, hostile_http, hostile_soap, hostile_xml
from tests.soap.hostile import GOOD, ROWS, Case, changed
from tests.soap.hostile_xml import with_attributes
from tests.soap.wire import Answer, send, verify_body

CASES = [*hostile_http.CASES, *hostile_xml.CASES, *hostile_soap.CASES, *hostile_achievements.CASES]
SECONDS = 5.0

# What stood in an honest message before, or in this one where it may never come back.
SECRETS = [b"SandboxAO-000001", b"SandboxSU-000003", b"SandboxNS-000005", b"Wilhelmina", b"Featherstone"]


@pytest.fixture(scope="module", autouse=True)
def _distinctive(service: RunningService) -> None:
    """Somebody else's message, of which nothing may ever come back in another answer."""
    assert send(service, verify_body(given="Wilhelmina", family="Featherstone")).text("ResponseCode") == "WSVRC005"


def check_nothing_leaks(answer: Answer) -> None:
    head = repr(answer.headers).encode()
    for secret in SECRETS:
        assert secret not in answer.body
        assert secret not in head
    for sign in (b"Traceback", b"Internal Server Error", b"site-packages", b".py", b"root:"):
        assert sign not in answer.body


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_is_answered_as_documented_and_stops_nobody(service: RunningService, case: Case) -> None:
    started = time.monotonic()
    answer = case.send(service)
    assert time.monotonic() - started < SECONDS
    ROWS[case.row].check(answer, pathless=case.pathless)
    check_nothing_leaks(answer)
    if answer.status not in {404, 405, 500}:
        assert answer.headers["connection"] == "close"
    if answer.status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST"
    assert send(service, verify_body()).text("ResponseCode") == "WSVRC001"


HARMLESS = {
    "many equals signs": GOOD.replace(b"<ULN>", b"<!-- " + b"=" * 600 + b" --><ULN>"),
    "64 attributes on one element": changed(
        "<ULN>", with_attributes("a", 64).replace("<a ", "<ULN ").replace("/>", ">")
    ),
    "10,000 namespace declarations": changed("<ULN>", '<x xmlns=""/>' * 10_000 + "<ULN>"),
    "59,000 empty elements": changed("<ULN>", "<x/>" * 59_000 + "<ULN>"),
    "240 levels": changed("<ULN>", "<x>" * 240 + "</x>" * 240 + "<ULN>"),
    "8 MB of blanks": GOOD + b" " * (8 * 1024 * 1024 - len(GOOD)),
}


@pytest.mark.parametrize("data", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_stays_within_the_limits_is_read(service: RunningService, data: bytes) -> None:
    answer = send(service, data)
    if answer.status == 500:
        answer.expect_fault("WSEC0001", "is not expected here")  # read, and then found to be nothing of ours
    else:
        assert answer.text("ResponseCode") == "WSVRC001"


# Rows that need a service or a client of their own, in the modules beside this one.
ELSEWHERE = {
    "more achievements than are read",
    "a head that takes too long",
    "a body that takes too long",
    "more connections than there may be",
    "a large body while the disk is full",
    "more large bodies at once than fit",
    "more unproven passwords than can be checked",
    "a message during maintenance",
    "an address that sends too often",
    "a password after too many wrong ones",
    "an organisation that sends too often",
    "a message outside the service's hours",
    "what we fail at",
}


def test_every_row_of_the_page_is_tested() -> None:
    assert set(ROWS) == {case.row for case in CASES} | ELSEWHERE
    here = Path(__file__).parent
    names = ("test_gate_*.py", "test_limits_*.py", "test_achievements_submitted.py")
    modules = [path for name in names for path in here.glob(name)]
    beside = "".join(path.read_text(encoding="utf-8") for path in modules)
    for row in ELSEWHERE:
        assert beside.count(f'"{row}"') > 1, row


def test_every_refusal_names_its_source() -> None:
    text = page("docs/refusals.md")
    for part in text.split("\n## ")[1:]:
        for *cells, source in table(part, "what is sent"):
            assert len(cells) == 4
            assert source in {"published", "seen", "SOAP", "HTTP", "ours"}
