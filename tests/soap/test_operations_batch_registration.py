"""submitBatchRegistration and getBatchRegistrationOutput over HTTP, on both paths and both databases."""

import pytest
from tests.service import RunningService
from tests.soap.batches import counts, learners, registered, state, submit
from tests.soap.newcomers import Registrar, newcomer
from tests.soap.registers import add_organisation, credentials
from tests.soap.wire import Answer, batch_body, batch_output_body, send, verify_batch_body

from uln_server.access.organisation import Agreement
from uln_server.batch.job import Job
from uln_server.register.event import EventKind

DARCIE, JORDAN_OLD, JORDAN, NOBODY, WRONG_DIGIT = (
    *("1026893096", "4444599390", "6936002314", "1000000043"),
    "1026893097",
)
FINISHED = ("WSRC0009", "Successful", "a time", "a time")
Row = dict[str, str | None]


def batch(registrar: Registrar, *rows: Row, job_type: str = "FUL") -> Answer:
    """Submit a batch as this organisation, and give its output."""
    body = batch_body(*rows, job_type=job_type, credentials=registrar.credentials)
    return registered(registrar.service, body, registrar.credentials, registrar.path)


def output(registrar: Registrar, job_id: int | str) -> Answer:
    return send(registrar.service, batch_output_body(job_id, registrar.credentials), path=registrar.path)


def submitted(registrar: Registrar, *rows: Row, count: int | None = None, job_type: str = "FUL") -> Answer:
    body = batch_body(*rows, job_type=job_type, count=count, credentials=registrar.credentials)
    return send(registrar.service, body, path=registrar.path)


def jobs(registrar: Registrar) -> tuple[Job, ...]:
    with registrar.service.register() as register, register.reading() as reading:
        return reading.jobs.latest(10, ukprn=f"70{registrar.ref}")


def rows_for_every_code(registrar: Registrar) -> dict[str, Row]:
    """A row for each return code that a batch over SOAP can have, named by it."""
    known, changed = newcomer(), newcomer()
    registrar.registered(known)
    registrar.registered(changed)
    new = newcomer()
    alex = {"GivenName": "Alex", "FamilyName": "Smith", "DateOfBirth": "2000-01-01", "Gender": "2"}
    return {
        "RC001": {**new, "MISIdentifier": "first & <only>", "Notes": "Sits examinations."},
        "RC002": {**changed, "EmailAddress": "new@example.com"},
        "RC003": dict(known),
        "RC004": {"ULN": NOBODY, "GivenName": "No", "FamilyName": "Body"},
        "RC005": {"ULN": JORDAN_OLD, "GivenName": "Jordan", "FamilyName": "Reid"},
        "RC006": {**newcomer(), "LastKnownPostCode": None},
        "RC007": {**known, "LastKnownPostCode": "EX1 1AA"},
        "RC008": {"ULN": DARCIE, "GivenName": "Somebody", "FamilyName": "Else"},
        "RC009": {**new, **alex, "LastKnownPostCode": "ZZ99 9ZZ"},
        "RC010": {**new, "MISIdentifier": "again"},
        "RC011": {"ULN": WRONG_DIGIT, "GivenName": "Darcie", "FamilyName": "Tucker"},
    }


def test_each_return_code_with_its_counts_times_and_uln(registrar: Registrar) -> None:
    rows = rows_for_every_code(registrar)
    answer = batch(registrar, *rows.values())
    assert state(answer) == FINISHED
    assert counts(answer) == (1, 3, 2, 1, 4)
    found = learners(answer)
    assert [each["ReturnCode"] for each in found] == list(rows)
    assert [code for code, each in zip(rows, found, strict=True) if "ULN" in each] == [
        *("RC001", "RC002", "RC003", "RC005"),
    ]
    assert found[4]["ULN"] == JORDAN
    new = registrar.held(found[0]["ULN"])
    assert (new.family_name, new.notes) == (rows["RC001"]["FamilyName"], "Sits examinations.")
    assert registrar.held(found[1]["ULN"]).email_address == "new@example.com"


def test_a_row_comes_back_as_it_was_sent_with_nothing_of_the_register_but_the_uln(registrar: Registrar) -> None:
    known = newcomer(MiddleOtherName="Secret", EmailAddress="kept@example.com", AbilityToShare="2")
    uln = registrar.registered(known)
    sent: Row = {
        "ULN": uln,
        "MISIdentifier": " 7 ",
        "GivenName": known["GivenName"],
        "FamilyName": known["FamilyName"],
    }
    (found,) = learners(batch(registrar, sent))
    assert found == {**sent, "ReturnCode": "RC003"}


