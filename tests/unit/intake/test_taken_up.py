"""What an intake finds that another one left, wherever that one was killed; and what it leaves alone."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.intake.handing_in import AO, PROVIDER, Handing, newcomer, read, registration

from uln_server.batch.intake_file import Held, IntakeState
from uln_server.intake.arrivals import Arrival, Arrivals, is_complete_name, version_of
from uln_server.intake.folders import DONE, FAILED, IN, Folders, NotUsable, Taken, safe_name
from uln_server.intake.intake import Intake
from uln_server.intake.running import shown_name
from uln_server.intake.submitting import Terms
from uln_server.store.database import Database
from uln_server.store.intake_files import Taking

NAME = "LRB_90000003_240620240930.CSV"
TEXT = registration([newcomer(1), newcomer(2)])


def taken(hand: Handing, text: str = TEXT) -> Taken:
    """A file in the service's own folder, and nothing else."""
    found = hand.folders.take(hand.put(text), PROVIDER)
    assert found is not None
    return found


def written_down(hand: Handing, of: Taken) -> Held:
    """The same, taken by a process that died."""
    with hand.database.writing() as writing:
        organisation = writing.organisations.by_identifier(of.ukprn)
        assert organisation is not None
        filed_as = f"{of.token[:8]}.CSV" if writing.intake.unfinished() else of.path.name
        held = writing.intake.take(Taking(of.token, of.path.name, filed_as), organisation, timedelta(0))
    assert held is not None
    return held


def registered(hand: Handing) -> list[str]:
    return [each["ReturnCode"] for each in read(hand.path("done", NAME.replace(".CSV", ".output.CSV")))]


def test_a_file_that_was_taken_and_not_written_down_is_adopted_once_it_is_old(hand: Handing) -> None:
    lies = taken(hand)
    hand.look()
    assert hand.unfinished() == ()
    past = time.time() - 61
    os.utime(lies.path.parent, (past, past))
    hand.through()
    assert registered(hand) == ["RC001", "RC001"]


def test_a_file_that_was_written_down_is_gone_on_with(hand: Handing) -> None:
    written_down(hand, taken(hand))
    hand.through()
    assert registered(hand) == ["RC001", "RC001"]


def test_a_file_that_somebody_works_on_is_left_alone(hand: Handing) -> None:
    held = written_down(hand, taken(hand))
    with hand.database.writing() as writing:
        assert writing.intake.claim(held.file, timedelta(minutes=1)) is not None
    hand.look()
    assert [each.state for each in hand.unfinished()] == ["taken"]


def test_what_was_made_before_stands_and_the_rest_is_made(hand: Handing) -> None:
    """As if killed behind the first part, with reports half written."""
    records = [newcomer(number) for number in range(1, 252)]
    hand.put(registration(records))
    hand.look()
    hand.work()
    [file] = hand.unfinished()
    with hand.database.writing() as writing:
        held = writing.intake.claim(file, timedelta(0))
        assert held is not None
        writing.intake.advance(held, IntakeState.TAKEN, file.parts[:1])
    (hand.root / ".intake" / f"{PROVIDER}~{file.token}.killed.reports").mkdir()
    hand.through()
    assert list((hand.root / ".intake").iterdir()) == []
    assert registered(hand) == ["RC001"] * 200 + ["RC003"] * 51  # those of the second part were registered above
    assert len(hand.database.reading().jobs.latest(9)) == 3


def test_a_file_that_was_filed_away_has_ended(hand: Handing) -> None:
    """As if killed behind the move of the file to done/ or failed/."""
    hand.put(TEXT)
    hand.look()
    hand.work()
    [file] = hand.unfinished()
    failing = written_down(hand, other := taken(hand, registration([newcomer(7)])))
    with hand.database.writing() as writing:
        writing.intake.advance(failing, IntakeState.FAILING, ())
        held = writing.intake.claim(file, timedelta(0))
        assert held is not None
        writing.intake.advance(held, IntakeState.REPORTING, file.parts)
    lies = hand.folders.taken(PROVIDER, file.token, file.name)
    rows = lies.spool.read_bytes()
    hand.folders.file_away(lies, DONE, file.filed_as)
    lies.spool.write_bytes(rows)  # the kill came before it was taken away
    hand.folders.file_away(other, FAILED, failing.file.filed_as)
    hand.look()
    assert hand.unfinished() == ()
    assert list((hand.root / ".intake").iterdir()) == []
    assert (NAME in hand.listed("done"), hand.listed("failed")) == (True, [failing.file.filed_as])


