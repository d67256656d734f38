"""What a job of achievements came to: its rows' codes, and the counters of GetAchievementBatchJob (domain §9)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from uln_contract.codes import FindingClass
from uln_server.record.action import Form
from uln_server.record.award import Outcome
from uln_server.record.judging import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """The counters, by record: a refused one counts in the first class that has an error against it [O].

    So the five outcomes and the three classes add up to the records, and so do final and provisional ones to the
    outcomes: what an award is after its action.
    """

    created: int
    updated: int
    withdrawn: int
    reinstated: int
    promoted: int
    successful_final: int
    successful_provisional: int
    field_data_errors: int
    learner_data_errors: int
    business_rule_errors: int

    @property
    def successful(self) -> int:
        """Records that were carried out."""
        return self.successful_final + self.successful_provisional

    @property
    def records(self) -> int:
        """Records that have their result."""
        return self.successful + self.field_data_errors + self.learner_data_errors + self.business_rule_errors

    def percentage(self, records: int) -> str:
        """How many in a hundred of so many records were carried out, two decimals; 0 of none.

        Never rounded up: 100.00 says that every one was [O].
        """
        hundredths = 10_000 * self.successful // records if records else 0
        return f"{hundredths // 100}.{hundredths % 100:02}"


def row_code(verdict: Verdict) -> str:
    """Give what a row's result is counted by: ``created Final``, or the class of the error."""
    if verdict.outcome is not None and verdict.award is not None:
        return f"{verdict.outcome} {verdict.award.form}"
    return next(each.code.finding_class for each in verdict.findings if each.refuses).value


def counters(counts: Mapping[str, int]) -> Counters:
    """Give the counters, from how many rows have each code."""
    sums: Counter[str] = Counter()
    for code, number in counts.items():
        for part in (code,) if code in _CLASSES else code.split():
            sums[part] += number
    return Counters(
        created=sums[Outcome.CREATED],
        updated=sums[Outcome.UPDATED],
        withdrawn=sums[Outcome.WITHDRAWN],
        reinstated=sums[Outcome.REINSTATED],
        promoted=sums[Outcome.PROMOTED],
        successful_final=sums[Form.FINAL],
        successful_provisional=sums[Form.PROVISIONAL],
        field_data_errors=sums[FindingClass.FIELD_DATA],
        learner_data_errors=sums[FindingClass.LEARNER_DATA],
        business_rule_errors=sums[FindingClass.BUSINESS_RULE],
    )


_CLASSES = frozenset(FindingClass)
