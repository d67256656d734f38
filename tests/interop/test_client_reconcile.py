"""An organisation's own list held against the real service, and put right: ``uln reconcile``, ``uln submit``."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.docs.pages import page
from tests.service import RunningService, running_sandbox
from tests.unit.client.commanding import Ended

from uln_client import Achievement, AwardingOrganisation, SubmissionRefused, cli
from uln_client.achievements import Action
from uln_client.cli.run_bar import RunBar
from uln_client.reconciling.comparing import Kind, Remark
from uln_client.reconciling.reconcile import How, reconcile
from uln_client.reconciling.summary import Summary
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.writing import writer
from uln_contract.layouts import ACHIEVEMENTS
from uln_server.access.organisation import Agreement

DARCIE, SIAN, PRIYA = "1026893096", "9276308686", "1174112637"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
NAMES = {
    DARCIE: ("Darcie", "Tucker"),
    SIAN: ("Siân", "O'Brien-Łukasz"),
    PRIYA: ("Priya", "Natarajan"),
    JORDAN_OLD: ("Jordan", "Reid"),
    JORDAN: ("Jordan", "Reid"),
}
Run = Callable[..., Ended]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox to whose own awards those of ``HELD`` were added."""
    with running_sandbox(tmp_path_factory.mktemp("reconcile")) as service:
        yield service


