"""The journal: what was written down is there whenever the process ends, and what was not whole never was."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from uln_client.errors import UsageError
from uln_client.files.journal import Journal, Part

RUN = {"kind": "registration", "rows": 5, "good": 4}


def part(number: int, *rows: tuple[int, int]) -> Part:
    count = sum(last - first + 1 for first, last in rows)
    return Part(number, list(rows), count, f"urn:uuid:{number}", f"content {number}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journals" / "list.csv.jsonl"


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    with Journal.opened(path) as journal:
        yield journal


def filled(path: Path) -> None:
    with opened(path) as journal:
        journal.begin(RUN)
        first, second = part(1, (2, 3), (5, 5)), part(2, (6, 6))
        journal.announce(first)
        journal.announce(second)
        journal.accepted(second, 100002)
        journal.ended(second, [["RC003", "Łucja"]])
        journal.accepted(first, 100001)
        journal.ended(first, [["RC001", None], ["RC002", "x"]], "Cancelled", "by hand")


def told(journal: Journal) -> list[tuple[int, int | None, Any]]:
    return [(number, part.job, result) for number, part, result in journal.results()]


def test_everything_is_there_again(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        assert journal.run is not None
        assert journal.run.items() >= RUN.items()
        assert [(each.done, each.ended, each.reason, each.complete) for each in journal.parts.values()] == [
            (2, "Cancelled", "by hand", False),
            (1, "", "", True),
        ]
        assert told(journal) == [
            (2, 100001, ["RC001", None]),
            (3, 100001, ["RC002", "x"]),
            (5, 100001, None),
            (6, 100002, ["RC003", "Łucja"]),
        ]


def test_a_later_answer_stands_for_an_earlier_one(path: Path) -> None:
    filled(path)
    with opened(path) as journal:
        journal.ended(journal.parts[1], [["RC001", None], ["RC002", "x"], ["RC004", None]])
    with opened(path) as journal:
        assert journal.parts[1].complete
        assert [result for _, _, result in journal.results()][2] == ["RC004", None]


def test_wherever_the_last_line_was_cut_it_never_was(path: Path) -> None:
    filled(path)
    content = path.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    for cut in {last + 1, (last + len(content)) // 2, len(content) - 1}:
        path.write_bytes(content[:cut])
        with opened(path) as journal:
            assert (journal.parts[1].job, journal.parts[1].done) == (100001, None)
            journal.ended(journal.parts[1], [["RC009", None]] * 3)
        with opened(path) as journal:
            assert journal.parts[1].complete


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"run":{"format":2}}', '{"part":7,"job":1}', '{"part":1}'])
def test_what_is_no_journal_is_refused_and_kept(path: Path, line: str) -> None:
    filled(path)
    content = path.read_bytes() + line.encode() + b"\n"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="--restart"), opened(path):
        pass
    assert path.read_bytes() == content


@pytest.mark.parametrize("more", [b"", b"what no release can read\n"])
def test_a_new_beginning_knows_nothing(path: Path, more: bytes) -> None:
    filled(path)
    path.write_bytes(path.read_bytes() + more)
    with Journal.opened(path, anew=True) as journal:
        assert (journal.run, journal.parts, told(journal)) == (None, {}, [])
        journal.begin(RUN)
    with opened(path) as journal:
        assert journal.parts == {}
        assert journal.run is not None


def test_an_earlier_run_is_forgotten_only_when_another_begins(path: Path) -> None:
    """As when the file that is to be sent anew turns out to be unusable."""
    filled(path)
    content = path.read_bytes()
    with Journal.opened(path, anew=True):
        pass
    assert path.read_bytes() == content
    with Journal.opened(path, anew=True) as journal:
        journal.begin(RUN)
        journal.announce(part(1, (2, 2)))
    assert len(path.read_bytes().splitlines()) == 2


def test_two_at_once_are_refused(path: Path) -> None:
    with opened(path), pytest.raises(UsageError, match="Another run"), opened(path):
        pass
    with opened(path) as journal:
        assert journal.run is None


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("a file")
    with pytest.raises(UsageError, match="cannot be kept"), opened(tmp_path / "journals" / "list.csv.jsonl"):
        pass
