"""The engine: a Spyne application for each service, called with trusted messages.

Only this package knows that it is Spyne.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.shape import OperationContract
from uln_server.operations.call import Answer, Call, ChangingUnit, Unit
from uln_server.soap import compatibility  # noqa: F401  # must come before Spyne
from uln_server.soap.engine_port import Reply
from uln_server.soap.reply import ReplyForm

# isort: split
from spyne import Application, MethodContext, ServiceBase
from spyne.server import ServerBase

from uln_server.soap.external_service import ExternalService
from uln_server.soap.learner_service import LearnerService
from uln_server.soap.learner_service_r9 import LearnerServiceR9
from uln_server.soap.protocol import ContractSoap11
from uln_server.soap.reconciliation_service import ReconciliationService


@dataclass(slots=True)
class _Exchange:
    """What travels on Spyne's context."""

    call: Call[Any]
    unit: Unit | ChangingUnit
    form: ReplyForm
    outcome: Answer | Exception = field(default_factory=lambda: LookupError("Spyne called no method"))


class _Context(MethodContext):  # type: ignore[misc]  # Spyne has no types
    """Spyne's context without what a call from the gate has no use for.

    The stock class runs a check of its own at each of some forty assignments, and fires ten events that nobody
    here listens to: together half of what Spyne costs a call.
    """

    TransportContext = None
    __setattr__ = object.__setattr__

    def fire_event(self, event: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


class SpyneEngine:
    """One engine for all services: each call goes to its own service's."""

    def __init__(self) -> None:
        self._engines: Mapping[str, ServiceEngine] = {
            "LearnerService": ServiceEngine(
                LearnerService, LEARNER_SERVICE, "http://learner.webservice.miap.gov.uk"
            ),
            "ExternalService": ServiceEngine(
                ExternalService, EXTERNAL_SERVICE, "http://api.lrs.qcf.gov.uk/services"
            ),
            "LearnerServiceR9": ServiceEngine(LearnerServiceR9, LEARNER_SERVICE_R9, "http://tempuri.org/"),
            "ReconciliationService": ServiceEngine(
                ReconciliationService, RECONCILIATION_SERVICE, "urn:uln-interchange:reconciliation:1"
            ),
        }

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:
        """Hand the call to its service's engine, and give what that gives or raises."""
        return self._engines[call.operation.service](call, unit, form)


class ServiceEngine(ServerBase):  # type: ignore[misc]  # Spyne has no types
    """A Spyne server transport whose peers are the gate's calls of one service.

    ``service`` has the methods, ``operations`` are what its contract declares, ``namespace`` is its WSDL's.
    """

    transport = "http://schemas.xmlsoap.org/soap/http"

    def __init__(
        self, service: type[ServiceBase], operations: Sequence[OperationContract], namespace: str
    ) -> None:
        super().__init__(
            Application(
                [service],
                tns=namespace,
                name=service.__name__,
                in_protocol=ContractSoap11(operations),
                out_protocol=ContractSoap11(operations),
            )
        )

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:
        """Dispatch by body element, run the method, write its reply.

        What the method raises is raised here as it is; ``LookupError`` for an operation without a method.
        """
        exchange = _Exchange(call=call, unit=unit, form=form)
        context: Any = _Context(self, MethodContext.SERVER)
        context.udc = exchange
        (context,) = self.generate_contexts(context)
        self.get_in_object(context)
        self.get_out_object(context)
        if isinstance(exchange.outcome, Exception):
            raise exchange.outcome
        self.get_out_string(context)
        context.close()
        return Reply(context.out_string[0], exchange.outcome)
