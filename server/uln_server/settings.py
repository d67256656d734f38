"""The service's settings: option over environment (``ULN_SERVER_*``) over file (``uln-server.toml``)."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything an operator may set; ``docs/settings.md`` lists each name, its default and its meaning."""

    model_config = SettingsConfigDict(
        env_prefix="ULN_SERVER_", toml_file="uln-server.toml", extra="forbid", frozen=True
    )

    database: str = Field(
        default="sqlite:///var/register.sqlite3",
        description="SQLAlchemy URL of the register: sqlite:///path or postgresql+psycopg://user@host/name.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port for http; 0 takes a free one.")
    tls_port: int = Field(default=8443, ge=0, le=65535, description="Port for https; 0 takes a free one.")
    tls_certificate: Path | None = Field(
        default=None, description="PEM chain of the https listener; none, no https."
    )
    tls_key: Path | None = Field(default=None, description="PEM key of the https listener.")
    tls_client_ca: Path | None = Field(
        default=None,
        description="PEM bundle of CAs that client certificates are checked against, when one is shown.",
    )
    connections: int = Field(
        default=1000, ge=1, description="Connections that a process holds open; the next is answered 503."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes that answer calls.")
    public_url: str | None = Field(
        default=None,
        description="Address that WSDLs carry; without it, the request's own if its host is allowed.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Host names that a WSDL may repeat from a request when public_url is not set.",
    )
    sandbox_messages: bool = Field(
        default=True,
        description="Keep the last 100 messages for /sandbox/messages; in a sandbox register only.",
    )
    today_fault_qualified: bool = Field(
        default=False,
        description="Whether the children of a fault's detail are qualified on /LearnerService.svc.",
    )
    today_linked_ulns_qualified: bool = Field(
        default=True, description="Whether LinkedULNs carries its namespace on /LearnerService.svc."
    )
    generation_2014_fault_qualified: bool = Field(
        default=False,
        description="Whether the children of a fault's detail are qualified on /2014/LearnerService.svc.",
    )
    generation_2014_linked_ulns_qualified: bool = Field(
        default=False, description="Whether LinkedULNs carries its namespace on /2014/LearnerService.svc."
    )
    send_empty_linked_ulns: bool = Field(
        default=True, description="Send LinkedULNs even when empty, as live replies do."
    )
    external_fault: Literal["both", "DomainFault", "MIAPAPIException"] = Field(
        default="both",
        description="Detail of a fault on /ExternalService.svc, /ReconciliationService.svc: both, or one of them.",
    )
    r9_fault: Literal["both", "DomainFault", "MIAPAPIException"] = Field(
        default="both",
        description="Detail of a fault on /LearnerServiceR9.svc: both, or DomainFault or MIAPAPIException alone.",
    )
    strict_requests: bool = Field(
        default=False,
        description="Refuse requests that are not in contract form instead of reading them kindly.",
    )
    body_limit: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="Largest request body, inflated, in bytes."
    )
    external_body_limit: int = Field(
        default=128 * 1024 * 1024,
        ge=1024,
        description="The same for /ExternalService.svc, whose achievements are read one by one from a file.",
    )
    element_limit: int = Field(
        default=60_000, ge=100, description="Most elements in one request, but for the achievements of a batch."
    )
    body_seconds: float = Field(default=10.0, gt=0, description="Seconds a client has to send its whole body.")
    body_rate: int = Field(
        default=8192,
        ge=1,
        description="Bytes a second that buy a long body more than body_seconds; never more than a minute ahead.",
    )
    header_seconds: float = Field(default=10.0, gt=0, description="Seconds a client has to send its headers.")
    proof_seconds: float = Field(
        default=300.0,
        ge=0,
        le=3600,
        description="Seconds that a process remembers a proved password (as an HMAC).",
    )
    proofs_at_once: int = Field(default=2, ge=1, le=64, description="Argon2 checks at the same time in a process.")
    proofs_waiting: int = Field(
        default=64, ge=1, description="Password checks that may wait for a turn in a process."
    )
    wrong_password_tries: int = Field(
        default=5,
        ge=1,
        description="Wrong passwords in a row, of one organisation and address, before the next one must wait.",
    )
    wrong_password_longest_delay: float = Field(
        default=300.0,
        ge=0,
        le=86_400,
        description="Longest wait after wrong passwords, in seconds: 1, 2, 4 and so on up to this; 0 for none.",
    )
    address_rate: str | None = Field(
        default=None,
        description="Messages that an address may send to a process, such as 600/minute; none, any number.",
    )
    organisation_rate: str | None = Field(
        default=None,
        description="Messages that an organisation may send to a process, such as 600/minute; none, any number.",
    )
    hours: str = Field(
        default="always",
        description="When the service answers, UK time: always or HH:MM-HH:MM, over midnight too.",
    )
    maintenance: bool = Field(
        default=False,
        description="Answer every message with the maintenance answer, whatever uln-server maintenance says.",
    )
    call_threads: int = Field(
        default=8,
        ge=1,
        le=256,
        description="Threads for calls that may wait: PostgreSQL, large bodies, writes, reports.",
    )
    kept_records_bytes: int = Field(
        default=32 * 1024 * 1024,
        ge=0,
        description="Bytes in which a process keeps learners' records ready that it has shown; 0 for none.",
    )
    find_first: bool = Field(
        default=True, description="Whether a learner must be searched for by demographics before it is registered."
    )
    find_maximum_minutes: float = Field(
        default=120.0, ge=0, le=10080, description="Minutes that such a search counts."
    )
    review_minimum_seconds: float = Field(
        default=5.0,
        ge=0,
        le=3600,
        description="Seconds between a search that found possible matches and the registration.",
    )
    opt_out: bool = Field(
        default=False, description="Whether an update may set AbilityToShare to 2, does not share."
    )
    report_entries: int = Field(
        default=10_000, ge=1, le=100_000, description="Most entries in one report; a longer one is refused."
    )
    serve_jobs: bool | None = Field(
        default=None,
        description="Whether serve works jobs off too; none, in a sandbox and on SQLite, and else not.",
    )
    worker_jobs: int = Field(
        default=2, ge=1, le=32, description="Jobs at the same time in a process that works them off; SQLite, one."
    )
    job_chunk_rows: int = Field(
        default=1_000, ge=1, le=10_000, description="Rows of a job that are worked off in one transaction."
    )
    job_lease_seconds: float = Field(
        default=60.0,
        ge=2,
        le=3600,
        description="Seconds within which the job of a worker that died is taken up by another.",
    )
    job_retention_days: float = Field(
        default=90.0,
        gt=0,
        le=36_500,
        description="Days that a job is kept, with its rows and results, after it has ended.",
    )
    mail_host: str | None = Field(
        default=None, description="Mail server that takes messages about jobs that have ended; none, no message."
    )
    mail_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Its port; none, 587 with starttls, 465 with tls, 25 where nothing is secured.",
    )
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How its connection is secured: starttls, tls from the start, or none."
    )
    mail_ca: Path | None = Field(
        default=None, description="PEM bundle of CAs that its certificate is checked against; none, the system's."
    )
    mail_user: str | None = Field(default=None, description="User that it knows the service by; none, no login.")
    mail_password: SecretStr | None = Field(default=None, description="That user's password.")
    mail_from: str | None = Field(default=None, description="E-mail address that the messages come from.")
    mail_seconds: float = Field(
        default=10.0, gt=0, le=300, description="Seconds that it has to answer each time it is asked."
    )
    achievements_per_job: int = Field(
        default=100_000, ge=1, le=1_000_000, description="Most achievements that one job may bring."
    )
    intake_settle_seconds: float = Field(
        default=10.0,
        ge=0,
        le=3600,
        description="Seconds for which a file must not have changed before uln-server intake takes it.",
    )
    intake_look_seconds: float = Field(
        default=2.0, gt=0, le=3600, description="Seconds between two looks of uln-server intake at its folders."
    )
    intake_achievements: Literal["Final", "Provisional"] = Field(
        default="Final",
        description="What files of achievements bring, since they do not say: Final or Provisional.",
    )
    action_create: int = Field(
        default=1, ge=1, le=999_999_999, description="Action that creates an award; no two may be the same."
    )
    action_update: int = Field(default=2, ge=1, le=999_999_999, description="Action that updates an award.")
    action_withdraw: int = Field(default=3, ge=1, le=999_999_999, description="Action that withdraws an award.")
    action_reinstate: int = Field(
        default=4, ge=1, le=999_999_999, description="Action that reinstates a withdrawn award."
    )
    action_promote: int = Field(
        default=5, ge=1, le=999_999_999, description="Action that makes a provisional award final."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="From what weight on events are logged: debug, info, warning or error."
    )

    @model_validator(mode="after")
    def _actions_differ(self) -> Self:
        names = ("action_create", "action_update", "action_withdraw", "action_reinstate", "action_promote")
        if len({getattr(self, name) for name in names}) < len(names):
            raise ValueError(f"no two of {', '.join(names)} may be the same number")
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.mail_host is None:
            return self
        if self.mail_from is None or not _is_mail_address(self.mail_from):
            raise ValueError("mail_host needs mail_from, an e-mail address such as lrs@example.org")
        if (self.mail_user is None) != (self.mail_password is None):
            raise ValueError("of mail_user and mail_password only one is set")
        if self.mail_user is not None and self.mail_security == "none":
            raise ValueError("with mail_security none, mail_password would be sent for everybody to read")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Option over environment over file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _is_mail_address(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # slow to import

    try:
        validate_email(text, allow_smtputf8=False, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True
