"""GetLearnerLearningEvents over HTTP: every code, who sees what, and what an event says (domain §4, §10)."""

from collections.abc import Iterator, Mapping

import pytest
from lxml import etree
from tests.service import RunningService
from tests.soap.achievements import SECOND_AO, WITHDRAW, achievement, fields, newcomers, outcome
from tests.soap.registers import PASSWORD, add_organisation, filled_service
from tests.soap.services import invoking_organisation_r10, r9_body
from tests.soap.wire import R9, Answer, Fault, send

from uln_server.access.audit import AuditEntry
from uln_server.access.organisation import Agreement, Kind
from uln_server.catalogue.provider import Provider
from uln_server.sandbox.content import REGISTERED_AT

DARCIE, SIAN, PRIYA, GONE = "1026893096", "9276308686", "1174112637", "7300000028"
JORDAN, JORDAN_BEFORE, NOBODY = "6936002314", "4444599390", "1000000043"
COLLEGE = invoking_organisation_r10("90000002", "SandboxLP-000002")
SECOND = invoking_organisation_r10("90000006", "SandboxAO-000006")
BRIEF = [
    *("AchievementAwardDate", "AchievementProviderUkprn", "Credits", "Grade", "ID", "Level"),
    *("Source", "Subject", "SubjectCode"),
]
LEARNERS: Mapping[str, Mapping[str, str]] = {
    SIAN: {"givenName": "Sian", "familyName": "Evans"},
    PRIYA: {"givenName": "Priya", "familyName": "Natarajan"},
    JORDAN: {"givenName": "Jordan", "familyName": "Reed"},
    JORDAN_BEFORE: {"givenName": "Jordan", "familyName": "Reid"},
}


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory) as running:
        yield running


def asked(service: RunningService, uln: str | None = DARCIE, **changes: str | None) -> Answer:
    """Ask as the college, in full, for a learner by the right names unless said otherwise."""
    values = {"invokingOrganisation": COLLEGE, "uln": uln, **LEARNERS.get(uln or "", {}), **changes}
    return send(service, r9_body("GetLearnerLearningEvents", **values), path=R9)


def events(answer: Answer) -> list[dict[str, str]]:
    return [{local(each): each.text or "" for each in event} for event in answer.reply().iter("{*}LearningEvent")]


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def said(answer: Answer) -> tuple[str | None, str | None, str | None]:
    """Code, the ULN found, the ULN asked for; the record is there in any case."""
    (result,) = answer.reply()
    assert [local(each) for each in result] == ["ResponseCode", "FoundULN", "IncomingULN", "LearnerRecord"]
    return answer.text("ResponseCode"), answer.text("FoundULN"), answer.text("IncomingULN")


def last_entry(service: RunningService) -> AuditEntry:
    with service.register() as register, register.reading() as reading:
        return list(reading.audit.query())[-1]


def test_an_event_in_full(service: RunningService) -> None:
    answer = asked(service, dateOfBirth="1976-08-16", gender="2")
    assert said(answer) == ("WSRC0004", DARCIE, DARCIE)
    first, _, third, fourth, fifth = events(answer)
    assert first == {
        "AchievementAwardDate": "2012-11-30",
        "AchievementProviderName": "Sandbox College",
        "AchievementProviderUkprn": "90000002",
        "AwardingOrganisationName": "Sandbox Awarding Organisation",
        "AwardingOrganisationUkprn": "90000001",
        "Credits": "2",
        "DateLoaded": "2013-08-22 09:15:00",
        "Grade": "Pass",
        "ID": "1",
        "LanguageForAssessment": "English",
        "Level": "Level 1",
        "Restriction": "0",
        "Source": "QCFU",
        "Status": "F",
        "Subject": "Work in a Team",
        "SubjectCode": "S/900/0201",
        "UnderDataChallenge": "N",
    }
    assert third["LanguageForAssessment"] == "Welsh"
    assert (fourth["Source"], fourth["QualificationType"]) == ("AO", "Other Vocational Qualification")
    assert "LanguageForAssessment" not in fourth
    assert (fifth["Status"], fifth["Credits"]) == ("P", "0")
    assert [each["ID"] for each in events(answer)] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("get_type", ["BRIEF", " brief "])
