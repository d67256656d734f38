"""Organisations: setting up, finding, changing."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from tests.store.builders import PASSWORD, an_organisation, quick

from uln_server.access.organisation import Agreement, Kind, Status
from uln_server.store.database import Database
from uln_server.store.errors import OrganisationInvalid, OrganisationTaken, OrganisationUnknown


def test_what_was_set_up_is_found_as_it_was(database: Database) -> None:
    added = an_organisation(
        database,
        agreements=[Agreement.REGISTER_READ, Agreement.PLR_READ],
        hours="07:00-22:00",
        status=Status.SUSPENDED,
        fault_qualified=True,
        linked_ulns_qualified=False,
        name="  Sandbox Awarding Organisation ",
    )
    assert database.reading().organisations.by_identifier("90000001") == added
    assert (added.kind, added.status) == (Kind.AWARDING_ORGANISATION, Status.SUSPENDED)
    assert (added.ukprn, added.organisation_ref) == ("90000001", "SBXAO1")
    assert added.name == "Sandbox Awarding Organisation"
    assert added.agreements == {Agreement.REGISTER_READ, Agreement.PLR_READ}
    assert (added.hours, added.credential_version) == ("07:00-22:00", 1)
    assert (added.fault_qualified, added.linked_ulns_qualified) == (True, False)
    assert PasswordHasher().verify(added.password_hash, PASSWORD)


def test_a_choice_that_was_not_made_stays_open(database: Database) -> None:
    added = an_organisation(database)
    assert (added.fault_qualified, added.linked_ulns_qualified) == (None, None)
    assert (added.status, added.hours, added.agreements) == (Status.ACTIVE, "always", frozenset())


@pytest.mark.parametrize("identifier", ["9000000a", "9000000A", "SBXAO1", "sbxao1", "sBxAo1"])
def test_either_identifier_finds_whatever_its_case(database: Database, identifier: str) -> None:
    added = an_organisation(database, ukprn="9000000a", ref="sbxAO1")
    assert database.reading().organisations.by_identifier(identifier) == added


@pytest.mark.parametrize(
    "identifier", ["", " ", "90000002", "SBXAO", "SBXAO1 ", "SBXAO%", "SBXAO\0", "SBXAO\ud800"]
)
def test_other_identifiers_find_nothing(database: Database, identifier: str) -> None:
    an_organisation(database)
    assert database.reading().organisations.by_identifier(identifier) is None


def test_all_are_listed_by_ukprn(database: Database) -> None:
    for ukprn, ref in (("90000003", "AAAAA3"), ("90000001", "CCCCC1"), ("90000002", "BBBBB2")):
        an_organisation(database, ukprn, ref, agreements=[Agreement.PLR_READ])
    listed = database.reading().organisations.all()
    assert [each.ukprn for each in listed] == ["90000001", "90000002", "90000003"]
    assert {each.agreements for each in listed} == {frozenset({Agreement.PLR_READ})}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ukprn": "9000001"}, "UKPRN"),
        ({"ukprn": "900000011"}, "UKPRN"),
        ({"ukprn": "9000000-"}, "UKPRN"),
        ({"ukprn": "9000000é"}, "UKPRN"),
        ({"ref": "SBXAO"}, "OrganisationRef"),
        ({"ref": "SBXAO12"}, "OrganisationRef"),
        ({"ref": "SBX_O1"}, "OrganisationRef"),
        ({"name": " "}, "name"),
        ({"hours": "9-17"}, "opening hours"),
        ({"password": "fifteen-letters"}, "16 characters"),
        ({"password": "seventeen-letters"}, "16 characters"),
        ({"password": " " * 16}, "spaces"),
    ],
)
def test_a_field_of_another_form_is_refused_by_name(database: Database, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(OrganisationInvalid, match=said) as caught:
        an_organisation(database, **fields)
    assert "letters" not in str(caught.value) or "password" not in fields
    assert database.reading().organisations.all() == ()


@pytest.mark.parametrize(("ukprn", "ref"), [("9000000A", "SBXAO2"), ("90000002", "sbxao1")])
def test_an_identifier_belongs_to_one_organisation_whatever_its_case(
    database: Database, ukprn: str, ref: str
) -> None:
    an_organisation(database, ukprn="9000000a", ref="SBXAO1")
    with pytest.raises(OrganisationTaken, match="Sandbox Awarding Organisation"):
        an_organisation(database, ukprn, ref)
    assert len(database.reading().organisations.all()) == 1


def test_suspending_and_resuming(database: Database) -> None:
    an_organisation(database)
    with database.writing() as writing:
        assert writing.organisations.suspend("SBXAO1").status is Status.SUSPENDED
        assert writing.organisations.suspend("90000001").status is Status.SUSPENDED
        assert writing.organisations.resume("SBXAO1").status is Status.ACTIVE


def test_a_password_alone_raises_the_credentials_version(database: Database) -> None:
    an_organisation(database)
    with database.writing() as writing:
        writing.organisations.suspend("SBXAO1")
        writing.organisations.agree("SBXAO1", Agreement.PLR_READ)
        before = writing.organisations.set_hours("SBXAO1", "09:00-17:00")
        after = writing.organisations.set_password("SBXAO1", "another-password", hashing=quick)
    assert (before.credential_version, after.credential_version) == (1, 2)
    assert before.hours == "09:00-17:00"
    assert PasswordHasher().verify(after.password_hash, "another-password")


def test_a_short_password_or_wrong_hours_change_nothing(database: Database) -> None:
    added = an_organisation(database)
    with pytest.raises(OrganisationInvalid, match="16 characters"), database.writing() as writing:
        writing.organisations.set_password("SBXAO1", "short", hashing=quick)
    with pytest.raises(OrganisationInvalid, match="opening hours"), database.writing() as writing:
        writing.organisations.set_hours("SBXAO1", "whenever")
    assert database.reading().organisations.by_identifier("SBXAO1") == added


def test_passwords_are_hashed_with_the_strong_profile_unless_told(database: Database) -> None:
    added = an_organisation(database)
    with database.writing() as writing:
        changed = writing.organisations.set_password("SBXAO1", PASSWORD)
    assert "m=8,t=1,p=1" in added.password_hash
    assert changed.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_agreements_are_signed_withdrawn_and_signed_anew(database: Database) -> None:
    an_organisation(database)
    with database.writing() as writing:
        changes = writing.organisations
        assert changes.agree("SBXAO1", Agreement.PLR_READ).agreements == {Agreement.PLR_READ}
        assert changes.agree("SBXAO1", Agreement.PLR_READ).agreements == {Agreement.PLR_READ}
        assert changes.withdraw("SBXAO1", Agreement.PLR_READ).agreements == frozenset()
        assert changes.withdraw("SBXAO1", Agreement.PLR_READ).agreements == frozenset()
        assert changes.agree("SBXAO1", Agreement.PLR_READ).agreements == {Agreement.PLR_READ}


def test_nobody_else_is_changed(database: Database) -> None:
    other = an_organisation(database, "90000002", "SBXLP2", agreements=[Agreement.PLR_READ])
    an_organisation(database, agreements=[Agreement.PLR_READ])
    with database.writing() as writing:
        writing.organisations.suspend("SBXAO1")
        writing.organisations.withdraw("SBXAO1", Agreement.PLR_READ)
        writing.organisations.set_password("SBXAO1", PASSWORD, hashing=quick)
        writing.organisations.set_hours("SBXAO1", "never")
    assert database.reading().organisations.by_identifier("SBXLP2") == other


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ("suspend", ()),
        ("resume", ()),
        ("set_password", (PASSWORD,)),
        ("agree", (Agreement.PLR_READ,)),
        ("withdraw", (Agreement.PLR_READ,)),
        ("set_hours", ("always",)),
    ],
)
def test_an_unknown_organisation_is_named(database: Database, change: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(OrganisationUnknown, match="90000009"), database.writing() as writing:
        getattr(writing.organisations, change)("90000009", *arguments)
