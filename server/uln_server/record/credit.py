"""Which of a learner's awards count, each unit and qualification once (domain §1, §9) [O]."""

from collections.abc import Iterable, Mapping

from uln_server.record.action import Form
from uln_server.record.award import Award


def counting(awards: Iterable[Award]) -> dict[str, Award]:
    """Give, by catalogue key, the one award that counts for each unit or qualification.

    ``awards`` are all that one learner has, under every ULN that is merged into the learner's. Withdrawn ones do
    not count; a final one counts before a provisional one, then the earlier award date, then organisation and ULN.
    """
    counted: dict[str, Award] = {}
    for award in sorted((each for each in awards if not each.withdrawn), key=_precedence):
        counted.setdefault(award.key.reference, award)
    return counted


def credit(awards: Iterable[Award], worth: Mapping[str, int | None]) -> int:
    """Give the credit that a learner has accumulated: of final awards, each unit or qualification once.

    ``worth`` is each reference's credit value in the catalogue; what is not there, or has none, adds nothing.
    """
    final = (key for key, award in counting(awards).items() if award.form is Form.FINAL)
    return sum(worth.get(key) or 0 for key in final)


def _precedence(award: Award) -> tuple[bool, str, str, str]:
    return award.form is not Form.FINAL, award.details.award_date, award.key.organisation, award.key.uln
