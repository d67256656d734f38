"""The awards that a chunk of submissions is about, as they are and as they become (domain §6, §9) [O]."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from uln_server.record.action import Action
from uln_server.record.award import Award, AwardKey


class Holdings:
    """What the learners of a chunk hold, from whichever organisation.

    ``linked`` gives for a ULN the others of the same learner: those merged into it, its master, and those merged
    into that; a ULN that is not there has none. Awards are taken in whatever order, the later for the earlier.
    """

    def __init__(self, awards: Iterable[Award], linked: Mapping[str, tuple[str, ...]]) -> None:
        self._linked = linked
        self._by_learner: dict[tuple[str, str], dict[str, Award]] = defaultdict(dict)
        for each in awards:
            self.take(each)

    def take(self, award: Award) -> None:
        """Know an award as it is now."""
        self._by_learner[award.key.uln, award.key.reference][award.key.organisation] = award

    def held(self, key: AwardKey, action: Action) -> Award | None:
        """Give the award that an action is about.

        A ULN that was merged keeps its awards, so that an unmerge gives them back: whoever sends the ULN of the
        master, or the old one, still reaches them. A creation is always about the ULN that was sent.
        """
        own = self._of(key.uln, key.reference).get(key.organisation)
        if own is not None or action is Action.CREATE:
            return own
        found = (self._of(uln, key.reference).get(key.organisation) for uln in self._others(key.uln))
        return next((each for each in found if each is not None), None)

    def elsewhere(self, key: AwardKey) -> bool:
        """Whether the learner has this unit or qualification by another award, which is not withdrawn."""
        others = self._others(key.uln)
        if not others and (key.uln, key.reference) not in self._by_learner:
            return False
        return any(
            not award.withdrawn and award.key != key
            for uln in (key.uln, *others)
            for award in self._of(uln, key.reference).values()
        )

    def _others(self, uln: str) -> tuple[str, ...]:
        return self._linked.get(uln, ())

    def _of(self, uln: str, reference: str) -> Mapping[str, Award]:
        return self._by_learner.get((uln, reference), {})
