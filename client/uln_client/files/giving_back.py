"""A file given back: its output in the published layout, and itself with what became of each row (domain §8).

===================================  ==================================================================
``NAME.output.csv`` or ``.xml``      the layout that importers read
``NAME.outcomes.csv``                the same file, with columns added: outcome, code, reason, remedy, ULN
``to-correct/NAME.csv``              the rows alone that somebody must correct, ready to be sent again
``merges-applied/NAME.csv``          the same file with master ULNs in place of merged ones, if asked for
===================================  ==================================================================

The form is the file's own, but what importers read is never a workbook. What is sent again keeps the file's name,
since the layout rules it, and so has a folder [O].
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from uln_client.errors import UsageError
from uln_client.files.errands import Errand
from uln_client.files.journal import Journal, Part, Result
from uln_client.files.outcomes import NOT_ANSWERED, UNSENT, Outcome, not_done, refused, remarks
from uln_client.files.summary import Summary
from uln_client.files.targets import TO_CORRECT, Given, Place, Target, merged, outcomes, published, to_correct
from uln_client.files.writings import Writings
from uln_contract.batch_files.checking import CheckedFile, CheckedRow


def give_back(  # noqa: PLR0913, PLR0917  # what is given back is made of it
    checked: CheckedFile,
    rows: Iterator[CheckedRow],
    errand: Errand,
    journal: Journal,
    folder: Path,
    writings: Writings,
    summary: Summary,
    *,
    apply_merges: bool,
) -> None:
    """Write all that is given back, each file whole or not at all, and count the outcomes.

    ``rows`` are the checked file's. Raises :class:`~uln_client.errors.UsageError` for what cannot be written.
    """
    wrong, answered = _counts(errand, journal)
    unsent = summary.rows - summary.good
    try:
        with ExitStack() as stack:
            place = Place(checked, summary.path, folder, writings, stack)
            targets: list[Target] = [outcomes(place), published(place, answered + unsent)]
            if wrong + unsent:
                targets.append(to_correct(place, wrong + unsent))
            else:
                writings.drop(folder / TO_CORRECT / summary.path.name)
            if apply_merges:
                targets.append(merged(place, summary))
            for given in _given(rows, errand, journal):
                summary.add(given.outcome)
                for each in targets:
                    each.take(given)
    except OSError as error:
        raise UsageError(
            f"{error.filename or folder} cannot be written ({error.strerror}).",
            "Close it if it is open in another program, or name another folder with --output. Then run the same "
            "command again: nothing is sent twice.",
        ) from None
    summary.files, summary.protected = place.written(), place.protected


def _counts(errand: Errand, journal: Journal) -> tuple[int, int]:
    """Count the rows of which the service has said something wrong, and those of which it has said anything."""
    wrong = answered = 0
    for _, _, result in journal.results():
        if result is not None:
            answered += 1
            wrong += errand.outcome(result).to_correct
    return wrong, answered


def _given(rows: Iterator[CheckedRow], errand: Errand, journal: Journal) -> Iterator[Given]:
    """Give each row of the file with what became of it: what was sent is what the journal says."""
    announced = journal.results()
    number, part, result = next(announced, _NOTHING)
    for row in rows:
        if row.number == number:
            yield Given(row, _outcome(row, errand, part, result), result)
            number, part, result = next(announced, _NOTHING)
        else:
            yield Given(row, UNSENT if row.good else refused(row.findings), None)


_NOTHING: tuple[int, Part | None, Result | None] = (-1, None, None)


def _outcome(row: CheckedRow, errand: Errand, part: Part | None, result: Result | None) -> Outcome:
    if result is None:
        return not_done(part.job, part.ended, part.reason) if part is not None and part.ended else NOT_ANSWERED
    outcome = errand.outcome(result)
    if not row.findings:
        return outcome
    return replace(outcome, reason=" ".join(filter(None, (outcome.reason, remarks(row.findings)))))
