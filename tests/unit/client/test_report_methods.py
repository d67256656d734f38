"""The methods that retrieve ULNs and ask for reports: what they send and what they take for an answer."""

from datetime import date
from typing import Literal

import pytest
from tests.unit.client.organisation import CREDENTIALS, organisation, sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client.errors import InvalidReply, InvalidValue, UsageError
from uln_contract.codes import ResponseCode

Generation = Literal["today", "2014"]
PATHS = {"today": "/LearnerService.svc", "2014": "/2014/LearnerService.svc"}
ULN = "1026893096"
ASKED = [ULN, "4444599390", "1174112637"]


@pytest.mark.parametrize("generation", ["today", "2014"])
def test_ulns_are_retrieved_with_their_masters(service: Replaying, generation: Generation) -> None:
    service.replay("retrieve.xml")
    with organisation(service.url, generation=generation) as caller:
        own, merged, unknown = caller.retrieve(iter(ASKED))
    assert [each.text for each in sent(service).iter("ULN")] == ASKED
    assert (own.found, own.merged, own.master_uln, own.family_name) == (True, False, None, "Tucker")
    assert (merged.found, merged.merged, merged.master_uln) == (True, True, "6936002314")
    assert (unknown.found, unknown.family_name, unknown.explanation.code) == (False, None, "WSRC0001")


def test_the_answers_stand_in_the_order_asked_for_each_as_often(service: Replaying) -> None:
    service.replay("retrieve.xml")
    asked = [*reversed(ASKED), ULN]
    with organisation(service.url) as caller:
        assert [each.uln for each in caller.retrieve(asked)] == asked


def test_a_code_that_a_service_leaves_out_is_told_from_the_rest(service: Replaying) -> None:
    body = recorded("retrieve.xml")
    for code in (b"WSRC0001", b"WSRC0004", b"WSRC0022"):
        body = body.replace(b"<ResponseCode>" + code + b"</ResponseCode>", b"")
    service.answer(Answer(body=body))
    with organisation(service.url) as caller:
        codes = [each.code for each in caller.retrieve(ASKED)]
    assert codes == [ResponseCode.WSRC0004, ResponseCode.WSRC0022, ResponseCode.WSRC0001]


def unknown(ulns: list[str]) -> bytes:
    entries = "".join(
        f"<VerifiedULN><ULN>{uln}</ULN><ResponseCode>WSRC0001</ResponseCode></VerifiedULN>" for uln in ulns
    )
    whole = recorded("retrieve.xml").decode()
    start, end = whole.index("<VerifiedULN>"), whole.rindex("</VerifiedULN>") + len("</VerifiedULN>")
    return f"{whole[:start]}{entries}{whole[end:]}".encode()


def test_more_than_the_contract_takes_at_once_go_in_several_calls(service: Replaying) -> None:
    many = [str(1_000_000_000 + number) for number in range(401)]
    parts = [many[:200], many[200:400], many[400:]]
    service.answer(*(Answer(body=unknown(part)) for part in parts))
    with organisation(service.url, check_digit=False) as caller:
        assert [each.uln for each in caller.retrieve(many)] == many
    assert [[each.text for each in sent(service, place).iter("ULN")] for place in range(3)] == parts


@pytest.mark.parametrize("wrong", ["", "12", "1026893097", "1026893096 "])
def test_a_wrong_uln_among_many_stops_them_all(service: Replaying, wrong: str) -> None:
    with organisation(service.url) as caller, pytest.raises(InvalidValue) as raised:
        caller.retrieve([*[ULN] * 300, wrong])
    assert (raised.value.field, raised.value.value) == ("ULN", wrong)
    assert service.requests == []


