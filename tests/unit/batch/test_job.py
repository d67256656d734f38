"""What is said about jobs without a database."""

import random

import pytest

from uln_server.batch.job import (
    FIRST_JOB_ID,
    UNFINISHED,
    ContentDigest,
    Fields,
    JobStatus,
    Row,
    RowResult,
    in_step,
    with_results,
)


def digest(*rows: Fields) -> str:
    made = ContentDigest()
    for each in rows:
        made.add(each)
    return made.hexdigest()


def test_statuses_are_the_contract_s_words() -> None:
    assert set(JobStatus) == {"Waiting", "InProgress", "Successful", "Failed", "Cancelled"}
    assert {each for each in JobStatus if not each.finished} == UNFINISHED
    assert FIRST_JOB_ID == 100_001


def test_a_digest_is_of_the_rows_and_their_order_not_of_their_fields_order() -> None:
    one: Fields = {"ULN": "1026893096", "GivenName": "Siân"}
    turned: Fields = dict(sorted(one.items()))
    other: Fields = {"ULN": "1174112637"}
    assert digest(one, other) == digest(turned, other) != digest(other, one)
    assert digest(one) == digest({**one, "FamilyName": None}) != digest({**one, "FamilyName": ""})
    assert len(digest()) == 64


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ([{"a": "b"}], [{"a": "", "b": ""}]),
        ([{"a": 'b"}\n{"c": "d'}], [{"a": "b"}, {"c": "d"}]),
        ([{}, {}], [{}]),
    ],
)
def test_what_differs_has_another_digest(rows: list[Fields], others: list[Fields]) -> None:
    assert digest(*rows) != digest(*others)


def test_counts_add_up_chunk_by_chunk() -> None:
    rng = random.Random(7)
    codes = [rng.choice(["RC001", "RC006", "RC011"]) for _ in range(200)]
    counts: dict[str, int] = {}
    for start in range(0, 200, 30):
        chunk = [RowResult(place + 1, codes[place]) for place in range(start, min(start + 30, 200))]
        before = dict(counts)
        sums = with_results(counts, chunk)
        assert counts == before
        counts = sums
    assert counts == {code: codes.count(code) for code in set(codes)}


@pytest.mark.parametrize(
    ("positions", "right"),
    [((1, 2, 3), True), ((1, 3, 2), False), ((1, 2), False), ((1, 2, 3, 3), False), ((1, 2, 4), False)],
)
def test_there_is_one_result_for_each_row_in_order(positions: tuple[int, ...], right: bool) -> None:
    rows = [Row(place, {}) for place in (1, 2, 3)]
    assert in_step(rows, [RowResult(place, "RC001") for place in positions]) is right


def test_nothing_personal_is_in_a_repr() -> None:
    assert "Siân" not in repr((Row(1, {"GivenName": "Siân"}), RowResult(1, "RC001", {"GivenName": "Siân"})))
