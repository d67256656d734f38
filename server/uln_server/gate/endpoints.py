"""The addresses of the service: which contract document a path shows, and how its replies are qualified."""

from dataclasses import dataclass

from uln_server.settings import Settings
from uln_server.soap.faults import FaultForm
from uln_server.soap.reply import ReplyForm


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One service path. Every endpoint answers every operation; only the document and two defaults differ."""

    path: str
    generation: str
    wsdl: str
    fault: FaultForm
    reply: ReplyForm

    @property
    def folder(self) -> str:
        """The path's folder, without a slash at its end: schemas lie beside the service."""
        return self.path.rpartition("/")[0]


def endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """Give the endpoints as the settings have them (interop: two generations of one wire)."""
    return (
        Endpoint(
            path="/LearnerService.svc",
            generation="today",
            wsdl="wsdl/today/LearnerService.wsdl",
            fault=FaultForm(qualified=settings.today_fault_qualified),
            reply=ReplyForm(
                linked_ulns_qualified=settings.today_linked_ulns_qualified,
                send_empty_linked_ulns=settings.send_empty_linked_ulns,
            ),
        ),
        Endpoint(
            path="/2014/LearnerService.svc",
            generation="2014",
            wsdl="wsdl/2014/LearnerService.wsdl",
            fault=FaultForm(qualified=settings.generation_2014_fault_qualified),
            reply=ReplyForm(
                linked_ulns_qualified=settings.generation_2014_linked_ulns_qualified,
                send_empty_linked_ulns=settings.send_empty_linked_ulns,
            ),
        ),
    )
