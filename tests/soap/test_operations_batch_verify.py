"""submitVerifyBatch and getVerifyBatchOutput over HTTP, on both paths and both databases."""

import pytest
from lxml import etree
from tests.service import RunningService
from tests.soap.batches import finished, learners, state, submit, verified
from tests.soap.newcomers import Registrar
from tests.soap.registers import FIRST, GONE, MIDDLE, PASSPORT, credentials, uln
from tests.soap.wire import (
    CREDENTIALS,
    Answer,
    batch_body,
    send,
    verify_batch_body,
    verify_batch_output_body,
    verify_body,
)

DARCIE, JORDAN_OLD, JORDAN, NOBODY = "1026893096", "4444599390", "6936002314", "1000000043"
MOST = 5_000
Row = dict[str, str | None]
ROWS: list[Row] = [
    {"ULN": DARCIE, "FamilyName": "Tucker", "GivenName": "Darcie", "DateOfBirth": "1976-08-16", "Gender": "2"},
    {"ULN": JORDAN_OLD, "FamilyName": "Reid", "GivenName": "Jordan"},
    {"ULN": DARCIE, "FamilyName": "Tucker", "GivenName": "Darcy"},
    {"ULN": JORDAN_OLD, "FamilyName": "Reid", "GivenName": "Jordon"},
    {"ULN": DARCIE, "FamilyName": "O\u2019Neil & <Sons>", "GivenName": "Tom", "DateOfBirth": "1976-08-17"},
    {"ULN": NOBODY, "FamilyName": "Body", "GivenName": "No", "Gender": "9"},
    {"ULN": DARCIE, "FamilyName": "Tucker", "GivenName": "Darcie", "Gender": "1"},
    {"ULN": GONE.uln, "FamilyName": GONE.family_name, "GivenName": GONE.given_name},
    {"ULN": "1026893097", "FamilyName": "Tucker", "GivenName": "Darcie"},
    {"ULN": PASSPORT.uln, "FamilyName": PASSPORT.family_name, "GivenName": PASSPORT.given_name, "Gender": "1"},
    {"ULN": FIRST.uln, "FamilyName": FIRST.family_name, "GivenName": FIRST.given_name},
    {"ULN": MIDDLE.uln, "FamilyName": "Else", "GivenName": "Somebody"},
]
CODES = ["001", "002", "003", "004", "005", "006", "005", "006", "006"]


def outcome(registrar: Registrar, *rows: Row) -> Answer:
    body = verify_batch_body(*rows, credentials=registrar.credentials)
    return verified(registrar.service, body, registrar.credentials, registrar.path)


def alone(registrar: Registrar, row: Row) -> list[tuple[str, str]]:
    """What verifyLearner answers to the same details."""
    extra = "".join(f"<{name}>{row[name]}</{name}>" for name in ("DateOfBirth", "Gender") if row.get(name))
    body = verify_body(
        str(row["ULN"]), str(row["GivenName"]), str(row["FamilyName"]), extra, registrar.credentials
    )
    return fields(send(registrar.service, body, path=registrar.path).reply()[0])


def fields(row: etree._Element) -> list[tuple[str, str]]:
    return [(str(each.tag), each.text or "") for each in row]


def test_each_learner_is_answered_as_by_verify_learner(registrar: Registrar) -> None:
    answer = outcome(registrar, *[{**row, "MISIdentifier": f"<{place}>"} for place, row in enumerate(ROWS)])
    assert state(answer) == ("WSRC0027", "Successful", "a time", "a time")
    given = [fields(each) for each in answer.reply().iterchildren("VerifiedLearner")]
    assert given == [[("MISIdentifier", f"<{place}>"), *alone(registrar, row)] for place, row in enumerate(ROWS)]
    assert [dict(each)["ResponseCode"] for each in given][: len(CODES)] == [f"WSVRC{code}" for code in CODES]
    assert {"VRF1", "VRF5", "VRF7"} < set(learners(answer)[4]["FailureFlag"].split())


def test_five_thousand_learners_are_one_message_and_one_job(registrar: Registrar) -> None:
    """As many elements as such a message can have: well under the limit of a message."""
    row = {
        "ULN": DARCIE,
        "FamilyName": "Tucker",
        "GivenName": "Darcie",
        "DateOfBirth": "1976-08-16",
        "Gender": "2",
    }
    rows: list[Row] = [{**row, "MISIdentifier": f"m{place}"} for place in range(MOST)]
    rows[-1]["ULN"] = NOBODY
    answer = outcome(registrar, *rows)
    found = learners(answer)
    assert [each["MISIdentifier"] for each in found] == [each["MISIdentifier"] for each in rows]
    assert {each["ResponseCode"] for each in found[:-1]} == {"WSVRC001"}
    assert found[-1]["ResponseCode"] == "WSVRC006"
    assert registrar.last().disclosed == (DARCIE,)


