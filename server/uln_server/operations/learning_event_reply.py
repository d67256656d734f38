"""An award as the LearningEvent of a reply (domain §10)."""

from collections.abc import Sequence

from uln_contract.r9_records import LearningEvent
from uln_server.record.credit import credits_of
from uln_server.record.learning_events import SOURCES, STATUSES, GetType
from uln_server.record.recorded import Recorded
from uln_server.register.times import london_time_of


def learning_events(recorded: Sequence[Recorded], get_type: GetType) -> tuple[LearningEvent, ...]:
    """Give the events of what a caller sees of one learner, in the order given.

    Values as live replies have them [S]; what is not known of an award is left out [O]. The credits together are
    those that the learner has accumulated: of two awards of one unit, one has 0 [O].
    """
    row = _brief if get_type is GetType.BRIEF else _full
    return tuple(map(row, recorded, credits_of(recorded)))


def _brief(each: Recorded, credit: int | None) -> LearningEvent:
    return LearningEvent(
        achievement_award_date=each.award_date,
        achievement_provider_ukprn=each.provider_ukprn,
        credits=credit,
        grade=each.grade,
        id=each.number,
        level=each.level,
        source=SOURCES[each.kind],
        subject=each.title,
        subject_code=each.reference,
    )


def _full(each: Recorded, credit: int | None) -> LearningEvent:
    # By position, in the contract's order: by name it takes thrice as long, two hundred times a reply.
    return LearningEvent._make(
        (
            each.award_date,
            each.provider_name,
            each.provider_ukprn,
            each.organisation_name,
            each.organisation,
            None,  # CollectionType: that of a provider's return
            credit,
            london_time_of(each.recorded_at),
            each.grade,
            each.number,
            each.language,
            each.level,
            None,  # ParticipationEndDate and ParticipationStartDate: no achievement tells them
            None,
            each.type,
            "0",  # Restriction
            None,  # ReturnNumber: that of a provider's return
            SOURCES[each.kind],
            STATUSES[each.form],
            each.title,
            each.reference,
            "N",  # UnderDataChallenge
        )
    )
