"""The reference client against the real service: achievements, batches of learners, jobs of any kind, records."""

import itertools
import json
import os
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, TypedDict

import pytest
from tests.service import RunningService, running_sandbox

from uln_client import Achievement, Action, AwardingOrganisation, BatchLearner, MIAPBatchLearnerToVerify, cli
from uln_client.achievements import AchievementOutcome
from uln_client.errors import NotPermitted, SubmissionRefused
from uln_client.jobs import JobKind
from uln_contract.codes import ResponseCode, ReturnCode, VerifyCode

DARCIE, SIAN, PRIYA, DELETED = "1026893096", "9276308686", "1174112637", "7300000028"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
NAMES = {DARCIE: ("Darcie", "Tucker"), SIAN: ("Siân", "O'Brien-Łukasz")}
A, R = AchievementOutcome.ACCEPTED, AchievementOutcome.REFUSED


class Credentials(TypedDict):
    ukprn: str
    password: str


SKILLS = Credentials(ukprn="90000006", password="SandboxAO-000006")
DIPLOMA = Credentials(ukprn="90000007", password="SandboxAO-000007")
COLLEGE = Credentials(ukprn="90000002", password="SandboxLP-000002")


@pytest.fixture(scope="module")
def achieving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox that these tests submit to; each of them awards units of its own."""
    with running_sandbox(tmp_path_factory.mktemp("achieving")) as service:
        yield service


@pytest.fixture(autouse=True)
def settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, achieving: RunningService
) -> None:
    """The sandbox's awarding organisation, by the environment alone, as the command finds it."""
    for name in [name for name in os.environ if name.startswith("ULN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    given = {"URL": achieving.url, "UKPRN": "90000001", "PASSWORD": "SandboxAO-000001", "USERNAME": "interop"}
    for name, value in given.items():
        monkeypatch.setenv(f"ULN_{name}", value)
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.05)


def award(reference: str, uln: str = DARCIE, action: Action = Action.CREATE, **given: str) -> Achievement:
    given_name, family_name = NAMES[uln]
    values = {"achievement_award_date": "2024-06-28", "provider_ukprn": "90000002", "action_date": "2024-07-01"}
    return Achievement(
        uln=uln,
        given_name=given_name,
        family_name=family_name,
        unit_or_qualification_reference_number=reference,
        action=action,
        **{**values, **given},  # type: ignore[arg-type]  # text
    )


@pytest.mark.parametrize("wsdl", ["bundled", "server"])
def test_achievements_are_parted_into_jobs_and_come_back_in_order(wsdl: Literal["bundled", "server"]) -> None:
    uln = {"bundled": DARCIE, "server": SIAN}[wsdl]
    wanted = ["S/900/0001", "S/900/0101", "S/900/0002", "S/900/0001", "S/900/9999"]
    with AwardingOrganisation(wsdl=wsdl) as caller:
        found = list(caller.submit_achievements((award(each, uln) for each in wanted), at_once=2))
        first = found[0].job_id
        assert [(each.number, each.job_id - first, each.reference) for each in found] == [
            (place + 1, place // 2, reference) for place, reference in enumerate(wanted)
        ]
        assert [each.outcome for each in found] == [A, R, A, R, R]
        assert [[one.code for one in each.findings] for each in found] == [[], ["BR004"], [], ["BR011"], ["BR001"]]
        assert caller.job(first).kind is JobKind.ACHIEVEMENTS
        given_name, family_name = NAMES[uln]
        record = caller.learning_events(uln, given_name=given_name, family_name=family_name)
    assert {"S/900/0001", "S/900/0002"} <= {each.subject_code for each in record.events}


def test_many_achievements_in_one_job() -> None:
    seen: list[bool] = []
    many = itertools.repeat(award("S/900/0101"), 400)
    with AwardingOrganisation() as caller:
        found = list(caller.submit_achievements(many, at_once=300, watch=lambda job: seen.append(job.finished)))
    assert [len({each.job_id for each in found}), len(found), sum(seen)] == [2, 400, 2]
    assert {finding.code for each in found for finding in each.findings} == {"BR004"}


@contextmanager
def losing_the_first_reply(url: str) -> Iterator[tuple[str, list[bytes]]]:
    """Stand between client and service, and keep the first reply back until the client has given up."""
    replies: list[bytes] = []

    class Relay(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in ("Content-Type", "SOAPAction")}
            request = urllib.request.Request(f"{url}{self.path}", data=body, headers=headers)
            with urllib.request.urlopen(request) as reply:
                replies.append(reply.read())
            if len(replies) == 1:
                time.sleep(0.6)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(replies[-1])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the signature is the library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", replies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_submission_that_timed_out_is_made_once(achieving: RunningService) -> None:
    with (
        losing_the_first_reply(achieving.url) as (url, replies),
        AwardingOrganisation(url=url, timeout=0.4, retries=1) as caller,
    ):
        (job_id,) = caller.send_achievements([award("S/900/0005")])
    assert [re.findall(rb"JobId>(\d+)<", each) for each in replies] == [[str(job_id).encode()]] * 2
    with AwardingOrganisation() as caller:
        assert caller.follow(job_id).finished
        assert list(caller.send_achievements([award("S/900/9999")])) == [job_id + 1]


def test_a_job_is_its_own_organisation_s_alone() -> None:
    with AwardingOrganisation() as caller, AwardingOrganisation(**SKILLS) as other:
        (job_id,) = caller.send_achievements([award("S/900/0003")])
        assert caller.follow(job_id).known
        assert other.job(job_id).code is ResponseCode.WSRC0018


def test_learners_are_registered_and_verified_in_batches() -> None:
    learner = BatchLearner(
        given_name="Gwen",
        family_name="Pugh",
        last_known_post_code="SA1 3SN",
        date_of_birth="2001-03-04",
        gender="2",
        verification_type="2",
        ability_to_share="1",
        mis_identifier="17",
    )
    to_verify = [
        MIAPBatchLearnerToVerify(uln=uln, given_name=given_name, family_name=family_name, mis_identifier=uln)
        for uln, given_name, family_name in (
            (DARCIE, "Darcie", "Tucker"),
            (JORDAN_OLD, "Jordan", "Reed"),
            (SIAN, "Sian", "Evans"),
            (DELETED, "Lee", "Gone"),
        )
    ]
    with AwardingOrganisation(**COLLEGE) as caller:
        (checked,) = caller.register_learners([learner], check_only=True)
        (new,) = caller.register_learners([learner])
        (again,) = caller.register_learners([learner])
        with AwardingOrganisation(generation="2014", **COLLEGE) as earlier:
            verified = list(earlier.verify_learners(to_verify))
        assert caller.job(new.job_id).kind is JobKind.REGISTRATION
        assert caller.job(verified[0].job_id).kind is JobKind.VERIFICATION
        with pytest.raises(NotPermitted):
            list(caller.send_achievements([award("S/900/0001")]))
    assert [each.code for each in (checked, new, again)] == [ReturnCode.RC001, ReturnCode.RC001, ReturnCode.RC003]
    assert (checked.uln, new.uln == again.uln, new.mis_identifier) == (None, True, "17")
    assert [each.result.code for each in verified] == [
        VerifyCode.WSVRC001,
        VerifyCode.WSVRC002,
        VerifyCode.WSVRC003,
        VerifyCode.WSVRC006,
    ]
    assert [each.mis_identifier for each in verified] == [DARCIE, JORDAN_OLD, SIAN, DELETED]


def test_who_has_not_agreed_to_submit_is_refused() -> None:
    with AwardingOrganisation(**DIPLOMA) as caller:
        with pytest.raises(SubmissionRefused, match="WSRC0043"):
            list(caller.submit_achievements([award("S/900/0405")]))
        assert caller.job(1).known is False


def test_records_by_who_may_read_them() -> None:
    with AwardingOrganisation() as caller, AwardingOrganisation(**COLLEGE) as college:
        merged = caller.learning_events(JORDAN_OLD, given_name="Jordan", family_name="Reid")
        assert (merged.code, merged.merged, merged.found_uln) == (ResponseCode.WSRC0022, True, JORDAN)
        assert caller.learning_events(DELETED, given_name="Lee", family_name="Gone").code is ResponseCode.WSEC0208
        priya = {"given_name": "Priya", "family_name": "Natarajan"}
        own, hidden = caller.learning_events(PRIYA, **priya), college.learning_events(PRIYA, **priya)  # type: ignore[arg-type]  # the names
    assert (own.found, hidden.code, hidden.events) == (True, ResponseCode.WSEC0206, ())


class Terms:
    """The command in this process, as its entry point runs it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        return int(end.value.code or 0), self._capsys.readouterr().out


@pytest.fixture
def uln(capsys: pytest.CaptureFixture[str]) -> Terms:
    return Terms(capsys)


WHO = ("--given-name", "Darcie", "--family-name", "Tucker")
SUBMIT = ("submit", "--uln", DARCIE, *WHO, "--award-date", "2024-06-28", "--provider", "90000002")


def test_the_command_ends_by_what_became_of_it(
    uln: Terms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out = uln(*SUBMIT, "--reference", "S/900/0402", "--json")
    assert (code, json.loads(out)["accepted"]) == (0, 1)
    job = str(json.loads(out)["jobs"][0]["job_id"])
    assert uln(*SUBMIT, "--reference", "S/900/0403", "--reference", "S/900/0402")[0] == 3
    code, out = uln(*SUBMIT, "--reference", "S/900/0402")
    assert (code, "BR011" in out) == (4, True)
    assert uln("job", job)[0] == 0
    refused = re.findall(r"Job (\d+)", out)[0]
    assert uln("job", refused, "--rows", str(tmp_path / "rows.csv"))[0] == 4
    assert "BR011" in (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert uln("job", "1")[0] == 1
    assert uln("record", DARCIE, *WHO, "--brief")[0] == 0
    assert uln("record", DELETED, "--given-name", "Lee", "--family-name", "Gone")[0] == 1
    assert uln("record", DARCIE, *WHO, "--gender", "F")[0] == 2
    monkeypatch.setenv("ULN_PASSWORD", "SandboxAO-000002")
    assert uln("job", job)[0] == 4
    monkeypatch.setenv("ULN_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ULN_RETRIES", "0")
    assert uln(*SUBMIT, "--reference", "S/900/0402")[0] == 5


def test_the_command_carries_out_each_action(uln: Terms) -> None:
    provisional = uln(*SUBMIT, "--reference", "S/900/0004", "--action-date", "2024-07-01", "--provisional")
    assert provisional[0] == 0
    for day, action in enumerate(("promote", "update", "withdraw", "reinstate"), 2):
        more = ("--award-date", "2024-06-27") if action == "update" else ()
        ended = uln(
            *SUBMIT, *more, "--reference", "S/900/0004", "--action", action, "--action-date", f"2024-07-0{day}"
        )
        assert ended[0] == 0, ended
    with AwardingOrganisation() as caller:
        events = caller.learning_events(DARCIE, given_name="Darcie", family_name="Tucker").events
    (held,) = [each for each in events if each.subject_code == "S/900/0004"]
    assert held.achievement_award_date == "2024-06-27"


@pytest.mark.parametrize("wsdl", ["bundled", "server"])
def test_own_awards_are_read_back_as_they_were_submitted(wsdl: Literal["bundled", "server"]) -> None:
    unit = {"bundled": "S/900/0102", "server": "S/900/0103"}[wsdl]
    with AwardingOrganisation(wsdl=wsdl, **SKILLS) as caller:
        (before,) = (each.last_changed for each in caller.own_awards(from_date="2013-07-05", to_date="2013-07-05"))
        since = datetime.now(UTC)
        given = award(unit, mis_identifier="MIS-7", grade="Pass", action_date="2024-07-01T09:30:00Z")
        withdrawal = award(unit, action=Action.WITHDRAW, action_date="2024-07-02T09:30:00Z")
        assert [each.outcome for each in caller.submit_achievements([given, withdrawal])] == [A, A]
        (found,) = caller.own_awards(updated_since=since)
        everything = list(caller.own_awards(page_size=1))
    assert (found.uln, found.reference, found.award_date) == (DARCIE, unit, date(2024, 6, 28))
    assert (found.mis_identifier, found.grade, found.final, found.withdrawn) == ("MIS-7", "Pass", True, True)
    assert (found.version, found.details_action_date) == (2, datetime(2024, 7, 1, 9, 30, tzinfo=UTC))
    assert found.withdrawal_action_date == datetime(2024, 7, 2, 9, 30, tzinfo=UTC)
    assert before < since <= found.last_changed
    places = [(each.uln, each.reference) for each in everything]
    assert places == sorted(set(places), key=lambda place: (place[0], place[1].replace("/", "")))
    assert {(DARCIE, unit), (DARCIE, "S/900/0201"), (DARCIE, "900/0002/1")} <= set(places)


def test_own_awards_are_for_whoever_may_submit() -> None:
    with AwardingOrganisation(**COLLEGE) as caller, pytest.raises(NotPermitted):
        next(caller.own_awards())
    with AwardingOrganisation(**DIPLOMA) as caller, pytest.raises(SubmissionRefused) as refused:
        next(caller.own_awards())
    assert refused.value.code is ResponseCode.WSRC0043
