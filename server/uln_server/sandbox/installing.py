"""Putting the sandbox's content into a register, and putting it back."""

from uln_server.sandbox.content import LEARNERS, ORGANISATIONS, SandboxOrganisation
from uln_server.store.clearing import begun_anew
from uln_server.store.database import Database
from uln_server.store.units import Writing


def install(writing: Writing) -> None:
    """Add what is missing of the sandbox's content; what is there stays as it is."""
    for organisation in ORGANISATIONS:
        if writing.organisations.by_identifier(organisation.ukprn) is None:
            _add(writing, organisation)
    for learner in LEARNERS:
        if writing.learners.get(learner.uln) is None:
            writing.learners.add(learner)


def reset(database: Database) -> None:
    """Give a sandbox its first content again; everything else in it goes, its audit trail included.

    A database without a register becomes a sandbox. Raises ``RegisterExists`` for a production register.
    """
    with begun_anew(database) as writing:
        writing.register.create("sandbox")
        install(writing)


def _add(writing: Writing, organisation: SandboxOrganisation) -> None:
    writing.organisations.add(
        kind=organisation.kind,
        ukprn=organisation.ukprn,
        organisation_ref=organisation.organisation_ref,
        name=organisation.name,
        password=organisation.password,
        agreements=organisation.agreements,
        status=organisation.status,
        hours=organisation.hours,
    )
