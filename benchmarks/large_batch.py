"""The largest batch of achievements that is taken: how long, and how much memory a process needs for it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import job_messages
from benchmarks.job_registers import people
from benchmarks.job_service import Kind, service

ROWS = 100_000
_FIRST_UNIT = 100  # behind those that smaller batches award
_PIECE = 1 << 16


def measure(kind: Kind, registers: Mapping[str, str], size: int, folder: Path) -> None:
    """Send it to services that have just been started, and tell the most memory that they hold for it."""
    file = folder / "large-batch.xml"
    with file.open("wb") as message:
        message.writelines(job_messages.achievements(people(size, ROWS, seed=ROWS), ROWS, _FIRST_UNIT))
    length = file.stat().st_size
    for database, url in registers.items():
        with service(url) as served:
            served.warm_up(kind)
            before = served.peaks()
            took = served.carry_out(kind, ROWS, _pieces(file), length)
            print(
                f"{ROWS:,} achievements in {length / 1e6:.0f} MB, {database}: accepted after"
                f" {took.accepted:.1f} s, finished after {took.ready:.1f} s,"
                f" {took.processor * 1e6:.0f} µs of processor a row,"
                f" at most {_most(served.peaks())} of memory (before it {_most(before)})",
                flush=True,
            )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as message:
        while piece := message.read(_PIECE):
            yield piece


def _most(peaks: list[float]) -> str:
    """Put the processes into words, first the one that answers, then the one that works jobs off."""
    return " and ".join(f"{each:.0f} MB" for each in peaks) or "an unknown amount"
