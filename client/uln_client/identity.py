"""Who calls, and where: what the settings come to."""

import ipaddress
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from uln_client.errors import UsageError
from uln_client.settings import SANDBOX_URL, Settings

_OTHER_SERVICES = ("/externalservice.svc", "/learnerservicer9.svc", "/reconciliationservice.svc")
_PATHS = {"today": "/LearnerService.svc", "2014": "/2014/LearnerService.svc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The credentials that a message carries (domain §11): at least one identifier, a password, a person."""

    ukprn: str | None
    organisation_ref: str | None
    password: SecretStr
    user_name: str


# Fixed and public: the sandbox holds nobody's data (docs/sandbox.md).
SANDBOX = Identity(
    ukprn="90000001",
    organisation_ref="SBXAO1",
    password=SecretStr("SandboxAO-000001"),
    user_name="sandbox",
)


def identity(settings: Settings) -> Identity:
    """Give the identity that the settings name, or the sandbox's own where they name none at all.

    The sandbox's is given for the sandbox's own address only, so that it is never sent anywhere else.
    Raises :class:`~uln_client.errors.UsageError` for an identity in part.
    """
    if _is_unnamed(settings) and settings.url.rstrip("/") == SANDBOX_URL:
        return replace(SANDBOX, user_name=settings.username or SANDBOX.user_name)
    missing = [
        name
        for name, value in (
            ("ULN_UKPRN or ULN_ORGREF", settings.ukprn or settings.orgref),
            ("ULN_PASSWORD", settings.password),
            ("ULN_USERNAME", settings.username),
        )
        if value is None
    ]
    if settings.password is None or settings.username is None or missing:
        raise UsageError(
            f"Not set: {', '.join(missing)}.",
            "Every call names the organisation, its password and the person who calls: "
            "set them in the environment or in uln.toml, or give --ukprn, --password-file and --username.",
        )
    return Identity(
        ukprn=settings.ukprn,
        organisation_ref=settings.orgref,
        password=settings.password,
        user_name=settings.username,
    )


def _is_unnamed(settings: Settings) -> bool:
    return settings.ukprn is None and settings.orgref is None and settings.password is None


def is_sandbox(who: Identity) -> bool:
    """Whether this is the sandbox's identity, taken because the settings name none."""
    return who.password is SANDBOX.password


def address(settings: Settings) -> str:
    """Give the full address of LearnerService.

    Raises :class:`~uln_client.errors.UsageError` for what is no http(s) address, and for plain http to another
    host unless the settings allow it, since every message carries the password [O].
    """
    parts = _split(settings.url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or "") and not settings.allow_http:
        raise UsageError(
            f"{settings.url} is plain http: everyone on the way could read the password.",
            "Use the https address; in a network that is closed to others, set ULN_ALLOW_HTTP=true.",
        )
    if parts.path.rstrip("/").lower().endswith(_OTHER_SERVICES):
        # Whoever gives one service's address finds the others beside it.
        return beside(settings.url.rstrip("/"), "LearnerService")
    if parts.path.rstrip("/").lower().endswith(".svc"):
        return settings.url.rstrip("/")
    path = settings.path or _PATHS[settings.generation]
    return f"{settings.url.rstrip('/')}/{path.lstrip('/')}"


def beside(learner_service: str, service: str) -> str:
    """Give the address of another service, such as ``ExternalService``, from LearnerService's.

    It lies in the same folder, but for LearnerService of generation 2014, which has a folder of its own [O].
    """
    folder = learner_service.rstrip("/").rpartition("/")[0]
    return f"{folder.removesuffix('/2014')}/{service}.svc"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        well_formed = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if (
        not well_formed
        or parts.scheme not in _SCHEMES
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise UsageError(
            "ULN_URL is not the address of a service.",
            f"Give scheme, host and port, such as {SANDBOX_URL} or https://lrs.example:8443, or the full address, "
            "if it ends in .svc; without a user, ? and #.",
        )
    return parts


_SCHEMES = frozenset({"http", "https"})


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: ``localhost``, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