def test_an_event_in_brief(service: RunningService, get_type: str) -> None:
    in_full = events(asked(service))
    assert events(asked(service, getType=get_type)) == [{name: each[name] for name in BRIEF} for each in in_full]


def test_credit_counts_once(service: RunningService) -> None:
    assert [each["Credits"] for each in events(asked(service))] == ["2", "0", "2", "6", "0"]


def test_a_learner_without_awards_has_an_empty_record(service: RunningService) -> None:
    answer = asked(service, SIAN)
    assert said(answer) == ("WSRC0004", SIAN, SIAN)
    assert events(answer) == []
    assert last_entry(service).disclosed == (SIAN,)


INVALID = [None, "", "1", "1026893095", "9999999999", "0026893096", f" {DARCIE}", f"{DARCIE}0", "١٠٢٦٨٩٣٠٩٦"]


@pytest.mark.parametrize("uln", INVALID)
def test_a_uln_that_is_none(service: RunningService, uln: str | None) -> None:
    answer = asked(service, uln=uln)
    assert said(answer) == ("WSEC0136", "", uln or "")
    assert events(answer) == []


NOT_VERIFIED: dict[str, tuple[dict[str, str | None], str]] = {
    "unknown": ({"uln": NOBODY}, "unknown"),
    "deleted": ({"uln": GONE, "givenName": "Lee", "familyName": "Gone"}, "unknown"),
    "another given name": ({"givenName": "Otto"}, "VRF1 VRF2"),
    "another family name": ({"familyName": "Smithers"}, "VRF5 VRF4"),
    "no given name": ({"givenName": ""}, "names"),
    "no family name": ({"familyName": None}, "names"),
    "a name without a letter": ({"familyName": "-"}, "names"),
    "a name without end": ({"givenName": "Darcie" * 20}, "names"),
    "another date of birth": ({"dateOfBirth": "1976-08-17"}, "VRF7"),
    "another gender": ({"gender": "1"}, "VRF8"),
    "a merged ULN, of whose records neither agrees": ({"uln": JORDAN_BEFORE, "givenName": "Darcie"}, "VRF1"),
}


@pytest.mark.parametrize(("changes", "why"), NOT_VERIFIED.values(), ids=NOT_VERIFIED.keys())
def test_a_learner_who_cannot_be_verified(
    service: RunningService, changes: dict[str, str | None], why: str
) -> None:
    answer = asked(service, **changes)
    assert said(answer) == ("WSEC0208", "", changes.get("uln", DARCIE))
    assert events(answer) == []
    entry = last_entry(service)
    assert (entry.code, entry.disclosed) == ("WSEC0208", ())
    assert set(why.split()) <= set((entry.reason or "").split()), entry.reason


KINDLY: dict[str, dict[str, str | None]] = {
    "a similar name": {"givenName": "Darcy"},
    "names swapped": {"givenName": "Tucker", "familyName": "Darcie"},
    "a date with a time": {"dateOfBirth": "1976-08-16T00:00:00"},
    "a date with a time and its zone": {"dateOfBirth": " 1976-08-16T00:00:00.000+01:00 "},
    "a gender not specified": {"gender": "9"},
    "Welsh": {"language": "CYM"},
    "a language in small letters": {"language": "en"},
    "a language by number": {"language": "01"},
    "no language": {"language": ""},
    "no language element": {"language": None},
    "any supplier": {"vendorID": "-7"},
    "no user type": {"userType": ""},
    "an unknown user type": {"userType": "Unknown"},
    "no date and no gender element": {"dateOfBirth": None, "gender": None},
    "the UKPRN as reference": {
        "invokingOrganisation": invoking_organisation_r10(None, "SandboxLP-000002", "tester", "90000002")
    },
}


@pytest.mark.parametrize("changes", KINDLY.values(), ids=KINDLY.keys())
def test_what_live_clients_send_is_taken(service: RunningService, changes: dict[str, str | None]) -> None:
    answer = asked(service, **changes)
    assert said(answer)[0] == "WSRC0004"
    assert len(events(answer)) == 5


