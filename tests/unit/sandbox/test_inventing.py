from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date

import pytest
from lxml import etree
from tests.unit.sandbox.invented import InMemory, some

from uln_contract import records, schema
from uln_contract.codes import ResponseCode
from uln_contract.names import Likeness, compare_family, compare_given, has_letters
from uln_contract.writing import write
from uln_server.operations.learner_reply import learner_reply
from uln_server.register.learner import Learner, Status
from uln_server.register.registering import age_on
from uln_server.sandbox import details
from uln_server.sandbox.inventing import FIRST_DAY, LAST_DAY, SHARES, Invented, Kind
from uln_server.sandbox.mark import INVENTED
from uln_server.sandbox.populations import FEMALE, MALE, Population, names_of

COUNT = 20_000
ELSEWHERE = "HS9 9ZZ"  # nobody's
UNKNOWN = "ZZ99 9ZZ"
FOUND = "{http://api.lrs.miap.gov.uk/findmsg}FindLearnerResponse"


@pytest.fixture(scope="module")
def register() -> InMemory:
    return InMemory(some(COUNT))


@pytest.fixture(scope="module")
def learners(register: InMemory) -> list[Learner]:
    return register.learners


def share(learners: Iterable[Learner], condition: Callable[[Learner], object]) -> float:
    answers = [bool(condition(each)) for each in learners]
    return sum(answers) / len(answers)


def near(expected: float, of: int = COUNT) -> object:
    """Within four standard deviations of a share: a wrong weight falls out, and chance does not."""
    return pytest.approx(expected, abs=4 * (expected * (1 - expected) / of) ** 0.5)


def test_the_same_seed_gives_the_same_learners() -> None:
    assert some(500) == some(500)


def test_another_seed_or_another_number_gives_others() -> None:
    first = some(500)
    assert some(500, 7) != first
    assert some(600)[:500] != first


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_few_are_invented_too(count: int) -> None:
    assert len(some(count)) == count


