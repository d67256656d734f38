"""WSRC0021 over HTTP: its four causes, its times, and whose settings count (domain §6)."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.service import RunningService, running, sandbox_settings
from tests.soap.newcomers import Fields, Registrar, newcomer

from uln_server.access.organisation import OwnProcedure
from uln_server.register.registering import Cause

MINUTES, SECONDS = timedelta(minutes=1), timedelta(seconds=1)
ALEX = {"GivenName": "Alex", "FamilyName": "Smith", "DateOfBirth": "2000-01-01", "LastKnownPostCode": "ZZ99 9ZZ"}
"""The sandbox has eleven of them."""


def assert_refused(registrar: Registrar, fields: Fields, cause: Cause) -> None:
    """Refused, without a ULN and without a word to the caller why; the audit knows."""
    events = registrar.events()
    answer = registrar.register(fields)
    assert [(each.tag, each.text) for each in answer.reply()] == [("ResponseCode", "WSRC0021")]
    entry = registrar.last()
    assert (entry.operation, entry.code, entry.reason) == ("registerSingleLearner", "WSRC0021", cause)
    assert entry.disclosed == ()
    assert registrar.events() == events


def assert_registered(registrar: Registrar, fields: Fields) -> None:
    assert registrar.register(fields).text("ResponseCode") == "WSRC0005"


def found(registrar: Registrar, fields: Fields, code: str, find_type: str = "CHK") -> None:
    """Find by demographics, and get this code."""
    assert registrar.find(fields, find_type).text("ResponseCode") == code


def registered_and_possible(registrar: Registrar) -> Fields:
    """A learner to register of whom a possible match is registered: the same, but for the postcode."""
    fields = newcomer()
    registrar.registered(fields)
    return {**fields, "LastKnownPostCode": "TR1 2AB"}


# --- the first cause: a record with these details exists


@pytest.mark.parametrize("find_type", ["FUL", "CHK"])
def test_who_is_registered_already_is_a_duplicate(registrar: Registrar, find_type: str) -> None:
    fields = newcomer()
    registrar.registered(fields)
    assert_refused(registrar, fields, Cause.DUPLICATE)
    found(registrar, fields, "WSRC0004", find_type)
    assert_refused(registrar, fields, Cause.DUPLICATE)


OTHER_SPELLINGS: dict[str, Callable[[str], str]] = {
    "GivenName": str.upper,
    "FamilyName": lambda name: f"{name[:3]}-{name[3:]}'",
    "LastKnownPostCode": lambda post_code: post_code.replace(" ", "").lower(),
}


def spelled_otherwise(fields: Fields) -> Fields:
    return {**fields, **{name: change(fields[name] or "") for name, change in OTHER_SPELLINGS.items()}}


def test_another_spelling_is_no_other_learner(registrar: Registrar) -> None:
    fields = newcomer()
    registrar.registered(fields)
    assert_refused(registrar, spelled_otherwise(fields), Cause.DUPLICATE)


def test_what_is_unknown_equals_itself(registrar: Registrar) -> None:
    fields = newcomer(LastKnownPostCode="ZZ99 9ZZ", Gender="9")
    registrar.registered(fields)
    assert_refused(registrar, {**fields, "LastKnownPostCode": "zz999zz"}, Cause.DUPLICATE)


@pytest.mark.parametrize("name", ["GivenName", "FamilyName", "DateOfBirth", "Gender", "LastKnownPostCode"])
def test_one_other_detail_is_no_duplicate(registrar: Registrar, name: str) -> None:
    fields = newcomer()
    registrar.registered(fields)
    assert_refused(registrar, {**fields, name: newcomer(Gender="1", GivenName="Ottilie")[name]}, Cause.NO_FIND)


def test_a_merged_record_is_a_duplicate_and_a_deleted_one_is_not(registrar: Registrar) -> None:
    fields, master, deleted = newcomer(), newcomer(), newcomer()
    merged, into, gone = (registrar.registered(each) for each in (fields, master, deleted))
    registrar.change(lambda writing: writing.learners.merge(merged, into))
    registrar.change(lambda writing: writing.learners.delete(gone))
    found(registrar, fields, "WSRC0022")
    assert_refused(registrar, fields, Cause.DUPLICATE)
    found(registrar, deleted, "WSRC0001")
    assert registrar.register(deleted).text("ULN") != gone


# --- the second: no find for these details in time


def test_without_a_find_nobody_is_registered(registrar: Registrar) -> None:
    assert_refused(registrar, newcomer(), Cause.NO_FIND)


def test_a_find_for_somebody_else_does_not_count(registrar: Registrar) -> None:
    fields = newcomer()
    found(registrar, {**fields, "GivenName": "Ottilie"}, "WSRC0001")
    assert_refused(registrar, fields, Cause.NO_FIND)


def test_another_organisations_find_does_not_count(registrar: Registrar) -> None:
    fields = newcomer()
    found(registrar.another(), fields, "WSRC0001")
    assert_refused(registrar, fields, Cause.NO_FIND)


def test_a_find_by_uln_or_without_an_answer_does_not_count(registrar: Registrar) -> None:
    fields = newcomer()
    registrar.read("1000000043", fields)
    registrar.find({**fields, "GivenName": "-"})
    assert_refused(registrar, fields, Cause.NO_FIND)
    assert_refused(registrar, {**fields, "LastKnownPostCode": "TR1 2AB"}, Cause.NO_FIND)


@pytest.mark.parametrize("find_type", ["FUL", "CHK"])
def test_a_find_in_another_spelling_counts(registrar: Registrar, find_type: str) -> None:
    fields = newcomer()
    found(registrar, spelled_otherwise(fields), "WSRC0001", find_type)
    assert_registered(registrar, fields)


def test_a_find_counts_for_two_hours(registrar: Registrar) -> None:
    fields = newcomer()
    found(registrar, fields, "WSRC0001")
    registrar.age_finds(120 * MINUTES)
    assert_refused(registrar, fields, Cause.NO_FIND)
    found(registrar, fields, "WSRC0001")
    registrar.age_finds(119 * MINUTES)
    assert_registered(registrar, fields)


def test_a_find_counts_on_the_other_path_too(registrar: Registrar) -> None:
    fields = newcomer()
    found(registrar, fields, "WSRC0001")
    path = "/2014/LearnerService.svc" if registrar.path == "/LearnerService.svc" else "/LearnerService.svc"
    here, registrar.path = registrar.path, path
    try:
        assert_registered(registrar, fields)
    finally:
        registrar.path = here


# --- the third: the last find answered a learner, or the master of one


@pytest.mark.parametrize("later", [0 * MINUTES, 60 * MINUTES])
def test_who_was_found_is_not_registered_even_if_changed_since(registrar: Registrar, later: timedelta) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    found(registrar, fields, "WSRC0004")
    assert registrar.update(uln, 1, {**fields, "LastKnownPostCode": "TR1 2AB"}).text("ResponseCode") == "WSRC0006"
    registrar.age_finds(later)
    assert_refused(registrar, fields, Cause.FOUND)


def test_who_was_found_and_deleted_since_is_found_again_first(registrar: Registrar) -> None:
    fields = newcomer()
    uln = registrar.registered(fields)
    found(registrar, fields, "WSRC0004")
    registrar.change(lambda writing: writing.learners.delete(uln))
    assert_refused(registrar, fields, Cause.FOUND)
    found(registrar, fields, "WSRC0001")
    assert_registered(registrar, fields)


def test_who_was_found_merged_is_not_registered(registrar: Registrar) -> None:
    fields, master = newcomer(), newcomer()
    uln, into = registrar.registered(fields), registrar.registered(master)
    registrar.change(lambda writing: writing.learners.merge(uln, into))
    found(registrar, fields, "WSRC0022")
    registrar.change(lambda writing: writing.learners.unmerge(uln))
    assert registrar.update(uln, 3, {**fields, "LastKnownPostCode": "TR1 2AB"}).text("ResponseCode") == "WSRC0006"
    assert_refused(registrar, fields, Cause.FOUND)


# --- the fourth: possible matches, reviewed too quickly


@pytest.mark.parametrize("find_type", ["FUL", "CHK"])
def test_possible_matches_take_five_seconds_to_review(registrar: Registrar, find_type: str) -> None:
    fields = registered_and_possible(registrar)
    found(registrar, fields, "WSRC0003", find_type)
    assert_refused(registrar, fields, Cause.REVIEWED_TOO_QUICKLY)
    registrar.age_finds(5 * SECONDS)
    assert_registered(registrar, fields)


def test_another_find_starts_the_review_anew(registrar: Registrar) -> None:
    fields = registered_and_possible(registrar)
    found(registrar, fields, "WSRC0003")
    registrar.age_finds(10 * SECONDS)
    found(registrar, fields, "WSRC0003")
    assert_refused(registrar, fields, Cause.REVIEWED_TOO_QUICKLY)


def test_too_many_matches_take_as_long(registrar: Registrar) -> None:
    fields = newcomer(**ALEX)
    found(registrar, fields, "WSRC0002")
    assert_refused(registrar, fields, Cause.REVIEWED_TOO_QUICKLY)


def test_reviewed_possible_matches_count_for_two_hours(registrar: Registrar) -> None:
    fields = registered_and_possible(registrar)
    found(registrar, fields, "WSRC0003")
    registrar.age_finds(120 * MINUTES)
    assert_refused(registrar, fields, Cause.NO_FIND)


# --- whose settings count


def test_an_organisation_may_need_no_find(registrar: Registrar) -> None:
    free = registrar.another(OwnProcedure(find_first=False))
    fields = newcomer()
    assert_registered(free, fields)
    assert_refused(free, fields, Cause.DUPLICATE)
    similar = {**fields, "LastKnownPostCode": "TR1 2AB"}
    found(free, similar, "WSRC0003")
    assert_registered(free, similar)


def test_an_organisation_has_its_own_maximum(registrar: Registrar) -> None:
    hasty = registrar.another(OwnProcedure(maximum_minutes=10))
    patient = registrar.another(OwnProcedure(maximum_minutes=7 * 24 * 60))
    fields = newcomer()
    for one in (hasty, patient):
        found(one, fields, "WSRC0001")
    hasty.age_finds(10 * MINUTES)
    patient.age_finds(7 * 24 * 60 * MINUTES - MINUTES)
    assert_refused(hasty, fields, Cause.NO_FIND)
    assert_registered(patient, fields)


def test_an_organisation_has_its_own_minimum(registrar: Registrar) -> None:
    hasty = registrar.another(OwnProcedure(minimum_seconds=0))
    careful = registrar.another(OwnProcedure(minimum_seconds=3600))
    fields = registered_and_possible(registrar)
    for one in (hasty, careful):
        found(one, fields, "WSRC0003")
    careful.age_finds(59 * MINUTES)
    assert_refused(careful, fields, Cause.REVIEWED_TOO_QUICKLY)
    careful.age_finds(MINUTES)
    assert_registered(careful, fields)
    assert_refused(hasty, fields, Cause.DUPLICATE)
    similar = {**fields, "LastKnownPostCode": "EX4 3SB"}
    found(hasty, similar, "WSRC0003")
    assert_registered(hasty, similar)


def test_a_change_of_the_rule_holds_at_once(registrar: Registrar) -> None:
    changing = registrar.another()
    fields = newcomer()
    assert_refused(changing, fields, Cause.NO_FIND)
    changing.change(
        lambda writing: writing.organisations.set_procedure(changing.ref, OwnProcedure(find_first=False))
    )
    assert_registered(changing, fields)
    changing.change(lambda writing: writing.organisations.set_procedure(changing.ref, OwnProcedure()))
    assert_refused(changing, newcomer(), Cause.NO_FIND)


@pytest.fixture(scope="session")
def easy(changing_service: RunningService) -> Iterator[Registrar]:
    """A service of other settings on the same register, as a second process would be; and who must find first."""
    url = changing_service.settings.database
    settings = sandbox_settings(url, find_first=False, find_maximum_minutes=1, review_minimum_seconds=60)
    with running(settings) as service:
        yield Registrar(service)


def test_the_settings_say_what_holds_for_everybody_else(easy: Registrar) -> None:
    fields = newcomer()
    assert_registered(easy, fields)
    strict = easy.another(OwnProcedure(find_first=True))
    assert_refused(strict, newcomer(), Cause.NO_FIND)
    similar = {**fields, "LastKnownPostCode": "TR1 2AB"}
    found(strict, similar, "WSRC0003")
    strict.age_finds(50 * SECONDS)
    assert_refused(strict, similar, Cause.REVIEWED_TOO_QUICKLY)
    strict.age_finds(11 * SECONDS)
    assert_refused(strict, similar, Cause.NO_FIND)
