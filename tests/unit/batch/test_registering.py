"""Batch registration: each return code, with and without a ULN, registering and checking (domain §6, §7)."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from tests.unit.batch.registrations import (
    CHECKING,
    JOB,
    NEWCOMER,
    NOW,
    like,
    of_darcie,
    of_file,
    rows,
    work_off,
    work_off_file,
    worked_off,
)
from tests.unit.learners import DARCIE, LONG_AGO, REED, REID, SIAN

from uln_contract.records import BatchLearner
from uln_contract.ulns import is_valid
from uln_server.batch.job import Job
from uln_server.register.authorship import Author
from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates
from uln_server.register.learner import Learner, Status
from uln_server.store.changes import LearnerChanges
from uln_server.store.database import Database
from uln_server.store.lines import Line

GONE = replace(DARCIE, uln="1174112637", family_name="Gone", status=Status.DELETED)
UNKNOWN = "1204593069"
HELD = (DARCIE, SIAN, REED, REID, GONE)
FIVE = tuple(each.name for each in fields(Demographics))
BY = Author(at=NOW, message_id="other")
BOTH = pytest.mark.parametrize("job", [JOB, CHECKING], ids=["FUL", "CHK"])


@pytest.fixture
def database(sqlite_database_url: str) -> Iterator[Database]:
    """A register that may issue ULNs, and holds the learners of the tests."""
    with Database.open(sqlite_database_url) as opened:
        with opened.writing() as writing:
            writing.register.create("sandbox")
            for each in HELD:
                writing.learners.add(each)
        yield opened


def stored(database: Database, uln: str) -> Learner:
    found = database.reading().learners.get(uln)
    assert found is not None
    return found


# ---- Without a ULN ----------------------------------------------------------------------------------------------


def test_a_newcomer_is_registered_with_all_that_was_sent(database: Database) -> None:
    [(code, uln)] = work_off(database, replace(NEWCOMER, title="Ms", notes=" "))
    assert code == "RC001"
    assert uln is not None
    assert is_valid(uln)
    record = stored(database, uln)
    assert (record.given_name, record.title, record.notes, record.version) == ("Wilhelmina", "Ms", None, 1)
    assert record.created_at == NOW


def test_a_check_says_new_without_a_uln_and_stores_nobody(database: Database) -> None:
    assert work_off(database, NEWCOMER, job=CHECKING) == [("RC001", None)]
    assert work_off(database, NEWCOMER, job=CHECKING) == [("RC001", None)]


def test_the_same_batch_again_changes_nothing(database: Database) -> None:
    [(_, uln)] = work_off(database, NEWCOMER)
    assert work_off(database, NEWCOMER) == [("RC003", uln)]
    assert stored(database, str(uln)).version == 1


def test_a_learner_who_is_there_is_updated_with_what_is_given(database: Database) -> None:
    sent = like(DARCIE, title="Dr", given_name="DARCIE", email_address="", verification_type=None)
    assert work_off(database, sent, job=CHECKING) == [("RC002", DARCIE.uln)]
    assert stored(database, DARCIE.uln) == DARCIE
    assert work_off(database, sent) == [("RC002", DARCIE.uln)]
    assert stored(database, DARCIE.uln) == replace(
        DARCIE, title="Dr", given_name="DARCIE", version=2, updated_at=NOW
    )
    assert work_off(database, sent) == [("RC003", DARCIE.uln)]


@BOTH
@pytest.mark.parametrize(
    "missing", ["date_of_birth", "gender", "last_known_post_code", "verification_type", "ability_to_share"]
)
def test_what_a_new_record_needs_is_needed(database: Database, job: Job, missing: str) -> None:
    fields: dict[str, Any] = {missing: " "}
    assert work_off(database, replace(NEWCOMER, **fields), job=job) == [("RC006", None)]


@BOTH
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_a_name_needs_a_letter_with_and_without_a_uln(database: Database, job: Job, field: str) -> None:
    fields: dict[str, Any] = {field: "-"}
    sent = (replace(NEWCOMER, **fields), replace(of_darcie(), **fields))
    assert work_off(database, *sent, job=job) == [("RC006", None), ("RC006", None)]


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [
        {"date_of_birth": "2013-09-02"},
        {"date_of_birth": "1915-09-01"},
        {"date_of_birth": "1900-02-29"},
        {"verification_type": "999"},
        {"verification_type": "999", "other_verification_description": " "},
    ],
)
def test_what_the_schema_cannot_say_is_the_wrong_format(
    database: Database, job: Job, wrong: dict[str, Any]
) -> None:
    assert work_off(database, replace(NEWCOMER, **wrong), job=job) == [("RC011", None)]


def test_the_day_of_submission_in_london_decides_on_the_age(database: Database) -> None:
    thirteen = replace(NEWCOMER, date_of_birth="2013-09-01")
    late = replace(JOB, submitted_at=NOW.replace(month=8, day=31, hour=23))
    assert work_off(database, thirteen, job=late)[0][0] == "RC001"
    assert work_off(database, replace(thirteen, given_name="Otto"), job=replace(late, submitted_at=LONG_AGO)) == [
        ("RC011", None)
    ]


UCI, UPN = "900000100001A", "A900000100001"


def test_what_only_a_file_gives_is_kept_and_an_empty_cell_erases_nothing(database: Database) -> None:
    [(code, uln)] = work_off_file(database, of_file(NEWCOMER, uci=UCI, upn=""))
    assert (code, stored(database, str(uln)).uci, stored(database, str(uln)).upn) == ("RC001", UCI, None)
    assert work_off_file(database, of_file(NEWCOMER, uci=" ", upn=UPN)) == [("RC002", uln)]
    record = stored(database, str(uln))
    assert (record.uci, record.upn, record.version) == (UCI, UPN, 2)
    history = database.reading().events.history(str(uln))
    assert [each.before for each in history] == [{}, {"upn": None}]
    assert work_off(database, NEWCOMER) == [("RC003", uln)]


@pytest.mark.parametrize("wrong", [{"uci": "90000010000A"}, {"upn": "1900000100001"}])
def test_an_identifier_of_another_form_is_refused(database: Database, wrong: dict[str, str]) -> None:
    assert work_off_file(database, of_file(NEWCOMER, **wrong)) == [("RC012", None)]
    assert work_off_file(database, of_file(of_darcie(), **wrong)) == [("RC012", None)]


def test_an_age_in_a_file_has_a_code_of_its_own(database: Database) -> None:
    too_young = of_file(replace(NEWCOMER, date_of_birth="2013-09-02"))
    undescribed = of_file(replace(NEWCOMER, date_of_birth="2013-09-02", verification_type="999"))
    assert work_off_file(database, too_young, undescribed) == [("RC013", None), ("RC010", None)]
    assert work_off_file(database, undescribed) == [("RC011", None)]
    assert work_off_file(database, of_file(of_darcie(gender=None, date_of_birth="2013-09-02"))) == [
        ("RC008", None)
    ]


@BOTH
def test_one_difference_is_a_possible_match(database: Database, job: Job) -> None:
    sent = like(DARCIE, last_known_post_code="M1 2WD")
    assert work_off(database, sent, job=job) == [("RC007", None)]


def test_a_possible_match_is_settled_by_the_ulns_being_sent(database: Database) -> None:
    sent = like(DARCIE, last_known_post_code="M1 2WD")
    assert work_off(database, replace(sent, uln=DARCIE.uln)) == [("RC002", DARCIE.uln)]
    assert stored(database, DARCIE.uln).last_known_post_code == "M1 2WD"


def test_other_fields_do_not_turn_a_possible_match_into_a_newcomer(database: Database) -> None:
    sent = like(SIAN, last_known_post_code="M1 2WD", previous_family_name="Zimmermann", email_address="a@bc.org")
    assert work_off(database, sent) == [("RC007", None)]


def test_too_many_are_too_many(database: Database) -> None:
    ulns = [f"100000{number:04}" for number in range(11)]
    with database.writing() as writing:
        for number, uln in enumerate(ulns):
            writing.learners.add(replace(SIAN, uln=uln, last_known_post_code=f"M1 {number % 10}WD"))
    assert work_off(database, like(SIAN, last_known_post_code="LS1 4AP")) == [("RC009", None)]


@BOTH
def test_equal_to_a_merged_record_gives_its_master(database: Database, job: Job) -> None:
    assert work_off(database, like(REID, title="Sir"), job=job) == [("RC005", REED.uln)]
    assert stored(database, REED.uln) == REED
    assert stored(database, REID.uln).title is None


def test_a_deleted_record_is_nobody(database: Database) -> None:
    assert work_off(database, like(GONE))[0][0] == "RC001"


# ---- With a ULN -------------------------------------------------------------------------------------------------


@BOTH
def test_a_uln_needs_its_check_digit(database: Database, job: Job) -> None:
    assert work_off(database, of_darcie(uln="1026893097"), job=job) == [("RC011", None)]


@BOTH
@pytest.mark.parametrize("uln", [UNKNOWN, GONE.uln])
def test_an_unknown_or_deleted_uln_is_not_found(database: Database, job: Job, uln: str) -> None:
    assert work_off(database, of_darcie(uln=uln), job=job) == [("RC004", None)]


def test_merged_into_a_deleted_record_is_not_found(database: Database) -> None:
    lost = replace(DARCIE, uln=UNKNOWN, status=Status.MERGED, master_uln=GONE.uln)
    with database.writing() as writing:
        writing.learners.add(lost)
    assert work_off(database, of_darcie(uln=lost.uln)) == [("RC004", None)]


@BOTH
def test_a_merged_uln_gives_its_master_and_changes_nothing(database: Database, job: Job) -> None:
    assert work_off(database, like(REID, uln=REID.uln, title="Sir"), job=job) == [("RC005", REED.uln)]
    assert stored(database, REED.uln).title is None


def test_names_alone_are_enough_beside_a_uln(database: Database) -> None:
    sent = BatchLearner(uln=DARCIE.uln, given_name="Darcie", family_name="Tucker", title="Dr")
    assert work_off(database, sent) == [("RC002", DARCIE.uln)]


@BOTH
@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Wilhelmina"},
        {"family_name": "Ashdown"},
        {"date_of_birth": "1976-08-17"},
        {"gender": "1"},
    ],
)
def test_another_learners_details_disagree_with_the_uln(
    database: Database, job: Job, other: dict[str, Any]
) -> None:
    assert work_off(database, of_darcie(**other), job=job) == [("RC008", None)]
    merged = like(replace(REID, **other), uln=REID.uln)
    assert work_off(database, merged, job=job) == [
        ("RC008", None) if "gender" not in other else ("RC005", REED.uln)
    ]


@pytest.mark.parametrize(
    "new",
    [
        {"given_name": "Darcy"},
        {"family_name": "Tuckers"},
        {"family_name": "Ashdown", "previous_family_name": "Tucker"},
        {"given_name": "Tucker", "family_name": "Darcie"},
        {"gender": "9"},
        {"last_known_post_code": "M1 2WD"},
    ],
)
def test_a_uln_lets_names_and_postcode_change(database: Database, new: dict[str, Any]) -> None:
    assert work_off(database, of_darcie(**new)) == [("RC002", DARCIE.uln)]
    record = stored(database, DARCIE.uln)
    assert {name: getattr(record, name) for name in new} == new


def test_the_details_of_a_record_that_was_merged_into_it_describe_a_master(database: Database) -> None:
    assert work_off(database, like(REID, uln=REED.uln)) == [("RC002", REED.uln)]
    assert stored(database, REED.uln).given_name == "Jay"


def test_a_date_of_birth_taken_over_from_a_merged_record_keeps_the_age_range(database: Database) -> None:
    child = replace(REID, uln=UNKNOWN, date_of_birth="2015-01-01", given_name="Ellie")
    with database.writing() as writing:
        writing.learners.add(child)
    assert work_off(database, like(child, uln=REED.uln)) == [("RC011", None)]


@BOTH
def test_another_learners_five_are_refused(database: Database, job: Job) -> None:
    twin = replace(DARCIE, uln=UNKNOWN, last_known_post_code="M1 2WD")
    with database.writing() as writing:
        writing.learners.add(twin)
    assert work_off(database, of_darcie(last_known_post_code="m12wd"), job=job) == [("RC008", None)]


@BOTH
@pytest.mark.parametrize(
    ("sent", "opt_out", "outcome"),
    [
        ("0", False, ("RC003", DARCIE.uln)),
        ("1", False, ("RC003", DARCIE.uln)),
        (None, False, ("RC003", DARCIE.uln)),
        ("2", False, ("RC011", None)),
        ("2", True, ("RC002", DARCIE.uln)),
    ],
)
def test_ability_to_share_is_changed_as_in_an_update(
    database: Database, job: Job, sent: str | None, opt_out: bool, outcome: tuple[str, str | None]
) -> None:
    found, named = (
        work_off(database, each, job=job, opt_out=opt_out)
        for each in (like(DARCIE, ability_to_share=sent), of_darcie(ability_to_share=sent))
    )
    assert found == [outcome]
    after = [("RC003", DARCIE.uln)] if opt_out and job is JOB else [outcome]
    assert named == after


def test_other_evidence_needs_its_description_unless_one_is_held(database: Database) -> None:
    assert work_off(database, of_darcie(verification_type="999")) == [("RC011", None)]
    described = of_darcie(verification_type="999", other_verification_description="Letter")
    assert work_off(database, described) == [("RC002", DARCIE.uln)]
    assert work_off(database, of_darcie(verification_type="999")) == [("RC003", DARCIE.uln)]


# ---- Rows beside each other -------------------------------------------------------------------------------------


@BOTH
def test_the_same_learner_twice_is_taken_once(database: Database, job: Job) -> None:
    again = replace(NEWCOMER, given_name="WILHELMINA", last_known_post_code="ls14ap", mis_identifier=None)
    codes = [code for code, _ in work_off(database, NEWCOMER, again, of_darcie(), of_darcie(title="Dr"), job=job)]
    assert codes == ["RC001", "RC010", "RC003", "RC010"]


@BOTH
def test_different_ways_to_one_record_are_the_same_learner_too(database: Database, job: Job) -> None:
    named = BatchLearner(uln=DARCIE.uln, given_name="Darcie", family_name="Tucker", title="Dr")
    assert work_off(database, named, like(DARCIE, title="Sir"), job=job) == [
        ("RC002", DARCIE.uln),
        ("RC010", None),
    ]


@BOTH
def test_a_row_that_was_refused_does_not_stand_in_the_way(database: Database, job: Job) -> None:
    wrong = of_darcie(uln="1026893097")
    other = BatchLearner(uln=DARCIE.uln, given_name="Otto", family_name="Ashdown")
    outcomes = work_off(database, wrong, other, like(DARCIE), job=job)
    assert outcomes == [("RC011", None), ("RC008", None), ("RC003", DARCIE.uln)]


@BOTH
def test_rows_that_resemble_each_other_are_possible_matches(database: Database, job: Job) -> None:
    similar = replace(NEWCOMER, family_name="Ashdowne")
    codes = [code for code, _ in work_off(database, NEWCOMER, similar, job=job)]
    assert codes == ["RC001", "RC007"]


@BOTH
def test_two_records_cannot_become_equal(database: Database, job: Job) -> None:
    twin = replace(DARCIE, uln=UNKNOWN, last_known_post_code="M1 2WD")
    with database.writing() as writing:
        writing.learners.add(twin)
    moving = (of_darcie(last_known_post_code="LS1 4AP"), of_darcie(uln=twin.uln, last_known_post_code="ls14ap"))
    outcomes = work_off(database, moving[0], replace(moving[1], gender=None), job=job)
    assert outcomes == [("RC002", DARCIE.uln), ("RC008", None)]


@BOTH
def test_a_newcomer_cannot_be_equal_to_what_a_record_becomes(database: Database, job: Job) -> None:
    married = of_darcie(family_name="Ashdown", previous_family_name="Tucker", gender=None)
    outcomes = work_off(database, married, like(DARCIE, family_name="Ashdown"), job=job)
    assert outcomes == [("RC002", DARCIE.uln), ("RC007", None)]


def test_every_change_says_who_made_it(database: Database) -> None:
    work_off(database, of_darcie(title="Dr"))
    event = database.reading().events.history(DARCIE.uln)[-1].event
    assert (event.message_id, event.organisation, event.user, event.at) == ("message", "90000003", "tester", NOW)


# ---- Changed by others between the look and the lock ------------------------------------------------------------


class Overtaken(LearnerChanges):
    """The store's own, at which somebody else makes a change after each look for candidates."""

    def __init__(self, line: Line, change: Callable[[LearnerChanges], object]) -> None:
        super().__init__(line)
        self._change = change

    def candidates(self, demographics: Demographics) -> Candidates:
        found = super().candidates(demographics)
        self._change(LearnerChanges(self._line))
        return found


@pytest.mark.parametrize(
    ("sent", "change"),
    [
        (like(DARCIE), lambda learners: learners.delete(DARCIE.uln)),
        (like(DARCIE), lambda learners: learners.merge(DARCIE.uln, SIAN.uln)),
        (like(DARCIE), lambda learners: learners.update(DARCIE, {"given_name": "Otto"}, BY)),
        (NEWCOMER, lambda learners: learners.add(replace(of_newcomer(), uln=UNKNOWN))),
    ],
    ids=["deleted", "merged", "changed", "registered"],
)
def test_whoever_was_overtaken_looks_again(
    database: Database, sent: BatchLearner, change: Callable[[LearnerChanges], object]
) -> None:
    with database.writing() as writing:
        writing.learners = Overtaken(writing.learners._line, change)
        assert worked_off(writing, rows(sent)) == [("RC007", None)]


def of_newcomer() -> Learner:
    return replace(DARCIE, **{name: getattr(NEWCOMER, name) for name in FIVE})
