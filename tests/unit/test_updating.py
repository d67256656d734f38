"""What a registration writes, what an update changes, and who may stop sharing (domain §4, §6)."""

from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.learners import SIAN

from uln_contract.records import LearnerToRegister, LearnerToUpdate
from uln_server.register.learner import Learner, Status
from uln_server.register.updating import CHANGEABLE, FROM_FILES, changes, new_learner, share_refused

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
REQUIRED: dict[str, Any] = {
    "given_name": "Siân",
    "family_name": "O’Brien-Łukasz",  # noqa: RUF001  # as the register holds it
    "date_of_birth": "2001-02-28",
    "gender": "2",
    "last_known_post_code": "CV4 9EE",
    "ability_to_share": "1",
    "verification_type": "1",
}
OPTIONAL = {
    "title": "Dr",
    "middle_other_name": "Mair",
    "preferred_given_name": "Nell",
    "previous_family_name": "Evans",
    "family_name_at_age16": "Pritchard",
    "school_at_age16": "Ysgol y Dref",
    "last_known_address_line1": "1 High Street",
    "last_known_address_line2": "Cathays",
    "last_known_address_town": "Cardiff",
    "last_known_address_county_or_city": "South Glamorgan",
    "date_of_address_capture": "2025-09-01",
    "place_of_birth": "Bangor",
    "email_address": "sian@example.org",
    "nationality": "GBR",
    "scottish_candidate_number": "123456789",
    "other_verification_description": "Council letter",
    "notes": "Prefers Welsh",
}


def to_update(**values: str | None) -> LearnerToUpdate:
    return LearnerToUpdate(uln=SIAN.uln, version_number=1, **{**REQUIRED, **values})


def test_a_caller_may_give_every_field_but_the_registers_own() -> None:
    own = {"uln", "status", "version", "created_at", "updated_at", "master_uln"}
    assert {*CHANGEABLE, *FROM_FILES} == {field.name for field in fields(Learner)} - own
    assert set(CHANGEABLE) == set(REQUIRED) | set(OPTIONAL)


def test_a_new_learner_is_what_was_sent() -> None:
    sent = LearnerToRegister(**REQUIRED, **OPTIONAL)
    learner = new_learner("9276308686", sent, NOW)
    assert {name: getattr(learner, name) for name in CHANGEABLE} == asdict(sent)
    assert (learner.uln, learner.status, learner.version) == ("9276308686", Status.ACTIVE, 1)
    assert (learner.created_at, learner.updated_at, learner.master_uln) == (NOW, NOW, None)
    assert (learner.uci, learner.upn) == (None, None)


def test_a_file_gives_a_new_learner_two_identifiers_more() -> None:
    sent = LearnerToRegister(**REQUIRED)
    learner = new_learner("9276308686", sent, NOW, uci="900000100001A", upn=" ")
    assert (learner.uci, learner.upn) == ("900000100001A", None)
    assert changes(learner, {"uci": "", "upn": None}) == {}
    assert changes(learner, {"uci": "900000100002B", "upn": "A900000100001"}) == {
        "uci": "900000100002B",
        "upn": "A900000100001",
    }
    assert changes(learner, to_update()) == {}


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_new_learner_holds_no_empty_text(nothing: str | None) -> None:
    learner = new_learner("9276308686", LearnerToRegister(**REQUIRED, **dict.fromkeys(OPTIONAL, nothing)), NOW)
    assert {getattr(learner, name) for name in OPTIONAL} == {None}


def test_the_same_again_changes_nothing() -> None:
    held = new_learner(SIAN.uln, LearnerToRegister(**REQUIRED, **OPTIONAL), NOW)
    assert changes(held, to_update(**OPTIONAL)) == {}


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_what_is_not_given_keeps_what_is_held(nothing: str | None) -> None:
    held = new_learner(SIAN.uln, LearnerToRegister(**REQUIRED, **OPTIONAL), NOW)
    assert changes(held, to_update(**dict.fromkeys(OPTIONAL, nothing))) == {}


@pytest.mark.parametrize("name", CHANGEABLE)
def test_every_field_can_change_alone(name: str) -> None:
    held = new_learner(SIAN.uln, LearnerToRegister(**REQUIRED, **OPTIONAL), NOW)
    assert changes(held, to_update(**{**OPTIONAL, name: "other"})) == {name: "other"}


def test_a_field_that_was_not_held_is_a_change() -> None:
    assert changes(SIAN, to_update(title="Dr", preferred_given_name="Nell")) == {"title": "Dr"}


def test_letter_case_is_a_change() -> None:
    assert changes(SIAN, {"given_name": "SIÂN"}) == {"given_name": "SIÂN"}


def test_a_mapping_changes_what_it_names_and_no_more() -> None:
    assert changes(SIAN, {"email_address": "s@example.org", "preferred_given_name": "", "title": None}) == {
        "email_address": "s@example.org"
    }


@pytest.mark.parametrize("name", ["uln", "status", "version", "master_uln", "GivenName"])
def test_nothing_else_can_be_changed(name: str) -> None:
    with pytest.raises(ValueError, match=rf"cannot change {name}\. It changes: title, given_name") as refused:
        changes(SIAN, {name: "7", "given_name": "Jane"})
    assert "Jane" not in str(refused.value)


@pytest.mark.parametrize(
    ("held", "new", "without_setting", "with_setting"),
    [
        ("0", "0", False, False),
        ("0", "1", False, False),
        ("0", "2", True, False),
        ("1", "0", True, True),
        ("1", "1", False, False),
        ("1", "2", True, False),
        ("2", "0", True, True),
        ("2", "1", False, False),
        ("2", "2", False, False),
    ],
)
def test_who_may_stop_sharing(held: str, new: str, *, without_setting: bool, with_setting: bool) -> None:
    assert share_refused(held, new, opt_out=False) is without_setting
    assert share_refused(held, new, opt_out=True) is with_setting
