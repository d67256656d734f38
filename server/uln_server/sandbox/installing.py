"""Putting the sandbox's content into a register, and putting it back."""

from collections.abc import Callable

from uln_server.access.credentials import hash_password
from uln_server.register.authorship import Author
from uln_server.sandbox.award_content import AWARDS, NO_JOB, RECORDED_AT
from uln_server.sandbox.catalogue_content import COMBINATIONS, ENTRIES, PROVIDERS
from uln_server.sandbox.content import LEARNERS, ORGANISATIONS, REGISTERED_AT, SandboxOrganisation
from uln_server.store.catalogue import Change
from uln_server.store.clearing import begun_anew
from uln_server.store.database import Database
from uln_server.store.units import Writing


def install(writing: Writing, *, hashing: Callable[[str], str] = hash_password) -> None:
    """Add what is missing of the sandbox's content; what is there stays as it is.

    ``hashing`` makes a password's hash; registers that live for a test's length may do with a quick one.
    """
    for organisation in ORGANISATIONS:
        if writing.organisations.by_identifier(organisation.ukprn) is None:
            _add(writing, organisation, hashing)
    for learner in LEARNERS:
        if writing.learners.get(learner.uln) is None:
            writing.learners.add(learner)
    _catalogue(writing)
    known = writing.providers.known(each.ukprn for each in PROVIDERS)
    writing.providers.add([each for each in PROVIDERS if each.ukprn not in known], REGISTERED_AT)
    _awards(writing)


def reset(database: Database, *, hashing: Callable[[str], str] = hash_password) -> None:
    """Give a sandbox its first content again; everything else in it goes, its audit trail included.

    A database without a register becomes a sandbox. Raises ``RegisterExists`` for a production register.
    """
    with begun_anew(database) as writing:
        writing.register.create("sandbox")
        install(writing, hashing=hashing)


def _catalogue(writing: Writing) -> None:
    held = writing.catalogue.entries(each.key for each in ENTRIES)
    missing = [Change(None, each) for each in ENTRIES if each.key not in held]
    writing.catalogue.put(missing, Author(at=REGISTERED_AT, message_id="", user="sandbox"))
    for key, groups in COMBINATIONS.items():
        if key not in held:
            writing.catalogue.combine(key, groups)


def _awards(writing: Writing) -> None:
    creations = [each.creation for each in AWARDS]
    keys = [each.after.key for each in creations]
    for organisation in sorted({each.organisation for each in keys}):
        writing.awards.hold(organisation)
    held = {each.key for each in writing.awards.of((each.uln, each.reference) for each in keys)}
    missing = [each for each in creations if each.after.key not in held]
    writing.awards.keep(missing, NO_JOB, Author(at=RECORDED_AT, message_id="", user="sandbox"))


def _add(writing: Writing, organisation: SandboxOrganisation, hashing: Callable[[str], str]) -> None:
    writing.organisations.add(
        kind=organisation.kind,
        ukprn=organisation.ukprn,
        organisation_ref=organisation.organisation_ref,
        name=organisation.name,
        password=organisation.password,
        agreements=organisation.agreements,
        status=organisation.status,
        hours=organisation.hours,
        hashing=hashing,
    )