@pytest.mark.parametrize("behind", ["taken", "waiting"])
def test_a_file_that_somebody_took_away_has_failed(hand: Handing, behind: str) -> None:
    if behind == "taken":
        written_down(hand, lies := taken(hand))
    else:
        hand.put(TEXT)
        hand.look()
        hand.work()
        [file] = hand.unfinished()
        lies = hand.folders.taken(PROVIDER, file.token, file.name)
    lies.path.unlink()
    hand.look()
    assert hand.unfinished() == ()
    assert list((hand.root / ".intake").iterdir()) == []
    assert hand.audited()[-1] == (None, "I002") or hand.audited()[-2] == (None, "I002")
    assert hand.running.failed == 1


def test_a_temporary_name_a_link_and_a_folder_are_not_taken(hand: Handing, tmp_path: Path) -> None:
    for name in ("a.csv.filepart", "b.PART", ".c.csv", "~$d.xlsx", "e.tmp"):
        hand.put(TEXT, name)
    (outside := tmp_path / "outside.csv").write_text(TEXT, encoding="utf-8")
    (hand.root / PROVIDER / "in" / "link.csv").symlink_to(outside)
    (hand.root / PROVIDER / "in" / "folder.csv").mkdir()
    hand.through()
    assert len(hand.listed("in")) == 7
    assert hand.listed("done") == hand.listed("failed") == []
    assert is_complete_name("part.csv")


def test_a_link_in_a_folder_s_place_is_not_followed(hand: Handing, tmp_path: Path) -> None:
    (outside := tmp_path / "outside").mkdir()
    hand.put(TEXT)
    (hand.root / PROVIDER / "done").symlink_to(outside)
    (hand.root / AO).symlink_to(outside)
    hand.through()
    assert hand.listed("in") == [NAME]
    assert list(outside.iterdir()) == []


def test_a_folder_of_no_organisation_is_left_alone(hand: Handing) -> None:
    hand.put(TEXT, ukprn="90000009")
    hand.put(TEXT, ukprn="SBXLP1")
    (hand.root / "readme.txt").touch()
    hand.look()
    assert sorted(each.name for each in hand.root.iterdir()) == [".intake", "90000009", "SBXLP1", "readme.txt"]
    assert hand.listed("in", "90000009") == [NAME]


def test_a_file_is_whole_when_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    now, watch = [1_000.0], [50.0]
    arrivals = Arrivals(10, clock=lambda: now[0], watch=lambda: watch[0])

    def whole() -> list[str]:
        return [each.path.name for each in arrivals.whole(tmp_path)]

    (path := tmp_path / "a.csv").write_text("a", encoding="utf-8")
    os.utime(path, (995, 995))
    assert (whole(), arrivals.unsettled()) == ([], frozenset({path}))
    now[0] = 1_005.0
    assert (whole(), arrivals.unsettled()) == (["a.csv"], frozenset())
    os.utime(path, (2_000, 2_000))  # by a clock that is ahead of ours
    assert whole() == []
    watch[0] += 9
    path.write_text("ab", encoding="utf-8")
    os.utime(path, (2_000, 2_000))
    assert whole() == []
    watch[0] += 10
    assert whole() == ["a.csv"]
    os.utime(path, (3_000, 3_000))
    assert whole() == []
    path.unlink()
    assert (whole(), arrivals.unsettled()) == ([], frozenset())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a b.csv", "a b.csv"),
        ('a\n"<b>.csv', "a___b_.csv"),
        ("..", "_"),
        ("n" * 300, "n" * 150),
        ("n" * 300 + ".csv", "n" * 146 + ".csv"),
        ("\u0141" * 120 + ".csv", "\u0141" * 73 + ".csv"),  # of two bytes each, as file systems count
        ("a." + "n" * 240, "a." + "n" * 148),
        ("\udcff.csv", "_.csv"),
    ],
)
def test_a_name_is_made_one_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("name", "shown"),
    [(NAME, NAME), ("VER_90000003_20240624_001.xlsx", "VER_90000003_20240624_001.xlsx"), ("Jane Doe.csv", None)],
)
def test_a_log_tells_no_name_that_may_be_a_person_s(name: str, shown: str | None) -> None:
    assert shown_name(name) == shown


