"""updateSingleLearner over HTTP: every code, what changes and what stays, history, audit (domain §4, §6)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from tests.service import RunningService, running, sandbox_settings
from tests.soap.newcomers import Fields, Registrar, newcomer
from tests.soap.registers import GONE, MERGED_INTO_GONE, PLAIN
from tests.soap.wire import CREDENTIALS, Answer, send, update_body

from uln_server.register.event import EventKind
from uln_server.register.learner import Learner
from uln_server.register.registering import Cause

NOBODY = "1000000043"
OTHER = "TR1 2AB"
CHANGED: Fields = {
    "Title": "Mx",
    "GivenName": "Wilma",
    "MiddleOtherName": "Zoë <Ann>",
    "FamilyName": "Fröhlich-Łuk",
    "PreferredGivenName": "Mina",
    "PreviousFamilyName": "Newcomer",
    "FamilyNameAtAge16": "D'Arcy",
    "SchoolAtAge16": "Ysgol y Dref",
    "LastKnownAddressLine1": "1 High Street",
    "LastKnownAddressLine2": "Cathays",
    "LastKnownAddressTown": "Cardiff",
    "LastKnownAddressCountyOrCity": "South Glamorgan",
    "LastKnownPostCode": OTHER,
    "DateOfAddressCapture": "2024-02-29",
    "DateOfBirth": "1970-01-01",
    "PlaceOfBirth": "Łódź",
    "Gender": "1",
    "EmailAddress": "mina@example.com",
    "Nationality": "GBR",
    "ScottishCandidateNumber": "123456789",
    "VerificationType": "999",
    "OtherVerificationDescription": "Letter & seal",
    "AbilityToShare": "1",
    "Notes": "first line\nsecond line",
}


def code(answer: Answer) -> str:
    """The one element that a reply to an update has."""
    (element,) = answer.reply()
    assert element.tag == "ResponseCode"
    return element.text or ""


def events_of(registrar: Registrar, uln: str) -> list[tuple[EventKind, int]]:
    return [(each.event.kind, each.event.version) for each in registrar.history(uln)]


def assert_unchanged(
    registrar: Registrar, uln: str, work: Callable[[], Answer], expected: str, *, tells: bool = True
) -> None:
    """The update gets this code, changes nothing, leaves no event, and its audit row.

    ``tells``: whether the refusal says that there is such a record, which the audit keeps.
    """
    held, events = registrar.held(uln), events_of(registrar, uln)
    assert code(work()) == expected
    assert registrar.held(uln) == held
    assert events_of(registrar, uln) == events
    entry = registrar.last()
    told = (uln,) if tells else ()
    assert (entry.operation, entry.code, entry.disclosed) == ("updateSingleLearner", expected, told)
    assert entry.reason == (Cause.DUPLICATE if expected == "WSRC0021" else None)


def test_an_update_changes_every_field_and_raises_the_version(registrar: Registrar) -> None:
    fields = newcomer(AbilityToShare="0")
    uln = registrar.registered(fields)
    changed = {**CHANGED, "DateOfBirth": newcomer()["DateOfBirth"]}
    assert code(registrar.update(uln, 1, changed)) == "WSRC0006"
    (learner,) = registrar.read(uln, changed).reply().iterfind("Learner")
    shown = {str(child.tag): child.text for child in learner}
    assert {name: shown[name] for name in changed} == changed
    assert (shown["VersionNumber"], shown["TierLevel"]) == ("2", "1")
    assert registrar.find(changed).text("ResponseCode") == "WSRC0004"
    assert registrar.find(fields).text("ResponseCode") == "WSRC0001"


def test_an_update_leaves_its_audit_row_its_event_and_what_was_before(registrar: Registrar) -> None:
    fields = newcomer(Notes="as it was", AbilityToShare="0")
    uln = registrar.registered(fields)
    before = datetime.now(UTC)
    changes = {"Notes": "as it is", "Title": "Dr", "AbilityToShare": "1"}
    assert code(registrar.update(uln, 1, {**fields, **changes})) == "WSRC0006"
    entry = registrar.last()
    assert (entry.operation, entry.code, entry.disclosed) == ("updateSingleLearner", "WSRC0006", ())
    registered, updated = registrar.history(uln)
    assert (registered.event.kind, registered.before) == (EventKind.REGISTERED, {})
    event = updated.event
    assert (event.kind, event.version, event.message_id) == (EventKind.UPDATED, 2, entry.message_id)
    assert (event.organisation, event.user) == (f"70{registrar.ref}", "registrar")
    assert before <= event.at <= datetime.now(UTC)
    assert event.id > registered.event.id
    assert updated.before == {"ability_to_share": "0", "notes": "as it was", "title": None}
    held = registrar.held(uln)
    assert (held.updated_at, held.created_at) == (event.at, registered.event.at)


def test_whoever_reads_again_may_update_again(registrar: Registrar) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    for version, notes in enumerate(("one", "two", "three"), 1):
        assert code(registrar.update(uln, version, {**fields, "Notes": notes})) == "WSRC0006"
    assert registrar.read(uln, fields).text("VersionNumber") == "4"
    assert [each.before for each in registrar.history(uln)] == [
        {},
        {"notes": None},
        {"notes": "one"},
        {"notes": "two"},
    ]


NIL = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'


@pytest.mark.parametrize("how", ["missing", "empty", "nil"])
def test_what_is_not_given_stays_however_that_is_said(registrar: Registrar, how: str) -> None:
    """Also the evidence: its description was given when it was registered."""
    five = newcomer()
    fields = {**CHANGED, **five, "VerificationType": "999"}
    uln = registrar.registered(fields)
    optional = [name for name in CHANGED if name not in five]
    sent = {**fields, **dict.fromkeys(optional, None if how == "missing" else ""), "GivenName": "Wilma"}
    body = update_body(uln, 1, registrar.credentials, **sent)
    if how == "nil":
        for name in optional:
            body = body.replace(f"<{name}></{name}>", f"<{name}{NIL}/>")
    assert body.count("nil=") == (len(optional) if how == "nil" else 0)
    before = registrar.held(uln)
    assert code(send(registrar.service, body, path=registrar.path)) == "WSRC0006"
    after = registrar.held(uln)
    assert (before.given_name, after.given_name) == ("Wilhelmina", "Wilma")
    assert (after.title, after.notes, after.place_of_birth) == ("Mx", before.notes, "Łódź")
    assert after.other_verification_description == "Letter & seal"


def test_any_organisation_that_may_write_updates_any_learner(registrar: Registrar) -> None:
    fields = newcomer()
    uln = registrar.another().registered(fields)
    assert code(registrar.update(uln, 1, {**fields, "LastKnownPostCode": OTHER})) == "WSRC0006"


# --- WSRC0013: changed since it was read


@pytest.mark.parametrize("version", [1, 3, 999999])
def test_a_version_that_is_not_the_stored_one_is_stale(registrar: Registrar, version: int) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    registrar.update(uln, 1, {**fields, "Notes": "newer"})
    sent = {**fields, "Notes": "older"}
    assert_unchanged(registrar, uln, lambda: registrar.update(uln, version, sent), "WSRC0013")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("notes", ["new", None])
def test_a_merged_record_is_stale_in_every_version(registrar: Registrar, version: int, notes: str | None) -> None:
    """Whoever reads it again gets its master."""
    fields, master = newcomer(), newcomer()
    uln, into = registrar.registered(fields), registrar.registered(master)
    registrar.change(lambda writing: writing.learners.merge(uln, into))
    assert_unchanged(
        registrar, uln, lambda: registrar.update(uln, version, {**fields, "Notes": notes}), "WSRC0013"
    )
    assert registrar.read(uln, fields).text("ULN") == uln
    assert code(registrar.update(into, 1, {**master, "Notes": "of both"})) == "WSRC0006"


def test_an_unmerged_record_is_updated_by_its_new_version(registrar: Registrar) -> None:
    fields, master = newcomer(), newcomer()
    uln, into = registrar.registered(fields), registrar.registered(master)
    registrar.change(lambda writing: writing.learners.merge(uln, into))
    registrar.change(lambda writing: writing.learners.unmerge(uln))
    sent = {**fields, "Notes": "new"}
    assert_unchanged(registrar, uln, lambda: registrar.update(uln, 1, sent), "WSRC0013")
    assert code(registrar.update(uln, 3, sent)) == "WSRC0006"


# --- WSRC0014: invalid change of AbilityToShare

SHARING = {
    ("0", "1"): ("WSRC0006", "WSRC0006"),
    ("0", "2"): ("WSRC0014", "WSRC0006"),
    ("1", "0"): ("WSRC0014", "WSRC0014"),
    ("1", "2"): ("WSRC0014", "WSRC0006"),
    ("2", "0"): ("WSRC0014", "WSRC0014"),
    ("2", "1"): ("WSRC0006", "WSRC0006"),
}


def share(registrar: Registrar, held: str, new: str, expected: str) -> None:
    fields = newcomer(AbilityToShare=held)
    uln = registrar.registered(fields)
    sent = {**fields, "AbilityToShare": new}
    if expected == "WSRC0006":
        assert code(registrar.update(uln, 1, sent)) == expected
        assert registrar.held(uln).ability_to_share == new
    else:
        assert_unchanged(registrar, uln, lambda: registrar.update(uln, 1, {**sent, "Notes": "new"}), expected)


@pytest.mark.parametrize(("held", "new"), SHARING)
def test_nobody_stops_sharing_or_goes_back(registrar: Registrar, held: str, new: str) -> None:
    share(registrar, held, new, SHARING[held, new][0])


@pytest.fixture(scope="module")
def letting(changing_service: RunningService) -> Iterator[Registrar]:
    """A service whose setting lets learners opt out, on the same register."""
    with running(sandbox_settings(changing_service.settings.database, opt_out=True)) as service:
        yield Registrar(service)


def test_a_setting_lets_learners_opt_out(letting: Registrar) -> None:
    for (held, new), (_, expected) in SHARING.items():
        share(letting, held, new, expected)


# --- WSRC0015 and WSEC0001: what cannot be used

INSUFFICIENT: dict[str, Fields] = {
    "999 without a description": {"VerificationType": "999"},
    "999 with a blank description": {"VerificationType": "999", "OtherVerificationDescription": ""},
    "no letter in the given name": {"GivenName": "-"},
    "no letter in the family name": {"FamilyName": "'.'"},
}


@pytest.mark.parametrize("changes", INSUFFICIENT.values(), ids=INSUFFICIENT.keys())
def test_unusable_data_are_insufficient(registrar: Registrar, changes: Fields) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    tells = "VerificationType" in changes
    update = partial(registrar.update, uln, 1, {**fields, **changes})
    assert_unchanged(registrar, uln, update, "WSRC0015", tells=tells)


@pytest.mark.parametrize("born", ["2099-01-01", "1880-12-31"])
def test_a_new_date_of_birth_keeps_the_age_range(registrar: Registrar, born: str) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    answer = registrar.update(uln, 1, {**fields, "DateOfBirth": born})
    answer.expect_fault("WSEC0001", "Learner/DateOfBirth", f"'{born}'", "13 to 110 years old", "Correct it")
    assert registrar.last().code == "WSEC0001"
    assert registrar.held(uln).version == 1


def test_a_date_of_birth_that_stays_is_not_looked_at(registrar: Registrar) -> None:
    """A learner who grew too old, or was imported so, may still move house."""
    fields = newcomer()
    uln = registrar.registered(fields)
    registrar.execute("UPDATE learner SET date_of_birth = '1880-12-31' WHERE uln = :uln", uln=uln)
    moved = {**fields, "DateOfBirth": "1880-12-31", "LastKnownPostCode": OTHER}
    assert code(registrar.update(uln, 1, moved)) == "WSRC0006"


# --- WSRC0019: not found


def test_an_unknown_uln_is_not_found(registrar: Registrar) -> None:
    assert code(registrar.update(NOBODY, 1, newcomer())) == "WSRC0019"
    entry = registrar.last()
    assert (entry.operation, entry.code, entry.disclosed) == ("updateSingleLearner", "WSRC0019", ())


def test_a_deleted_uln_is_not_found(registrar: Registrar) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    registrar.change(lambda writing: writing.learners.delete(uln))
    for version in (1, 2):
        assert_unchanged(registrar, uln, partial(registrar.update, uln, version, fields), "WSRC0019", tells=False)


@pytest.mark.parametrize("record", [GONE, MERGED_INTO_GONE], ids=["deleted", "merged into it"])
def test_who_answers_as_unknown_is_not_found(registrar: Registrar, record: Learner) -> None:
    fields = newcomer(GivenName=record.given_name, FamilyName=record.family_name)
    assert registrar.read(record.uln, fields).text("ResponseCode") == "WSRC0001"
    assert_unchanged(
        registrar,
        record.uln,
        lambda: registrar.update(record.uln, record.version, fields),
        "WSRC0019",
        tells=False,
    )


# --- WSRC0020: nothing changed


@pytest.mark.parametrize("empties", [{}, dict.fromkeys(("Title", "Notes", "EmailAddress", "PlaceOfBirth"), "")])
def test_the_same_again_and_empty_fields_change_nothing(registrar: Registrar, empties: Fields) -> None:
    fields = newcomer(Title="Dr", Notes="as they are")
    uln = registrar.registered(fields)
    assert_unchanged(registrar, uln, lambda: registrar.update(uln, 1, {**fields, **empties}), "WSRC0020")


def test_another_spelling_of_the_same_is_a_change(registrar: Registrar) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    assert code(registrar.update(uln, 1, {**fields, "GivenName": "WILHELMINA"})) == "WSRC0006"
    assert registrar.held(uln).given_name == "WILHELMINA"


# --- WSRC0021: another learner's five details


def test_nobody_becomes_equal_to_another_learner(registrar: Registrar) -> None:
    fields = newcomer()
    twin = {**fields, "GivenName": "Ottilie"}
    uln, other = registrar.registered(fields), registrar.registered(twin)
    for taken in (
        twin,
        {**twin, "GivenName": "O'TTILIE", "LastKnownPostCode": str(twin["LastKnownPostCode"]).lower()},
    ):
        assert_unchanged(registrar, uln, partial(registrar.update, uln, 1, {**taken, "Notes": "new"}), "WSRC0021")
    assert code(registrar.update(other, 1, {**twin, "GivenName": "Otto"})) == "WSRC0006"
    assert code(registrar.update(uln, 1, twin)) == "WSRC0006"


def test_nobody_becomes_equal_to_a_merged_learner_but_may_to_a_deleted_one(registrar: Registrar) -> None:
    fields, master = newcomer(), newcomer()
    merged, deleted = {**fields, "GivenName": "Ottilie"}, {**fields, "GivenName": "Roberta"}
    uln, into, out, gone = (registrar.registered(each) for each in (fields, master, merged, deleted))
    registrar.change(lambda writing: writing.learners.merge(out, into))
    registrar.change(lambda writing: writing.learners.delete(gone))
    assert_unchanged(registrar, uln, lambda: registrar.update(uln, 1, merged), "WSRC0021")
    assert code(registrar.update(uln, 1, deleted)) == "WSRC0006"


def test_a_master_may_take_on_the_details_of_a_record_that_was_merged_into_it(registrar: Registrar) -> None:
    fields = newcomer()
    merged = {**fields, "GivenName": "Ottilie"}
    uln, out = registrar.registered(fields), registrar.registered(merged)
    registrar.change(lambda writing: writing.learners.merge(out, uln))
    assert code(registrar.update(uln, 1, merged)) == "WSRC0006"
    assert registrar.find(merged).text("ResponseCode") == "WSRC0004"


def test_two_that_are_equal_already_may_each_be_updated(registrar: Registrar) -> None:
    """An import may bring them; who of them is meant is for people to say."""
    fields = newcomer()
    uln, other = registrar.registered(fields), registrar.registered({**fields, "GivenName": "Ottilie"})
    registrar.execute(
        "UPDATE learner SET given_name = 'Wilhelmina', given_key = 'wilhelmina' WHERE uln = :uln", uln=other
    )
    assert code(registrar.update(uln, 1, {**fields, "Notes": "the first"})) == "WSRC0006"


# --- which code comes first


def test_the_order_of_the_codes(registrar: Registrar) -> None:
    fields = newcomer(AbilityToShare="1")
    taken = {**fields, "GivenName": "Ottilie"}
    uln = registrar.registered(fields)
    registrar.registered(taken)
    wrong: Fields = {"AbilityToShare": "0", "GivenName": "Ottilie"}
    assert code(registrar.update(NOBODY, 9, {**fields, "GivenName": "-"})) == "WSRC0015"
    assert code(registrar.update(NOBODY, 9, {**fields, **wrong})) == "WSRC0019"
    assert code(registrar.update(uln, 9, {**fields, **wrong})) == "WSRC0013"
    assert code(registrar.update(uln, 9, fields)) == "WSRC0013"
    assert code(registrar.update(uln, 1, {**fields, **wrong})) == "WSRC0014"
    assert code(registrar.update(uln, 1, taken)) == "WSRC0021"
    assert code(registrar.update(uln, 1, fields)) == "WSRC0020"


def test_whoever_may_only_read_updates_nobody(registrar: Registrar) -> None:
    reader = CREDENTIALS.replace("SBXAO1", "SBXRO4").replace("90000001", "90000004")
    reader = reader.replace("SandboxAO-000001", "SandboxRO-000004")
    fields = newcomer()
    uln = registrar.registered(fields)
    answer = send(registrar.service, update_body(uln, 1, reader, **fields, Notes="new"), path=registrar.path)
    assert answer.expect_fault("WSEC0006", "register-write").detail["ErrorActor"] == "updateSingleLearner"
    assert registrar.held(uln).version == 1


def test_a_learner_who_is_held_since_before_has_a_history_too(registrar: Registrar) -> None:
    """The record that every filled register has: registered by nobody known."""
    (first, *_) = registrar.history(PLAIN.uln)
    assert (first.event.kind, first.event.at) == (EventKind.REGISTERED, PLAIN.created_at)
    assert (first.event.message_id, first.event.organisation, first.event.user) == (None, None, None)
