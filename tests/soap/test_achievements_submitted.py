"""SubmitAchievementBatchJob over HTTP: what it answers itself, and how much it takes in (domain §4, §9)."""

import gzip
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.service import RunningService, running_sandbox
from tests.soap.hostile import ROWS, head
from tests.soap.services import ACHIEVEMENT, invoking_user, job_body, submission_body
from tests.soap.test_gate_patience import connected
from tests.soap.wire import EXTERNAL, XML_TYPE, Answer, envelope, send

from uln_server.batch.job import Row

LIMIT = 400_000
MOST = 1_500
GZIP = {**XML_TYPE, "Content-Encoding": "gzip"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that takes little, and works no jobs off: so that each stays unfinished."""
    with running_sandbox(
        tmp_path_factory.mktemp("submitted"),
        external_body_limit=LIMIT,
        achievements_per_job=MOST,
        serve_jobs=False,
    ) as running:
        yield running


def submitted(service: RunningService, body: str | bytes, **headers: str) -> tuple[str | None, str | None]:
    answer = send(service, body, path=EXTERNAL, headers=XML_TYPE | headers)
    return answer.text("ResponseCode"), answer.text("JobId")


def rows_of(service: RunningService, job_id: str | None) -> list[Row]:
    with service.register() as register, register.reading() as reading:
        return [row for row, _ in reading.jobs.results(int(job_id or 0))]


def with_fields(*, email: str | None = None, form: str | None = "Final", user: str = invoking_user()) -> str:
    """A submission of one achievement."""
    body = submission_body(user=user)
    kind = '<submissionType xmlns="http://api.lrs.qcf.gov.uk/services">'
    assert f"{kind}Final</submissionType>" in body
    address = "" if email is None else f"<emailAddress>{email}</emailAddress>"
    sent = "" if form is None else f"{kind}{form}</submissionType>"
    return body.replace(f"{kind}Final</submissionType>", address + sent)


def test_what_is_sent_is_kept_as_it_was_sent(service: RunningService) -> None:
    sent = {**ACHIEVEMENT, "Action": "many", "AchievementAwardDate": "yesterday", "GivenName": " Zoë ", "Uln": ""}
    code, job_id = submitted(service, submission_body(sent, ACHIEVEMENT))
    assert code == "WSRC0040"
    kept = {name: value for name, value in sent.items() if value}
    assert rows_of(service, job_id) == [Row(1, kept), Row(2, ACHIEVEMENT)]
    with service.register() as register, register.reading() as reading:
        job = reading.jobs.get(int(job_id or 0))
        assert job is not None
        assert (job.form, job.ukprn, job.user, job.rows, job.given) == ("Final", "90000001", "tester", 2, {})


def without_list() -> str:
    before, _, after = with_fields().partition("<achievements")
    return before + after.partition("</achievements>")[2]


NO_JOB = {
    "no agreement": (with_fields(user=invoking_user("SBXAO7", "SandboxAO-000007"), email="?"), "WSRC0043"),
    "no address": (with_fields(email="exams at example.com", form="?"), "WSEC0044"),
    "two addresses": (with_fields(email="a@example.com,b@example.com"), "WSEC0044"),
    "no type": (with_fields(form=None), "WSEC0045"),
    "another type": (with_fields(form="Draft"), "WSEC0045"),
    "no list": (without_list(), "WSEC0047"),
    "an empty list": (without_list().replace("</Submit", "<achievements/></Submit"), "WSEC0047"),
    "too many": (submission_body(*[{"Uln": "1"}] * (MOST + 1)), "WSEC0046"),
}


@pytest.mark.parametrize(("body", "code"), NO_JOB.values(), ids=NO_JOB.keys())
def test_a_batch_that_is_no_job(service: RunningService, body: str, code: str) -> None:
    assert submitted(service, body) == (code, "0")


@pytest.mark.parametrize("form", ["Final", "Provisional", " final ", "PROVISIONAL"])
def test_both_types_are_taken_whatever_their_case(service: RunningService, form: str) -> None:
    code, job_id = submitted(service, with_fields(form=form, email="exams@example.com"))
    assert code == "WSRC0040"
    with service.register() as register, register.reading() as reading:
        job = reading.jobs.get(int(job_id or 0))
        assert job is not None
        assert (job.form, job.given) == (form.strip().title(), {"email": "exams@example.com"})


def test_an_organisation_that_is_no_awarding_organisation_may_not(service: RunningService) -> None:
    provider = invoking_user("SBXLP2", "SandboxLP-000002")
    for body in (with_fields(user=provider), job_body(user=provider)):
        fault = send(service, body, path=EXTERNAL).expect_fault("WSEC0006", "kind 'awarding-organisation'")
        assert fault.domain[0] == "WSEC0006"


def test_a_full_batch_is_taken_in_whole(service: RunningService) -> None:
    """Over a hundred parts of a body, chunked or not, gzipped or not, are the same batch."""
    rows = [{"Uln": f"{number}", "GivenName": "Zoë"} for number in range(MOST)]
    body = envelope(submission_body(*rows))
    assert LIMIT - 150_000 < len(body) < LIMIT
    first = submitted(service, body)
    assert first[0] == "WSRC0040"
    assert submitted(service, gzip.compress(body), **{"Content-Encoding": "gzip"}) == first
    latin = body.decode().encode("latin-1")
    assert submitted(service, latin, **{"Content-Type": "text/xml; charset=iso-8859-1"}) == first
    chunked = head("Transfer-Encoding: chunked", start=f"POST {EXTERNAL} HTTP/1.1") + b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + 5_000]), body[at : at + 5_000]) for at in range(0, len(body), 5_000)
    )
    with connected(service, chunked + b"0\r\n\r\n") as connection:
        assert f"<ns2:JobId>{first[1]}</ns2:JobId>".encode() in connection.recv(65_536)
    assert [(each.position, each.given) for each in rows_of(service, first[1])] == list(enumerate(rows, 1))


def test_the_limit_is_the_services_own(service: RunningService) -> None:
    for body, headers in (
        (b" " * (LIMIT + 1), XML_TYPE),
        (gzip.compress(b" " * (LIMIT + 1)), GZIP),
        (gzip.compress(b" " * 90_000_000), GZIP),
    ):
        ROWS["a body that is too large"].check(send(service, body, path=EXTERNAL, headers=headers))


def test_of_empty_achievements_no_more_are_read_than_ten_times_what_a_job_takes(service: RunningService) -> None:
    before, _, after = with_fields().partition("<Achievement ")
    empty = [before, *["<Achievement/>"] * (10 * MOST), after.partition("</Achievement>")[2]]
    assert submitted(service, "".join(empty)) == ("WSEC0046", "0")
    answer = send(service, "<Achievement/>".join(empty[:2]) + "".join(empty[2:]), path=EXTERNAL)
    ROWS["more achievements than are read"].check(answer)


def test_large_bodies_share_what_room_there_is_on_the_disk(service: RunningService) -> None:
    body = envelope(submission_body()) + b" " * 100_000
    with ExitStack() as stack:
        for _ in range(16):
            start = f"POST {EXTERNAL} HTTP/1.1"
            data = head(f"Content-Length: {LIMIT}", start=start) + b"x" * (LIMIT - 1)
            stack.enter_context(connected(service, data))
        time.sleep(0.5)
        ROWS["more large bodies at once than fit"].check(send(service, body, path=EXTERNAL))
    time.sleep(0.2)
    assert submitted(service, body)[0] == "WSRC0040"


def test_a_temporary_folder_that_takes_nothing_is_no_failure(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = envelope(submission_body(*[ACHIEVEMENT] * 400))
    assert len(body) > 256 * 1024
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    answer = send(service, body, path=EXTERNAL)
    ROWS["a large body while the disk is full"].check(answer)
    assert answer.headers["retry-after"] == "60"
    assert submitted(service, submission_body())[0] == "WSRC0040"
    monkeypatch.undo()
    assert submitted(service, body)[0] == "WSRC0040"


def test_a_wrong_password_is_told_only_once_the_message_was_understood(service: RunningService) -> None:
    wrong = with_fields(user=invoking_user(password="SandboxAO-000009"))
    send(service, wrong, path=EXTERNAL).expect_fault("WSEC0005")
    broken = wrong.replace("</Achievement>", "<x/></Achievement>")
    send(service, broken, path=EXTERNAL).expect_fault("WSEC0001", "Achievement 1: 'x' is no field of it.")


def test_the_sandbox_shows_the_message_without_its_password(service: RunningService) -> None:
    def shown() -> Answer:
        return send(service, b"", path="/sandbox/messages", method="GET", headers={})

    send(service, with_fields(email="shown@example.com"), path=EXTERNAL)
    page = shown().body
    assert b"shown@example.com" in page
    assert b"SandboxAO-000001" not in page