def test_a_file_that_two_want_is_one_s(hand: Handing) -> None:
    path = hand.put(TEXT)
    assert hand.folders.take(path, PROVIDER) is not None
    assert hand.folders.take(path, PROVIDER) is None
    assert len(list((hand.root / ".intake").iterdir())) == 1


def test_a_file_is_put_back_beside_one_that_came_meanwhile(hand: Handing) -> None:
    lies = taken(hand)
    hand.put("other")
    hand.folders.give_back(lies)
    assert sorted(hand.listed("in")) == sorted([NAME, f"LRB_90000003_240620240930.{lies.token[:8]}.CSV"])


def test_what_is_left_over_is_taken_away(hand: Handing) -> None:
    old = hand.root / ".intake" / f"{PROVIDER}~{'0' * 32}"
    for each in (old, old.with_name(f"{PROVIDER}~{'1' * 32}")):
        each.mkdir()
    os.utime(old, (1, 1))
    hand.folders.tidy(60)
    assert [each.name[-1] for each in (hand.root / ".intake").iterdir()] == ["1"]


def test_what_another_process_has_filed_away_is_no_trouble(hand: Handing) -> None:
    one, other = taken(hand), taken(hand, registration([newcomer(7)]))
    found = hand.folders.all_taken()
    first = next(found)
    hand.folders.file_away(one if first.token == other.token else other, FAILED, "other.csv")
    assert list(found) == []
    hand.folders.file_away(first, FAILED, "first.csv")
    assert hand.folders.age(first) == 0


def test_a_file_that_came_further_meanwhile_waits_as_it_must(hand: Handing) -> None:
    """As when it was looked at while another process was about to make its jobs."""
    seen_before = written_down(hand, taken(hand)).file
    hand.look()
    assert [each.state for each in hand.unfinished()] == ["waiting"]
    terms = Terms(achievements_per_job=9, intake_achievements="Final", actions=frozenset({1}))
    other = Intake(hand.database, hand.folders, terms, timedelta(minutes=1))
    assert other.go_on(seen_before) is None
    hand.work()
    assert other.go_on(seen_before) is not None
    assert registered(hand) == ["RC001", "RC001"]


def test_a_copy_that_came_late_is_taken_away(hand: Handing) -> None:
    lies = taken(hand)
    written_down(hand, lies)
    hand.through()
    for each in (lies, hand.folders.taken(PROVIDER, "0" * 32, "gone.csv")):
        each.path.parent.mkdir()
        each.path.write_text(TEXT, encoding="utf-8")
    hand.look()
    assert [each.name for each in (hand.root / ".intake").iterdir()] == [f"{PROVIDER}~{'0' * 32}"]
    assert NAME in hand.listed("done")


def test_nothing_that_may_be_a_person_s_name_is_printed(hand: Handing) -> None:
    held = written_down(hand, lies := taken(hand))
    assert "LRB" not in repr(held) + repr(lies) + repr(Arrival(lies.path, version_of(lies.path)))


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotUsable, match="is no folder: make it"):
        Folders(tmp_path / "none").prepare()
    (tmp_path / ".intake").touch()
    with pytest.raises(NotUsable, match=r"\.intake cannot be made|is no folder, or a link"):
        Folders(tmp_path).prepare()
    (tmp_path / PROVIDER).mkdir()
    (tmp_path / PROVIDER / IN).touch()
    with pytest.raises(NotUsable, match="is no folder, or a link to one"):
        Folders(tmp_path).of(PROVIDER, IN)


def test_trouble_with_one_file_keeps_no_other(hand: Handing, sqlite_database_url: str) -> None:
    """A folder stands where the rows of one file are to be kept."""
    lies = taken(hand)
    written_down(hand, lies)
    lies.spool.mkdir()
    hand.put(registration([newcomer(7)]), "other.csv")
    hand.through()
    assert "other.csv" in hand.listed("done")
    assert [each.name for each in hand.unfinished()] == [NAME]
    with Database.open(sqlite_database_url) as database:
        assert [each.state for each in database.reading().intake.unfinished()] == ["taken"]
