from collections import Counter
from dataclasses import fields
from datetime import date

import pytest

from uln_contract.ulns import is_valid
from uln_server.access.organisation import Agreement, Kind
from uln_server.access.organisation import Status as OrganisationStatus
from uln_server.catalogue.awarding import available_to, in_time
from uln_server.register.learner import Learner, Status
from uln_server.sandbox.award_content import AWARDS, RECORDED_AT, SandboxAward
from uln_server.sandbox.catalogue_content import ENTRIES, PROVIDERS
from uln_server.sandbox.content import LEARNERS, ORGANISATIONS, REGISTERED_AT

BY_ULN = {learner.uln: learner for learner in LEARNERS}
BY_REF = {organisation.organisation_ref: organisation for organisation in ORGANISATIONS}


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda each: each.uln)
def test_every_uln_has_a_valid_check_digit_and_the_common_values(learner: Learner) -> None:
    assert is_valid(learner.uln)
    assert (learner.verification_type, learner.version) == ("1", 1)
    assert learner.created_at == learner.updated_at == REGISTERED_AT
    assert (learner.master_uln is not None) == (learner.status is Status.MERGED)
    assert all(
        len(str(getattr(learner, each.name))) <= 35 for each in fields(learner) if each.name.endswith("name")
    )


@pytest.mark.parametrize("each", AWARDS, ids=lambda each: f"{each.uln} {each.reference} {each.organisation}")
def test_every_award_could_have_been_submitted(each: SandboxAward) -> None:
    (entry,) = (found for found in ENTRIES if found.key == each.award.key.reference)
    kinds = {found.ukprn: found.kind for found in ORGANISATIONS}
    assert kinds[each.organisation] is Kind.AWARDING_ORGANISATION
    assert available_to(entry, each.organisation) is None
    assert in_time(entry, each.award_date) is None
    assert each.award.details.grade in (entry.grades or ())
    assert REGISTERED_AT.date() < date.fromisoformat(each.award_date) < RECORDED_AT.date()
    assert each.award.details.provider_ukprn in {found.ukprn for found in PROVIDERS}
    assert BY_ULN[each.uln].status is not Status.DELETED


def test_no_uln_is_given_twice() -> None:
    assert len(BY_ULN) == len(LEARNERS) == 19


def test_the_groups_are_as_large_as_they_must_be() -> None:
    names = Counter((each.given_name, each.family_name) for each in LEARNERS)
    assert names[("Sam", "Taylor")] == 2
    assert names[("Alex", "Smith")] == 11
    smiths = {each.last_known_post_code for each in LEARNERS if each.family_name == "Smith"}
    assert len(smiths) == 11


@pytest.mark.parametrize(
    ("uln", "values"),
    [
        ("1026893096", ("Darcie", "Tucker", "1976-08-16", "2", "CV4 9EE", "1", Status.ACTIVE)),
        ("9276308686", ("Siân", "O’Brien-Łukasz", "2001-02-28", "2", "CF10 3NP", "1", Status.ACTIVE)),  # noqa: RUF001  # the name is written so
        ("4444599390", ("Jordan", "Reid", "1985-03-27", "1", "AB12 5EQ", "1", Status.MERGED)),
        ("6936002314", ("Jordan", "Reed", "1985-03-27", "1", "AB12 3EQ", "1", Status.ACTIVE)),
        ("1174112637", ("Priya", "Natarajan", "2004-11-30", "2", "B15 2TT", "2", Status.ACTIVE)),
        ("7300000028", ("Lee", "Gone", "1990-10-10", "1", "EX1 1AA", "1", Status.DELETED)),
    ],
)
def test_the_named_learners_are_fixed(uln: str, values: tuple[object, ...]) -> None:
    held = BY_ULN[uln]
    assert values == (
        held.given_name,
        held.family_name,
        held.date_of_birth,
        held.gender,
        held.last_known_post_code,
        held.ability_to_share,
        held.status,
    )


def test_the_details_of_single_learners_are_fixed() -> None:
    sian = BY_ULN["9276308686"]
    assert (sian.previous_family_name, sian.email_address) == ("Evans", "sian@example.com")
    assert BY_ULN["6936002314"].middle_other_name == "Ainsley"
    assert BY_ULN["4444599390"].master_uln == "6936002314"


@pytest.mark.parametrize(
    ("ref", "ukprn", "password", "agreements"),
    [
        ("SBXAO1", "90000001", "SandboxAO-000001", set(Agreement)),
        (
            "SBXLP2",
            "90000002",
            "SandboxLP-000002",
            {Agreement.REGISTER_READ, Agreement.REGISTER_WRITE, Agreement.PLR_READ},
        ),
        ("SBXSU3", "90000003", "SandboxSU-000003", set(Agreement)),
        ("SBXRO4", "90000004", "SandboxRO-000004", {Agreement.REGISTER_READ}),
        ("SBXNS5", "90000005", "SandboxNS-000005", set(Agreement)),
        ("SBXAO6", "90000006", "SandboxAO-000006", set(Agreement)),
        (
            "SBXAO7",
            "90000007",
            "SandboxAO-000007",
            {Agreement.REGISTER_READ, Agreement.REGISTER_WRITE, Agreement.PLR_READ},
        ),
    ],
)
def test_the_organisations_are_fixed(ref: str, ukprn: str, password: str, agreements: set[Agreement]) -> None:
    organisation = BY_REF[ref]
    assert (organisation.ukprn, organisation.password) == (ukprn, password)
    assert organisation.agreements == agreements
    assert len(organisation.password) == 16
    assert password not in repr(organisation)
    assert (organisation.status is OrganisationStatus.SUSPENDED) == (ref == "SBXSU3")
    assert organisation.hours == ("never" if ref == "SBXNS5" else "always")
