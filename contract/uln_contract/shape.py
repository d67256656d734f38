"""How a record stands in XML: what the generated modules say, and what reading and writing follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Field:
    """One child element of a complex type, in contract order.

    ``attribute`` is the record's attribute, ``name`` the element's local name. ``record`` is the child's own
    record type, or ``None`` for text; ``integer`` says that the text is an xs:int or xs:long. ``many`` children
    come as a tuple. ``namespace`` is that of the element, ``None`` for an unqualified one. A child that is
    ``required`` and ``nillable`` must be there, but may hold nothing: its attribute may be ``None``.
    """

    attribute: str
    name: str
    record: "type[Record] | None" = None
    integer: bool = False
    many: bool = False
    required: bool = False
    nillable: bool = False
    namespace: str | None = None


class Record(Protocol):
    """A frozen dataclass generated from a complex type."""

    FIELDS: ClassVar[tuple[Field, ...]]
    BY_NAME: ClassVar[Mapping[str, Field]]

    def __init__(self, **values: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Table:
    """Many records of one type whose children are each one text or number, in place of a tuple of them.

    ``columns`` are by attribute, each with a value for every record in the records' order, ``None`` where one
    has none; all are of the same length, and an attribute without a column is left out of all. It is for messages
    of hundreds of records, each of which would cost more to make than to write.
    """

    columns: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class OperationContract:
    """One operation of ``service``, as its WSDLs declare it.

    ``request`` and ``response`` are the body elements as ``{namespace}name``; ``actions`` are the lower-case names
    that a SOAPAction may use for it: the operation, its body element, its messages. ``generations`` lists the
    contracts that carry it: ``today`` and ``2014`` of LearnerService, ``external``, ``r9``, ``reconciliation``.
    """

    name: str
    request: str
    response: str
    request_record: type[Record]
    response_record: type[Record]
    actions: frozenset[str]
    generations: tuple[str, ...]
    service: str