REFUSED: dict[str, tuple[dict[str, str | None], str, str]] = {
    "no getType": ({"getType": ""}, "WSEC0001", "getType: it is empty. Send FULL or BRIEF."),
    "another getType": ({"getType": "ALL" * 30}, "WSEC0001", f"getType: '{('ALL' * 30)[:40]}' is no type."),
    "a date of another form": ({"dateOfBirth": "16/08/1976"}, "WSEC0001", "dateOfBirth: '16/08/1976' is no date."),
    "a day that never was": ({"dateOfBirth": "1976-02-30"}, "WSEC0001", "Send it as YYYY-MM-DD"),
    "a gender by letter": ({"gender": "F"}, "WSEC0001", "gender: 'F' is no gender. Send 0, 1, 2 or 9"),
    "no supplier": ({"vendorID": None}, "WSEC0001", "vendorID"),
    "no agreement": (
        {"invokingOrganisation": invoking_organisation_r10("90000004", "SandboxRO-000004")},
        "WSEC0006",
        "plr-read",
    ),
}


@pytest.mark.parametrize(("changes", "code", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_says_so_in_both_details(
    service: RunningService, changes: dict[str, str | None], code: str, text: str
) -> None:
    fault: Fault = asked(service, **changes).expect_fault(code, text)
    assert fault.domain == (code, fault.detail["FurtherDetails"])


@pytest.fixture(scope="module")
def priya(service: RunningService) -> str:
    """A learner who does not share, with an award by each of two organisations."""
    row = achievement(
        Uln=PRIYA,
        GivenName="Priya",
        FamilyName="Natarajan",
        UnitOrQualificationReferenceNumber="S/900/0101",
    )
    assert fields(outcome(service, row, by=SECOND_AO))["AchievementsCreated"] == "1"
    with service.register() as register:
        add_organisation(register, "CAREER", kind=Kind.CAREERS_SERVICE, agreements=SPEAKING["CAREER"])
        add_organisation(register, "PORTAL", kind=Kind.GOVERNMENT, agreements=SPEAKING["PORTAL"])
    return PRIYA


SPEAKING = {
    "CAREER": frozenset({Agreement.PLR_READ, Agreement.SPEAK_AS_CAREERS_SERVICE}),
    "PORTAL": frozenset({Agreement.PLR_READ, Agreement.SPEAK_FOR_LEARNERS}),
}


def from_(reference: str) -> str:
    return invoking_organisation_r10(None, PASSWORD, "tester", reference)


OWN, THEIRS = "S/900/0204", "S/900/0101"
Case = tuple[str, str, list[str], str]
# Who asks, as whom it says it speaks, what it sees, and what the audit trail says of that.
SHOWN: list[Case] = [
    (COLLEGE, "ORG", [], "ORG"),
    (COLLEGE, "LNR", [], "ORG"),
    (COLLEGE, "SER", [], "ORG"),
    (invoking_organisation_r10(), "ORG", [OWN], "ORG"),
    (invoking_organisation_r10(), "SER", [OWN], "SER"),
    (invoking_organisation_r10(), "LNR", [OWN, THEIRS], "LNR"),
    (SECOND, "ORG", [THEIRS], "ORG"),
    (from_("CAREER"), "SER", [], "SER"),
    (from_("CAREER"), "LNR", [], "ORG"),
    (from_("PORTAL"), "LNR", [OWN, THEIRS], "LNR"),
    (from_("PORTAL"), "lnr", [OWN, THEIRS], "LNR"),
    (from_("PORTAL"), "SER", [], "ORG"),
]


@pytest.mark.parametrize("case", SHOWN)
def test_who_sees_what_of_a_learner_who_does_not_share(service: RunningService, priya: str, case: Case) -> None:
    caller, user_type, seen, taken_for = case
    answer = asked(service, priya, invokingOrganisation=caller, userType=user_type)
    assert said(answer) == (("WSRC0004", priya, priya) if seen else ("WSEC0206", "", priya))
    assert [each["SubjectCode"] for each in events(answer)] == seen
    entry = last_entry(service)
    assert entry.disclosed == ((priya,) if seen else ())
    assert (entry.operation, entry.user) == ("GetLearnerLearningEvents", "tester")
    assert entry.reason == f"FULL as {taken_for}"


def test_a_merged_uln_shows_its_master_s_record(changing_service: RunningService) -> None:
    """On both databases."""
    answer = asked(changing_service, JORDAN_BEFORE, getType="BRIEF")
    assert said(answer) == ("WSRC0022", JORDAN, JORDAN_BEFORE)
    assert [(each["ID"], each["SubjectCode"]) for each in events(answer)] == [
        ("6", "S/900/0202"),
        ("7", "S/900/0203"),
    ]
    assert (said(asked(changing_service, JORDAN)), events(asked(changing_service, JORDAN, getType="BRIEF"))) == (
        ("WSRC0004", JORDAN, JORDAN),
        events(answer),
    )
    entries = [each for each in audited(changing_service) if each.operation == "GetLearnerLearningEvents"]
    assert {(each.disclosed, each.code) for each in entries[-3:]} >= {((JORDAN_BEFORE, JORDAN), "WSRC0022")}


def audited(service: RunningService) -> list[AuditEntry]:
    with service.register() as register, register.reading() as reading:
        return list(reading.audit.query(uln=JORDAN))


def test_records_that_are_separated_again_have_each_its_own(service: RunningService) -> None:
    with service.register() as register, register.writing() as writing:
        writing.learners.unmerge(JORDAN_BEFORE)
    for uln, reference in ((JORDAN_BEFORE, "S/900/0202"), (JORDAN, "S/900/0203")):
        answer = asked(service, uln)
        assert said(answer) == ("WSRC0004", uln, uln)
        assert [each["SubjectCode"] for each in events(answer)] == [reference]


def test_what_was_shown_before_is_shown_as_it_is_now_and_written_down_each_time(
    changing_service: RunningService,
) -> None:
    """On both databases; the changes come from other connections than the service's."""
    with changing_service.register() as register:
        (learner,) = newcomers(register, 1)
        uln = str(learner["Uln"])
        provider = f"1{uln[1:8]}"
        row = achievement(learner, ProviderUkprn=provider)

        def told(**changes: str) -> list[dict[str, str]]:
            values = {"givenName": learner["GivenName"], "familyName": learner["FamilyName"], **changes}
            return events(asked(changing_service, uln, **values))

        assert [told(), told(getType="BRIEF")] == [[], []]
        assert fields(outcome(changing_service, row))["AchievementsCreated"] == "1"
        ((first,), (brief,)) = told(), told(getType="BRIEF")
        assert first | brief == first
        with register.writing() as writing:
            writing.providers.add([Provider(provider, "Bees")], REGISTERED_AT)
        assert [told(), told()] == [[{**first, "AchievementProviderName": "Bees"}]] * 2
        with register.writing() as writing:
            writing.providers.rename([Provider(provider, "Bees & Wasps")], REGISTERED_AT)
        assert told() == [{**first, "AchievementProviderName": "Bees & Wasps"}]
        withdrawal = {**row, "Action": WITHDRAW, "ActionDate": "2024-03-01T00:00:00Z"}
        assert fields(outcome(changing_service, withdrawal))["AchievementsWithdrawn"] == "1"
        assert told() == []
        with register.reading() as reading:
            entries = [each for each in reading.audit.query(uln=uln) if each.code == "WSRC0004"]
        assert [each.disclosed for each in entries] == [(uln,)] * 8


def test_names_are_those_of_today_s_lists_and_nobody_sees_what_was_withdrawn(service: RunningService) -> None:
    with service.register() as register, register.writing() as writing:
        writing.providers.add([Provider("10000001", "Bees & Sons <Ltd>")], REGISTERED_AT)
    of_sian: dict[str, str | None] = {"Uln": SIAN, "GivenName": "Siân", "FamilyName": "Evans"}
    listed = achievement(of_sian, ProviderUkprn="10000001")
    unlisted = achievement(
        of_sian, ProviderUkprn="10000002", UnitOrQualificationReferenceNumber="S/900/0403", Grade="pass"
    )
    assert fields(outcome(service, listed, unlisted))["AchievementsCreated"] == "2"
    first, second = events(asked(service, SIAN))
    assert (first["AchievementProviderName"], first["Credits"]) == ("Bees & Sons <Ltd>", "3")
    assert (second["AchievementProviderUkprn"], second["Grade"]) == ("10000002", "Pass")
    assert not {"AchievementProviderName", "Credits", "LanguageForAssessment"} & second.keys()
    later = "2024-03-01T00:00:00Z"
    assert (
        fields(outcome(service, {**listed, "Action": WITHDRAW, "ActionDate": later}))["AchievementsWithdrawn"]
        == "1"
    )
    for caller in (invoking_organisation_r10(), COLLEGE):
        assert events(asked(service, SIAN, invokingOrganisation=caller)) == [second]
