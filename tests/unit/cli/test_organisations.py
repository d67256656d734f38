import io
import json
from pathlib import Path

import pytest
from tests.unit.cli.running import Operator

from uln_server.access.credentials import Proofs
from uln_server.access.organisation import Agreement, Organisation, OwnProcedure, Status
from uln_server.store.database import Database

ORG = ("--ref", "ABC123", "--name", "An AO", "--kind", "awarding-organisation")
PASSWORD = "k9Zq72bXwLm4TpVe"


def held(identifier: str = "12345678") -> Organisation:
    with Database.open("sqlite:///var/register.sqlite3") as database:
        found = database.reading().organisations.by_identifier(identifier)
    assert found is not None
    return found


def opens(password: str) -> bool:
    return Proofs(0).prove(held(), password)


@pytest.fixture
def password_file(folder: Path) -> str:
    (folder / "password").write_text(f"{PASSWORD}\r\nnot this line\n")
    return "password"


def test_an_organisation_is_added_with_a_password_from_a_file(production: Operator, password_file: str) -> None:
    said = production.does(
        *("org", "add", "12345678", *ORG, "--agree", "register-read", "--agree", "plr-read"),
        *("--hours", "07:00-22:00", "--fault-qualified", "--no-linked-ulns-qualified"),
        *("--password-file", password_file),
    )
    assert PASSWORD not in said
    added = held()
    assert (added.organisation_ref, added.name, added.hours) == ("ABC123", "An AO", "07:00-22:00")
    assert added.agreements == {Agreement.REGISTER_READ, Agreement.PLR_READ}
    assert (added.fault_qualified, added.linked_ulns_qualified) == (True, False)
    assert opens(PASSWORD)


def test_a_generated_password_is_shown_once_and_works(production: Operator) -> None:
    said = production.does("org", "add", "12345678", *ORG, "--generate")
    shown = next(line for line in said.splitlines() if line.startswith("Password: ")).removeprefix("Password: ")
    assert len(shown) == 16
    assert shown.isalnum()
    assert opens(shown)
    assert shown not in production.does("org", "list") + production.does("audit", "--json")


@pytest.mark.parametrize("words", [("--password-file", "-"), ()])
def test_a_password_is_read_from_stdin(
    production: Operator, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    production.does("org", "add", "12345678", *ORG, *words)
    assert opens(PASSWORD)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("another password", 2)])
def test_a_password_is_asked_for_twice(
    production: Operator, monkeypatch: pytest.MonkeyPatch, second: str, code: int
) -> None:
    answers = iter([PASSWORD, second])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    ran = production.run("org", "add", "12345678", *ORG)
    assert ran.exit == code
    assert PASSWORD not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--generate", "--password-file", "password"), "both name a password"),
        (("--password-file", "missing"), "cannot be read"),
        (("--password-file", "short"), "exactly 16 characters"),
        (("--password-file", "binary"), "not UTF-8"),
    ],
)
def test_a_password_that_cannot_be_had_is_said_to_be(
    production: Operator, folder: Path, words: tuple[str, ...], text: str
) -> None:
    (folder / "short").write_text("short\n")
    (folder / "binary").write_bytes(b"\xff\xfe\x80")
    assert text in production.fails(2, "org", "add", "12345678", *ORG, *words)
    assert "12345678" not in production.does("org", "list")


def test_a_sandbox_password_is_refused_in_production_alone(
    production: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path("public")).write_text("SandboxAO-000001")
    words = ("org", "add", "12345678", *ORG, "--password-file", "public")
    assert "everyone knows it" in production.fails(2, *words)
    production.does("org", "add", "12345678", *ORG, "--generate")
    assert "everyone knows it" in production.fails(
        2, "org", "set-password", "12345678", "--password-file", "public"
    )
    monkeypatch.setenv("ULN_SERVER_DATABASE", "sqlite:///other.sqlite3")
    production.does("init", "--sandbox")
    production.does(*words)


