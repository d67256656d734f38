"""GetOwnAwards over HTTP: every award of the caller's own, once, a page at a time, and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from tests.service import RunningService
from tests.soap.registers import FIRST, GONE, MASTER, MERGED_INTO_GONE, PASSWORD, add_organisation, filled_service
from tests.soap.services import RECONCILIATION as NAMESPACE
from tests.soap.services import job_body, own_awards_body
from tests.soap.wire import EXTERNAL, RECONCILIATION, Answer, send

from uln_server.access.organisation import Agreement, Kind
from uln_server.record.award import Award, AwardKey, Outcome
from uln_server.record.recorded import AwardChange
from uln_server.register.authorship import Author
from uln_server.sandbox.award_content import AWARDS
from uln_server.sandbox.catalogue_content import FIRST as FIRST_AO
from uln_server.sandbox.catalogue_content import SECOND as SECOND_AO

LATER = datetime(2025, 6, 30, 11, 0, 0, 250_417, tzinfo=UTC)
Row = dict[str, str]


def more_awards() -> list[Award]:
    """Of the first organisation: one withdrawn, and those under ULNs that were merged or deleted."""
    (some,) = (each.award for each in AWARDS if each.form == "Provisional")
    kept = replace(some, details=replace(some.details, grade=None, language=None, mis_identifier="<7> & more"))
    ulns = (FIRST.uln, MERGED_INTO_GONE.uln, GONE.uln)
    others = [replace(kept, key=AwardKey(FIRST_AO, uln, some.key.reference)) for uln in ulns]
    return [replace(others[0], withdrawn=True, withdrawn_at=LATER, version=2), *others[1:]]


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory, serve_jobs=False) as running:
        with running.register() as register, register.writing() as writing:
            changes = [AwardChange(None, each, Outcome.CREATED, LATER, None, 1) for each in more_awards()]
            writing.awards.keep(changes, 100_001, Author(at=LATER, message_id="message"))
        yield running


def asked(service: RunningService, by: str = "SBXAO1", password: str = "SandboxAO-000001", **of: str) -> Answer:
    return send(service, own_awards_body(by, password, **of), path=RECONCILIATION)


def rows(answer: Answer) -> list[Row]:
    """The awards of a reply, each by element."""
    found = answer.reply().iterfind(f"{{{NAMESPACE}}}Award")
    return [{etree.QName(field).localname: field.text or "" for field in each} for each in found]


def place(row: Row) -> tuple[str, str]:
    return row["Uln"], row["UnitOrQualificationReferenceNumber"]


def walked(service: RunningService, **of: str) -> Iterator[list[Row]]:
    """Every page, to the last."""
    token = ""
    while True:
        answer = asked(service, **of, pageToken=token)
        yield rows(answer)
        token = answer.text("NextPageToken") or ""
        if not token:
            return


def held() -> list[tuple[str, str]]:
    """Every award of the first organisation, in the order of pages."""
    of_the_sandbox = [(each.uln, each.reference) for each in AWARDS if each.organisation == FIRST_AO]
    return sorted([*of_the_sandbox, *((each.key.uln, "S/900/0007") for each in more_awards())])


def test_an_organisation_sees_every_award_of_its_own_and_no_other(service: RunningService) -> None:
    answer = asked(service)
    assert answer.text("ResponseCode") == "WSRC0050"
    assert answer.text("NextPageToken") is None
    assert [place(each) for each in rows(answer)] == held()
    second = rows(asked(service, "SBXAO6", "SandboxAO-000006"))
    assert {place(each) for each in second} == {
        (each.uln, each.reference) for each in AWARDS if each.organisation == SECOND_AO
    }


def test_an_award_is_told_as_it_is_held(service: RunningService) -> None:
    found = {place(each): each for each in rows(asked(service))}
    assert found["4444599390", "S/900/0202"] == {
        "Uln": "4444599390",
        "CurrentUln": "6936002314",
        "UnitOrQualificationReferenceNumber": "S/900/0202",
        "AchievementAwardDate": "2012-11-30",
        "ProviderUkprn": "90000002",
        "Grade": "Pass",
        "LanguageForAssessment": "English",
        "SubmissionType": "Final",
        "Withdrawn": "false",
        "Version": "1",
        "DetailsActionDate": "2012-11-30T00:00:00Z",
        "WithdrawalActionDate": "2012-11-30T00:00:00Z",
        "LastChanged": "2013-08-22T08:15:00Z",
    }
    assert found[FIRST.uln, "S/900/0007"] == {
        "Uln": FIRST.uln,
        "CurrentUln": MASTER.uln,
        "UnitOrQualificationReferenceNumber": "S/900/0007",
        "AchievementAwardDate": "2013-08-16",
        "ProviderUkprn": "90000002",
        "MisIdentifier": "<7> & more",
        "SubmissionType": "Provisional",
        "Withdrawn": "true",
        "Version": "2",
        "DetailsActionDate": "2013-08-16T00:00:00Z",
        "WithdrawalActionDate": "2025-06-30T11:00:00.250417Z",
        "LastChanged": "2025-06-30T11:00:00.250417Z",
    }


def test_a_deleted_learner_is_not_told_and_the_award_still_is(service: RunningService) -> None:
    found = {each["Uln"]: each for each in rows(asked(service))}
    assert "CurrentUln" not in found[MERGED_INTO_GONE.uln]
    assert "CurrentUln" not in found[GONE.uln]


@pytest.mark.parametrize("size", ["1", "4", "9", "1000"])
def test_the_pages_together_are_every_award_once(service: RunningService, size: str) -> None:
    pages = list(walked(service, pageSize=size))
    assert [place(each) for page in pages for each in page] == held()
    assert [len(page) for page in pages[:-1]] == [int(size)] * (len(pages) - 1)


ASKED: dict[str, tuple[dict[str, str], set[str]]] = {
    "from a day on": (
        {"fromDate": "2013-04-26", "updatedSince": "2013-01-01T00:00:00Z"},
        {"0006", "0007", "0204"},
    ),
    "to a day": ({"toDate": "2012-11-30"}, {"0201", "0202"}),
    "on one day": ({"fromDate": "2013-04-26", "toDate": "2013-04-26"}, {"0006"}),
    "of a provider": ({"providerUkprn": "90000002", "toDate": "2013-06-27"}, {"0006", "0201", "0202"}),
    "of a provider who has none": ({"providerUkprn": "90000004"}, set()),
    "changed since": ({"updatedSince": "2025-06-30T11:00:00.250417Z"}, {"0007"}),
    "changed since, an hour ahead of UTC": ({"updatedSince": "2025-06-30T12:00:00.250+01:00"}, {"0007"}),
    "changed since, UK time": ({"updatedSince": "2025-06-30T12:00:00.250"}, {"0007"}),
    "changed since a moment too late": ({"updatedSince": "2025-06-30T11:00:00.250418Z"}, set()),
    "everything left empty": (dict.fromkeys(("fromDate", "toDate", "providerUkprn", "updatedSince"), ""), {"all"}),
}


@pytest.mark.parametrize(("of", "units"), ASKED.values(), ids=ASKED.keys())
def test_what_is_asked_for_narrows_what_is_given(
    service: RunningService, of: dict[str, str], units: set[str]
) -> None:
    answer = asked(service, **of)
    expected = {reference[-4:] for _, reference in held()} if units == {"all"} else units
    assert {each["UnitOrQualificationReferenceNumber"][-4:] for each in rows(answer)} == expected
    assert answer.text("ResponseCode") == ("WSRC0050" if expected else "WSRC0051")


def token(service: RunningService, **of: str) -> str:
    return asked(service, pageSize="1", **of).text("NextPageToken") or ""


def test_a_token_is_good_for_its_own_question_only(service: RunningService) -> None:
    first = token(service, fromDate="2012-01-01")
    assert rows(asked(service, pageSize="3", fromDate="2012-01-01", pageToken=first))
    for of in ({}, {"fromDate": "2012-01-02"}, {"fromDate": "2012-01-01", "toDate": "2030-01-01"}):
        asked(service, **of, pageToken=first).expect_fault(
            "WSEC0001", f"GetOwnAwards/pageToken: '{first}' was not given", "leave it out"
        )
    second = asked(service, "SBXAO6", "SandboxAO-000006", fromDate="2012-01-01", pageToken=first)
    second.expect_fault("WSEC0001", "was not given to this organisation")


@pytest.mark.parametrize("damage", ["x", "made-up", "A" * 100, "____"])
def test_a_token_that_was_never_given_is_refused(service: RunningService, damage: str) -> None:
    asked(service, pageToken=damage).expect_fault("WSEC0001", f"'{damage[:40]}' was not given")
    good = token(service)
    other = good[:-1] + ("A" if good[-1] != "A" else "B")
    for spoilt in (other, good[:-4], good + "AAAA", "B" + good[1:]):
        asked(service, pageToken=spoilt).expect_fault("WSEC0001", "was not given")


REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "toDate": ({"fromDate": "2024-02-01", "toDate": "2024-01-31"}, "comes before fromDate", "'2024-01-31'"),
    "fromDate": ({"fromDate": "2024-02-30"}, "a day of the calendar", "'2024-02-30'"),
    "providerUkprn": ({"providerUkprn": "9000000"}, "eight digits", "'9000000'"),
    "pageSize": ({"pageSize": "1001"}, "from 1 to 1000", "'1001'"),
    "updatedSince": ({"updatedSince": "2024-02-05"}, "is no date with a time", "'2024-02-05'"),
}
"""By the field that is refused."""


@pytest.mark.parametrize("field", REFUSED)
def test_what_no_page_can_be_asked_for_with(service: RunningService, field: str) -> None:
    of, rule, value = REFUSED[field]
    asked(service, **of).expect_fault("WSEC0001", f"GetOwnAwards/{field}", rule, value)


@pytest.mark.parametrize(
    "moment",
    ["2024-02-05T24:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "-0044-03-15T12:00:00"],
)
def test_a_moment_that_no_clock_here_knows_is_refused(service: RunningService, moment: str) -> None:
    answer = asked(service, updatedSince=moment)
    if b"Fault" in answer.body:  # newer Pythons know 24:00
        answer.expect_fault("WSEC0001", f"GetOwnAwards/updatedSince: '{moment}' is no moment")
    else:
        assert moment == "2024-02-05T24:00:00"


def test_whoever_may_not_submit_may_not_ask(service: RunningService) -> None:
    provider = asked(service, "SBXLP2", "SandboxLP-000002")
    provider.expect_fault("WSEC0006", "awarding-organisation")
    every_other = frozenset(Agreement) - {Agreement.ACHIEVEMENTS_SUBMIT}
    with service.register() as register:
        add_organisation(register, "NOSUB2", kind=Kind.AWARDING_ORGANISATION, agreements=every_other)
    answer = asked(service, "NOSUB2", PASSWORD)
    assert answer.text("ResponseCode") == "WSRC0043"
    assert not rows(answer)


def test_a_caller_is_known_as_in_external_service(service: RunningService) -> None:
    assert asked(service, "90000001").text("ResponseCode") == "WSRC0050"
    fault = asked(service, "SBXAO1", "SandboxAO-000002").expect_fault("WSEC0005", "case matters")
    assert fault.domain == ("WSEC0005", fault.detail["FurtherDetails"])
    asked(service, "NOBODY").expect_fault("WSEC0003", "No organisation is known")
    nameless = send(service, own_awards_body(user=None), path=RECONCILIATION)
    nameless.expect_fault("WSEC0001", "GetOwnAwards/invokingUser/UserName")


def test_a_message_without_its_namespace_is_read_as_well(service: RunningService) -> None:
    bare = re.sub(r' xmlns="[^"]*"', "", own_awards_body(pageSize="2"))
    assert send(service, bare, path=RECONCILIATION).body == asked(service, pageSize="2").body


def test_each_service_tells_where_the_other_s_requests_go(service: RunningService) -> None:
    send(service, own_awards_body(), path=EXTERNAL).expect_fault(
        "WSEC0002", f"send the message to {RECONCILIATION}"
    )
    send(service, job_body(), path=RECONCILIATION).expect_fault("WSEC0002", f"send the message to {EXTERNAL}")


def test_the_trail_says_whose_awards_were_shown(service: RunningService) -> None:
    asked(service, pageSize="1000")
    with service.register() as register, register.reading() as reading:
        entry = list(reading.audit.query())[-1]
    ulns = {uln for uln, _ in held()}
    assert (entry.operation, entry.code, entry.user) == ("GetOwnAwards", "WSRC0050", "tester")
    assert set(entry.disclosed) == ulns | {"6936002314", MASTER.uln}


def test_nothing_of_a_learner_is_told_but_the_uln(service: RunningService) -> None:
    text = asked(service).body
    with service.register() as register, register.reading() as reading:
        learners = [reading.learners.get(uln) for uln, _ in held()]
    for learner in learners:
        assert learner is not None
        for secret in (
            learner.given_name,
            learner.family_name,
            learner.date_of_birth,
            learner.last_known_post_code,
        ):
            assert secret.encode() not in text
