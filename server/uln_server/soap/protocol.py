"""Spyne's Soap11 with the contract's own records in and XML out; envelopes were opened by the gate."""

from collections.abc import Sequence
from typing import Any

from spyne.protocol.soap import Soap11

from uln_contract.shape import OperationContract
from uln_server.soap.reply import reply_envelope


class ContractSoap11(Soap11):  # type: ignore[misc]  # Spyne has no types
    """Dispatches by body element, hands the validated record through, writes the reply as text.

    Each hook reads the exchange that the engine put on the context (``ctx.udc``). ``operations`` are those of the
    contract that the application's service stands for.
    """

    def __init__(self, operations: Sequence[OperationContract]) -> None:
        self._operations = operations
        super().__init__()

    def set_app(self, value: Any) -> None:
        """Learn which methods answer which body element, once the application is known."""
        super().set_app(value)
        if value is None:
            return
        self._handles = {}
        for each in self._operations:
            found = value.interface.service_method_map.get(f"{{{value.interface.get_tns()}}}{each.name}")
            if found:
                self._handles[each.request] = found

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:  # noqa: ARG002  # the gate decoded
        """The gate parsed the document already."""
        ctx.in_document = ctx.udc.call

    def decompose_incoming_envelope(self, ctx: Any, message: Any = None) -> None:  # noqa: ARG002  # always a request
        """The gate opened the envelope already."""
        ctx.method_request_string = ctx.udc.call.operation.request

    def get_call_handles(self, ctx: Any) -> Sequence[Any]:
        """Methods of a body element, whatever its namespace: stock Spyne finds those of one namespace only."""
        found: Sequence[Any] = self._handles.get(ctx.method_request_string, ())
        return found

    def generate_method_contexts(self, ctx: Any) -> list[Any]:
        """The context itself: there is one method for a message, so nothing needs a copy."""
        handles = self.get_call_handles(ctx)
        if not handles:
            raise LookupError(f"no method answers {ctx.method_request_string}")
        (ctx.descriptor,) = handles
        return [ctx]

    def get_context(self, parent: Any, transport: Any) -> None:
        """Nothing of its own is kept for a protocol."""

    def deserialize(self, ctx: Any, message: Any) -> None:  # noqa: ARG002  # always a request
        """Hand the record through."""
        ctx.in_object = ctx.udc.call.request

    def serialize(self, ctx: Any, message: Any) -> None:  # noqa: ARG002  # always a response
        """Write the reply in contract order."""
        exchange = ctx.udc
        ctx.out_document = reply_envelope(exchange.outcome.reply, exchange.call.operation.response, exchange.form)

    def create_out_string(self, ctx: Any, charset: str | None = None) -> None:  # noqa: ARG002  # always UTF-8
        """The document is bytes already."""
        ctx.out_string = (ctx.out_document,)