def test_each_takes_the_next_uln(learners: list[Learner]) -> None:
    assert [int(each.uln) for each in learners] == list(range(1_000_000_000, 1_000_000_000 + COUNT))


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_share(register: InMemory, kind: Kind) -> None:
    found = sum(each.kind is kind for each in register.invented) / COUNT
    # A twin comes after somebody who may have one; of a few that are drawn after others, somebody new is made.
    expected = SHARES[kind] / 100
    assert found == near(expected) or (kind is Kind.TWIN and 0.75 * expected < found < expected)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (lambda each: each.verification_type == "999", 0.02),
        (lambda each: each.verification_type == "1", 0.60),
        (lambda each: each.ability_to_share == "0", 0.12),
        (lambda each: each.ability_to_share == "2", 0.02),
        (lambda each: each.gender == "0", 0.009),
        (lambda each: each.gender == "9", 0.006),
        (lambda each: each.last_known_post_code == UNKNOWN, details.POST_CODE_UNKNOWN),
        (lambda each: each.email_address, details.E_MAIL),
        (lambda each: each.nationality, details.NATIONALITY),
        (lambda each: each.place_of_birth, details.PLACE_OF_BIRTH),
        (lambda each: each.last_known_address_line1, details.ADDRESS),
        (lambda each: each.notes != INVENTED, details.NOTES),
    ],
)
def test_each_detail_has_its_share(
    learners: list[Learner], what: Callable[[Learner], object], expected: float
) -> None:
    # Whoever is met again brings the same details: a little more chance than COUNT alone would leave.
    assert share(learners, what) == near(expected, COUNT * 2 // 3)


def test_some_records_were_changed_and_some_often(learners: list[Learner]) -> None:
    active = [each for each in learners if each.status is Status.ACTIVE]
    assert share(active, lambda each: each.version > 1) == pytest.approx(details.CHANGED, abs=0.02)
    assert share(active, lambda each: each.version > 2) == pytest.approx(details.CHANGED / 2, abs=0.02)
    assert all((each.updated_at > each.created_at) == (each.version > 1) for each in active)


def test_women_bear_previous_names_and_some_learners_a_short_one(learners: list[Learner]) -> None:
    married = [each for each in learners if each.previous_family_name]
    assert 0.01 < len(married) / COUNT < 0.05
    assert all(each.gender != MALE for each in married)
    short = [each for each in learners if each.preferred_given_name]
    assert 0.02 < len(short) / COUNT < 0.12
    assert all(
        compare_given(each.given_name, str(each.preferred_given_name)) is Likeness.SIMILAR for each in short
    )


def test_names_are_as_common_as_names_are(learners: list[Learner]) -> None:
    families = Counter(each.family_name for each in learners).most_common()
    assert {"Smith", "Jones"} <= {name for name, _ in families[:5]}
    assert 0.005 < families[0][1] / COUNT < 0.02
    assert families[0][1] > 2 * families[20][1]
    assert len(families) > 3000
    assert share(learners, lambda each: not each.family_name.isascii()) > 0.005
    assert share(learners, lambda each: "-" in each.family_name) == pytest.approx(0.02, abs=0.01)


def test_everybody_was_old_enough_and_is_80_at_most(learners: list[Learner]) -> None:
    ages = [age_on(each.date_of_birth, LAST_DAY) for each in learners]
    assert (min(ages), max(ages)) in {(13, 79), (13, 80)}
    assert min(age_on(each.date_of_birth, each.created_at.date()) for each in learners) == 13
    assert 0.5 < sum(age < 30 for age in ages) / COUNT < 0.75
    assert sum(age >= 50 for age in ages) / COUNT > 0.03


def test_more_than_others_were_born_on_1_january(learners: list[Learner]) -> None:
    assert 0.005 < share(learners, lambda each: each.date_of_birth.endswith("-01-01")) < 0.02


def test_registrations_come_in_order_over_the_years(learners: list[Learner]) -> None:
    times = [each.created_at for each in learners]
    assert times == sorted(times)
    assert (times[0].date(), times[-1].date()) == (FIRST_DAY, LAST_DAY)
    assert all(8 <= each.hour < 18 for each in times)
    assert max(each.updated_at for each in learners).date() <= LAST_DAY


def test_several_learners_share_a_postcode(learners: list[Learner]) -> None:
    homes = Counter(each.demographics.post_code_key for each in learners)
    assert 5 < COUNT / len(homes) < 12
    assert len({code[:2] for code in homes}) > 100


def test_every_record_keeps_to_the_strict_types(learners: list[Learner]) -> None:
    for each in (*learners[::25], *(each for each in learners if each.verification_type == "999")):
        reply = records.FindLearnerResp(
            response_code="WSRC0004", uln=each.uln, learner=(learner_reply(each, (), substituted=False),)
        )
        element = etree.fromstring(write(reply, FOUND, {}))
        assert schema.is_valid(element), schema.first_violation(element)


def test_every_record_is_one_that_could_have_been_registered(learners: list[Learner]) -> None:
    texts = [field.name for field in fields(Learner) if field.default is None]
    for each in learners:
        assert has_letters(each.given_name)
        assert has_letters(each.family_name)
        assert (each.verification_type == "999") == (each.other_verification_description is not None)
        assert all(getattr(each, name) is None or getattr(each, name).strip() for name in texts)
        assert each.email_address is None or each.email_address.endswith("@example.com")


def test_no_two_active_records_are_equal_in_all_five(learners: list[Learner]) -> None:
    keys = [each.demographics.key for each in learners if each.status is Status.ACTIVE]
    assert len(set(keys)) == len(keys)


def test_siblings_live_together_and_are_no_twins(register: InMemory) -> None:
    for sibling, other in register.of(Kind.SIBLING):
        apart = abs((date.fromisoformat(sibling.date_of_birth) - date.fromisoformat(other.date_of_birth)).days)
        assert apart >= 300 or sibling.date_of_birth == "1945-01-01"
        assert sibling.last_known_address_town in {None, other.last_known_address_town} or (
            other.last_known_address_town is None
        )


def test_twins_are_found_each_as_themselves(register: InMemory) -> None:
    pairs = register.of(Kind.TWIN)
    sexes = Counter(twin.gender == other.gender for twin, other in pairs)
    assert min(sexes.values()) > len(pairs) / 4
    for twin, other in pairs:
        assert twin.date_of_birth == other.date_of_birth
        assert twin.last_known_post_code == other.last_known_post_code
        assert twin.family_name == other.family_name or feminine(twin, other)
        if exact(twin) and exact(other):
            assert register.found(twin) == (ResponseCode.WSRC0004, {twin.uln})
            code, found = register.found(other)
            assert (code, twin.uln in found) in {(ResponseCode.WSRC0004, False), (ResponseCode.WSRC0022, False)}
        assert twin.uln not in register.found(other, last_known_post_code=ELSEWHERE)[1]


def feminine(one: Learner, other: Learner) -> bool:
    names = names_of(Population.POLISH), names_of(Population.INDIAN)
    pairs = {pair for each in names for pair in each.feminine.items()}
    halves = zip(one.family_name.split("-"), other.family_name.split("-"), strict=True)
    return all(a == b or not {(a, b), (b, a)}.isdisjoint(pairs) for a, b in halves)


def exact(learner: Learner) -> bool:
    """Whether a record can be an exact match at all (domain §5)."""
    return learner.gender in {MALE, FEMALE} and learner.last_known_post_code != UNKNOWN


def test_namesakes_are_told_apart_by_the_postcode_alone(register: InMemory) -> None:
    pairs = register.of(Kind.NAMESAKE)
    for namesake, other in pairs:
        assert namesake.demographics.post_code_key != other.demographics.post_code_key or not exact(other)
        if exact(namesake):
            assert register.found(namesake) == (ResponseCode.WSRC0004, {namesake.uln})
        both = {namesake.uln, other.uln}
        code, found = register.found(namesake, last_known_post_code=ELSEWHERE)
        assert code == ResponseCode.WSRC0003
        assert both <= found


def test_movers_are_the_same_person_twice(register: InMemory) -> None:
    for mover, other in register.of(Kind.MOVER):
        assert mover.created_at >= other.created_at
        assert (mover.email_address, mover.school_at_age16) == (other.email_address, other.school_at_age16)
        if exact(mover):
            assert register.found(mover) == (ResponseCode.WSRC0004, {mover.uln})
        code, found = register.found(other, last_known_post_code=ELSEWHERE)
        assert code == ResponseCode.WSRC0003
        assert {mover.uln, other.uln} <= found


def test_a_merged_record_is_answered_by_its_master(register: InMemory) -> None:
    for merged, master in register.of(Kind.MERGED):
        assert (merged.status, merged.master_uln) == (Status.MERGED, master.uln)
        assert merged.version > 1
        assert merged.updated_at >= merged.created_at >= master.created_at
        current = register.current(merged)
        assert current.status is Status.ACTIVE
        if exact(merged) and merged.demographics.key != current.demographics.key:
            code, found = register.found(merged)
            assert (code, found) == (ResponseCode.WSRC0022, {current.uln})


def test_merged_records_form_small_chains_and_differ_in_a_spelling_or_the_place(register: InMemory) -> None:
    pairs = register.of(Kind.MERGED)
    chained = sum(master.status is Status.MERGED for _, master in pairs) / len(pairs)
    assert chained == pytest.approx(0.15, abs=0.08)
    spelt = [
        (merged, master)
        for merged, master in pairs
        if (merged.given_name, merged.family_name) != (master.given_name, master.family_name)
    ]
    assert 0.2 < len(spelt) / len(pairs) < 0.5
    for merged, master in spelt:
        assert compare_given(merged.given_name, master.given_name) >= Likeness.SIMILAR
        assert compare_family(merged.family_name, master.family_name) >= Likeness.SIMILAR
        assert merged.last_known_post_code == master.last_known_post_code


def test_deleted_records_are_found_no_more(register: InMemory) -> None:
    deleted = [each.learner for each in register.invented if each.kind is Kind.DELETED]
    assert deleted
    for each in deleted:
        assert each.status is Status.DELETED
        assert each.version > 1
        assert each.uln not in register.found(each)[1]


def test_what_is_new_was_made_after_nobody() -> None:
    assert all(isinstance(each, Invented) and (each.of is None) == (each.kind in NOBODY_S) for each in some(300))


NOBODY_S = {Kind.NEW, Kind.DELETED}


def test_everybody_is_marked_as_invented(learners: list[Learner]) -> None:
    assert all((each.notes or "").startswith(INVENTED) for each in learners)
