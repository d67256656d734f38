"""The services as the client calls them: zeep writes the messages by the WSDL.

The only module that knows zeep. Both generations' WSDLs of LearnerService name the same elements in the same
order, so requests are made from, and replies read into, the contract's records whichever WSDL is used. The
generation's own WSDL is used all the same: verifyLearner's SOAPAction differs, and a service may dispatch on it.
Operations that a generation's WSDL leaves out are called by the bundled 2014 WSDL, which has them all.
"""

import threading
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from lxml import etree

from uln_client.checking import check_reply, check_request, check_text
from uln_client.errors import InvalidReply, UsageError
from uln_client.replies import body_of
from uln_contract import files, reading
from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uln_client.connection import Connection, Reply
    from uln_client.settings import Settings
    from uln_contract.shape import Field, OperationContract, Record

# Operations that leave everything as it was: only these are ever sent twice without a name.
REPEATABLE = frozenset(
    {
        "GetAchievementBatchJob",
        "GetLearnerLearningEvents",
        "GetOwnAwards",
        "getBatchRegistrationOutput",
        "getDeletedULNsReport",
        "getMergedUnmergedULNsReport",
        "getVerifyBatchOutput",
        "learnerByDemographics",
        "learnerByULN",
        "retrieveULNs",
        "verifyLearner",
    }
)
# Submissions carry a WS-Addressing MessageID: one that comes twice within a day is one job (domain §7).
NAMED = frozenset({"SubmitAchievementBatchJob", "submitBatchRegistration", "submitVerifyBatch"})
ADDRESSING = "http://www.w3.org/2005/08/addressing"

Answer = TypeVar("Answer", bound="Record")


def message_name() -> str:
    """Make a MessageID that no other message has."""
    return uuid.uuid4().urn


class Service:
    """One service at one address, by one WSDL; safe to use from several threads.

    ``generation`` names the contract that calls are made by, ``strict`` the schemas that messages are held to. The
    WSDL is read with the first call: building the client alone makes no connection.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # what a service is made of
        self,
        operations: "Sequence[OperationContract]",
        generation: str,
        strict: str,
        settings: "Settings",
        connection: "Connection",
        secret: str,
    ) -> None:
        self._operations = {each.name: each for each in operations}
        bundled = settings.wsdl == "bundled"
        self._source = _bundled(generation) if bundled else f"{connection.address}?singleWsdl"
        self._generation = generation
        self._strict = strict
        self._connection = connection
        self._secret = secret
        self._served = _Bindings(connection)

    def call(self, operation: str, request: "Record", answer: type[Answer]) -> Answer:
        """Make one call and give its reply as the record ``answer``.

        Raises anything of the tree in :mod:`uln_client.errors`.
        """
        check_text(request)
        message, headers = self._message(operation, request)
        named = operation in NAMED
        reply = self._connection.post(message, headers, repeatable=operation in REPEATABLE, named=named)
        return self._read(reply, operation, answer)

    def send(self, operation: str, message: bytes | IO[bytes], answer: type[Answer]) -> Answer:
        """Send a message that was written by other hands and named, and may lie in a file; give its reply."""
        headers = {"SOAPAction": f'"{self._declared(operation).soapaction}"', "Content-Type": _CONTENT_TYPE}
        reply = self._connection.post(message, headers, repeatable=False, named=True)
        return self._read(reply, operation, answer)

    def _read(self, reply: "Reply", operation: str, answer: type[Answer]) -> Answer:
        body = check_reply(body_of(reply, self._secret), self._operations[operation].response, self._strict)
        return reading.read(body, answer)

    def _message(self, operation: str, request: "Record") -> tuple[bytes, dict[str, str]]:
        declared = self._declared(operation)
        written = declared.create(**_arguments(request))
        envelope = written.content
        check_request(envelope.find(f"{{{_ENVELOPE}}}Body")[0], self._strict)
        if operation in NAMED:
            envelope.insert(0, _named())
        message = etree.tostring(envelope, encoding="utf-8", xml_declaration=True)
        return message, {**written.headers, "Content-Type": _CONTENT_TYPE}

    def _declared(self, operation: str) -> Any:
        """Find the operation in its WSDL."""
        generations = self._operations[operation].generations
        # The last generation has every operation.
        source = self._source if self._generation in generations else _bundled(generations[-1])
        bindings = self._served if _is_served(source) else _BUNDLED_ONES
        try:
            return bindings.read(source).get(operation)
        except ValueError:
            raise UsageError(
                f"The WSDL at {source} has no operation {operation}.",
                "Use the bundled WSDL: leave ULN_WSDL out, or set it to bundled.",
            ) from None


def learner_service(settings: "Settings", connection: "Connection", secret: str) -> Service:
    """Give LearnerService, by the generation of the settings."""
    return Service(LEARNER_SERVICE, settings.generation, "2014", settings, connection, secret)


def external_service(settings: "Settings", connection: "Connection", secret: str) -> Service:
    """Give ExternalService, which takes achievements."""
    return Service(EXTERNAL_SERVICE, "external", "external", settings, connection, secret)


def learner_service_r9(settings: "Settings", connection: "Connection", secret: str) -> Service:
    """Give LearnerServiceR9, which shows the Personal Learning Record."""
    return Service(LEARNER_SERVICE_R9, "r9", "r9", settings, connection, secret)


def reconciliation_service(settings: "Settings", connection: "Connection", secret: str) -> Service:
    """Give ReconciliationService, which shows an organisation's own awards."""
    return Service(RECONCILIATION_SERVICE, "reconciliation", "reconciliation", settings, connection, secret)


