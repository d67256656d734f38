"""``uln submit``, ``uln job`` and ``uln record`` against a service that replays."""

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from lxml import etree
from tests.unit.client.answering import UNKNOWN, WAITING, answer, body, done, output, submitted
from tests.unit.client.commanding import Run
from tests.unit.client.organisation import values
from tests.unit.client.replaying import Answer, Replaying
from tests.unit.client.test_job_methods import (
    EVENT,
    NO_REGISTRATION,
    NO_VERIFICATION,
    REGISTERED,
    events,
    registered,
    verified,
)

from uln_client.achievements import Action
from uln_client.cli.given import OPTIONS
from uln_contract.external_records import Achievement
from uln_contract.records import BatchOutputResp

DARCIE = "1026893096"
LEARNER = ("--uln", DARCIE, "--given-name", "Darcie", "--family-name", "Tucker")
SUBMIT = ("submit", *LEARNER, "--award-date", "2024-06-28", "--provider", "90000002", "--reference", "S/900/0001")
RECORD = ("record", *LEARNER[1:])


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uln_client.jobs.FIRST_WAIT", 0.001)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (done(2), 0),
        (done(2, (1, "W001")), 0),
        (done(1, (2, "BR005")), 3),
        (done(0, (1, "BR005"), (2, "BR005")), 4),
        (done(1, status="Failed"), 5),
    ],
)
def test_a_submission_ends_by_what_became_of_it(caller: Replaying, uln: Run, reply: Answer, code: int) -> None:
    caller.answer(submitted(), reply)
    assert uln(*SUBMIT, "--reference", "S/900/0002").code == code


def test_a_submission_says_what_became_of_each(caller: Replaying, uln: Run) -> None:
    caller.answer(submitted(), done(1, (1, "W001"), (2, "W001"), (2, "BR005")))
    ended = uln(*SUBMIT, "--reference", "S/900/0002", "--action", "7", "--mis-identifier", "M1")
    assert ended.out.splitlines() == [
        "Job 100001: Successful, 1 of 2 accepted (WSRC0042)",
        "     ULN         Reference   MIS identifier  Action  Outcome   Codes",
        "  1  1026893096  S/900/0001  M1              7       accepted  W001",
        "  2  1026893096  S/900/0002  M1              7       refused   W001, BR005",
        "W001, Grade: It is so. Do that.",
        "BR005, Grade: It is so. Do that.",
    ]


def test_what_a_job_did_before_it_failed_is_said(caller: Replaying, uln: Run) -> None:
    caller.answer(submitted(), done(1, status="Failed"))
    ended = uln(*SUBMIT, "--reference", "S/900/0002")
    assert ended.out.splitlines()[0] == "Job 100001: Failed, 1 of 1 accepted (WSRC0042)"
    assert "uln job 100001 shows it" in ended.err
    caller.answer(submitted(), done(1, status="Failed"))
    assert uln(*SUBMIT, "--reference", "S/900/0002", "--json").json["error"]["kind"] == "JobFailed"


def test_every_option_is_sent_under_its_field(caller: Replaying, uln: Run) -> None:
    caller.answer(submitted(), done(1))
    given = {
        "--grade": "Pass",
        "--action": "Withdraw",
        "--action-date": "2024-07-01T09:30:00Z",
        "--reason": "A mistake",
        "--date-of-birth": "1976-08-16",
        "--gender": "2",
        "--post-code": "CV4 9EE",
        "--language": "English",
        "--mis-identifier": "M1",
        "--email": "pat@example.com",
    }
    words = [word for pair in given.items() for word in pair]
    ended = uln(*SUBMIT, *words, "--provisional", "--json")
    assert (
        values(body(caller, 0)).items()
        >= {
            "emailAddress": "pat@example.com",
            "submissionType": "Provisional",
            "AchievementAwardDate": "2024-06-28T00:00:00",
            "Action": "3",
            "ActionDate": "2024-07-01T09:30:00Z",
            "ActionReason": "A mistake",
            "DateofBirth": "1976-08-16T00:00:00",
            "FamilyName": "Tucker",
            "Gender": "2",
            "GivenName": "Darcie",
            "Grade": "Pass",
            "LanguageForAssessment": "English",
            "LearnerPostcode": "CV4 9EE",
            "MisIdentifier": "M1",
            "ProviderUkprn": "90000002",
            "Uln": DARCIE,
            "UnitOrQualificationReferenceNumber": "S/900/0001",
        }.items()
    )
    assert set(OPTIONS) == {field.attribute for field in Achievement.FIELDS}
    (row,) = ended.json["achievements"]
    assert (row["action"], row["outcome"], row["findings"]) == ("withdraw", "accepted", [])
    assert {name: ended.json[name] for name in ("code", "count", "accepted", "refused", "jobs")} == {
        "code": "WSRC0042",
        "count": 1,
        "accepted": 1,
        "refused": 0,
        "jobs": [{"job_id": 100001, "status": "Successful"}],
    }


