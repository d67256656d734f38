"""Which of a learner's awards count, each unit and qualification once (domain §1, §9) [O]."""

from uln_server.record.action import Form
from uln_server.record.recorded import Recorded

_FINAL = Form.FINAL.value


def counting(recorded: Recorded) -> dict[str, int]:
    """Give, by reference, the place of the one award that counts for each unit or qualification.

    ``recorded`` are all that one learner has, under every ULN that is merged into the learner's. Withdrawn ones do
    not count; a final one counts before a provisional one, then the earlier award date, then organisation and ULN.
    """
    counted: dict[str, int] = {}
    for place, (reference, withdrawn) in enumerate(zip(recorded.reference, recorded.withdrawn, strict=True)):
        if not withdrawn:
            other = counted.setdefault(reference, place)
            if other != place and _precedence(recorded, place) < _precedence(recorded, other):
                counted[reference] = place
    return counted


def credits_of(recorded: Recorded) -> list[int | None]:
    """Give the credit that each of a learner's awards adds; together they are what the learner has accumulated.

    Of final awards each unit or qualification counts once. 0 for whatever adds nothing but has a value in the
    catalogue: provisional, withdrawn, or the same unit counted elsewhere; ``None`` where the catalogue has none.
    """
    counted = set(counting(recorded).values())
    return [
        0 if credit and (form != _FINAL or place not in counted) else credit
        for place, (credit, form) in enumerate(zip(recorded.credit, recorded.form, strict=True))
    ]


def _precedence(recorded: Recorded, place: int) -> tuple[bool, str, str, str]:
    columns = recorded.award_date, recorded.organisation, recorded.uln
    award_date, organisation, uln = (column[place] for column in columns)
    return recorded.form[place] != _FINAL, award_date, organisation, uln
