"""Who a search reads: narrow blocks of equal values, each up to a limit; whoever is equal in all five, always."""

from typing import Any

import pytest
from tests.store.crowds import add, someone

from uln_server.register.demographics import Demographics
from uln_server.register.entry import Candidates, Entry
from uln_server.register.learner import Learner, Status
from uln_server.store import learners
from uln_server.store.database import Database


def five(**changed: Any) -> Demographics:
    return someone(**changed).demographics


def found(database: Database, **asked: Any) -> Candidates:
    with database.snapshot() as reading:
        return reading.learners.candidates(five(**asked))


def among(database: Database, *records: Learner, **asked: Any) -> list[int]:
    """Which of these a search reads, by their place; each of them once, as it stands."""
    read = found(database, **asked)
    assert read.complete
    places = [records.index(entry.asked) for entry in read.entries]
    assert all(entry.current == entry.asked for entry in read.entries)
    return sorted(places)


def test_nobody(database: Database) -> None:
    assert found(database) == Candidates((), complete=True)


def test_namesakes_and_neighbours_of_one_day(database: Database) -> None:
    """All but one of the rest must be equal, for whoever differs in more can be no match."""
    records = (
        someone(),
        someone(last_known_post_code="ZZ99 9ZZ"),
        someone(last_known_post_code="M1 2WD", given_name="ÁLEX", family_name="s m-i'th"),
        someone(given_name="Smith", family_name="Alex", last_known_post_code="b11bb"),
        someone(given_name="Brian", family_name="Zimmer"),
        someone(given_name="Alexa", last_known_post_code="M1 2WD"),
        someone(family_name="Smyth", last_known_post_code="M1 2WD"),
        someone(date_of_birth="2001-02-27"),
        someone(status=Status.DELETED),
    )
    add(database, records)
    assert among(database, *records) == [0, 1, 2, 3, 4]
    assert among(database, *records, given_name="alex", family_name="SMITH", last_known_post_code="b1 1bb") == [
        *range(5)
    ]
    assert among(database, *records, last_known_post_code="M1 2WD") == [0, 1, 2, 5, 6]
    assert among(database, *records, last_known_post_code="zz999zz") == [0, 1, 2]
    assert among(database, *records, date_of_birth="2001-02-27") == [7]
    assert among(database, *records, date_of_birth="2001-02-26") == []


@pytest.mark.parametrize(
    ("sent", "read"), [("1", [0, 1, 3]), ("2", [0, 2, 3]), ("0", [0, 1, 2, 3]), ("9", [0, 1, 2, 3])]
)
def test_genders_that_may_be_one_persons(database: Database, sent: str, read: list[int]) -> None:
    records = tuple(someone(gender=gender) for gender in "0129")
    add(database, records)
    assert among(database, *records, gender=sent) == read
    assert among(database, *records, gender=sent, last_known_post_code="ZZ99 9ZZ") == read


def test_a_name_without_letters_is_no_wildcard(database: Database) -> None:
    """The store asks for what it is told: only the postcode can find a record of which no name is known."""
    record = someone(given_name="-", family_name="'")
    add(database, [record])
    assert among(database, record) == [0]
    assert among(database, record, last_known_post_code="M1 2WD") == []


def test_merged_records_come_with_the_last_of_their_masters(database: Database) -> None:
    master = someone(given_name="Alexandra", date_of_birth="1999-01-01", last_known_post_code="M1 2WD")
    middle = someone(family_name="Zimmer", status=Status.MERGED, master_uln=master.uln)
    first = someone(status=Status.MERGED, master_uln=middle.uln)
    gone = someone(status=Status.DELETED)
    lost = someone(status=Status.MERGED, master_uln=gone.uln)
    add(database, (master, middle, first, gone, lost))
    read = found(database)
    assert read.complete
    assert sorted(read.entries, key=lambda entry: entry.asked.uln) == [
        Entry(asked=middle, current=master),
        Entry(asked=first, current=master),
    ]


def neighbours(number: int, **changed: Any) -> list[Learner]:
    return [someone(family_name=f"Neighbour {each}", **changed) for each in range(number)]


def namesakes(number: int, **changed: Any) -> list[Learner]:
    return [someone(last_known_post_code=f"M{each} 2WD", **changed) for each in range(number)]


@pytest.mark.parametrize(
    ("records", "asked", "read"),
    [
        (namesakes(learners.NAMESAKES), {}, learners.NAMESAKES),
        (neighbours(learners.NEIGHBOURS), {}, learners.NEIGHBOURS),
        ([*namesakes(learners.NAMESAKES - 1), *neighbours(learners.NEIGHBOURS - 1), someone()], {}, 359),
        (neighbours(learners.NEIGHBOURS + 1), {"last_known_post_code": "M0 2WD"}, 0),
        (namesakes(learners.NAMESAKES + 1), {"gender": "1"}, 0),
        (namesakes(learners.NAMESAKES + 1), {"family_name": "Smyth"}, 0),
        (
            neighbours(learners.NEIGHBOURS + 9, last_known_post_code="ZZ99 9ZZ"),
            {"last_known_post_code": "ZZ999ZZ"},
            0,
        ),
    ],
    ids=["namesakes", "neighbours", "both", "elsewhere", "other gender", "other name", "unknown postcode"],
)
def test_everybody_is_read_up_to_the_limits(
    database: Database, records: list[Learner], asked: dict[str, str], read: int
) -> None:
    add(database, records)
    candidates = found(database, **asked)
    assert (len(candidates.entries), candidates.complete) == (read, True)


@pytest.mark.parametrize(
    ("records", "asked"),
    [
        (namesakes(learners.NAMESAKES + 1), {}),
        (namesakes(learners.NAMESAKES + 1), {"last_known_post_code": "ZZ99 9ZZ"}),
        (neighbours(learners.NEIGHBOURS + 1), {}),
        (neighbours(learners.NEIGHBOURS + 1), {"gender": "9"}),
    ],
    ids=["namesakes", "namesakes, unknown postcode", "neighbours", "neighbours, unknown gender"],
)
def test_it_is_told_when_there_are_more(database: Database, records: list[Learner], asked: dict[str, str]) -> None:
    add(database, records)
    assert not found(database, **asked).complete


def test_who_is_equal_in_all_five_is_read_whoever_else_is_there(database: Database) -> None:
    """Last of all in the table, and behind so many of unknown gender that no block but its own can hold it."""
    crowd = [*(someone(gender="9") for _ in range(learners.NEIGHBOURS + 1)), *namesakes(learners.NAMESAKES + 1)]
    one = someone()
    add(database, [*crowd, one])
    read = found(database)
    assert not read.complete
    assert Entry(asked=one, current=one) in read.entries


def test_of_more_equal_ones_than_are_read_none_is_given(database: Database) -> None:
    """Otherwise one of them could be taken for the only one that narrowing leaves."""
    add(database, (someone(email_address=f"{each}@example.com") for each in range(learners.NAMESAKES + 1)))
    assert found(database) == Candidates((), complete=False)
