"""The lines of the report: of each difference the place in the list, what either side has, and what to do."""

from collections.abc import Iterator
from typing import NamedTuple

from uln_client.own_awards import OwnAward
from uln_client.reconciling.comparing import AWARD_DATE, FORM, Difference, Kind, Listed, Remark, Verdict

HEADINGS = ("Kind", "Row", "ULN", "Reference", "Field", "InTheList", "InTheRegister", "WhatToDo")
_REFERENCE = "UnitOrQualificationReferenceNumber"
_WITHDRAWN = "Withdrawn"
_WORDS = {True: "true", False: "false"}


class Line(NamedTuple):
    """A line of the report; its fields are :data:`HEADINGS`, in this order."""

    kind: str
    row: str
    uln: str
    reference: str
    field: str = ""
    listed: str = ""
    held: str = ""
    what_to_do: str = ""


def of_award(verdict: Verdict, listed: Listed, award: OwnAward) -> Iterator[Line]:
    """Tell of an award that both sides have."""
    line = _of(verdict.kind, listed)
    if verdict.kind is Kind.NOT_COMPARED:
        yield line._replace(what_to_do=_UNREADABLE)
    elif verdict.kind in _MARKED:
        sides = Difference(_WITHDRAWN, _WORDS[listed.withdrawn], _WORDS[award.withdrawn])
        yield _differing(line, sides, _MARKED[verdict.kind])
    newer = listed.good and listed.action_date < award.details_action_date
    for each in verdict.differences:
        yield _differing(line, each, _PROMOTE if each.field == FORM else _UPDATE + (_NEWER if newer else ""))


def of_missing(verdict: Verdict, listed: Listed) -> Line:
    """Tell of an award that the list alone has."""
    remedy = _UNREADABLE if verdict.kind is Kind.NOT_COMPARED else _CREATE
    return _of(verdict.kind, listed)._replace(what_to_do=remedy)


def of_extra(award: OwnAward, remedy: str) -> Line:
    """Tell of an award that the register alone has."""
    line = Line(Kind.EXTRA, "", award.uln, award.reference)
    return _differing(line, Difference(AWARD_DATE, "", award.award_date.isoformat()), remedy)


def of_repeat(row: Listed, counts: Listed) -> Line:
    """Tell of a row that does not count."""
    if not counts.good:
        return _of(Remark.REPEATED, row)._replace(what_to_do=f"Row {counts.number} cannot be read: correct it.")
    remedy = (
        f"Row {counts.number} counts: of several it is the last by ActionDate. Nothing to do if that is meant."
    )
    return _of(Remark.REPEATED, row)._replace(what_to_do=remedy)


def of_same_learner(row: Listed) -> Line:
    """Tell of a row whose learner has the award under an old ULN, which another row is about."""
    remedy = (
        "Another row has this award under an old ULN of the same learner, and that row counts. An achievement "
        "counts once: take one of the two rows out."
    )
    return _of(Remark.REPEATED, row)._replace(what_to_do=remedy)


def of_merged(listed: Listed, award: OwnAward) -> Line:
    """Tell of an award that is held under another ULN of the learner than the list has."""
    current = award.current_uln or award.uln
    remedy = "Nothing to correct in the register."
    if listed.uln != current:
        remedy = f"Use {current} in your list from now on: {listed.uln} was merged into it."
    return _of(Remark.MERGED, listed)._replace(field="Uln", listed=listed.uln, held=award.uln, what_to_do=remedy)


def of_final(listed: Listed) -> Line:
    """Tell of an award that is listed as provisional, and final in the register."""
    return _of(Remark.FINAL_ALREADY, listed)._replace(
        field=FORM, listed="Provisional", held="Final", what_to_do="Nothing to do: what is final stays so."
    )


def _of(kind: str, listed: Listed) -> Line:
    return Line(kind, str(listed.number), listed.uln, listed.values.get(_REFERENCE, listed.key))


def _differing(line: Line, difference: Difference, remedy: str) -> Line:
    name, ours, theirs = difference
    return line._replace(field=name, listed=ours, held=theirs, what_to_do=remedy)


_CREATE = "Submit it: the file of corrections creates it."
_UPDATE = "The file of corrections updates it."
_NEWER = " The register has it from a later ActionDate than the list: if the register is right, correct your list."
_PROMOTE = "The file of corrections promotes it to final."
_MARKED = {
    Kind.WITHDRAWN: "The file of corrections reinstates it. If it is rightly withdrawn, list it so: Action 3.",
    Kind.NOT_WITHDRAWN: "The file of corrections withdraws it.",
}
_UNREADABLE = "Correct the row, and compare again: uln check says what is wrong with it."
EXTRA_LEFT = (
    "Add it to your list if you awarded it. If not, --withdraw-extra makes the file of corrections withdraw it."
)
EXTRA_WITHDRAWN = "The file of corrections withdraws it. Add it to your list instead if you awarded it."
EXTRA_NAMELESS = (
    "The service tells no names, and no row of the list has this learner: withdraw it by uln submit with the "
    "learner's names, or add it to your list if you awarded it."
)
EXTRA_UNSURE = (
    "Not withdrawn: it may be one of the rows that cannot be read. Correct those rows, and compare again."
)
