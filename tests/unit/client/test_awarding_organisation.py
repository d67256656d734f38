import logging
import threading
from datetime import date
from typing import Literal, TypedDict

import pytest
from lxml import etree
from tests.unit.client.organisation import SECRET, organisation, sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client import AwardingOrganisation
from uln_client.errors import InvalidReply, InvalidValue, Unreachable, UsageError, WrongPassword
from uln_client.results import FindResult, Outcome
from uln_client.settings import Settings
from uln_contract import files
from uln_contract.codes import ResponseCode

ULN = "1026893096"


Generation = Literal["today", "2014"]


class Names(TypedDict):
    given_name: str
    family_name: str


NAMES = Names(given_name="Darcie", family_name="Tucker")


@pytest.mark.parametrize(
    ("generation", "path"), [("today", "/LearnerService.svc"), ("2014", "/2014/LearnerService.svc")]
)
def test_a_find_is_sent_as_the_contract_says(service: Replaying, generation: Generation, path: str) -> None:
    service.replay("find_match.xml")
    with organisation(service.url, generation=generation) as caller:
        result = caller.find_by_uln(ULN, **NAMES)
    assert (result.code, result.found) == (ResponseCode.WSRC0004, True)
    (request,) = service.requests
    assert request.path == path
    assert request.headers["SOAPAction"] == '""'
    assert request.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert values(sent(service)) == {
        "FindType": "FUL",
        "OrganisationRef": "ABCDEF",
        "UKPRN": "12345678",
        "OrgPassword": SECRET,
        "UserName": "Pat",
        "ULN": ULN,
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
    }


def test_a_check_only_find_asks_for_the_code_alone(service: Replaying) -> None:
    service.replay("find_match_check_only.xml")
    with organisation(service.url) as caller:
        result = caller.find_by_uln(ULN, **NAMES, check_only=True)
    assert result == FindResult(code=ResponseCode.WSRC0004, learners=())
    assert values(sent(service))["FindType"] == "CHK"


@pytest.mark.parametrize(
    ("generation", "action"), [("today", '"http://tempuri.org/LearnerPortType/verifyLearner"'), ("2014", '""')]
)
def test_a_verification_is_sent_as_its_generation_says(
    service: Replaying, generation: Generation, action: str
) -> None:
    service.replay("verify_match.xml")
    with organisation(service.url, generation=generation) as caller:
        result = caller.verify(ULN, **NAMES, date_of_birth=date(1976, 8, 16), gender="2")
    assert result.outcome is Outcome.MATCH
    assert service.requests[-1].headers["SOAPAction"] == action
    assert values(sent(service)) == {
        "OrganisationRef": "ABCDEF",
        "UKPRN": "12345678",
        "OrgPassword": SECRET,
        "UserName": "Pat",
        "ULN": ULN,
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "1976-08-16",
        "Gender": "2",
    }


@pytest.mark.parametrize("generation", ["today", "2014"])
def test_what_is_not_given_is_nil_or_left_out(service: Replaying, generation: Generation) -> None:
    service.replay("verify_match.xml")
    with organisation(service.url, generation=generation, orgref=None) as caller:
        caller.verify(ULN, **NAMES, date_of_birth="", gender="")
    given = {name: value for name, value in values(sent(service)).items() if value is not None}
    assert set(given) == {"UKPRN", "OrgPassword", "UserName", "ULN", "FamilyName", "GivenName"}


def test_names_of_any_script_arrive(service: Replaying) -> None:
    service.replay("verify_similar.xml")
    with organisation(service.url) as caller:
        caller.verify("9276308686", given_name="Siân & <Co>", family_name="Łukasz 李")
    assert values(sent(service))["GivenName"] == "Siân & <Co>"
    assert values(sent(service))["FamilyName"] == "Łukasz 李"


@pytest.mark.parametrize(
    ("uln", "names", "field"),
    [
        ("1026893097", NAMES, "ULN"),
        ("12", NAMES, "ULN"),
        (ULN, {"given_name": "", "family_name": "Tucker"}, "GivenName"),
        (ULN, {"given_name": "Darcie", "family_name": "x" * 36}, "FamilyName"),
        (ULN, {"given_name": "Dar\x00cie", "family_name": "Tucker"}, "GivenName"),
    ],
)
def test_a_wrong_value_is_never_sent(service: Replaying, uln: str, names: Names, field: str) -> None:
    with organisation(service.url) as caller:
        with pytest.raises(InvalidValue) as found:
            caller.find_by_uln(uln, **names)
        with pytest.raises(InvalidValue) as checked:
            caller.verify(uln, **names)
    assert (found.value.field, checked.value.field) == (field, field)
    assert service.requests == []


def test_a_wrong_check_digit_can_be_sent_on_purpose(service: Replaying) -> None:
    service.answer(Answer(body=recorded("find_no_match.xml").replace(b"1026893096", b"1026893097")))
    with organisation(service.url, check_digit=False) as caller:
        assert caller.find_by_uln("1026893097", **NAMES).code is ResponseCode.WSRC0001


def test_a_wrong_password_is_an_error_that_does_not_hold_it(service: Replaying) -> None:
    service.replay("fault_0005.xml", 500)
    with organisation(service.url) as caller, pytest.raises(WrongPassword) as raised:
        caller.verify(ULN, **NAMES)
    assert SECRET not in f"{raised.value!r} {vars(raised.value)} {caller!r} {vars(caller)}"
    assert len(service.requests) == 1