_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_CONTENT_TYPE = "text/xml; charset=utf-8"


def _named() -> reading.Element:
    """Give a Header with a MessageID."""
    header = etree.Element(f"{{{_ENVELOPE}}}Header", nsmap={"soap-env": _ENVELOPE, "wsa": ADDRESSING})
    etree.SubElement(header, f"{{{ADDRESSING}}}MessageID").text = message_name()
    return header


def _bundled(generation: str) -> str:
    return str(files.path(files.wsdl(generation)))


def _arguments(record: "Record") -> dict[str, object]:
    """A record as zeep's keyword arguments: the contract's element names, nested records as mappings."""
    given = ((field, getattr(record, field.attribute)) for field in record.FIELDS)
    return {
        field.name: [_argument(field, item) for item in value] if field.many else _argument(field, value)
        for field, value in given
        if value is not None
    }


def _argument(field: "Field", value: Any) -> object:
    return value if field.record is None else _arguments(value)


class _Bindings:
    """The WSDLs that were read, each by its first caller, while the others wait.

    Without a connection they are bundled ones, which are the same for every client of a process.
    """

    def __init__(self, connection: "Connection | None" = None) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._read: dict[str, Any] = {}

    def read(self, source: str) -> Any:
        """Give the binding of a WSDL; it keeps nothing of what is sent by it."""
        with self._lock:
            if source not in self._read:
                self._read[source] = _binding(source, self._connection)
            return self._read[source]


_BUNDLED_ONES = _Bindings()


def _binding(source: str, connection: "Connection | None") -> Any:
    """Read the WSDL and give the SOAP 1.1 binding of its first port.

    The address in the WSDL is not used: a message carries the password, and goes where the settings say.
    """
    import zeep  # noqa: PLC0415  # a third of a second that `uln --help` need not wait for
    from zeep.exceptions import Error  # noqa: PLC0415  # as above

    try:
        settings = zeep.Settings(strict=True, forbid_dtd=True)
        client = zeep.Client(source, transport=_Documents(connection), settings=settings)  # type: ignore[no-untyped-call]  # zeep's
        service = next(iter(client.wsdl.services.values()))
        return next(iter(service.ports.values())).binding
    except (Error, etree.LxmlError, LookupError, StopIteration, AttributeError, TypeError, ValueError) as error:
        raise InvalidReply(
            f"The WSDL at {source} cannot be used ({type(error).__name__}).",
            "Use the bundled WSDL: leave ULN_WSDL out, or set it to bundled.",
        ) from None


class _Documents:
    """What zeep reads WSDLs and schemas through: the bundled files, or documents of the service's own server.

    A server's WSDL thus cannot make the client open other files or call other hosts.
    """

    def __init__(self, connection: "Connection | None") -> None:
        self._connection = connection

    def load(self, url: str) -> bytes:
        """Give a document's bytes; raises ``ValueError`` for one that is out of bounds."""
        if _is_served(url):
            return self._beside_the_service(url)
        if str(Path(url).resolve()) not in _BUNDLED:
            raise ValueError("a WSDL may not read other files")
        return Path(url).read_bytes()

    def _beside_the_service(self, url: str) -> bytes:
        if self._connection is None or _origin(url) != _origin(self._connection.address):
            raise ValueError("a WSDL may import from its own server only")
        reply = self._connection.get(url)
        if reply.status != 200:  # noqa: PLR2004  # OK
            raise ValueError("no document")
        return reply.content


def _is_served(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}


def _origin(url: str) -> tuple[str, str]:
    return urlsplit(url)[:2]


_BUNDLED = frozenset(str(files.path(name)) for name in files.names())
