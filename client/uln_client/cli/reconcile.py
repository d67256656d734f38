"""``uln reconcile``: hold a list of awards to the register, and say what would put it right."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from uln_client.cli.calling import calling
from uln_client.cli.exits import Exit
from uln_client.cli.file_options import Delimiter, Encoding, Output, Sheet
from uln_client.cli.file_runs import refuse_unusable
from uln_client.cli.output import document, say
from uln_client.cli.reconcile_words import lines, summary_document
from uln_client.cli.run_bar import run_bar
from uln_client.errors import InvalidValue, UsageError
from uln_contract.batch_files.findings import UnusableFile

if TYPE_CHECKING:
    from uln_client.cli.options import Choices
    from uln_client.reconciling.reconcile import How
    from uln_client.reconciling.summary import Summary

_PANEL = "Extra awards"
_STDIN = "-"
_UKPRN_DIGITS = 8


def reconcile(  # noqa: PLR0913, PLR0917  # typer reads the options off the signature
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(help="Your own list: a CSV, XML or .xlsx file of achievements, - for a pipe.")
    ],
    provisional: Annotated[  # noqa: FBT002  # typer reads the default off the signature
        bool, typer.Option("--provisional", help="The list is one of provisional awards.")
    ] = False,
    from_date: Annotated[
        str | None,
        typer.Option("--from", help="First award date.", metavar="YYYY-MM-DD", rich_help_panel=_PANEL),
    ] = None,
    to_date: Annotated[
        str | None,
        typer.Option("--to", help="Last award date, included.", metavar="YYYY-MM-DD", rich_help_panel=_PANEL),
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="UKPRN of the provider.", metavar="UKPRN", rich_help_panel=_PANEL)
    ] = None,
    withdraw_extra: Annotated[  # noqa: FBT002  # as above
        bool,
        typer.Option(
            "--withdraw-extra", help="Let the file of corrections withdraw them.", rich_help_panel=_PANEL
        ),
    ] = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    output: Output = None,
) -> None:
    """Compare your own list of awards with what the register holds of them; change nothing.

    Writes a report of what is missing, different, withdrawn or extra, and the achievement file that would put the register right: send it with uln submit.

    Without --from, --to and --provider every award that the list does not have is extra. Ends with 0 when nothing differs, 3 when something does, 1 when the register holds none of the list.
    """  # noqa: E501  # a paragraph of help is a line
    from uln_client.files.examining import readable_file  # noqa: PLC0415  # slow; --help has no need
    from uln_client.reconciling.reconcile import How  # noqa: PLC0415  # as above
    from uln_client.reconciling.reconcile import reconcile as compare  # noqa: PLC0415  # as above

    first, last = _day("--from", from_date), _day("--to", to_date)
    if first and last and last < first:
        raise InvalidValue("--to", to_date, "is before --from.", "Exchange the two dates.")
    if file != _STDIN and not Path(file).is_file():
        raise UsageError(
            f"There is no file {file}.", "Give the path of a CSV, XML or .xlsx file, or - for a pipe."
        )
    folder = Path(output) if output else Path.cwd() if file == _STDIN else None
    how = How(
        provisional=provisional,
        from_date=first,
        to_date=last,
        provider=_ukprn(provider),
        withdraw_extra=withdraw_extra,
        output=folder,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        name="" if file == _STDIN else None,
    )
    with calling(context.obj) as organisation, readable_file(file) as path:
        try:
            with run_bar() as watch:
                summary = compare(organisation, path, how, watch)
        except UnusableFile as error:
            refuse_unusable(context, file, error)
    _answer(context.obj, file, summary, how)


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        rule = f"is {text!r}, and must be a day of the calendar, YYYY-MM-DD."
        raise InvalidValue(option, text, rule, "Write it like 2024-06-28.") from None


def _ukprn(text: str | None) -> str | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) == _UKPRN_DIGITS):
        rule = f"is {text!r}, and must be eight digits."
        raise InvalidValue("--provider", text, rule, "Write a provider's UKPRN, like 90000002.")
    return text or None


def _answer(choices: "Choices", file: str, summary: "Summary", how: "How") -> NoReturn:
    if choices.json:
        document(summary_document(file, summary))
    else:
        say(lines(file, summary, how))
    raise typer.Exit(_exit(summary))


def _exit(summary: "Summary") -> Exit:
    if not summary.good:
        return Exit.USAGE
    if summary.none_held:
        return Exit.NO_MATCH
    return Exit.UNSURE if summary.differs else Exit.DONE
