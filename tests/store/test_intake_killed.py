"""Whoever takes files in is killed at points that seeds choose: no file is lost, and none is done twice."""

import random
import time
from collections import Counter
from pathlib import Path

from tests.store.intake_killed import LEASE_SECONDS, kill_at_work, running
from tests.unit.intake.handing_in import (
    PROVIDER,
    Handing,
    newcomer,
    organisations,
    read,
    registration,
    verification,
)

from uln_server.store.database import Database

SEEDS = range(1, 7)
LEARNERS = 450
FILES = {
    "LRB_90000003_240620240930.CSV": registration([newcomer(number) for number in range(1, LEARNERS + 1)]),
    "VER.csv": verification(
        [{"ULN": "1026893096", "GivenName": "Darcie", "FamilyName": "Tucker", "MISIdentifier": "1"}] * 3
    ),
    "bad.csv": "nothing",
}


def test_no_file_is_lost_and_none_done_twice(database: Database, tmp_path: Path) -> None:
    with database.writing() as writing:
        writing.register.create("production")
    organisations(database)
    hand = Handing(database, tmp_path, lease=LEASE_SECONDS)
    for name, text in FILES.items():
        hand.put(text, name)
    url = database.url.render_as_string(hide_password=False)
    in_the_middle = 0
    for seed in SEEDS:
        print(f"seed {seed}")  # noqa: T201  # shown with a failure, and by -s
        rng = random.Random(seed)
        kill_at_work(url, tmp_path, rng, lambda: seen(hand))
        in_the_middle += bool(hand.unfinished())
        if rng.random() < 0.7:  # now and then nobody works jobs off meanwhile
            hand.work()
    deadline = time.monotonic() + 30
    last = running(database, tmp_path)
    while (hand.unfinished() or hand.listed("in") or any((tmp_path / ".intake").iterdir())) and (
        time.monotonic() < deadline
    ):
        time.sleep(LEASE_SECONDS)
        hand.folders.tidy(0)
        last.look()
        hand.work()
    assert_once(hand)
    assert in_the_middle > 1


def seen(hand: Handing) -> object:
    """What tells one moment of the work from another."""
    states = [(each.state, each.parts) for each in hand.unfinished()]
    own = sorted(each.name for each in (hand.root / ".intake").iterdir())
    filed = [hand.listed(each) for each in ("in", "done", "failed") if (hand.root / PROVIDER / each).exists()]
    return states, own, filed


def assert_once(hand: Handing) -> None:
    """Each file is given back once, each record was one job's row, each job one audited submission and output."""
    assert (hand.listed("in"), hand.unfinished()) == ([], ())
    assert hand.listed("failed") == ["bad.csv", "bad.csv.report.csv", "bad.csv.summary.txt"]
    files = [each for each in hand.listed("done") if each in FILES]
    assert files == [each for each in sorted(FILES) if each != "bad.csv"]
    assert not [each for each in hand.listed("done") if each.startswith(".")]
    output = read(hand.path("done", "LRB_90000003_240620240930.output.CSV"))
    assert Counter(each["ReturnCode"] for each in output) == {"RC001": LEARNERS}
    assert len({each["ULN"] for each in output}) == LEARNERS
    assert [each["ResponseCode"] for each in read(hand.path("done", "VER.output.csv"))] == ["WSVRC006"] * 3
    jobs = hand.database.reading().jobs.latest(20)
    assert sorted(each.rows for each in jobs) == [3, 50, 200, 200]
    audited = Counter(hand.audited())
    assert audited["submitBatchRegistration", "WSRC0007"] == audited["getBatchRegistrationOutput", "WSRC0009"] == 3
    assert audited["submitVerifyBatch", "WSRC0025"] == audited["getVerifyBatchOutput", "WSRC0027"] == 1
    assert sum(audited.values()) == 9
