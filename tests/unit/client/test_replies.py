import pytest
from tests.unit.client.replaying import recorded

from uln_client.connection import Reply
from uln_client.errors import (
    InvalidReply,
    NotPermitted,
    OutOfHours,
    Refused,
    ServiceError,
    ULNError,
    UnknownOrganisation,
    Unreachable,
    WrongPassword,
)
from uln_client.replies import body_of

SECRET = "SandboxAO-000001"


def read(content: bytes, status: int = 200, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body_of(Reply(status=status, headers=named, content=content), SECRET)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fault_0001.xml", Refused),
        ("fault_0002.xml", Refused),
        ("fault_0003.xml", UnknownOrganisation),
        ("fault_0004.xml", OutOfHours),
        ("fault_0005.xml", WrongPassword),
        ("fault_0005_qualified.xml", WrongPassword),
        ("fault_0006.xml", NotPermitted),
        ("fault_0999.xml", ServiceError),
        ("fault_unlisted.xml", ServiceError),
    ],
)
def test_each_fault_code_has_its_place_in_the_tree(name: str, kind: type[Refused | ServiceError]) -> None:
    with pytest.raises(kind) as raised:
        read(recorded(name), 500)
    assert type(raised.value) is kind
    detail = raised.value.detail
    assert detail is not None
    assert detail.code in str(raised.value)
    assert detail.timestamp == "2024-01-31 10:00:00"
    assert raised.value.remedy in str(raised.value)


def test_a_fault_at_200_is_a_fault() -> None:
    with pytest.raises(WrongPassword):
        read(recorded("fault_0005.xml"), 200)


def test_a_fault_s_own_words_are_kept_and_not_in_the_message() -> None:
    with pytest.raises(Refused) as raised:
        read(recorded("fault_0001.xml"), 500)
    assert raised.value.detail.description.startswith("Invalid request, The request was badly formed")
    assert raised.value.detail.actor.endswith("validateSOAPMSG()")
    assert raised.value.detail.further_details not in str(raised.value)


def test_a_password_that_the_service_quotes_is_masked() -> None:
    with pytest.raises(Refused) as raised:
        read(recorded("fault_0001.xml"), 500)
    assert raised.value.detail.further_details == "OrgPassword: ******** is refused"
    with pytest.raises(ServiceError) as plain:
        read(recorded("fault_plain.xml"), 500)
    assert SECRET not in f"{vars(raised.value)} {vars(plain.value)}"
    assert plain.value.fault_string == "The password ******** was not understood"


def test_a_fault_outside_the_contract_is_the_service_s_failure() -> None:
    with pytest.raises(ServiceError, match=r"SOAP 1\.1") as raised:
        read(recorded("fault_version_mismatch.xml"), 500)
    assert (raised.value.fault_code, raised.value.detail) == ("soapenv:VersionMismatch", None)


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (500, "page.html", "failed before the service"),
        (200, "page.html", "sign-in page"),
        (301, "page.html", "redirects"),
        (307, "page.html", "redirects"),
        (401, "page.html", "credentials"),
        (403, "page.html", "ULN_CERT"),
        (404, "page.html", "ULN_PATH"),
        (407, "page.html", "proxy"),
        (418, "page.html", "ULN_URL"),
        (503, "page.html", "Try again later"),
        (502, "find_match.xml", "Try again later"),
        (503, "fault_0999.xml", "Try again later"),
        (405, "maintenance.html", "maintenance"),
        (200, "maintenance.html", "maintenance"),
    ],
)
def test_what_is_no_soap_reply_is_no_service(status: int, content: str, words: str) -> None:
    with pytest.raises(Unreachable, match=words) as raised:
        read(recorded(content), status, Content_Type="text/html; charset=utf-8")
    assert raised.value.status == status
    assert "Please" not in str(raised.value)


def test_a_busy_service_says_when_to_come_back() -> None:
    with pytest.raises(Unreachable, match="in 120 seconds"):
        read(b"", 429, Retry_After="120")


@pytest.mark.parametrize("status", [405, 429, 503])
def test_a_service_that_turns_everybody_away_is_heard(status: int) -> None:
    with pytest.raises(Unreachable) as raised:
        read(recorded("maintenance_fault.xml"), status, Content_Type="text/xml")
    assert raised.value.detail is not None
    assert raised.value.detail.further_details.endswith("The service opens again at 14:00.")


@pytest.mark.parametrize("content", [b"", b"<broken", b"<html>Sorry</html>", b"<!DOCTYPE a><Envelope/>"])
def test_a_proxy_that_turns_everybody_away_says_nothing_of_the_service(content: bytes) -> None:
    with pytest.raises(Unreachable) as raised:
        read(content, 503, Content_Type="text/xml")
    assert raised.value.detail is None


def test_an_empty_reply_without_a_type_is_no_service() -> None:
    with pytest.raises(Unreachable, match="nothing that says what it is"):
        read(b"")


def test_a_page_that_happens_to_be_xml_is_no_service() -> None:
    with pytest.raises(Unreachable, match="text/xml, not with SOAP"):
        read(b"<html/>", 200, Content_Type="text/xml")


def test_a_content_type_cannot_steer_the_terminal() -> None:
    with pytest.raises(Unreachable) as raised:
        read(b"x", 200, Content_Type="text/\x1b[31mred" + "x" * 500)
    assert "\x1b" not in str(raised.value)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty_body.xml", "holds 0 elements"),
        ("two_children.xml", "holds 2 elements"),
        ("soap_12.xml", r"not a SOAP 1\.1 envelope"),
        ("dtd.xml", "document type declaration"),
        ("cut_off.xml", "not well-formed"),
    ],
)
def test_a_soap_reply_that_breaks_the_contract_is_invalid(name: str, reason: str) -> None:
    with pytest.raises(InvalidReply, match=reason):
        read(recorded(name), 200, Content_Type="text/xml")


def test_a_normal_reply_with_an_error_status_is_invalid() -> None:
    with pytest.raises(InvalidReply, match="status 400"):
        read(recorded("find_match.xml"), 400)


def test_every_error_is_under_one_root() -> None:
    for kind in (Refused, ServiceError, Unreachable, InvalidReply):
        assert issubclass(kind, ULNError)
