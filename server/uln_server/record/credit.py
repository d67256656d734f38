"""Which of a learner's awards count, each unit and qualification once (domain §1, §9) [O]."""

from collections.abc import Sequence

from uln_server.record.action import Form
from uln_server.record.recorded import Recorded


def counting(recorded: Sequence[Recorded]) -> dict[str, Recorded]:
    """Give, by reference, the one award that counts for each unit or qualification.

    ``recorded`` are all that one learner has, under every ULN that is merged into the learner's. Withdrawn ones do
    not count; a final one counts before a provisional one, then the earlier award date, then organisation and ULN.
    """
    standing = [each for each in recorded if not each.withdrawn]
    counted = {each.reference: each for each in standing}
    if len(counted) < len(standing):
        standing.sort(key=_precedence, reverse=True)
        counted = {each.reference: each for each in standing}
    return counted


def credits_of(recorded: Sequence[Recorded]) -> list[int | None]:
    """Give the credit that each of a learner's awards adds; together they are what the learner has accumulated.

    Of final awards each unit or qualification counts once. 0 for whatever adds nothing but has a value in the
    catalogue: provisional, withdrawn, or the same unit counted elsewhere; ``None`` where the catalogue has none.
    """
    counted, final = counting(recorded), Form.FINAL
    return [
        0 if credit and (each.form != final or counted.get(each.reference) is not each) else credit
        for each in recorded
        for credit in (each.credit,)
    ]


def _precedence(each: Recorded) -> tuple[bool, str, str, str]:
    return each.form != Form.FINAL, each.award_date, each.organisation, each.uln