def test_a_check_tells_the_same_and_changes_nothing(registrar: Registrar) -> None:
    rows = rows_for_every_code(registrar)
    events = len(registrar.events())
    checked = batch(registrar, *rows.values(), job_type="CHK")
    assert len(registrar.events()) == events
    assert [each["ReturnCode"] for each in learners(checked)] == list(rows)
    assert "ULN" not in learners(checked)[0]
    assert learners(checked)[1]["ULN"]
    assert counts(checked) == (1, 3, 2, 1, 4)


def test_the_history_says_which_message_registered_the_learner_and_the_audit_who_saw_the_uln(
    registrar: Registrar,
) -> None:
    caller = registrar.another()
    (found,) = learners(batch(caller, newcomer()))
    sent, *asked = caller.entries()
    assert (sent.operation, sent.code, sent.disclosed) == ("submitBatchRegistration", "WSRC0007", ())
    (change,) = caller.history(found["ULN"])
    assert (change.event.kind, change.event.message_id) == (EventKind.REGISTERED, sent.message_id)
    assert {each.operation for each in asked} == {"getBatchRegistrationOutput"}
    assert (asked[-1].code, asked[-1].disclosed) == ("WSRC0009", (found["ULN"],))


def test_two_hundred_learners_are_one_job(registrar: Registrar) -> None:
    rows = [newcomer(MISIdentifier=str(number)) for number in range(200)]
    answer = batch(registrar, *rows)
    assert counts(answer) == (200, 0, 0, 0, 0)
    assert [each["MISIdentifier"] for each in learners(answer)] == [str(number) for number in range(200)]
    assert len({each["ULN"] for each in learners(answer)}) == 200


def test_wsrc0017_another_count_than_that_of_the_learners(registrar: Registrar) -> None:
    caller = registrar.another()
    for count in (1, 3, 200):
        answer = submitted(caller, newcomer(), newcomer(), count=count)
        assert (answer.text("ResponseCode"), answer.text("JobID")) == ("WSRC0017", "0")
    assert not jobs(caller)


@pytest.mark.parametrize("job_id", [0, -1, 1, 99_999_999, 2**31, 2**63 - 1])
def test_wsrc0018_a_job_that_nobody_submitted(registrar: Registrar, job_id: int) -> None:
    assert state(output(registrar, job_id)) == ("WSRC0018", None, None, None)


def test_wsrc0018_another_organisation_s_job_and_one_of_another_kind(registrar: Registrar) -> None:
    job_id = int(submitted(registrar, newcomer()).text("JobID") or 0)
    stranger = registrar.another()
    assert state(output(stranger, job_id)) == ("WSRC0018", None, None, None)
    row = {"ULN": DARCIE, "GivenName": "Darcie", "FamilyName": "Tucker"}
    body = verify_batch_body(row, credentials=registrar.credentials)
    assert state(output(registrar, submit(registrar.service, body))) == ("WSRC0018", None, None, None)


@pytest.mark.parametrize(
    ("rows", "count", "job_type", "place"),
    [
        ([newcomer()] * 201, 200, "FUL", "Learner[201]"),
        ([newcomer()], 201, "FUL", "LearnerRecordCount"),
        ([newcomer()], 0, "FUL", "LearnerRecordCount"),
        ([], 1, "FUL", "Learner"),
        ([newcomer()], 1, "ful", "JobType"),
        ([newcomer(), newcomer(Gender="3")], 2, "CHK", "Learner[2]/Gender"),
        ([newcomer(), newcomer(GivenName=None)], 2, "CHK", "Learner[2]/FamilyName"),
        ([newcomer(DateOfBirth="1990-02-30")], 1, "FUL", "DateOfBirth"),
    ],
)
def test_what_breaks_the_schema_refuses_the_whole_batch(
    registrar: Registrar, rows: list[Row], count: int, job_type: str, place: str
) -> None:
    caller = registrar.another()
    submitted(caller, *rows, count=count, job_type=job_type).expect_fault("WSEC0001", place)
    assert not jobs(caller)


def test_empty_fields_are_not_given(registrar: Registrar) -> None:
    row = newcomer()
    sent = batch_body(
        {**row, "ULN": "", "MISIdentifier": "", "EmailAddress": ""}, credentials=registrar.credentials
    )
    found = registered(registrar.service, sent, registrar.credentials, registrar.path)
    assert "MISIdentifier" not in learners(found)[0]
    assert learners(found)[0]["ReturnCode"] == "RC001"


def test_both_need_the_agreement_to_write_whatever_the_job_type(changing_service: RunningService) -> None:
    with changing_service.register() as register:
        add_organisation(register, "BATCHR", agreements=frozenset(Agreement) - {Agreement.REGISTER_WRITE})
    who = credentials("BATCHR")
    for job_type in ("FUL", "CHK"):
        send(changing_service, batch_body(newcomer(), job_type=job_type, credentials=who)).expect_fault("WSEC0006")
    send(changing_service, batch_output_body(1, who)).expect_fault("WSEC0006")