def test_a_redirect_does_not_take_the_password_along(service: Replaying) -> None:
    service.answer(Answer(status=307, headers={"Location": f"{service.url}/elsewhere"}))
    with organisation(service.url) as caller, pytest.raises(Unreachable, match="redirects"):
        caller.verify(ULN, **NAMES)
    assert [request.path for request in service.requests] == ["/LearnerService.svc"]


def test_the_log_holds_no_contents(service: Replaying, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.replay("find_match.xml")
    with organisation(service.url) as caller:
        caller.find_by_uln(ULN, **NAMES)
    assert f"POST {service.url}/LearnerService.svc: 200" in caplog.text
    assert not any(text in caplog.text for text in (SECRET, "Darcie", "Tucker", ULN))


def test_without_settings_it_is_the_sandbox_s_and_says_so() -> None:
    with AwardingOrganisation() as caller:
        assert caller.is_sandbox
        assert caller.address == "http://127.0.0.1:8000/LearnerService.svc"
    with organisation("https://lrs.example") as other:
        assert not other.is_sandbox
        assert repr(other) == "<AwardingOrganisation 12345678 at https://lrs.example/LearnerService.svc>"


def test_ready_made_settings_are_taken_as_they_are(service: Replaying) -> None:
    service.replay("find_match.xml")
    settings = Settings.load({"url": service.url, "ukprn": "12345678", "password": SECRET, "username": "Pat"})
    with AwardingOrganisation(settings) as caller:
        assert caller.find_by_uln(ULN, **NAMES).found


def test_one_organisation_serves_many_threads(service: Replaying) -> None:
    service.replay("find_match.xml")
    results: list[FindResult] = []
    with organisation(service.url) as caller:
        threads = [
            threading.Thread(target=lambda: results.append(caller.find_by_uln(ULN, **NAMES))) for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [result.found for result in results] == [True] * 12


def one_file_wsdl(generation: Generation) -> bytes:
    """The bundled WSDL with its schemas inside, as a server answers ``?singleWsdl``."""
    document = etree.fromstring(files.read(f"wsdl/{generation}/LearnerService.wsdl"))
    xs = "{http://www.w3.org/2001/XMLSchema}"
    (outer,) = document.iter(f"{xs}schema")
    types = outer.getparent()
    assert types is not None
    types.remove(outer)
    for name in files.names():
        if name.startswith(f"xsd/{generation}/"):
            inner = etree.fromstring(files.read(name))
            for imported in inner.iter(f"{xs}import"):
                imported.attrib.pop("schemaLocation", None)
            types.append(inner)
    return etree.tostring(document)


def test_the_server_s_wsdl_is_read_once_and_its_address_is_not_used(service: Replaying) -> None:
    found = Answer(body=recorded("find_match.xml"))
    service.answer(Answer(body=one_file_wsdl("today")), found)
    with organisation(service.url, wsdl="server") as caller:
        assert caller.find_by_uln(ULN, **NAMES).found
        assert caller.find_by_uln(ULN, **NAMES).found
    assert [(request.method, request.path) for request in service.requests] == [
        ("GET", "/LearnerService.svc?singleWsdl"),
        ("POST", "/LearnerService.svc"),
        ("POST", "/LearnerService.svc"),
    ]


@pytest.mark.parametrize(
    "wsdl",
    [
        recorded("page.html"),
        recorded("find_match.xml"),
        recorded("cut_off.xml"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + one_file_wsdl("today"),
        one_file_wsdl("today").replace(b"<xs:import ", b'<xs:import schemaLocation="file:///etc/hostname" ', 1),
        one_file_wsdl("today").replace(b"<xs:import ", b'<xs:import schemaLocation="http://127.0.0.2:1/x" ', 1),
    ],
    ids=["page", "other document", "cut off", "DTD", "local file", "other server"],
)
def test_a_server_s_wsdl_that_cannot_be_used_is_named(service: Replaying, wsdl: bytes) -> None:
    service.answer(Answer(body=wsdl))
    with organisation(service.url, wsdl="server") as caller, pytest.raises(InvalidReply, match="bundled"):
        caller.find_by_uln(ULN, **NAMES)
    assert {request.method for request in service.requests} == {"GET"}


def test_a_server_without_a_wsdl_is_named(service: Replaying) -> None:
    service.answer(Answer(status=404, body=one_file_wsdl("today")))
    with organisation(service.url, wsdl="server") as caller, pytest.raises(InvalidReply, match="singleWsdl"):
        caller.find_by_uln(ULN, **NAMES)


def test_an_operation_that_the_server_s_wsdl_lacks_is_named(service: Replaying) -> None:
    wsdl = etree.fromstring(one_file_wsdl("today"))
    for operation in list(wsdl.iter("{*}operation")):
        parent = operation.getparent()
        assert parent is not None
        if operation.get("name") == "verifyLearner":
            parent.remove(operation)
    service.answer(Answer(body=etree.tostring(wsdl)))
    with organisation(service.url, wsdl="server") as caller, pytest.raises(UsageError, match="verifyLearner"):
        caller.verify(ULN, **NAMES)
