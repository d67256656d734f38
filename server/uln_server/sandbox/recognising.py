"""Telling sandbox data and sandbox credentials in a register that must hold neither [O].

Any ULN may belong to a real person, the sandbox's own included: a learner counts as the sandbox's when ULN, names
and date of birth are all the sandbox's. An organisation counts by its UKPRN or its OrganisationRef.
"""

from uln_server.access.credentials import Proofs
from uln_server.access.organisation import Organisation
from uln_server.register.learner import Learner
from uln_server.sandbox.content import LEARNERS, ORGANISATIONS
from uln_server.store.units import Reading

_PASSWORDS = frozenset(organisation.password for organisation in ORGANISATIONS)


def is_sandbox_password(password: str) -> bool:
    """Tell whether a password is one that the sandbox's documentation prints."""
    return password in _PASSWORDS


def is_sandbox_identifier(identifier: str) -> bool:
    """Tell whether a UKPRN or an OrganisationRef is a sandbox organisation's, case ignored."""
    return identifier.upper() in _identifiers()


def sandbox_data_in(reading: Reading) -> tuple[str, ...]:
    """Name each organisation and each learner of the sandbox that a register holds."""
    organisations = (
        f"organisation {found.ukprn} ({found.organisation_ref})"
        for found in map(reading.organisations.by_identifier, _identifiers())
        if found is not None
    )
    learners = (
        f"learner {sample.uln}" for sample in LEARNERS if _is_same(reading.learners.get(sample.uln), sample)
    )
    return tuple(dict.fromkeys([*organisations, *learners]))


def has_sandbox_password(organisation: Organisation) -> bool:
    """Tell whether an organisation's password is one of the sandbox's; takes about 50 ms for each of them."""
    proofs = Proofs(seconds=0)
    return any(proofs.prove(organisation, password) for password in sorted(_PASSWORDS))


def _identifiers() -> list[str]:
    return [name for each in ORGANISATIONS for name in (each.ukprn, each.organisation_ref)]


def _is_same(held: Learner | None, sample: Learner) -> bool:
    return held is not None and (held.given_name, held.family_name, held.date_of_birth) == (
        sample.given_name,
        sample.family_name,
        sample.date_of_birth,
    )
