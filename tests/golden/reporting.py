"""What a data manager is told about each broken file, and where it is kept: ``python -m tests.golden.reporting``.

Run so, it writes all reports anew. Read what has changed: a report is expected because somebody found it right.
"""

import re
import tempfile
from datetime import date
from pathlib import Path

from tests.golden import heading_files, text_files, value_files, workbook_files, xml_files
from tests.golden.broken import ALL, Broken

from uln_client.cli.check_words import words
from uln_client.files.examining import examine
from uln_client.files.report import Report
from uln_contract.batch_files.checking import Options

REPORTS = Path(__file__).parent / "reports"
TODAY = date(2024, 7, 1)
MODULES = (text_files, heading_files, value_files, xml_files, workbook_files)
"""Where the broken files are made; each adds its own to ``ALL``."""


def kept(broken: Broken) -> Path:
    """Where a file's report is kept."""
    return REPORTS / f"{re.sub('[^a-z0-9]+', '-', broken.title.lower()).strip('-')}.txt"


def reported(broken: Broken, folder: Path) -> Report:
    """Check the file as the command does."""
    path = folder / broken.name
    path.write_bytes(broken.content())
    asked = dict(broken.options)
    kind = asked.pop("kind", None)
    report = Report(broken.name)
    examine(path, report, kind=kind, options=Options(today=TODAY, **asked), told=lambda _: None)
    return report


def text(report: Report) -> str:
    """Give a report as it is kept: the command's own words."""
    return "".join(f"{line}\n" for line in words(report))


def main() -> None:
    """Write every report anew."""
    REPORTS.mkdir(exist_ok=True)
    for old in REPORTS.glob("*.txt"):
        old.unlink()
    for broken in ALL.values():
        with tempfile.TemporaryDirectory() as folder:
            kept(broken).write_text(text(reported(broken, Path(folder))), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