def test_a_submission_need_not_be_followed(caller: Replaying, uln: Run) -> None:
    caller.answer(submitted())
    ended = uln(*SUBMIT, "--no-wait")
    assert (ended.code, ended.out) == (0, "Job 100001: submitted (WSRC0040)\n")
    assert "uln job 100001" in ended.err
    assert uln(*SUBMIT, "--no-wait", "--json").json["jobs"] == [{"job_id": 100001, "status": None}]
    sent = values(body(caller))
    assert (sent["Action"], len(sent["ActionDate"] or "")) == (
        str(Action.CREATE.value),
        len("2024-06-28T00:00:00+00:00"),
    )


def test_a_file_s_names_may_be_of_three_kinds(caller: Replaying, uln: Run, tmp_path: Path) -> None:
    own = {"uln": DARCIE, "given-name": "Siân", "family_name": "Tucker", "reference": "S/900/0001"}
    dates = {"awardDate": "2024-06-28", "ProviderUkprn": 90000002, "DateofBirth": None, "action": 2, "Grade": " "}
    file = tmp_path / "achievements.json"
    file.write_text(json.dumps([{**own, **dates}, {**own, **dates, "action": "promote"}]), encoding="utf-8-sig")
    caller.answer(submitted(), done(2))
    assert uln("submit", "--file", str(file)).code == 0
    sent = [(etree.QName(each).localname, each.text) for each in body(caller, 0).iter() if not len(each)]
    assert [text for name, text in sent if name == "Action"] == ["2", "5"]
    assert [text for name, text in sent if name == "ProviderUkprn"] == ["90000002"] * 2
    assert not {"Grade", "DateofBirth"} & {name for name, _ in sent}


