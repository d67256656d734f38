from collections.abc import Iterator

import pytest

from uln_server.importing.scratch import Scratch

A, B, C, D, E = "1000000011", "2000000011", "3000000011", "4000000011", "5000000011"


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    with Scratch() as opened:
        yield opened


def put_aside(scratch: Scratch, *pairs: tuple[str, str]) -> None:
    scratch.put_aside((uln, master, row, [uln]) for row, (uln, master) in enumerate(pairs, 2))


def in_order(scratch: Scratch) -> list[tuple[int, bool]]:
    return [(each.number, each.circular) for each in scratch.in_order()]


def test_a_uln_is_a_duplicate_of_its_first_row(scratch: Scratch) -> None:
    assert scratch.duplicates([(A, 2), (B, 3)]) == {}
    assert scratch.duplicates([(C, 4), (A, 5), (C, 6), (D, 7)]) == {5: 2, 6: 4}
    assert scratch.duplicates([(A, 8)]) == {8: 2}


def test_what_would_be_put_in_is_remembered(scratch: Scratch) -> None:
    scratch.duplicates([(A, 2), (B, 3)])
    scratch.accept([(0, A)])
    assert [scratch.accepted(uln) for uln in (A, B, C)] == [0, None, None]


def test_masters_come_before_what_is_merged_into_them(scratch: Scratch) -> None:
    put_aside(scratch, (A, B), (B, C), (C, D), (E, D))
    assert in_order(scratch) == [(4, False), (5, False), (3, False), (2, False)]


def test_circles_come_last_and_are_told(scratch: Scratch) -> None:
    put_aside(scratch, (A, B), (B, A), (C, A), (E, D))
    assert in_order(scratch) == [(5, False), (2, True), (3, True), (4, True)]


def test_what_was_put_aside_comes_back_as_it_was(scratch: Scratch) -> None:
    scratch.put_aside([(A, B, 7, ["Siân", 'a,"b"\n', ""])])
    assert [(each.number, each.master, each.cells) for each in scratch.in_order()] == [
        (7, B, ["Siân", 'a,"b"\n', ""])
    ]
