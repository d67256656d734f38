"""Records that were shown not long ago: kept for one state of the register, and in so many bytes."""

from uln_contract.writing import Ready
from uln_server.record.kept import KeptRecords, Shown, View
from uln_server.record.learning_events import GetType

FIRST, SECOND, THIRD = (View(f"900000000{number}", GetType.FULL, None) for number in range(3))


def shown(size: int = 3_000) -> Shown:
    return Shown(Ready(b"x" * size), ("9000000001",))


def test_a_record_is_given_to_whoever_names_the_state_it_was_written_in() -> None:
    kept, record = KeptRecords(room=10_000), shown()
    kept.put(FIRST, "a", record)
    assert kept.get(FIRST, "a") is record
    assert kept.get(FIRST, "b") is None
    assert kept.get(SECOND, "a") is None
    for other in (FIRST._replace(get_type=GetType.BRIEF), FIRST._replace(organisation="90000001")):
        assert kept.get(other, "a") is None


def test_the_newer_state_takes_the_older_one_s_place() -> None:
    kept, record = KeptRecords(room=10_000), shown()
    for state in range(10):
        kept.put(FIRST, state, shown())
    kept.put(SECOND, 0, record)
    assert kept.get(FIRST, 8) is None
    assert (kept.get(FIRST, 9), kept.get(SECOND, 0)) == (shown(), record)


def test_whoever_was_asked_for_last_stays() -> None:
    kept = KeptRecords(room=10_000)  # two of them, with what each takes besides
    kept.put(FIRST, 1, shown())
    kept.put(SECOND, 1, shown())
    assert kept.get(FIRST, 1) is not None
    kept.put(THIRD, 1, shown())
    assert [kept.get(each, 1) is not None for each in (FIRST, SECOND, THIRD)] == [True, False, True]


def test_what_is_larger_than_the_room_is_not_kept_and_leaves_the_room_as_it_was() -> None:
    kept, nothing = KeptRecords(room=10_000), KeptRecords(room=0)
    kept.put(FIRST, 1, shown(9_500))
    kept.put(SECOND, 1, shown(8_500))
    nothing.put(FIRST, 1, shown(0))
    assert (kept.get(FIRST, 1), nothing.get(FIRST, 1)) == (None, None)
    assert kept.get(SECOND, 1) is not None


def test_no_repr_tells_of_a_learner() -> None:
    assert "900000000" not in repr(shown())
    assert "x" * 10 not in repr(shown())
