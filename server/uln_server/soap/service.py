"""How a service says which operation a method is."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from spyne import rpc

from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.shape import OperationContract, Record
from uln_server.operations.call import Answer
from uln_server.soap.message import messages

Method = Callable[[Any, Any], Answer]

# No two services have an operation of the same name, letter case included.
_BY_NAME: Mapping[str, OperationContract] = {
    each.name: each for each in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
}


def operation(method: Method) -> Any:
    """Make a method the contract's operation of the same name: a call and its unit in, an answer out.

    The answer, or what the rule raises, is kept on the exchange for the engine, so that Spyne neither logs it nor
    writes a fault of its own; a name that the contract does not know raises ``KeyError`` at import.
    """
    request, response = messages(_BY_NAME[method.__name__])

    @wraps(method)
    def called(ctx: Any, record: Record) -> None:  # noqa: ARG001  # Spyne's signature; the call has the record
        try:
            ctx.udc.outcome = method(ctx.udc.call, ctx.udc.unit)
        except Exception as failure:  # noqa: BLE001  # raised again by the engine, outside Spyne
            ctx.udc.outcome = failure

    return rpc(request, _returns=response, _body_style="bare")(called)
