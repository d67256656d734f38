"""A file's way through an intake: to its jobs, and back with what became of it (domain §8)."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import IO

import pytest
from tests.unit.intake.handing_in import (
    AO,
    PROVIDER,
    Handing,
    achievements,
    newcomer,
    read,
    registration,
    verification,
)
from tests.unit.learners import DARCIE

from uln_contract.batch_files.checking import open_checked
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import REGISTRATION_3A
from uln_server.access.organisation import Agreement
from uln_server.store.database import Database

NAME = "LRB_90000003_240620240930"
TWO = [newcomer(1), newcomer(2)]
DARCIE_S = {"MISIdentifier": "1", "ULN": DARCIE.uln, "FamilyName": "Tucker", "GivenName": "Darcie"}
AWARD = {
    "AchievementAwardDate": "2024-06-28",
    "Action": "1",
    "ActionDate": "2024-06-28",
    "FamilyName": "Tucker",
    "GivenName": "Darcie",
    "ProviderUkprn": "90000002",
    "Uln": DARCIE.uln,
    "UnitOrQualificationReferenceNumber": "S/900/0004",
}


def test_learners_are_registered_and_the_file_comes_back_with_their_ulns(hand: Handing) -> None:
    wrong = newcomer(3, DateOfBirth="16/08/1976")
    records = [newcomer(1, UCI="900000100001A"), newcomer(2), wrong, newcomer(4)]
    hand.put(registration(records))
    hand.look()
    assert [each.state for each in hand.unfinished()] == ["waiting"]
    hand.work()
    hand.look()
    assert (hand.unfinished(), hand.listed("in"), hand.listed("failed")) == ((), [], [])
    reports = [f"{NAME}.CSV.report.csv", f"{NAME}.CSV.summary.txt", f"{NAME}.output.CSV", f"{NAME}.correct.CSV"]
    assert hand.listed("done") == sorted([f"{NAME}.CSV", *reports])
    assert list((hand.root / ".intake").iterdir()) == []
    output = read(hand.path("done", f"{NAME}.output.CSV"))
    assert [each["ReturnCode"] for each in output] == ["RC001", "RC001", "RC011", "RC001"]
    assert [bool(each["ULN"]) for each in output] == [True, True, False, True]
    assert (output[0]["LearnerRecordCount"], output[0]["UKPRN"]) == ("4", PROVIDER)
    learner = hand.database.reading().learners.get(output[0]["ULN"])
    assert learner is not None
    assert (learner.given_name, learner.uci) == (records[0]["GivenName"], "900000100001A")


def test_what_is_to_be_corrected_comes_back_to_be_sent_again(hand: Handing) -> None:
    hand.put(
        registration([newcomer(1), newcomer(2, DateOfBirth="16/08/1976"), newcomer(3, DateOfBirth="2020-01-01")])
    )
    hand.through()
    place = hand.path("done", f"{NAME}.correct.CSV")
    again = read(place)
    assert [each["DateOfBirth"] for each in again] == ["16/08/1976", "2020-01-01"]
    assert (again[0]["LearnerRecordCount"], again[0]["FileName"]) == ("2", f"{NAME}.correct.CSV")
    assert again[0]["Remedy"] == "Write 1976-08-16."
    text = place.read_text(encoding="utf-8-sig").replace("16/08/1976", "1976-08-16")
    hand.put(text.replace("2020-01-01", "2001-01-01"), place.name)
    hand.through()
    [output] = (hand.root / PROVIDER / "done").glob(f"{NAME}.correct.*.output.CSV")
    codes = [each["ReturnCode"] for each in read(output)]
    assert codes == ["RC001", "RC001"]


def test_every_finding_is_reported_with_its_place_and_a_way_out(hand: Handing) -> None:
    hand.put(registration([newcomer(1), newcomer(2, DateOfBirth="16/08/1976"), newcomer(1, GivenName="Zed")]))
    hand.through()
    report = read(hand.path("done", f"{NAME}.CSV.report.csv"))
    [wrong] = [each for each in report if each["Code"] == "V009"]
    assert (wrong["File"], wrong["Row"], wrong["Column"]) == (f"{NAME}.CSV", "3", "DateOfBirth")
    assert (wrong["Value"], wrong["Severity"], wrong["Remedy"]) == ("16/08/1976", "error", "Write 1976-08-16.")
    assert "YYYY-MM-DD" in wrong["Rule"]
    summary = hand.path("done", f"{NAME}.CSV.summary.txt").read_text(encoding="utf-8")
    assert "Records:       3" in summary
    assert "1  not sent" in summary


def test_a_job_is_as_large_as_over_soap_and_audited_like_it(hand: Handing) -> None:
    hand.put(registration([newcomer(number) for number in range(1, 203)]))
    hand.look()
    [file] = hand.unfinished()
    assert [each.rows for each in file.parts] == [200, 2]
    assert hand.audited() == [("submitBatchRegistration", "WSRC0007")] * 2
    hand.work()
    hand.look()
    assert hand.audited()[2:] == [("getBatchRegistrationOutput", "WSRC0009")] * 2
    output = read(hand.path("done", f"{NAME}.output.CSV"))
    shown = {uln for each in hand.database.reading().audit.query() for uln in each.disclosed}
    assert shown == {each["ULN"] for each in output if each["ULN"]}
    assert len(shown) == 202


def test_learners_are_verified(hand: Handing) -> None:
    with hand.database.writing() as writing:
        writing.learners.add(DARCIE)
    hand.put(verification([DARCIE_S, {**DARCIE_S, "ULN": "1174112637"}, {**DARCIE_S, "GivenName": ""}]), "VER.csv")
    hand.through()
    output = read(hand.path("done", "VER.output.csv"))
    assert [each["ResponseCode"] for each in output] == ["WSVRC001", "WSVRC006", "V001"]
    assert [each["ULN"] for each in output] == [DARCIE.uln, "", ""]
    again = read(hand.path("done", "VER.correct.csv"))
    assert [(each["Outcome"], each["Code"]) for each in again] == [("WSVRC006", "WSVRC006"), ("not sent", "V001")]
    assert hand.audited() == [("submitVerifyBatch", "WSRC0025"), ("getVerifyBatchOutput", "WSRC0027")]


def test_achievements_are_submitted(hand: Handing) -> None:
    with hand.database.writing() as writing:
        writing.learners.add(DARCIE)
    hand.put(achievements([AWARD, {**AWARD, "Uln": "1174112637"}]), "QCF.csv", AO)
    hand.look()
    [file] = hand.unfinished()
    job = hand.database.reading().jobs.get(file.parts[0].job_id)
    assert job is not None
    assert (job.form, job.user, job.given) == ("Final", "intake", {})
    hand.work()
    hand.look()
    output = read(hand.path("done", "QCF.output.csv", AO))
    assert [each["Outcome"] for each in output] == ["Business rule", "Learner data"]
    assert [each["Codes"] for each in output] == ["BR001", "LD001"]
    assert hand.audited() == [("SubmitAchievementBatchJob", "WSRC0040"), ("GetAchievementBatchJob", "WSRC0042")]


def agreements_of(database: Database, ukprn: str, *ended: Agreement) -> None:
    with database.writing() as writing:
        for each in ended:
            writing.organisations.withdraw(ukprn, each)


def suspend(hand: Handing) -> None:
    with hand.database.writing() as writing:
        writing.organisations.suspend(PROVIDER)


def unread(hand: Handing) -> None:
    agreements_of(hand.database, PROVIDER, Agreement.REGISTER_READ)


def unwrite(hand: Handing) -> None:
    agreements_of(hand.database, PROVIDER, Agreement.REGISTER_WRITE)


def unsubmit(hand: Handing) -> None:
    agreements_of(hand.database, AO, Agreement.ACHIEVEMENTS_SUBMIT)


def closed(hand: Handing) -> None:
    with hand.database.writing() as writing:
        writing.organisations.set_hours(PROVIDER, "never")


@pytest.mark.parametrize(
    ("before", "text", "ukprn", "code"),
    [
        (unwrite, registration(TWO), PROVIDER, "WSEC0006"),
        (unread, verification([DARCIE_S]), PROVIDER, "WSEC0006"),
        (suspend, registration(TWO), PROVIDER, "WSEC0003"),
        (unsubmit, achievements([AWARD]), AO, "WSRC0043"),
        (closed, achievements([AWARD]), PROVIDER, "WSEC0006"),
    ],
)
def test_who_may_not_call_may_not_hand_in(
    hand: Handing, before: Callable[[Handing], None], text: str, ukprn: str, code: str
) -> None:
    before(hand)
    hand.put(text, "a.csv", ukprn)
    hand.through()
    assert hand.listed("failed", ukprn) == ["a.csv", "a.csv.report.csv", "a.csv.summary.txt"]
    [found] = read(hand.path("failed", "a.csv.report.csv", ukprn))
    assert found["Code"] == code
    assert found["Remedy"]
    assert "Nothing of this file was done." in hand.path("failed", "a.csv.summary.txt", ukprn).read_text("utf-8")
    [(_, audited)] = hand.audited()
    assert audited == code
    assert hand.running.failed == 1


def test_hours_do_not_count_for_a_file(hand: Handing) -> None:
    closed(hand)
    hand.put(registration(TWO))
    hand.through()
    assert f"{NAME}.output.CSV" in hand.listed("done")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F001"),
        (b"%PDF-1.7 nothing", "F002"),
        (registration(TWO).replace('"2"', '"3"', 1).encode(), "V038"),
        (b'"GivenName","ULN"\r\n"Ann"\r\n', "F041"),
    ],
)
def test_a_file_that_cannot_be_used_fails_whole(hand: Handing, content: bytes, code: str) -> None:
    hand.put(content, "a.csv")
    hand.through()
    assert hand.listed("failed")[:2] == ["a.csv", "a.csv.report.csv"]
    report = read(hand.path("failed", "a.csv.report.csv"))
    assert code in [each["Code"] for each in report]
    assert hand.path("failed", "a.csv").read_bytes() == content
    entry = next(iter(hand.database.reading().audit.query()))
    assert entry.code == "WSEC0001"
    assert str(entry.reason).startswith("intake ")


def test_a_file_without_a_good_record_fails_with_all_of_them_to_correct(hand: Handing) -> None:
    hand.put(registration([newcomer(1, DateOfBirth=""), newcomer(2, Gender="7")]))
    hand.through()
    assert hand.database.reading().jobs.latest(5) == ()
    assert len(read(hand.path("failed", f"{NAME}.correct.CSV"))) == 2
    output = read(hand.path("failed", f"{NAME}.output.CSV"))
    assert [each["ReturnCode"] for each in output] == ["RC006", "RC011"]


def test_the_same_content_again_is_told_and_not_done(hand: Handing) -> None:
    hand.put(registration(TWO))
    hand.through()
    hand.put(registration(TWO), "other.csv")
    hand.put(registration(TWO))
    hand.through()
    assert len(hand.database.reading().jobs.latest(5)) == 1
    [found] = read(hand.path("failed", "other.csv.report.csv"))
    assert (found["Code"], f"{NAME}.CSV" in found["Rule"]) == ("I001", True)
    second = [each for each in hand.listed("failed") if each.startswith(f"{NAME}.") and each.endswith(".CSV")]
    assert len(second) == 1
    assert second[0] != f"{NAME}.CSV"


def test_a_content_that_failed_may_be_sent_again(hand: Handing) -> None:
    unwrite(hand)
    hand.put(registration(TWO))
    hand.through()
    with hand.database.writing() as writing:
        writing.organisations.agree(PROVIDER, Agreement.REGISTER_WRITE)
    hand.put(registration(TWO), "again.csv")
    hand.through()
    assert "again.csv" in hand.listed("done")


def test_a_job_that_ended_early_leaves_its_records_to_correct(hand: Handing) -> None:
    hand.put(registration(TWO))
    hand.look()
    [file] = hand.unfinished()
    with hand.database.writing() as writing:
        writing.jobs.fail(file.parts[0].job_id, datetime.now(UTC), "No reason.")
    hand.look()
    assert [each["Code"] for each in read(hand.path("done", f"{NAME}.correct.CSV"))] == ["I003", "I003"]
    report = read(hand.path("done", f"{NAME}.CSV.report.csv"))
    assert any("ended as Failed. No reason." in each["Rule"] for each in report)
    assert hand.audited()[-1] == ("getBatchRegistrationOutput", "WSRC0010")


def test_a_job_that_is_kept_no_longer_is_said_to_be(hand: Handing) -> None:
    hand.put(registration(TWO))
    hand.look()
    hand.work()
    with hand.database.writing() as writing:
        while writing.jobs.forget(datetime.now(UTC) + timedelta(days=1)):
            pass
    hand.look()
    report = read(hand.path("done", f"{NAME}.CSV.report.csv"))
    assert any("no longer kept" in each["Rule"] for each in report)


def test_reports_of_one_file_are_not_written_over_by_another_s(hand: Handing) -> None:
    """Nor is any name too long for them, whatever alphabet it is in."""
    long = "\u4f8b" * 80
    hand.put(registration(TWO), f"{long}.csv")
    hand.put(registration([newcomer(7)]), f"{long}.txt")
    hand.through()
    assert hand.unfinished() == ()
    outputs = [each for each in hand.listed("done") if ".output." in each]
    assert sorted(len(read(hand.path("done", each))) for each in outputs) == [1, 2]
    assert [each.endswith(".txt.output.csv") for each in outputs].count(True) == 1


def test_what_is_given_back_can_be_read_by_whoever_reads_the_folder(hand: Handing) -> None:
    hand.put(registration(TWO))
    (done := hand.root / PROVIDER / "done").mkdir()
    done.chmod(0o2750)
    hand.through()
    modes = {each.stat().st_mode & 0o777 for each in done.iterdir()}
    assert modes == {0o640} or os.name == "nt"  # where a file has its folder's permissions anyway


def test_a_file_that_is_still_written_to_is_put_back(hand: Handing) -> None:
    path = hand.put(b"x" * 2**23)
    done = threading.Event()

    def write(file: IO[bytes]) -> None:
        while not done.wait(0.0005):
            file.write(b"\r\n")

    with path.open("ab", buffering=0) as file:
        writing = threading.Thread(target=write, args=(file,))
        writing.start()
        hand.look()
        done.set()
        writing.join()
    assert (hand.listed("in"), hand.unfinished()) == ([path.name], ())
    assert list((hand.root / ".intake").iterdir()) == []


def test_what_the_register_forgets_it_forgets(hand: Handing) -> None:
    hand.put(registration(TWO))
    hand.through()
    with hand.database.writing() as writing:
        assert writing.intake.forget(datetime.now(UTC) + timedelta(days=1)) == 1
    hand.put(registration([newcomer(7)], f"{NAME}.CSV"))
    hand.through()
    assert len([each for each in hand.listed("done") if each.endswith(".output.CSV")]) == 2


@pytest.mark.parametrize("form", [FileForm.XML, FileForm.XLSX])
def test_a_file_of_another_form_comes_back_in_it(hand: Handing, form: FileForm) -> None:
    name = f"{NAME}.{form.value.upper() if form is FileForm.XML else form.value}"
    records = [newcomer(1), newcomer(2, DateOfBirth="16/08/1976")]
    leading = {"FileVersion": "3A", "FileName": name, "UKPRN": PROVIDER, "LearnerRecordCount": "2"}
    (folder := hand.root / PROVIDER / "in").mkdir(parents=True)
    with writer(folder / name, Written(form), REGISTRATION_3A.names, layout=REGISTRATION_3A) as rows:
        for each in ({**leading, **records[0]}, records[1]):
            rows.row([each.get(column, "") for column in REGISTRATION_3A.names])
    hand.through()
    stem, dot, extension = name.rpartition(".")
    assert f"{stem}.output{dot}{extension}" in hand.listed("done")
    with open_checked(hand.path("done", f"{stem}.correct{dot}{extension}")) as again:
        [row] = again.rows()
    assert again.source.written.form is form
    assert [each.code for each in row.findings if each.refuses] == ["V009"]
    assert {each.code for each in again.findings if each.refuses} == set()