@pytest.mark.parametrize(
    ("ukprn", "ref"), [("90000001", "ABC123"), ("12345678", "sbxao1"), ("90000005", "SBXNS5")]
)
def test_a_sandbox_identifier_is_refused_in_production_alone(production: Operator, ukprn: str, ref: str) -> None:
    words = ("org", "add", ukprn, "--ref", ref, *ORG[2:], "--generate")
    said = production.fails(2, *words)
    assert "belongs to an organisation of the sandbox" in said
    assert "another database" in said
    assert len(production.does("org", "list").splitlines()) == 1
    assert production.does("audit") == ""


@pytest.mark.parametrize(
    "words",
    [
        ("org", "add", "1234567", *ORG, "--generate"),
        ("org", "add", "90000001", *ORG, "--generate"),
        ("org", "add", "12345678", *ORG, "--hours", "noon", "--generate"),
        ("org", "add", "12345678", *ORG, "--agree", "everything", "--generate"),
        ("org", "add", "12345678", "--ref", "ABC123", "--name", "X", "--kind", "bank", "--generate"),
        ("org", "suspend", "12345678"),
        ("org", "set-hours", "90000001", "noon"),
        ("org", "agree", "90000001", "everything"),
        ("org", "agree", "90000001"),
        ("org", "set-forms", "90000001"),
        ("org", "set-forms", "90000001", "--fault-qualified", "maybe"),
        ("org", "set-forms", "12345678", "--fault-qualified", "yes"),
        ("org", "set-procedure", "90000001"),
        ("org", "set-procedure", "90000001", "--maximum-minutes", "-1"),
        ("org", "set-procedure", "90000001", "--maximum-minutes", "10081"),
        ("org", "set-procedure", "90000001", "--minimum-seconds", "3601"),
        ("org", "set-procedure", "90000001", "--minimum-seconds", "soon"),
        ("org", "set-procedure", "12345678", "--find-first"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_audited(sandbox: Operator, words: tuple[str, ...]) -> None:
    sandbox.fails(2, *words)
    assert sandbox.does("audit") == ""


def test_an_organisation_is_suspended_and_resumed(sandbox: Operator) -> None:
    assert "is suspended" in sandbox.does("org", "suspend", "sbxao1")
    assert held("90000001").status is Status.SUSPENDED
    assert "may call again" in sandbox.does("org", "resume", "90000001")
    assert held("90000001").status is Status.ACTIVE


def test_hours_and_agreements_change(sandbox: Operator) -> None:
    sandbox.does("org", "set-hours", "90000004", "09:00-17:00")
    sandbox.does("org", "agree", "90000004", "plr-read", "register-write")
    sandbox.does("org", "withdraw", "90000004", "register-read")
    changed = held("90000004")
    assert changed.hours == "09:00-17:00"
    assert changed.agreements == {Agreement.PLR_READ, Agreement.REGISTER_WRITE}
    assert "nothing yet" in sandbox.does("org", "withdraw", "90000004", "plr-read", "register-write")


def test_forms_change_one_by_one_and_back_to_the_default(sandbox: Operator) -> None:
    def forms() -> tuple[bool | None, bool | None]:
        return held("90000001").fault_qualified, held("90000001").linked_ulns_qualified

    assert forms() == (None, None)
    said = sandbox.does("org", "set-forms", "90000001", "--fault-qualified", "yes")
    assert "fault-qualified yes, linked-ulns-qualified default" in said
    assert forms() == (True, None)
    sandbox.does("org", "set-forms", "sbxao1", "--linked-ulns-qualified", "no")
    assert forms() == (True, False)
    words = ("--fault-qualified", "default", "--linked-ulns-qualified", "yes")
    sandbox.does("org", "set-forms", "90000001", *words)
    assert forms() == (None, True)
    assert held("90000002").linked_ulns_qualified is None


def test_the_procedure_changes_part_by_part_and_back_to_the_default(sandbox: Operator) -> None:
    said = sandbox.does("org", "set-procedure", "sbxlp2", "--no-find-first")
    assert "find first: no, maximum: default, minimum: default" in said
    sandbox.does("org", "set-procedure", "90000002", "--maximum-minutes", "30")
    said = sandbox.does("org", "set-procedure", "90000002", "--find-first", "--minimum-seconds", "0")
    assert "find first: yes, maximum: 30 min, minimum: 0 s" in said
    assert held("90000002").procedure == OwnProcedure(find_first=True, maximum_minutes=30, minimum_seconds=0)
    names = ("find_first", "find_maximum_minutes", "review_minimum_seconds")
    listed = json.loads(sandbox.does("org", "list", "--json"))
    assert [[each[name] for name in names] for each in listed[:2]] == [[None, None, None], [True, 30, 0]]
    listed = sandbox.does("org", "list").splitlines()
    assert "  FIND FIRST  " in listed[0]
    assert "  always  default  " in listed[1]
    assert "  yes, max 30 min, min 0 s  " in listed[2]
    sandbox.does("org", "set-procedure", "90000002", "--default", "--maximum-minutes", "60")
    assert held("90000002").procedure == OwnProcedure(maximum_minutes=60)
    sandbox.does("org", "set-procedure", "90000002", "--default")
    assert held("90000002").procedure == OwnProcedure()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--maximum-minutes", "0"), "--maximum-minutes is 0"),
        (("--maximum-minutes", "10081"), "from 1 to 10080"),
        (("--minimum-seconds", "-1"), "from 0 to 3600"),
        (("--maximum-minutes", "1", "--minimum-seconds", "60"), "lets nobody register"),
    ],
)
def test_a_procedure_that_nobody_could_follow_is_refused(
    sandbox: Operator, words: tuple[str, ...], said: str
) -> None:
    assert said in sandbox.fails(2, "org", "set-procedure", "90000002", *words)
    assert held("90000002").procedure == OwnProcedure()


def test_a_new_password_ends_the_old_one(production: Operator, password_file: str) -> None:
    production.does("org", "add", "12345678", *ORG, "--generate")
    before = held()
    production.does("org", "set-password", "ABC123", "--password-file", password_file)
    assert held().credential_version == before.credential_version + 1
    assert opens(PASSWORD)


def test_the_list_is_a_table_and_data(sandbox: Operator) -> None:
    lines = sandbox.does("org", "list").splitlines()
    assert lines[0].split()[:2] == ["UKPRN", "REF"]
    assert [line.split()[0] for line in lines[1:]] == [f"9000000{number}" for number in range(1, 8)]
    listed = json.loads(sandbox.does("org", "list", "--json"))
    assert listed[1]["agreements"] == ["plr-read", "register-read", "register-write"]
    assert not any("password" in name for name in listed[0])


def test_every_change_is_audited_under_the_operator_s_name(
    sandbox: Operator, password_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "kim")
    sandbox.does("org", "add", "12345678", *ORG, "--password-file", password_file)
    sandbox.does("org", "suspend", "12345678")
    sandbox.does("org", "resume", "12345678")
    sandbox.does("org", "agree", "12345678", "plr-read")
    sandbox.does("org", "withdraw", "12345678", "plr-read")
    sandbox.does("org", "set-hours", "12345678", "never")
    sandbox.does("org", "set-forms", "12345678", "--fault-qualified", "no")
    sandbox.does("org", "set-procedure", "12345678", "--no-find-first")
    sandbox.does("org", "set-password", "12345678", "--generate")
    entries = [json.loads(line) for line in sandbox.does("audit", "--org", "12345678", "--json").splitlines()]
    assert [entry["operation"] for entry in entries] == [
        "org add",
        "org suspend",
        "org resume",
        "org agree",
        "org withdraw",
        "org set-hours",
        "org set-forms",
        "org set-procedure",
        "org set-password",
    ]
    assert {(entry["user"], entry["code"]) for entry in entries} == {("operator:kim", "OPERATOR")}
