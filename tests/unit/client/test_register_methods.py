"""The methods that find by demographics, register and update: what they send and what they take for an answer."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypedDict

import pytest
from tests.unit.client.organisation import CREDENTIALS, organisation, sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client import AwardingOrganisation, Changes, LearnerToRegister
from uln_client.errors import InvalidReply, InvalidValue, Refused, ServiceError, ULNError, Unreachable, UsageError
from uln_contract.codes import ResponseCode

if TYPE_CHECKING:
    from collections.abc import Callable

Generation = Literal["today", "2014"]
GENERATIONS = pytest.mark.parametrize("generation", ["today", "2014"])
PATHS = {"today": "/LearnerService.svc", "2014": "/2014/LearnerService.svc"}
ULN = "1026893096"


class Demographics(TypedDict):
    given_name: str
    family_name: str
    date_of_birth: str
    gender: str
    post_code: str


class Names(TypedDict):
    given_name: str
    family_name: str


DARCIE = Demographics(
    given_name="Darcie", family_name="Tucker", date_of_birth="1976-08-16", gender="2", post_code="CV4 9EE"
)
NAMES = Names(given_name="Darcie", family_name="Tucker")
LEARNER = LearnerToRegister(
    given_name="Darcie",
    family_name="Tucker",
    last_known_post_code="CV4 9EE",
    date_of_birth="1976-08-16",
    gender="2",
    verification_type="1",
    ability_to_share="1",
)
LEARNER_SENT = {
    "GivenName": "Darcie",
    "FamilyName": "Tucker",
    "LastKnownPostCode": "CV4 9EE",
    "DateOfBirth": "1976-08-16",
    "Gender": "2",
    "VerificationType": "1",
    "AbilityToShare": "1",
}


def given(service: Replaying) -> dict[str, str]:
    """What the last request says, without what is nil."""
    return {name: value for name, value in values(sent(service)).items() if value is not None}


@GENERATIONS
def test_a_search_is_sent_as_the_contract_says(service: Replaying, generation: Generation) -> None:
    service.replay("search_none.xml")
    with organisation(service.url, generation=generation) as caller:
        result = caller.find_by_demographics(**DARCIE, previous_family_name="")
    assert (result.code, result.found, result.learners) == (ResponseCode.WSRC0001, False, ())
    assert service.requests[-1].path == PATHS[generation]
    assert given(service) == {
        **CREDENTIALS,
        "FindType": "FUL",
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "1976-08-16",
        "Gender": "2",
        "LastKnownPostCode": "CV4 9EE",
    }


def test_a_search_can_be_narrowed(service: Replaying) -> None:
    service.replay("search_none.xml")
    with organisation(service.url) as caller:
        caller.find_by_demographics(
            **DARCIE,
            previous_family_name="Evans",
            school_at_age16="A School",
            place_of_birth="Cardiff",
            email_address="darcie@example.com",
            check_only=True,
        )
    named = given(service)
    assert named["FindType"] == "CHK"
    assert (named["PreviousFamilyName"], named["SchoolAtAge16"]) == ("Evans", "A School")
    assert (named["PlaceOfBirth"], named["EmailAddress"]) == ("Cardiff", "darcie@example.com")


@pytest.mark.parametrize(
    ("reply", "code", "ulns"),
    [
        ("search_none.xml", ResponseCode.WSRC0001, []),
        ("search_too_many.xml", ResponseCode.WSRC0002, []),
        ("search_possible.xml", ResponseCode.WSRC0003, [ULN, "1174112637"]),
        ("search_match.xml", ResponseCode.WSRC0004, [ULN]),
        ("search_insufficient.xml", ResponseCode.WSRC0015, []),
        ("search_merged.xml", ResponseCode.WSRC0022, ["6936002314"]),
    ],
)
def test_each_code_of_a_search(service: Replaying, reply: str, code: ResponseCode, ulns: list[str]) -> None:
    service.replay(reply)
    with organisation(service.url) as caller:
        result = caller.find_by_demographics(**DARCIE)
    assert (result.code, [each.uln for each in result.learners]) == (code, ulns)
    assert result.found is (code in {ResponseCode.WSRC0004, ResponseCode.WSRC0022})
    assert result.merged_from == (("4444599390",) if result.merged else ())
    assert len(result.possible) == (2 if code is ResponseCode.WSRC0003 else 0)
    assert (result.learner is None) is not result.found


def of_eleven(reply: bytes) -> bytes:
    start, end = reply.index(b"      <Learner>"), reply.rindex(b"</Learner>\n") + 11
    return reply[:start] + reply[start:end] * 6 + reply[end:]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (of_eleven(recorded("search_possible.xml")), "WSRC0003 came with 12 learners"),
        (recorded("search_possible.xml").replace(b"WSRC0003", b"WSRC0004"), "WSRC0004 came with 2 learners"),
        (recorded("search_none.xml").replace(b"WSRC0001", b"WSRC0004"), "WSRC0004 came with 0 learners"),
        (recorded("search_match.xml").replace(b"WSRC0004", b"WSRC0002"), "WSRC0002 came with 1 learners"),
        (recorded("search_none.xml").replace(b"WSRC0001", b"WSRC0021"), "never answers WSRC0021"),
        (recorded("search_none.xml").replace(b"CV4 9EE", b"CV4 9EF"), "other details"),
        (recorded("search_none.xml").replace(b"Darcie", b"Sam"), "other details"),
        (
            recorded("search_none.xml").replace(
                b"</LastKnownPostCode>", b"</LastKnownPostCode><PlaceOfBirth>Leeds</PlaceOfBirth>"
            ),
            "other details",
        ),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_result(service: Replaying, body: bytes, reason: str) -> None:
    service.answer(Answer(body=body))
    with organisation(service.url) as caller, pytest.raises(InvalidReply, match=reason) as raised:
        caller.find_by_demographics(**DARCIE)
    assert not any(value in str(raised.value) for value in ("Darcie", "CV4", "Leeds"))


def test_an_echo_may_be_tidied(service: Replaying) -> None:
    service.answer(Answer(body=recorded("search_none.xml").replace(b"CV4 9EE", b"cv49ee")))
    with organisation(service.url) as caller:
        assert caller.find_by_demographics(**DARCIE).code is ResponseCode.WSRC0001


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"post_code": "nowhere"}, "LastKnownPostCode"),
        ({"date_of_birth": "16/08/1976"}, "DateOfBirth"),
        ({"gender": "F"}, "Gender"),
        ({"given_name": " "}, "GivenName"),
        ({"email_address": "darcie"}, "EmailAddress"),
        ({"place_of_birth": "x" * 36}, "PlaceOfBirth"),
    ],
)
def test_a_wrong_detail_is_never_sent(service: Replaying, changed: dict[str, str], field: str) -> None:
    details: dict[str, str] = {**DARCIE, **changed}  # type: ignore[dict-item]  # a TypedDict's values are text here
    with organisation(service.url) as caller, pytest.raises(InvalidValue) as raised:
        caller.find_by_demographics(**details)  # type: ignore[arg-type]  # as above
    assert raised.value.field == field
    assert service.requests == []


@GENERATIONS
def test_a_registration_is_sent_as_the_contract_says(service: Replaying, generation: Generation) -> None:
    service.replay("register_done.xml")
    with organisation(service.url, generation=generation) as caller:
        result = caller.register(replace(LEARNER, nationality="GBR"))
    assert (result.code, result.registered, result.uln) == (ResponseCode.WSRC0005, True, "9276308686")
    assert given(service) == {**CREDENTIALS, **LEARNER_SENT, "Nationality": "GBR"}


@pytest.mark.parametrize("code", [ResponseCode.WSRC0015, ResponseCode.WSRC0021])
def test_a_registration_that_was_not_made_has_no_uln(service: Replaying, code: ResponseCode) -> None:
    service.answer(Answer(body=recorded("register_refused.xml").replace(b"WSRC0021", code.encode())))
    with organisation(service.url) as caller:
        result = caller.register(LEARNER)
    assert (result.code, result.registered, result.uln) == (code, False, None)
    assert result.explanation.code == code


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (recorded("register_refused.xml").replace(b"WSRC0021", b"WSRC0005"), "WSRC0005 came without a ULN"),
        (recorded("register_done.xml").replace(b"WSRC0005", b"WSRC0021"), "WSRC0021 came with a ULN"),
        (recorded("register_done.xml").replace(b"WSRC0005", b"WSRC0006"), "never answers WSRC0006"),
    ],
)
def test_a_senseless_answer_to_a_registration_leaves_it_in_doubt(
    service: Replaying, body: bytes, reason: str
) -> None:
    service.answer(Answer(body=body))
    with organisation(service.url) as caller, pytest.raises(InvalidReply, match=reason) as raised:
        caller.register(LEARNER)
    assert "may have been made" in str(raised.value)
    assert raised.value.remedy in str(raised.value)


def test_a_registration_that_breaks_its_type_is_never_sent(service: Replaying) -> None:
    with organisation(service.url) as caller, pytest.raises(InvalidValue) as raised:
        caller.register(replace(LEARNER, verification_type="8"))
    assert (raised.value.field, raised.value.value) == ("VerificationType", "8")
    assert service.requests == []


@pytest.mark.parametrize(
    ("failure", "kind", "in_doubt"),
    [
        (Answer(cut=True), Unreachable, True),
        (Answer(body=b"<half", broken=True), Unreachable, True),
        (Answer(status=502), Unreachable, True),
        (Answer(status=503, body=recorded("fault_0999.xml"), headers={"Retry-After": "1"}), Unreachable, False),
        (Answer(status=503, body=b"upstream connect error or disconnect/reset before headers"), Unreachable, True),
        (Answer(status=200, body=b"<p>UnsupportedHttpVerb</p>"), Unreachable, False),
        (Answer(status=429, headers={"Retry-After": "1"}), Unreachable, False),
        (Answer(status=404), Unreachable, False),
        (Answer(body=recorded("cut_off.xml")), InvalidReply, True),
        (Answer(status=500, body=recorded("fault_0999.xml")), ServiceError, True),
        (Answer(status=500, body=recorded("fault_0006.xml")), Refused, False),
    ],
    ids=[
        *("cut", "broken", "502", "503", "503 of a proxy", "maintenance", "429", "404"),
        *("no XML", "WSEC0999", "WSEC0006"),
    ],
)
@pytest.mark.parametrize("method", ["register", "update"])
def test_a_change_is_sent_once_and_said_to_be_in_doubt_where_it_is(
    service: Replaying, failure: Answer, kind: type[ULNError], in_doubt: bool, method: str
) -> None:
    service.answer(failure)
    calls: dict[str, Callable[[AwardingOrganisation], object]] = {
        "register": lambda caller: caller.register(LEARNER),
        "update": lambda caller: caller.update(ULN, complete(), 1),
    }
    with organisation(service.url, retries=2) as caller, pytest.raises(kind) as raised:
        calls[method](caller)
    assert len(service.requests) == 1
    assert ("may have been made" in raised.value.remedy) is in_doubt


def complete() -> Changes:
    return Changes(
        given_name="Darcie",
        family_name="Tucker",
        last_known_post_code="CV4 9EE",
        date_of_birth="1976-08-16",
        gender="2",
        verification_type="1",
        ability_to_share="1",
    )


def answering(service: Replaying, read: str, *answers: bytes) -> None:
    """The find that reads the record first, then what the update is answered."""
    service.answer(Answer(body=recorded(read)), *(Answer(body=body) for body in answers))


@GENERATIONS
def test_an_update_reads_the_version_first_and_sends_what_the_contract_wants(
    service: Replaying, generation: Generation
) -> None:
    answering(service, "find_match.xml", recorded("update_done.xml"))
    with organisation(service.url, generation=generation) as caller:
        result = caller.update(ULN, Changes(email_address="d@example.com", gender="9"), **NAMES)
    assert (result.code, result.updated, result.sent) == (ResponseCode.WSRC0006, True, True)
    assert result.learner is not None
    assert result.learner.gender == "2"
    assert [request.path for request in service.requests] == [PATHS[generation]] * 2
    assert given(service) == {
        **CREDENTIALS,
        **LEARNER_SENT,
        "Gender": "9",
        "EmailAddress": "d@example.com",
        "ULN": ULN,
        "VersionNumber": "1",
    }


def test_an_update_with_a_version_sends_that_version(service: Replaying) -> None:
    answering(service, "find_match.xml", recorded("update_done.xml").replace(b"WSRC0006", b"WSRC0013"))
    with organisation(service.url) as caller:
        result = caller.update(ULN, Changes(title="Ms"), 7, **NAMES)
    assert (result.code, result.updated) == (ResponseCode.WSRC0013, False)
    assert given(service)["VersionNumber"] == "7"


def test_an_update_that_is_complete_reads_nothing(service: Replaying) -> None:
    service.replay("update_done.xml")
    with organisation(service.url) as caller:
        result = caller.update(ULN, complete(), 3)
    assert (result.updated, result.learner) == (True, None)
    assert given(service) == {**CREDENTIALS, **LEARNER_SENT, "ULN": ULN, "VersionNumber": "3"}


def test_other_evidence_keeps_its_description(service: Replaying) -> None:
    described = (
        b"<VerificationType>999</VerificationType>"
        b"<OtherVerificationDescription>Letter</OtherVerificationDescription>"
    )
    read = recorded("find_match.xml").replace(b"<VerificationType>1</VerificationType>", described)
    service.answer(Answer(body=read), Answer(body=recorded("update_done.xml")))
    with organisation(service.url) as caller:
        caller.update(ULN, Changes(title="Ms"), **NAMES)
    assert given(service)["OtherVerificationDescription"] == "Letter"


def test_a_record_without_evidence_needs_some(service: Replaying) -> None:
    read = recorded("find_match.xml").replace(b"<VerificationType>1</VerificationType>", b"")
    service.answer(Answer(body=read))
    with organisation(service.url) as caller, pytest.raises(InvalidValue) as raised:
        caller.update(ULN, Changes(title="Ms"), **NAMES)
    assert raised.value.field == "VerificationType"
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "code",
    [
        ResponseCode.WSRC0006,
        ResponseCode.WSRC0013,
        ResponseCode.WSRC0014,
        ResponseCode.WSRC0015,
        ResponseCode.WSRC0019,
        ResponseCode.WSRC0020,
        ResponseCode.WSRC0021,
    ],
)
def test_each_code_of_an_update(service: Replaying, code: ResponseCode) -> None:
    service.answer(Answer(body=recorded("update_done.xml").replace(b"WSRC0006", code.encode())))
    with organisation(service.url) as caller:
        result = caller.update(ULN, complete(), 1)
    assert (result.code, result.explanation.code) == (code, code)
    assert "registered" not in result.explanation.text


def test_an_update_is_never_answered_as_a_registration(service: Replaying) -> None:
    service.answer(Answer(body=recorded("update_done.xml").replace(b"WSRC0006", b"WSRC0005")))
    with organisation(service.url) as caller, pytest.raises(InvalidReply, match="never answers WSRC0005"):
        caller.update(ULN, complete(), 1)


@pytest.mark.parametrize(
    ("uln", "read", "code", "master"),
    [
        (ULN, "find_no_match.xml", ResponseCode.WSRC0001, None),
        (ULN, "find_insufficient.xml", ResponseCode.WSRC0015, None),
        ("4444599390", "find_merged.xml", ResponseCode.WSRC0022, "6936002314"),
    ],
)
def test_a_record_that_is_not_read_is_not_updated(
    service: Replaying, uln: str, read: str, code: ResponseCode, master: str | None
) -> None:
    answering(service, read)
    with organisation(service.url) as caller:
        result = caller.update(uln, Changes(title="Ms"), **NAMES)
    assert (result.code, result.sent, result.updated) == (code, False, False)
    assert (result.learner.uln if result.learner else None) == master
    assert len(service.requests) == 1


def test_an_update_that_says_nothing_is_never_sent(service: Replaying) -> None:
    with organisation(service.url) as caller:
        with pytest.raises(UsageError, match="changes nothing"):
            caller.update(ULN, Changes(title=None), **NAMES)
        with pytest.raises(InvalidValue, match="Notes is blank") as blank:
            caller.update(ULN, Changes(notes=" "), **NAMES)
        with pytest.raises(UsageError, match="cannot change tier_level"):
            caller.update(ULN, {"tier_level": "2"}, **NAMES)  # type: ignore[typeddict-unknown-key]  # on purpose
        with pytest.raises(UsageError, match="names to find it by"):
            caller.update(ULN, Changes(title="Ms"))
        with pytest.raises(InvalidValue, match="check digit"):
            caller.update("1026893097", Changes(title="Ms"), **NAMES)
    assert blank.value.value == " "
    assert service.requests == []
