"""A whole file sent by a command, and what became of it said."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.file_words import lines, summary_document, unusable_document, unusable_lines
from uln_client.cli.output import document, note, say
from uln_client.cli.run_bar import run_bar
from uln_client.errors import UsageError
from uln_contract.batch_files.findings import UnusableFile

if TYPE_CHECKING:
    from uln_client.files.runs import How
    from uln_client.files.summary import Summary
    from uln_contract.layouts import FileKind

_STDIN = "-"


def refuse_together(file: str, given: Mapping[str, object]) -> None:
    """Refuse options that are about one learner beside a file; ``given`` is by the option's name."""
    named = [name for name, value in given.items() if value]
    if named:
        raise UsageError(
            f"{', '.join(named)} cannot be given with the file {file}.", "Leave them out, or leave the file out."
        )


def refuse_alone(target: str, given: Mapping[str, object]) -> None:
    """Refuse options that are for a file where ``target`` is none; ``given`` is by the option's name."""
    named = [name for name, value in given.items() if value]
    if named:
        raise UsageError(
            f"{', '.join(named)} is for a whole file, and {target} is none.", "Leave it out, or name a file."
        )


def send_file(context: typer.Context, name: str, kind: "FileKind", how: "How") -> NoReturn:
    """Send a file and say what became of it; ``-`` reads a pipe."""
    from uln_client.files.runs import run  # noqa: PLC0415  # slow; --help has no need

    how = replace(how, piped=name == _STDIN)
    with calling(context.obj) as organisation, _file(name, how) as path:
        try:
            with run_bar() as watch:
                summary = run(organisation.desk, path, kind, how, watch)
        except UnusableFile as error:
            refuse_unusable(context, name, error)
        except KeyboardInterrupt:
            note("Interrupted. Run the same command again: it goes on where it stopped, and sends nothing twice.")
            raise
    _answer(context, summary, how)


@contextmanager
def _file(name: str, how: "How") -> Iterator[Path]:
    """Give the file's path; what comes through a pipe is kept meanwhile, under a name that its content decides."""
    if name != _STDIN:
        path = Path(name)
        if not path.is_file():
            raise UsageError(
                f"There is no file {name}.", "Give the path of a CSV, XML or .xlsx file, or - for a pipe."
            )
        yield path
        return
    folder = how.output or Path.cwd()
    kept = _kept(folder)
    try:
        yield kept
    finally:
        kept.unlink(missing_ok=True)


def _kept(folder: Path) -> Path:
    from uln_client.files.contents import content_of  # noqa: PLC0415  # slow; --help has no need

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".stdin-", delete=False) as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        written = Path(file.name)
        return written.replace(folder / f"stdin-{content_of(written)[:12]}.{_extension(written)}")
    except OSError as error:
        raise UsageError(
            f"What comes through the pipe cannot be kept in {folder} ({error.strerror}).",
            "Name another folder with --output.",
        ) from None


def _extension(path: Path) -> str:
    from uln_contract.batch_files.opening import form_of  # noqa: PLC0415  # slow; --help has no need

    try:
        with path.open("rb") as file:
            return form_of(file).value
    except UnusableFile:
        return "csv"


def refuse_unusable(context: typer.Context, name: str, error: UnusableFile) -> NoReturn:
    """Say why a file cannot be used, and end."""
    if context.obj.json:
        document(unusable_document(name, error))
    for line in unusable_lines(name, error):
        note(line)
    raise typer.Exit(Exit.USAGE)


def _answer(context: typer.Context, summary: "Summary", how: "How") -> NoReturn:
    if context.obj.json:
        document(summary_document(summary, waited=how.wait))
    else:
        say(lines(summary, waited=how.wait))
    raise typer.Exit(_exit(summary, how))


def _exit(summary: "Summary", how: "How") -> Exit:
    from uln_client.files.outcomes import Standing  # noqa: PLC0415  # slow; --help has no need
    from uln_contract.layouts import FileKind  # noqa: PLC0415  # as above

    if not summary.good:
        return Exit.USAGE
    if not how.wait and not summary.again:
        return Exit.DONE if summary.good == summary.rows else Exit.UNSURE
    if summary.count(Standing.OPEN):
        return Exit.UNREACHABLE
    done = summary.count(Standing.DONE)
    if done == summary.rows:
        return Exit.DONE
    if done or summary.count(Standing.UNSURE):
        return Exit.UNSURE
    return Exit.NO_MATCH if summary.kind is FileKind.VERIFICATION else Exit.REFUSED
