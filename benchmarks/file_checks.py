"""100,000 rows checked offline, in a process of their own: how long `uln check` takes, and how much memory."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.file_truths import TRUTHS
from tests.golden.tables import NAMES, Table, ulns

ROWS = 100_000
_ROUNDS = 3
_COLUMNS = {"verify": ("ULN", "MISIdentifier"), "achievement": ("Uln", "MisIdentifier")}
# What the command does, and how many KiB its process had at most. Linux alone says so of this process and not of
# the one that it was forked from.
_PROGRAM = """
import sys
from pathlib import Path
from time import process_time
from uln_client.cli import main
try:
    main(["check", sys.argv[1]])
except SystemExit as ended:
    assert not ended.code, ended.code
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
print(process_time(), *[line.split()[1] for line in lines if line.startswith("VmHWM")] or ["0"])
"""


def measure(folder: Path) -> None:
    """Print both figures for both kinds of files."""
    print(f"uln check, {ROWS:,} rows of CSV, offline, a process each, best of {_ROUNDS} (aims: 5 s, 100 MB):")
    for layout in _COLUMNS:
        path = folder / f"{NAMES[layout]}.csv"
        path.write_bytes(_many(layout).csv())
        took = [_checked(path) for _ in range(_ROUNDS)]
        seconds, processor = (min(each[at] for each in took) for at in (0, 1))
        size, memory = path.stat().st_size / 1e6, max(each[2] for each in took)
        print(
            f"  {layout:12} {size:6.1f} MB of CSV {seconds:6.2f} s, {processor:5.2f} s of a core "
            f"{memory:6.0f} MB of memory at most"
        )
        path.unlink()


def _many(layout: str) -> Table:
    """Repeat a good file's rows, each as another learner."""
    base = TRUTHS[layout][0]
    uln_place, number_place = map(base.headings.index, _COLUMNS[layout])
    rows = [list(row) for row in islice(cycle(base.rows), ROWS)]
    for number, (row, uln) in enumerate(zip(rows, ulns(ROWS), strict=True), 1):
        row[uln_place], row[number_place] = uln, f"{number:06}"
    return replace(base, rows=tuple(map(tuple, rows)))


def _checked(path: Path) -> tuple[float, float, float]:
    """Check a file; give seconds, seconds of a processor, and megabytes."""
    started = perf_counter()
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, str(path)], check=True, capture_output=True, text=True)
    seconds = perf_counter() - started
    said = ended.stdout.splitlines()
    assert f"all {ROWS:,} rows can be sent" in said[0], said[:3]
    assert len(said) == 2, said[:3]
    processor, kilobytes = said[-1].split()
    return seconds, float(processor), int(kilobytes) / 1024


def main() -> None:
    """Measure by itself."""
    with tempfile.TemporaryDirectory(prefix="uln-checks-") as folder:
        measure(Path(folder))


if __name__ == "__main__":
    main()
