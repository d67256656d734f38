"""The achievements that put the register right: what is done with which award, and with which ActionDate [O].

The service does not let an older ActionDate undo a newer one. So the list's own ActionDate is sent where it is not
older than that of what is changed; else the moment of the comparison, for then it is decided anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from uln_client.achievements import Action
from uln_client.own_awards import OwnAward
from uln_client.reconciling.comparing import FORM, Kind, Listed, Verdict, held_values

Values = Mapping[str, str]
"""An achievement as it is submitted: texts by the layout's names."""
_OF_LEARNER = ("FamilyName", "GivenName", "DateofBirth", "Gender", "LearnerPostcode")


@dataclass(frozen=True, slots=True)
class Correcting:
    """Writes the achievements of one comparison, which was made ``now`` (aware)."""

    now: datetime

    def missing(self, listed: Listed) -> Values:
        """Create an award as the list has it."""
        return self._achievement(listed.values, Action.CREATE, listed.values["ActionDate"])

    def of(self, verdict: Verdict, listed: Listed, award: OwnAward) -> Iterator[Values]:
        """Give what makes a held award as the list has it; nothing when it is so.

        What the list leaves blank stays as the register has it.
        """
        if verdict.kind is Kind.NOT_WITHDRAWN:
            yield self._marked(listed, award, Action.WITHDRAW)
        if verdict.kind is Kind.WITHDRAWN:
            yield self._marked(listed, award, Action.REINSTATE)
        if verdict.differences:
            promoted = any(each.field == FORM for each in verdict.differences)
            action = Action.PROMOTE if promoted else Action.UPDATE
            at = self._at(listed, award.details_action_date)
            yield self._achievement({**held_values(award), **listed.values}, action, at)

    def unlisted(self, award: OwnAward, learner: Values) -> Values:
        """Withdraw an award that the list does not have; ``learner`` has the names of its learner."""
        values = {name: learner[name] for name in _OF_LEARNER if name in learner} | held_values(award)
        values |= {"Uln": award.uln, "UnitOrQualificationReferenceNumber": award.reference}
        return self._achievement(values, Action.WITHDRAW, self._from(award.withdrawal_action_date))

    def _marked(self, listed: Listed, award: OwnAward, action: Action) -> Values:
        return self._achievement(listed.values, action, self._at(listed, award.withdrawal_action_date))

    def _at(self, listed: Listed, earliest: datetime) -> str:
        return listed.values["ActionDate"] if listed.action_date >= earliest else self._from(earliest)

    def _from(self, earliest: datetime) -> str:
        """Give now, or ``earliest`` where the service's clock is ahead of this one's."""
        latest = max(self.now.replace(microsecond=0), earliest).astimezone(UTC)
        return latest.isoformat().replace("+00:00", "Z")

    def _achievement(self, values: Values, action: Action, at: str) -> Values:
        """A reason stays only with the action that it was given for."""
        same = values.get("Action") == str(int(action))
        kept = values if same else {name: text for name, text in values.items() if name != "ActionReason"}
        return {**kept, "Action": str(int(action)), "ActionDate": at}
