"""A learner's awards as the learning events of a reply (domain §10)."""

from collections.abc import Mapping, Sequence
from typing import Any

from uln_contract.shape import Table
from uln_server.record.credit import credits_of
from uln_server.record.learning_events import SOURCES, STATUSES, GetType
from uln_server.record.recorded import Recorded
from uln_server.register.times import london_time_of

_NOT_RESTRICTED, _NOT_CHALLENGED = "0", "N"


def learning_events(recorded: Recorded, get_type: GetType) -> Table:
    """Give the events of what a caller sees of one learner, in the order given, as a table of ``LearningEvent``.

    Values as live replies have them [S]; what is not known of an award is left out [O], and so are a provider's
    return and the dates of participation, which no achievement tells. The credits together are those that the
    learner has accumulated: of two awards of one unit, one has 0 [O].
    """
    brief = _brief(recorded)
    return Table(brief if get_type is GetType.BRIEF else {**brief, **_besides(recorded)})


def _brief(recorded: Recorded) -> Mapping[str, Sequence[Any]]:
    return {
        "achievement_award_date": recorded.award_date,
        "achievement_provider_ukprn": recorded.provider_ukprn,
        "credits": credits_of(recorded),
        "grade": recorded.grade,
        "id": recorded.number,
        "level": recorded.level,
        "source": [SOURCES[each] for each in recorded.kind],
        "subject": recorded.title,
        "subject_code": recorded.reference,
    }


def _besides(recorded: Recorded) -> Mapping[str, Sequence[Any]]:
    return {
        "achievement_provider_name": recorded.provider_name,
        "awarding_organisation_name": recorded.organisation_name,
        "awarding_organisation_ukprn": recorded.organisation,
        "date_loaded": [london_time_of(each) for each in recorded.recorded_at],
        "language_for_assessment": recorded.language,
        "qualification_type": recorded.type,
        "restriction": [_NOT_RESTRICTED] * recorded.size,
        "status": [STATUSES[each] for each in recorded.form],
        "under_data_challenge": [_NOT_CHALLENGED] * recorded.size,
    }