FILLED = (
    '{"uln": "1026893096", "given_name": "D", "family_name": "T", "reference": "S/900/0001", '
    '"provider": "90000002", "award_date": "2024-06-28"%s}'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON, line 1"),
        ("[]", "holds no achievement"),
        ("[1]", "Achievement 1: it is no object"),
        ("{}", "Achievement 1: uln, given_name, family_name, reference, award_date, provider must be given"),
        (f"[{FILLED}, {FILLED}]" % ("", ', "grad": "A"'), "Achievement 2: an achievement has no grad"),
        (FILLED % ', "Uln": "1"', "uln is given twice"),
        (FILLED % ', "grade": true', "grade is neither text nor a whole number"),
        (FILLED % ', "gender": "F"', "Achievement 1: gender must be 0, 1, 2 or 9"),
        (FILLED % ', "action_date": "01/07/2024"', "Achievement 1: action_date must be a date"),
        (FILLED % ', "action_date": "2024-02-30"', "Achievement 1: action_date must be a date"),
        (FILLED % ', "action": "delete"', "Achievement 1: action must be one of create"),
        (f"[{FILLED % ''}, {FILLED.replace('96', '97') % ''}]", "Achievement 2: ULN has a wrong"),
        (FILLED.replace("1026893096", "1") % "", "ULN must be 10 digits"),
    ],
)
def test_a_file_that_is_of_no_use_is_not_sent(
    caller: Replaying, uln: Run, monkeypatch: pytest.MonkeyPatch, content: str, said: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(content))
    ended = uln("submit", "--file", "-")
    assert (ended.code, caller.requests) == (2, [])
    assert said in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("submit",), "--uln, --given-name, --family-name, --reference, --award-date, --provider must be given"),
        ((*SUBMIT, "--file", "x.json"), "--reference cannot be given with --file"),
        (("submit", "--file", "nothing.json"), "nothing.json cannot be read"),
        ((*SUBMIT, "--award-date", "28/06/2024"), "--award-date must be a date"),
        ((*SUBMIT, "--gender", "F"), "--gender must be 0, 1, 2 or 9"),
        ((*SUBMIT, "--action", "delete"), "--action must be one of create"),
        ((*SUBMIT, "--email", "pat"), "emailAddress must be"),
        (("job", "x"), "'x', and must be a whole number from 1"),
        (("job", "2147483648"), "must be a whole number"),
        ((*RECORD, "--user-type", "X"), "'X', and must be ORG, LNR or SER"),
        (("report", "all", "--from", "2024-01-01"), "'all', and must be merged, unmerged or deleted"),
        (("job", "1", "--rows", "--debug"), "--rows names no file, but --debug"),
        (("job", "1", "--timeout", "soon"), "timeout is 'soon', and must be a number of seconds"),
        (("job", "1", "--generation", "2013"), "'2013', and must be today or 2014"),
    ],
)
def test_wrong_use_is_said_in_our_own_words(
    caller: Replaying, uln: Run, words: tuple[str, ...], said: str
) -> None:
    ended = uln(*words, "--json")
    assert (ended.code, caller.requests) == (2, [])
    assert said in ended.err
    assert "nput should" not in ended.err
    assert ended.json["error"]["remedy"]


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([WAITING, done(2)], 0, "Job 100001, achievements: Successful (WSRC0042)"),
        ([done(1, (2, "BR005"), (2, "W001"))], 3, "BR005, 1 time: It is so. Do that."),
        ([done(0, (1, "BR005"))], 4, "Refused, business rule  1"),
        ([done(1, status="Cancelled", rejection_reason="It broke.")], 5, "The service says: It broke."),
        ([UNKNOWN, NO_VERIFICATION, NO_REGISTRATION], 1, "Job 100001: unknown (WSRC0018)"),
        ([UNKNOWN, verified("WSVRC001")], 0, "verification"),
        ([UNKNOWN, verified("WSVRC003")], 3, "WSVRC003, 1 time:"),
        ([UNKNOWN, verified("WSVRC005")], 1, "WSVRC005, 1 time:"),
        ([UNKNOWN, NO_VERIFICATION, registered(REGISTERED)], 0, "RC001, 1 time:"),
    ],
)
def test_a_job_ends_by_what_became_of_it(
    caller: Replaying, uln: Run, answers: list[Answer], code: int, said: str
) -> None:
    caller.answer(*answers)
    ended = uln("job", "100001")
    assert (ended.code, said in ended.out) == (code, True)


def test_a_job_is_not_waited_for_when_it_need_not_be(caller: Replaying, uln: Run, tmp_path: Path) -> None:
    caller.answer(WAITING)
    ended = uln("job", "100001", "--no-wait", "--rows", str(tmp_path / "rows.csv"))
    assert (ended.code, len(caller.requests)) == (3, 1)
    assert ended.out.startswith("Job 100001, achievements: Waiting (WSRC0041)\n  Achievements            2\n")
    assert not (tmp_path / "rows.csv").exists()
    reply = BatchOutputResp(response_code="WSRC0008")
    caller.answer(UNKNOWN, NO_VERIFICATION, answer("getBatchRegistrationOutput", reply))
    shown = uln("job", "100001", "--no-wait", "--json")
    assert (shown.code, shown.json["kind"], shown.json["finished"], shown.json["rows"]) == (
        3,
        "registration",
        False,
        [],
    )


