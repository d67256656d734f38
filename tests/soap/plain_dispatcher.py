"""A second engine, without Spyne: it shows that nothing but the engine's own package knows which one it is."""

from typing import Any

from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_server.operations.call import Call, ChangingUnit, Unit
from uln_server.operations.catalogue import OPERATIONS
from uln_server.soap.engine_port import Reply
from uln_server.soap.reply import ReplyForm, reply_envelope


class PlainDispatcher:
    """Dispatches by body element, as Spyne does, from a table of its own (port ``soap.engine_port.Engine``)."""

    def __init__(self) -> None:
        self.calls = 0
        self._methods = {
            contract.request: OPERATIONS[contract.name].run
            for contract in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
            if contract.name in OPERATIONS
        }

    def __call__(self, call: Call[Any], unit: Unit | ChangingUnit, form: ReplyForm) -> Reply:
        """Run the operation and write its reply; ``LookupError`` for one that nobody carries out."""
        self.calls += 1
        answer = self._methods[call.operation.request](call, unit)
        envelope = reply_envelope(answer.reply, call.operation.response, form)
        return Reply(envelope, answer)