def test_no_uln_is_no_question(service: Replaying) -> None:
    with organisation(service.url) as caller, pytest.raises(UsageError, match="No ULN"):
        caller.retrieve([])
    assert service.requests == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"1174112637", b"9276308686", "other ULNs"),
        (b"WSRC0004", b"WSRC0003", "never answers WSRC0003"),
        (b"WSRC0022", b"WSRC0004", "WSRC0004 came with a MasterULN"),
        (b"WSRC0001", b"WSRC0022", "WSRC0022 came without a MasterULN"),
    ],
)
def test_a_senseless_retrieval_is_no_result(service: Replaying, old: bytes, new: bytes, reason: str) -> None:
    service.answer(Answer(body=recorded("retrieve.xml").replace(old, new)))
    with organisation(service.url) as caller, pytest.raises(InvalidReply, match=reason):
        caller.retrieve(ASKED)


@pytest.mark.parametrize(("generation", "wsdl"), [("today", "bundled"), ("today", "server"), ("2014", "bundled")])
def test_a_report_is_asked_for_by_the_wsdl_that_has_it(
    service: Replaying, generation: Generation, wsdl: Literal["bundled", "server"]
) -> None:
    service.replay("report_merged.xml")
    with organisation(service.url, generation=generation, wsdl=wsdl) as caller:
        result = caller.merged_unmerged_report(date(2024, 1, 1), date(2024, 12, 31))
    (request,) = service.requests
    assert (request.method, request.path, request.headers["SOAPAction"]) == ("POST", PATHS[generation], '""')
    assert values(sent(service)) == {**CREDENTIALS, "FromDate": "2024-01-01", "ToDate": "2024-12-31"}
    assert sent(service).tag == "{http://api.lrs.miap.gov.uk/reportmsg}GetMergedUnmergedULNs"
    assert (result.code, result.deleted) == (ResponseCode.WSRC0023, ())
    assert [(each.merged_uln, each.master_uln) for each in result.merged] == [("4444599390", "6936002314")]
    assert [each.unmerged_uln for each in result.unmerged] == [ULN, ULN]


def test_a_report_without_an_end_goes_up_to_today(service: Replaying) -> None:
    service.replay("report_deleted.xml")
    with organisation(service.url) as caller:
        result = caller.deleted_report("2024-01-01")
    assert "ToDate" not in values(sent(service))
    assert sent(service).tag == "{http://api.lrs.miap.gov.uk/reportmsg}GetDeletedULNs"
    assert [(each.uln, each.deleted_date) for each in result.deleted] == [("7300000028", "2024-03-01")]
    assert (result.from_date, result.to_date) == ("2024-01-01", "2024-12-31")


def test_a_report_may_have_no_entries(service: Replaying) -> None:
    service.replay("report_merged_empty.xml")
    with organisation(service.url) as caller:
        result = caller.merged_unmerged_report("2024-01-01", "2024-12-31")
    assert (result.code, result.merged, result.unmerged) == (ResponseCode.WSRC0024, (), ())
    assert result.explanation.code == "WSRC0024"


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2024-02-01", "2024-01-31", "ToDate"),
        ("01/02/2024", None, "FromDate"),
        ("2024-02-01", "yesterday", "ToDate"),
        ("2024-2-1", "2024-01-01", "FromDate"),
    ],
)
def test_wrong_dates_are_never_sent(service: Replaying, start: str, end: str | None, field: str) -> None:
    with organisation(service.url) as caller, pytest.raises(InvalidValue) as raised:
        caller.deleted_report(start, end)
    assert raised.value.field == field
    assert service.requests == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<FromDate>2024-01-01", b"<FromDate>2024-01-02", "other dates"),
        (b"<ToDate>2024-12-31", b"<ToDate>2024-12-30", "other dates"),
        (b"WSRC0023", b"WSRC0024", "WSRC0024 came with 3 entries"),
        (b"WSRC0023", b"WSRC0022", "never answers WSRC0022"),
    ],
)
def test_a_senseless_report_is_no_result(service: Replaying, old: bytes, new: bytes, reason: str) -> None:
    service.answer(Answer(body=recorded("report_merged.xml").replace(old, new)))
    with organisation(service.url) as caller, pytest.raises(InvalidReply, match=reason):
        caller.merged_unmerged_report("2024-01-01", "2024-12-31")