def test_the_rows_are_written(caller: Replaying, uln: Run, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    caller.answer(done(1, (2, "BR005"), (2, "W001")))
    ended = uln("job", "100001", "--rows", str(file), "--json")
    assert "2 rows written" in ended.err
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [(each["number"], each["code"], each["remedy"]) for each in rows] == [
        ("2", "BR005", "Do that."),
        ("2", "W001", "Do that."),
    ]
    assert [each["code"] for each in ended.json["rows"]] == ["BR005", "W001"]
    caller.answer(UNKNOWN, NO_VERIFICATION, registered(REGISTERED))
    uln("job", "100001", "--rows", str(file))
    (row,) = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    assert (row["number"], row["code"], row["uln"], row["mis_identifier"]) == ("1", "RC001", DARCIE, "17")
    caller.answer(done(1))
    uln("job", "100001", "--rows", str(file))
    assert file.read_text(encoding="utf-8-sig").splitlines() == [",".join(rows[0])]
    caller.answer(done(1))
    assert uln("job", "100001", "--rows", str(tmp_path)).code == 2


def test_what_an_error_file_leaves_out_is_said(caller: Replaying, uln: Run) -> None:
    text = "RecordNumber,MisIdentifier,Uln,UnitOrQualificationReferenceNumber,Field,Code,Class,Message,Remedy\n"
    text += "1,,,,Uln,LD001,Learner data,No.,Do that.\n,,,,,,,7 more lines.,Ask.\n"
    reply = output(
        achievement_batch_error_file=text,
        successful_final_achievements=1,
        learner_data_errors=2,
        number_of_records=3,
        status="Successful",
    )
    caller.answer(reply)
    ended = uln("job", "100001")
    assert ended.out.splitlines()[-2:] == ["LD001, 1 time: No. Do that.", "7 more lines. Ask."]
    caller.answer(submitted(), reply)
    submission = uln(*SUBMIT, "--reference", "S/900/0002", "--reference", "S/900/0003")
    assert submission.code == 3
    assert "refused" in submission.out.splitlines()[2]
    assert ["unknown" in line for line in submission.out.splitlines()[3:5]] == [True, True]


def test_whoever_stops_waiting_is_told_the_job(
    caller: Replaying, uln: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    caller.answer(submitted())
    monkeypatch.setattr("uln_client.jobs.time", SimpleNamespace(sleep=interrupted))
    ended = uln(*SUBMIT)
    assert ended.code == 130
    assert "uln job 100001 shows what became of it" in ended.err


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_bar(caller: Replaying, uln: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    caller.answer(WAITING, done(2))
    assert uln("job", "100001").code == 0
    assert "Job 100001: Waiting" in terminal.getvalue()


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        (
            events("WSRC0004", DARCIE, DARCIE, EVENT),
            0,
            "1 learning event (WSRC0004)\n  ID  Subject           Credits\n",
        ),
        (events("WSRC0004"), 0, ": no learning events (WSRC0004)\n"),
        (events("WSRC0022", DARCIE, "6936002314", EVENT, EVENT), 0, "merged into 6936002314, 2 learning events"),
        (events("WSEC0136"), 2, "invalid ULN (WSEC0136)"),
        (events("WSEC0206"), 4, "does not share"),
        (events("WSEC0208"), 1, "not verified"),
    ],
)
def test_a_record_ends_by_what_it_answers(
    caller: Replaying, uln: Run, reply: Answer, code: int, said: str
) -> None:
    caller.answer(reply)
    ended = uln(*RECORD)
    assert (ended.code, said in ended.out) == (code, True), ended.out


def test_a_record_as_data(caller: Replaying, uln: Run) -> None:
    caller.answer(events("WSRC0022", DARCIE, "6936002314", EVENT))
    ended = uln(*RECORD, "--brief", "--user-type", "lnr", "--json")
    assert (ended.json["found_uln"], ended.json["merged"], ended.json["count"]) == ("6936002314", True, 1)
    assert ended.json["events"][0]["subject"] == "Keep Bees Safely"
    assert values(body(caller)).items() >= {"getType": "BRIEF", "userType": "LNR"}.items()
