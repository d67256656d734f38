"""What a sandbox register holds, fixed for ever: clients' tests are written against it [O].

``docs/sandbox.md`` shows the same content; a test holds the two together. The ULNs have valid check digits, and
any ULN may belong to a real person: these details are invented, and a production register refuses them
(``sandbox/recognising.py``).
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from uln_server.access.organisation import Agreement, Kind, Status
from uln_server.register.learner import Learner
from uln_server.register.learner import Status as LearnerStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOrganisation:
    """An organisation of the sandbox with its password, which is public."""

    name: str
    ukprn: str
    organisation_ref: str
    password: str = field(repr=False)
    kind: Kind
    agreements: frozenset[Agreement]
    status: Status = Status.ACTIVE
    hours: str = "always"


EVERYTHING = frozenset(Agreement)

ORGANISATIONS = (
    SandboxOrganisation(
        name="Sandbox Awarding Organisation",
        ukprn="90000001",
        organisation_ref="SBXAO1",
        password="SandboxAO-000001",  # noqa: S106  # public: the documentation prints it
        kind=Kind.AWARDING_ORGANISATION,
        agreements=EVERYTHING,
    ),
    SandboxOrganisation(
        name="Sandbox College",
        ukprn="90000002",
        organisation_ref="SBXLP2",
        password="SandboxLP-000002",  # noqa: S106  # public: the documentation prints it
        kind=Kind.LEARNING_PROVIDER,
        agreements=frozenset({Agreement.REGISTER_READ, Agreement.REGISTER_WRITE, Agreement.PLR_READ}),
    ),
    SandboxOrganisation(
        name="Sandbox Suspended",
        ukprn="90000003",
        organisation_ref="SBXSU3",
        password="SandboxSU-000003",  # noqa: S106  # public: the documentation prints it
        kind=Kind.LEARNING_PROVIDER,
        agreements=EVERYTHING,  # so that the suspension alone stands in its way
        status=Status.SUSPENDED,
    ),
    SandboxOrganisation(
        name="Sandbox Reader",
        ukprn="90000004",
        organisation_ref="SBXRO4",
        password="SandboxRO-000004",  # noqa: S106  # public: the documentation prints it
        kind=Kind.LEARNING_PROVIDER,
        agreements=frozenset({Agreement.REGISTER_READ}),
    ),
    SandboxOrganisation(
        name="Sandbox Night School",
        ukprn="90000005",
        organisation_ref="SBXNS5",
        password="SandboxNS-000005",  # noqa: S106  # public: the documentation prints it
        kind=Kind.LEARNING_PROVIDER,
        agreements=EVERYTHING,
        hours="never",
    ),
    SandboxOrganisation(
        name="Sandbox Skills Awards",
        ukprn="90000006",
        organisation_ref="SBXAO6",
        password="SandboxAO-000006",  # noqa: S106  # public: the documentation prints it
        kind=Kind.AWARDING_ORGANISATION,
        agreements=EVERYTHING,
    ),
    SandboxOrganisation(
        name="Sandbox Diploma Awards",
        ukprn="90000007",
        organisation_ref="SBXAO7",
        password="SandboxAO-000007",  # noqa: S106  # public: the documentation prints it
        kind=Kind.AWARDING_ORGANISATION,
        agreements=frozenset({Agreement.REGISTER_READ, Agreement.REGISTER_WRITE, Agreement.PLR_READ}),
    ),
)

REGISTERED_AT = datetime(2012, 9, 3, 8, 30, tzinfo=UTC)

_PLAIN = Learner(
    uln="",
    status=LearnerStatus.ACTIVE,
    version=1,
    created_at=REGISTERED_AT,
    updated_at=REGISTERED_AT,
    given_name="",
    family_name="",
    date_of_birth="",
    gender="",
    last_known_post_code="",
    ability_to_share="1",
    verification_type="1",
)


def _learner(  # noqa: PLR0913, PLR0917  # a row of the table, in its order
    uln: str, given_name: str, family_name: str, born: str, gender: str, post_code: str
) -> Learner:
    return replace(
        _PLAIN,
        uln=uln,
        given_name=given_name,
        family_name=family_name,
        date_of_birth=born,
        gender=gender,
        last_known_post_code=post_code,
    )


_ALEX_SMITHS = {
    "5200000016": "B1 1BB",
    "5200000024": "BS1 5TR",
    "5200000032": "CB2 1TN",
    "5200000040": "EH1 1YZ",
    "5200000059": "G2 1DU",
    "5200000067": "L1 8JQ",
    "5200000075": "LE1 6TP",
    "5200000083": "NE1 7RU",
    "5200000091": "NG1 5FS",
    "5200000105": "OX1 1BX",
    "5200000113": "S1 2HH",
}

# A master stands before what was merged into it, so that the content can be stored in this order.
LEARNERS = (
    _learner("1026893096", "Darcie", "Tucker", "1976-08-16", "2", "CV4 9EE"),
    replace(
        _learner("9276308686", "Siân", "O’Brien-Łukasz", "2001-02-28", "2", "CF10 3NP"),  # noqa: RUF001  # her name
        previous_family_name="Evans",
        email_address="sian@example.com",
    ),
    _learner("3100000012", "Sam", "Taylor", "1999-05-05", "9", "LS1 4AP"),
    _learner("3100000020", "Sam", "Taylor", "1999-05-05", "9", "M1 2WD"),
    *(_learner(uln, "Alex", "Smith", "2000-01-01", "2", post_code) for uln, post_code in _ALEX_SMITHS.items()),
    replace(
        _learner("6936002314", "Jordan", "Reed", "1985-03-27", "1", "AB12 3EQ"),
        middle_other_name="Ainsley",
    ),
    replace(
        _learner("4444599390", "Jordan", "Reid", "1985-03-27", "1", "AB12 5EQ"),
        status=LearnerStatus.MERGED,
        master_uln="6936002314",
    ),
    replace(_learner("1174112637", "Priya", "Natarajan", "2004-11-30", "2", "B15 2TT"), ability_to_share="2"),
    replace(_learner("7300000028", "Lee", "Gone", "1990-10-10", "1", "EX1 1AA"), status=LearnerStatus.DELETED),
)
