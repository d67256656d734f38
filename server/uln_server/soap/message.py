"""The contract's messages as Spyne sees them: opaque, named by their body element, carrying a record."""

from spyne.model import ModelBase

from uln_contract.shape import OperationContract


class ContractMessage(ModelBase):  # type: ignore[misc]  # Spyne has no types
    """A body element whose content our own reader and writer know; Spyne passes its record through."""

    __namespace__ = "http://api.lrs.miap.gov.uk"
    __type_name__ = "ContractMessage"


def message_type(element: str) -> type[ContractMessage]:
    """Give the Spyne type of the body element ``{namespace}name``."""
    namespace, name = element[1:].split("}")
    return type(name, (ContractMessage,), {"__namespace__": namespace, "__type_name__": name})


def messages(operation: OperationContract) -> tuple[type[ContractMessage], type[ContractMessage]]:
    """Request and response type of an operation."""
    return message_type(operation.request), message_type(operation.response)
