"""The addresses of the service: which contract document a path shows, and how its replies are qualified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from uln_server.settings import Settings
from uln_server.soap.faults import FaultDetail, FaultForm
from uln_server.soap.reply import ReplyForm


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One service path, which answers every operation of its service and none of another.

    ``generation`` names the contract whose documents it shows: ``today`` or ``2014`` of LearnerService, which
    differ in nothing else but two defaults, ``external``, ``r9`` or ``reconciliation``.
    """

    path: str
    service: str
    generation: str
    wsdl: str
    fault: FaultForm
    reply: ReplyForm
    body_limit: int
    spooled: bool = False
    """Whether a body waits in a file and its records are read one by one."""

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders where its schemas lie, as files name each other, without a slash at their end.

        LearnerService's lie beside the service too. The others have names in common, so that beside the services
        nobody could tell whose ``model.xsd`` is meant: theirs name each other by ``?xsd=``.
        """
        kept = f"/xsd/{self.generation}"
        return (self.path.rpartition("/")[0], kept) if self.service == "LearnerService" else (kept,)


PATHS: Mapping[str, str] = {
    "LearnerService": "/LearnerService.svc",
    "ExternalService": "/ExternalService.svc",
    "LearnerServiceR9": "/LearnerServiceR9.svc",
    "ReconciliationService": "/ReconciliationService.svc",
}
"""Where each service is called."""


def endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """Give the endpoints as the settings have them (interop: two generations of one wire); the last is our own."""
    return (
        Endpoint(
            path=PATHS["LearnerService"],
            service="LearnerService",
            generation="today",
            wsdl="wsdl/today/LearnerService.wsdl",
            body_limit=settings.body_limit,
            fault=FaultForm(qualified=settings.today_fault_qualified),
            reply=ReplyForm(
                linked_ulns_qualified=settings.today_linked_ulns_qualified,
                send_empty_linked_ulns=settings.send_empty_linked_ulns,
            ),
        ),
        Endpoint(
            path="/2014/LearnerService.svc",
            service="LearnerService",
            generation="2014",
            wsdl="wsdl/2014/LearnerService.wsdl",
            body_limit=settings.body_limit,
            fault=FaultForm(qualified=settings.generation_2014_fault_qualified),
            reply=ReplyForm(
                linked_ulns_qualified=settings.generation_2014_linked_ulns_qualified,
                send_empty_linked_ulns=settings.send_empty_linked_ulns,
            ),
        ),
        replace(
            _data_contract("ExternalService", "external", settings.external_fault, settings.external_body_limit),
            spooled=True,
        ),
        _data_contract("LearnerServiceR9", "r9", settings.r9_fault, settings.body_limit),
        # Its callers are ExternalService's, and read the same faults [O].
        _data_contract("ReconciliationService", "reconciliation", settings.external_fault, settings.body_limit),
    )


def _data_contract(service: str, generation: str, detail: str, body_limit: int) -> Endpoint:
    """An endpoint of a fully qualified contract: its replies know one form only."""
    return Endpoint(
        path=PATHS[service],
        service=service,
        generation=generation,
        wsdl=f"wsdl/{generation}/{service}.wsdl",
        fault=FaultForm(detail=FaultDetail(detail)),
        reply=ReplyForm(linked_ulns_qualified=False, send_empty_linked_ulns=True),
        body_limit=body_limit,
    )