@pytest.fixture(scope="module", autouse=True)
def settings(serving: RunningService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ULN_")]:
            patch.delenv(name)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        given = {"URL": serving.url, "UKPRN": "90000001", "PASSWORD": "SandboxAO-000001", "USERNAME": "lists"}
        for name, value in given.items():
            patch.setenv(f"ULN_{name}", value)
        patch.setattr("uln_client.jobs.FIRST_WAIT", 0.02)
        yield


@pytest.fixture(scope="module")
def organisation(settings: None) -> Iterator[AwardingOrganisation]:  # noqa: ARG001  # the environment says which
    with AwardingOrganisation() as caller:
        made = [_achievement(each) for each in HELD]
        assert [each.findings for each in caller.submit_achievements(made) if not each.accepted] == []
        yield caller


def _achievement(values: Mapping[str, str]) -> Achievement:
    attributes = {each.name: each.attribute for each in Achievement.FIELDS}
    given: dict[str, Any] = {attributes[name]: text for name, text in values.items()}
    return Achievement(**given | {"action": int(values["Action"])})


@pytest.fixture
def uln(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> Ended:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(each) for each in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ended(int(ended.value.code or 0), out, err)

    return run


def row(uln: str, reference: str, action: int = 1, at: str = "2013-01-10", **others: str) -> dict[str, str]:
    given, family = NAMES[uln]
    return {
        "Uln": uln,
        "GivenName": given,
        "FamilyName": family,
        "UnitOrQualificationReferenceNumber": reference,
        "AchievementAwardDate": "2012-11-30",
        "ProviderUkprn": "90000002",
        "Action": str(action),
        "ActionDate": at,
        **others,
    }


def write(path: Path, rows: Sequence[Mapping[str, str]], form: FileForm = FileForm.CSV) -> Path:
    with writer(path, Written(form, "utf-8", ","), ACHIEVEMENTS.names, layout=ACHIEVEMENTS) as file:
        for each in rows:
            file.row([each.get(name, "") for name in ACHIEVEMENTS.names])
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


HELD = (
    row(DARCIE, "S/900/0001"),
    row(DARCIE, "S/900/0002"),
    row(DARCIE, "S/900/0002", Action.WITHDRAW, "2013-02-01"),
    row(DARCIE, "S/900/0003"),
    row(DARCIE, "S/900/0006", Action.UPDATE, "2014-05-01T10:00:00.5Z", LanguageForAssessment="Welsh"),
    row(SIAN, "S/900/0001"),
    row(SIAN, "S/900/0001", Action.WITHDRAW),
    row(JORDAN, "S/900/0004"),
)
LIST = (
    # The same: without slashes, a grade in small letters, and nothing said of the language.
    row(DARCIE, "S9000201", Grade="pass"),
    # The register's details are newer, and differ in three fields.
    row(DARCIE, "S/900/0006", LanguageForAssessment="English", MisIdentifier="=1+1", ProviderUkprn="90000004"),
    # Provisional in the register, of another day.
    row(DARCIE, "S/900/0007", at="2013-09-01"),
    # Held under the ULN that was merged into this one, and the other way round.
    row(JORDAN, "S/900/0202", MisIdentifier="J-1"),
    row(JORDAN_OLD, "S/900/0004"),
    # Withdrawn on one side.
    row(DARCIE, "S/900/0001", Action.WITHDRAW, "2013-01-10"),
    row(DARCIE, "S/900/0002", Action.UPDATE, "2013-01-20", AchievementAwardDate="2012-12-24"),
    # The last by ActionDate counts, wherever it stands.
    row(DARCIE, "S/900/0004", Action.UPDATE, "2013-03-01", AchievementAwardDate="2012-12-01"),
    row(DARCIE, "S/900/0004"),
    row(SIAN, "S/900/0003", at="2013-01-10T09:30:00Z"),
    row(PRIYA, "S/900/0003"),
    # Listed as withdrawn, and nothing held.
    row(SIAN, "S/900/0005", Action.WITHDRAW),
)
NAME = "QCF_90000001_20130201_001"


SHOWN = (
    row(DARCIE, "S/900/0201"),
    row(DARCIE, "S/900/0006", AchievementAwardDate="2013-05-03", LanguageForAssessment="Welsh"),
    row(JORDAN, "S/900/0202"),
    row(SIAN, "S/900/0001"),
)


def test_the_page_shows_what_comes(uln: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one: the sandbox is as it comes."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / f"{NAME}.csv", SHOWN)
    ended = uln("reconcile", f"{NAME}.csv")
    said = re.sub("(?<=QCF_90000001_)202[0-9]{5}", "20240701", ended.out)
    assert (ended.code, f"```\n{said}```\n" in page("docs/client.md")) == (3, True), said


@pytest.fixture
def compare(organisation: AwardingOrganisation, tmp_path: Path) -> Callable[..., Summary]:
    """Compare rows with the register, as a program does."""

    def run(*rows: Mapping[str, str], form: FileForm = FileForm.CSV, **how: Any) -> Summary:
        path = write(tmp_path / f"{NAME}.{form}", rows, form)
        return reconcile(organisation, path, How(**how), RunBar())

    return run


def counted(summary: Summary) -> dict[Kind, int]:
    return {kind: count for kind, count in summary.counts.items() if count}


def remedies(summary: Summary, kind: Kind | Remark) -> list[str]:
    return [each["WhatToDo"] for each in table(summary.files["report"]) if each["Kind"] == kind]


def test_whose_list_has_nothing_of_the_register_is_told(
    compare: Callable[..., Summary], uln: Run, tmp_path: Path
) -> None:
    summary = compare(row(SIAN, "S/900/0007"), from_date=date(2030, 1, 1))
    assert (counted(summary), summary.none_held) == ({Kind.MISSING: 1}, True)
    ended = uln("reconcile", tmp_path / f"{NAME}.csv", "--from", "2013-06-01", "--to", "2013-06-30")
    assert ended.code == 1
    assert "the register holds 10 of yours, and none of these" in ended.out
    assert "1  extra in the register" in ended.out


def test_extra_awards_are_looked_for_in_a_span_and_at_a_provider(compare: Callable[..., Summary]) -> None:
    mine = row(DARCIE, "S/900/0001")
    whole = compare(mine)
    assert (whole.counts[Kind.EXTRA], whole.remarks[Remark.UNLISTED]) == (7, 2)
    assert compare(mine, from_date=date(2013, 6, 28), to_date=date(2013, 8, 16)).counts[Kind.EXTRA] == 2
    elsewhere = compare(mine, provider="90000004")
    assert (elsewhere.counts[Kind.EXTRA], elsewhere.differs, list(elsewhere.files)) == (0, False, ["report"])
    assert table(elsewhere.files["report"]) == []


def test_nothing_is_withdrawn_without_a_learner_s_names_or_while_a_row_cannot_be_read(
    compare: Callable[..., Summary],
) -> None:
    mine = row(DARCIE, "S/900/0001")
    summary = compare(mine, withdraw_extra=True)
    assert (summary.extra_withdrawn, summary.nameless, summary.corrections) == (4, 3, {Action.WITHDRAW: 4})
    assert any("uln submit" in each for each in remedies(summary, Kind.EXTRA))
    # A wrong check digit may be that of any learner.
    summary = compare(mine, row(DARCIE, "S/900/0003", Uln="1026893097"), withdraw_extra=True)
    assert (summary.unsure, summary.extra_withdrawn, summary.differs) == (True, 0, True)
    assert set(remedies(summary, Kind.EXTRA)) == {
        "Not withdrawn: it may be one of the rows that cannot be read. Correct those rows, and compare again."
    }


def test_a_row_that_cannot_be_read_is_neither_missing_nor_is_its_award_extra(
    compare: Callable[..., Summary], uln: Run, tmp_path: Path
) -> None:
    bad: dict[str, Any] = {"AchievementAwardDate": "30/11/2012"}
    rows = (row(DARCIE, "S/900/0003", **bad), row(DARCIE, "S/900/0003"), row(SIAN, "S/900/0002", **bad))
    summary = compare(*rows, withdraw_extra=True, from_date=date(2030, 1, 1))
    assert (counted(summary), summary.corrections, summary.unsure) == ({Kind.NOT_COMPARED: 2}, {}, False)
    assert remedies(summary, Remark.REPEATED) == ["Row 2 cannot be read: correct it."]
    ended = uln("reconcile", tmp_path / f"{NAME}.csv", "--from", "2030-01-01")
    assert ended.code == 3
    assert "2 of 3 rows cannot be read" in ended.out
    assert "FD003, 2 times: row 2, AchievementAwardDate" in ended.out


def test_a_list_of_provisional_awards(compare: Callable[..., Summary], organisation: AwardingOrganisation) -> None:
    rows = (
        row(DARCIE, "S/900/0007", AchievementAwardDate="2013-08-16"),
        row(DARCIE, "S/900/0001", MisIdentifier="D-1"),
        row(SIAN, "S/900/0006"),
    )
    summary = compare(*rows, provisional=True, from_date=date(2030, 1, 1))
    assert counted(summary) == {Kind.SAME: 1, Kind.DIFFERENT: 1, Kind.MISSING: 1}
    assert summary.remarks[Remark.FINAL_ALREADY] == 1
    assert summary.corrections == {Action.UPDATE: 1, Action.CREATE: 1}
    promoted = compare(
        row(DARCIE, "S/900/0007", Action.PROMOTE, AchievementAwardDate="2013-08-16"),
        provisional=True,
        from_date=date(2030, 1, 1),
    )
    assert promoted.corrections == {Action.PROMOTE: 1}
    assert len(list(organisation.own_awards())) == promoted.held


def test_an_award_that_is_listed_under_both_ulns_counts_once(compare: Callable[..., Summary]) -> None:
    summary = compare(row(JORDAN_OLD, "S/900/0202"), row(JORDAN, "S/900/0202"), from_date=date(2030, 1, 1))
    assert (summary.awards, counted(summary)) == (1, {Kind.SAME: 1})
    assert "old ULN of the same learner" in remedies(summary, Remark.REPEATED)[0]


@contextmanager
def without(serving: RunningService, agreement: Agreement) -> Iterator[None]:
    """Take an agreement from the sandbox's awarding organisation for a while."""
    with serving.register() as register:
        with register.writing() as writing:
            writing.organisations.withdraw("90000001", agreement)
        yield
        with register.writing() as writing:
            writing.organisations.agree("90000001", agreement)


def test_merges_that_may_not_be_asked_for_are_told_as_missing(
    compare: Callable[..., Summary], serving: RunningService
) -> None:
    with without(serving, Agreement.REGISTER_READ):
        summary = compare(row(JORDAN_OLD, "S/900/0004"), from_date=date(2030, 1, 1))
    assert (summary.unasked, counted(summary)) == (True, {Kind.MISSING: 1})


def test_who_may_not_submit_has_no_awards_to_compare(
    compare: Callable[..., Summary], serving: RunningService
) -> None:
    with without(serving, Agreement.ACHIEVEMENTS_SUBMIT), pytest.raises(SubmissionRefused):
        compare(row(DARCIE, "S/900/0001"))


def test_what_cannot_be_compared_is_refused(uln: Run, tmp_path: Path) -> None:
    path = write(tmp_path / f"{NAME}.csv", [row(DARCIE, "S/900/0001")])
    assert "no file" in uln("reconcile", tmp_path / "none.csv").err
    for arguments, said in (
        (["--from", "1 June"], "YYYY-MM-DD"),
        (["--from", "2013-02-01", "--to", "2013-01-31"], "Exchange"),
        (["--provider", "900"], "eight digits"),
    ):
        ended = uln("reconcile", path, *arguments)
        assert (ended.code, said in ended.err) == (2, True)
    write(path, [row(DARCIE, "S/900/0001", Action="9")])
    ended = uln("reconcile", path)
    assert (ended.code, "FD005" in ended.out) == (2, True)
    path.write_text("no list at all")
    assert "cannot be used" in uln("reconcile", path).err
    (tmp_path / "taken").write_text("a file where a folder should be")
    write(path, [row(DARCIE, "S/900/0001")])
    assert "--output" in uln("reconcile", path, "--output", tmp_path / "taken").err


def test_a_list_through_a_pipe_in_any_form(
    uln: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compare: Callable[..., Summary]
) -> None:
    written = compare(row(SIAN, "S/900/0007"), form=FileForm.XLSX, from_date=date(2030, 1, 1))
    assert written.files["corrections"].suffix == ".xlsx"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((tmp_path / f"{NAME}.xlsx").read_bytes())))
    ended = uln("reconcile", "-", "--output", tmp_path / "piped", "--json", "--from", "2030-01-01")
    assert (ended.code, ended.json["counts"]) == (1, {"missing in the register": 1})
    assert Path(ended.json["files"]["report"]) == tmp_path / "piped" / "list.reconciled.csv"
    assert Path(ended.json["files"]["corrections"]).suffix == ".xlsx"


@pytest.mark.usefixtures("organisation")
def test_a_list_of_every_kind_is_put_right_by_its_corrections(uln: Run, tmp_path: Path) -> None:
    """The last one: what the others find in the register is another since then."""
    path = write(tmp_path / f"{NAME}.csv", LIST)
    assert uln("reconcile", path).code == 3
    ended = uln("reconcile", path, "--json", "--withdraw-extra")
    assert (ended.code, ended.json["held"], ended.json["awards"]) == (3, 10, 11)
    assert ended.json["counts"] == {
        "same": 3,
        "different": 3,
        "missing in the register": 3,
        "withdrawn in the register": 1,
        "not withdrawn in the register": 1,
        "extra in the register": 2,
    }
    assert ended.json["remarks"] == {
        "repeated in the list": 1,
        "held under another ULN of the learner": 2,
        "withdrawn in the register, and not in the list": 1,
    }
    report = table(Path(ended.json["files"]["report"]))
    assert [(each["Kind"], each["Row"], each["Field"]) for each in report[:6]] == [
        ("different", "3", "ProviderUkprn"),
        ("different", "3", "LanguageForAssessment"),
        ("different", "3", "MisIdentifier"),
        ("different", "4", "AchievementAwardDate"),
        ("different", "4", "SubmissionType"),
        ("different", "5", "MisIdentifier"),
    ]
    assert (report[2]["InTheList"], "later ActionDate" in report[2]["WhatToDo"]) == ("'=1+1", True)
    corrections = Path(ended.json["files"]["corrections"])
    # What was written before, and not sent, was written over.
    assert corrections.stem.endswith("_001")
    sent = uln("submit", corrections)
    assert sent.code == 0, sent.out
    again = uln("reconcile", path)
    assert (again.code, "and nothing differs" in again.out) == (0, True), again.out
    later = uln("reconcile", write(path, [*LIST, row(SIAN, "S/900/0007")]), "--json").json
    assert Path(later["files"]["corrections"]).stem.endswith("_002")