def test_wsrc0030_another_count_than_that_of_the_learners(registrar: Registrar) -> None:
    for rows, count in ((ROWS[:2], 1), (ROWS[:2], MOST), (ROWS[:1] * (MOST + 1), MOST)):
        body = verify_batch_body(*rows, count=count, credentials=registrar.credentials)
        answer = send(registrar.service, body, path=registrar.path)
        assert (answer.text("ResponseCode"), answer.text("JobID")) == ("WSRC0030", "0")


@pytest.mark.parametrize(
    ("rows", "count", "email", "place"),
    [
        (ROWS[:1], MOST + 1, None, "LearnerRecordCount"),
        ([], 1, None, "Learner"),
        ([ROWS[0], {**ROWS[0], "ULN": "12"}], 2, None, "Learner[2]/ULN"),
        ([{**ROWS[0], "FamilyName": " "}], 1, None, "FamilyName"),
        (ROWS[:1], 1, "nobody", "OrgEmail"),
    ],
)
def test_what_breaks_the_schema_refuses_the_whole_batch(
    registrar: Registrar, rows: list[Row], count: int, email: str | None, place: str
) -> None:
    body = verify_batch_body(*rows, count=count, email=email, credentials=registrar.credentials)
    send(registrar.service, body, path=registrar.path).expect_fault("WSEC0001", place)


def test_the_audit_has_each_record_that_was_shown_once(registrar: Registrar) -> None:
    caller = registrar.another()
    outcome(caller, *ROWS[:6], ROWS[0])
    sent, *asked = caller.entries()
    assert (sent.operation, sent.code, sent.disclosed) == ("submitVerifyBatch", "WSRC0025", ())
    assert {(each.operation, each.disclosed) for each in asked[:-1]} <= {("getVerifyBatchOutput", ())}
    assert (asked[-1].code, asked[-1].disclosed) == ("WSRC0027", (DARCIE, JORDAN))


def test_the_address_to_write_to_is_kept_with_the_job(registrar: Registrar) -> None:
    body = verify_batch_body(ROWS[0], email="exams@example.com", credentials=registrar.credentials)
    job_id = submit(registrar.service, body, registrar.path)
    finished(registrar.service, verify_batch_output_body(job_id, registrar.credentials), registrar.path)
    with registrar.service.register() as register, register.reading() as reading:
        job = reading.jobs.get(job_id)
    assert job is not None
    assert job.given == {"org_email": "exams@example.com"}


def test_wsrc0018_another_organisation_s_job_and_one_of_another_kind(registrar: Registrar) -> None:
    mine = submit(registrar.service, verify_batch_body(ROWS[0], credentials=registrar.credentials))
    row = {"GivenName": "No", "FamilyName": "Body", "ULN": NOBODY}
    other = submit(registrar.service, batch_body(row, credentials=registrar.credentials))
    for who, job_id in ((CREDENTIALS, mine), (registrar.credentials, other), (registrar.credentials, 2**40)):
        answer = send(registrar.service, verify_batch_output_body(job_id, who), path=registrar.path)
        assert state(answer) == ("WSRC0018", None, None, None)


def test_fields_that_are_nil_are_not_compared(registrar: Registrar) -> None:
    nil = '<{} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    body = verify_batch_body({**ROWS[1], "DateOfBirth": "", "Gender": ""}, credentials=registrar.credentials)
    for name in ("DateOfBirth", "Gender"):
        body = body.replace(f"<{name}></{name}>", nil.format(name))
    assert body.count("nil") == 2
    (found,) = learners(verified(registrar.service, body, registrar.credentials, registrar.path))
    assert (found["ResponseCode"], found.get("SearchedGender")) == ("WSVRC002", None)


def test_both_need_the_agreement_to_read(changing_service: RunningService) -> None:
    who = credentials("BAREST")
    send(changing_service, verify_batch_body(ROWS[0], credentials=who)).expect_fault("WSEC0006")
    send(changing_service, verify_batch_output_body(1, who)).expect_fault("WSEC0006")


def test_a_uln_that_nobody_was_given_is_not_found(registrar: Registrar) -> None:
    (found,) = learners(outcome(registrar, {"ULN": uln(77), "FamilyName": "Body", "GivenName": "No"}))
    assert found["ResponseCode"] == "WSVRC006"
