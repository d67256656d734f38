"""registerSingleLearner over HTTP: what is registered, read back, refused and written down (domain §3, §6)."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.service import running_sandbox
from tests.soap.newcomers import Fields, Registrar, five, newcomer
from tests.soap.wire import CREDENTIALS, Answer, demographics_body, register_body, send
from tests.store.builders import quick

from uln_contract.ulns import is_valid
from uln_server.register.event import EventKind
from uln_server.register.times import london_day
from uln_server.sandbox.installing import reset

OPTIONAL: Fields = {
    "Title": "Dr & Mx",
    "MiddleOtherName": "Zoë <Ann>",
    "PreferredGivenName": "Mina",
    "PreviousFamilyName": "O’Hara",  # noqa: RUF001  # as people write it
    "FamilyNameAtAge16": "D'Arcy",
    "SchoolAtAge16": "Ysgol y Dref",
    "LastKnownAddressLine1": "1 High Street",
    "LastKnownAddressLine2": "Cathays",
    "LastKnownAddressTown": "Cardiff",
    "LastKnownAddressCountyOrCity": "South Glamorgan",
    "DateOfAddressCapture": "2024-02-29",
    "PlaceOfBirth": "Łódź",
    "EmailAddress": "mina@example.com",
    "Nationality": "GBR",
    "ScottishCandidateNumber": "123456789",
    "VerificationType": "999",
    "OtherVerificationDescription": "Letter from the head",
    "Notes": "first line\nsecond & last",
}


def shown(answer: Answer) -> dict[str, str]:
    """The one learner of a reply, by the names of its elements."""
    (learner,) = answer.reply().iterfind("Learner")
    return {str(child.tag).rpartition("}")[2]: child.text or "" for child in learner}


def test_a_new_learner_gets_a_uln_and_is_found_from_then_on(registrar: Registrar) -> None:
    fields = newcomer()
    assert registrar.find(fields).text("ResponseCode") == "WSRC0001"
    answer = registrar.register(fields)
    assert [(each.tag, each.text) for each in answer.reply()] == [
        ("ResponseCode", "WSRC0005"),
        ("ULN", answer.text("ULN")),
    ]
    uln = answer.text("ULN") or ""
    assert is_valid(uln)
    today = str(london_day(datetime.now(UTC)))
    for found in (registrar.find(fields, "FUL"), registrar.read(uln, fields)):
        assert found.text("ResponseCode") == "WSRC0004"
        assert shown(found) == {
            **fields,
            "ULN": uln,
            "CreatedDate": today,
            "LastUpdatedDate": today,
            "TierLevel": "0",
            "LearnerStatus": "1",
            "LinkedULNs": "",
            "Notes": "",
            "VersionNumber": "1",
        }


def test_every_optional_field_is_kept_as_it_was_sent(registrar: Registrar) -> None:
    fields = newcomer(**OPTIONAL)
    uln = registrar.registered(fields)
    found = shown(registrar.read(uln, fields))
    assert {name: found[name] for name in fields} == fields
    assert found["TierLevel"] == "1"


def without(name: str, how: str, body: str) -> str:
    """The message with an optional field sent in one of the three ways that mean "not given"."""
    if how == "nil":
        nil = f'<{name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
        return body.replace(f"<{name}></{name}>", nil)
    return body


@pytest.mark.parametrize("how", ["missing", "empty", "nil"])
def test_what_is_not_given_is_not_held_however_that_is_said(registrar: Registrar, how: str) -> None:
    absent = dict.fromkeys(OPTIONAL.keys() - {"VerificationType"}, None if how == "missing" else "")
    fields = newcomer(**absent)
    registrar.find(fields)
    body = register_body(registrar.credentials, **fields)
    for name in absent:
        body = without(name, how, body)
    assert body.count("nil=") == (len(absent) if how == "nil" else 0)
    uln = send(registrar.service, body, path=registrar.path).text("ULN") or ""
    assert not shown(registrar.read(uln, fields)).keys() & (absent.keys() - {"Notes"})
    held = registrar.held(uln)
    assert (held.title, held.notes, held.place_of_birth, held.email_address) == (None, None, None, None)


@pytest.mark.parametrize(("evidence", "tier"), [("0", "0"), ("1", "0"), ("2", "2"), ("5", "2"), ("7", "2")])
def test_tier_level_follows_the_evidence(registrar: Registrar, evidence: str, tier: str) -> None:
    fields = newcomer(VerificationType=evidence)
    assert shown(registrar.read(registrar.registered(fields), fields))["TierLevel"] == tier


@pytest.mark.parametrize("share", ["0", "1", "2"])
def test_a_learner_may_be_registered_with_any_choice_of_sharing(registrar: Registrar, share: str) -> None:
    fields = newcomer(AbilityToShare=share)
    assert shown(registrar.read(registrar.registered(fields), fields))["AbilityToShare"] == share


def test_a_registration_leaves_one_audit_row_and_one_event(registrar: Registrar) -> None:
    before = datetime.now(UTC)
    uln = registrar.registered(newcomer())
    entry = registrar.last()
    assert (entry.operation, entry.code, entry.reason) == ("registerSingleLearner", "WSRC0005", None)
    assert (entry.disclosed, entry.user, entry.address) == ((uln,), "registrar", "127.0.0.1")
    ((event, replaced),) = [(each.event, each.before) for each in registrar.history(uln)]
    assert (event.kind, event.version, event.message_id) == (EventKind.REGISTERED, 1, entry.message_id)
    assert (event.organisation, event.user, event.master_uln) == (f"70{registrar.ref}", "registrar", None)
    assert before <= event.at <= datetime.now(UTC)
    assert replaced == {}


INSUFFICIENT = {
    "999 without a description": {"VerificationType": "999"},
    "999 with an empty description": {"VerificationType": "999", "OtherVerificationDescription": ""},
    "no letter in the given name": {"GivenName": "-"},
    "no letter in the family name": {"FamilyName": "'.'"},
}


@pytest.mark.parametrize("changes", INSUFFICIENT.values(), ids=INSUFFICIENT.keys())
def test_unusable_data_are_insufficient(registrar: Registrar, changes: dict[str, str]) -> None:
    answer = registrar.register(newcomer(**changes))
    assert [(each.tag, each.text) for each in answer.reply()] == [("ResponseCode", "WSRC0015")]
    assert (registrar.last().code, registrar.last().disclosed) == ("WSRC0015", ())


def years_ago(years: int) -> date:
    today = london_day(datetime.now(UTC))
    return today.replace(year=today.year - years, day=min(today.day, 28))


@pytest.mark.parametrize("born", [years_ago(13), years_ago(111) + timedelta(days=5)], ids=["13", "110"])
def test_the_youngest_and_the_oldest_may_register(registrar: Registrar, born: date) -> None:
    fields = newcomer(DateOfBirth=str(born))
    registrar.find(fields)
    assert registrar.register(fields).text("ResponseCode") == "WSRC0005"


@pytest.mark.parametrize("born", [years_ago(13) + timedelta(days=5), years_ago(111)], ids=["12", "111"])
def test_other_ages_are_refused_with_field_value_rule_and_remedy(registrar: Registrar, born: date) -> None:
    fields = newcomer(DateOfBirth=str(born))
    registrar.find(fields)
    fault = registrar.register(fields).expect_fault(
        "WSEC0001",
        "Learner/DateOfBirth",
        f"'{born}'",
        "13 to 110 years old",
        "Correct it and send the message again",
    )
    assert str(fields["FamilyName"]) not in str(fault)
    assert registrar.last().code == "WSEC0001"
    assert registrar.find(fields).text("ResponseCode") == "WSRC0001"


def test_age_comes_before_insufficient_data_and_both_before_the_procedure(registrar: Registrar) -> None:
    registrar.register(newcomer(DateOfBirth="2099-01-01", GivenName="-")).expect_fault("WSEC0001", "age range")
    assert registrar.register(newcomer(GivenName="-")).text("ResponseCode") == "WSRC0015"


def test_whoever_may_only_read_registers_nobody(registrar: Registrar) -> None:
    reader = CREDENTIALS.replace("SBXAO1", "SBXRO4").replace("90000001", "90000004")
    reader = reader.replace("SandboxAO-000001", "SandboxRO-000004")
    fields = newcomer()
    assert send(registrar.service, demographics_body(credentials=reader, **five(fields))).status == 200
    answer = send(registrar.service, register_body(reader, **fields), path=registrar.path)
    fault = answer.expect_fault("WSEC0006", "register-write")
    assert fault.detail["ErrorActor"] == "registerSingleLearner"
    assert registrar.find(fields).text("ResponseCode") == "WSRC0001"


_SQLITE = "CREATE TRIGGER refusing BEFORE INSERT ON audit WHEN NEW.code = 'WSRC0005' BEGIN {}; END"
_POSTGRESQL = "CREATE {} FOR EACH ROW WHEN (NEW.code = 'WSRC0005') EXECUTE FUNCTION refusing()"
_FUNCTION = "CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END'"
# How a database refuses the audit row of a registration at once, and how only when it is committed.
REFUSING = {
    ("sqlite", "at once"): (_SQLITE.format("SELECT RAISE(ABORT, 'refused')"),),
    ("sqlite", "when committed"): (
        "CREATE TABLE refused (id INTEGER REFERENCES register (id) DEFERRABLE INITIALLY DEFERRED)",
        _SQLITE.format("INSERT INTO refused VALUES (2)"),
    ),
    ("postgresql", "at once"): (_FUNCTION, _POSTGRESQL.format("TRIGGER refusing BEFORE INSERT ON audit")),
    ("postgresql", "when committed"): (
        _FUNCTION,
        _POSTGRESQL.format("CONSTRAINT TRIGGER refusing AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED"),
    ),
}
ACCEPTING = {
    "sqlite": ("DROP TRIGGER refusing", "DROP TABLE IF EXISTS refused"),
    "postgresql": ("DROP TRIGGER refusing ON audit", "DROP FUNCTION refusing"),
}


@pytest.mark.parametrize("when", ["at once", "when committed"])
def test_what_is_not_committed_is_not_answered_and_leaves_nothing(registrar: Registrar, when: str) -> None:
    with registrar.service.register() as register:
        dialect = register.dialect
    fields = newcomer()
    registrar.find(fields)
    events = registrar.events()
    for statement in REFUSING[dialect, when]:
        registrar.execute(statement)
    try:
        registrar.register(fields).expect_fault("WSEC0999")
    finally:
        for statement in ACCEPTING[dialect]:
            registrar.execute(statement)
    assert (registrar.last().code, registrar.last().disclosed) == ("WSEC0999", ())
    assert registrar.events() == events
    assert registrar.find(fields).text("ResponseCode") == "WSRC0001"
    assert registrar.register(fields).text("ResponseCode") == "WSRC0005"
    assert len(registrar.events()) == len(events) + 1


FIRST_OF_EVERY_SANDBOX = ["6306835600", "1953250474", "2660928990"]


def test_a_sandbox_gives_the_same_numbers_after_each_reset(tmp_path: Path) -> None:
    """Documents and clients' tests may quote them."""
    bodies = [register_body(GivenName=name) for name in ("Ada", "Bea", "Cleo")]
    with running_sandbox(tmp_path, find_first=False) as sandbox:
        assert [send(sandbox, body).text("ULN") for body in bodies] == FIRST_OF_EVERY_SANDBOX
        with sandbox.register() as register:
            reset(register, hashing=quick)
        assert [send(sandbox, body).text("ULN") for body in bodies] == FIRST_OF_EVERY_SANDBOX


def test_no_reply_to_a_registration_shows_anything_but_the_uln(registrar: Registrar) -> None:
    fields = newcomer()
    registrar.find(fields)
    text = registrar.register(fields).body.decode()
    assert not re.search("Wilhelmina|Newcomer|PL4", text)


def test_a_register_that_keeps_no_messages_keeps_none_of_a_change_either(tmp_path: Path) -> None:
    with running_sandbox(tmp_path, sandbox_messages=False, find_first=False) as service:
        answer = send(service, register_body(CREDENTIALS, **newcomer()))
        assert answer.text("ResponseCode") == "WSRC0005"
        with service.register() as register, register.reading() as reading:
            assert reading.messages.last() == ()
            assert [each.code for each in reading.audit.query()] == ["WSRC0005"]
