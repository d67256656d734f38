"""The contract's Learner from the register's: what is sent, what is left out (domain §3)."""

from uln_contract import records
from uln_server.register.learner import Learner
from uln_server.register.times import london_date

# Tier of the identity evidence by VerificationType: 0 and 1 none, passport to bank card 2, other 1 [S, O].
_TIER = {"0": "0", "1": "0", "999": "1"}
_STRONG_EVIDENCE = "2"


def learner_reply(learner: Learner, linked: tuple[str, ...], *, substituted: bool) -> records.Learner:
    """Give the Learner element of a reply.

    Empty optionals are left out, except ``LinkedULNs`` and ``Notes``, which are sent empty; ``MasterSubstituted``
    is sent only as ``Y`` (domain §3). ``linked`` are the ULNs that were merged into this one.
    """
    return records.Learner(
        created_date=london_date(learner.created_at),
        last_updated_date=london_date(learner.updated_at),
        uln=learner.uln,
        master_substituted="Y" if substituted else None,
        title=learner.title,
        given_name=learner.given_name,
        middle_other_name=learner.middle_other_name,
        family_name=learner.family_name,
        preferred_given_name=learner.preferred_given_name,
        previous_family_name=learner.previous_family_name,
        family_name_at_age16=learner.family_name_at_age16,
        school_at_age16=learner.school_at_age16,
        last_known_address_line1=learner.last_known_address_line1,
        last_known_address_line2=learner.last_known_address_line2,
        last_known_address_town=learner.last_known_address_town,
        last_known_address_county_or_city=learner.last_known_address_county_or_city,
        last_known_post_code=learner.last_known_post_code,
        date_of_address_capture=learner.date_of_address_capture,
        date_of_birth=learner.date_of_birth,
        place_of_birth=learner.place_of_birth,
        gender=learner.gender,
        email_address=learner.email_address,
        nationality=learner.nationality,
        scottish_candidate_number=learner.scottish_candidate_number,
        verification_type=learner.verification_type,
        other_verification_description=learner.other_verification_description,
        tier_level=_TIER.get(learner.verification_type, _STRONG_EVIDENCE),
        ability_to_share=learner.ability_to_share,
        learner_status=str(learner.status.value),
        linked_ulns=records.MIAPLinkedULN(uln=linked),
        notes=learner.notes or "",
        version_number=learner.version,
    )
