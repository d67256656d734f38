"""Write the records and ``operations.py`` from the schemas and WSDLs: ``python contract/generate.py``.

Each service has a module of records of its own, for their names collide. LearnerService's come from the strict
(2014) schemas, since that is what the service validates against (domain §12). A test proves that the checked-in
modules are what this would write.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from uln_contract import files
from uln_contract.reading import Element
from uln_contract.schema import CREDENTIALS

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
PACKAGE = Path(__file__).parent / "uln_contract"
_INTEGERS = {f"{XS}int", f"{XS}long"}
# Marks the type that an element declares within itself: a named type of the same name may stand beside it.
_OWN = "@"
# What .NET makes of a list of pages, with a hash of the type behind it.
_CLASSES = {"PagedListOfPlrAccessEntryResponseN4dIIFC_S": "PagedListOfPlrAccessEntryResponse"}
_LEARNER_SERVICE_TEXT = "One frozen record for each complex type; text as on the wire, absent optionals ``None``."
_DATA_CONTRACT_TEXT = """\
One frozen record for each complex type and each message. Whole numbers are ``int``; all else is text as on the
wire: dates and times, xs:float (``97.5``), xs:boolean (``true``), base64. Absent, empty and nil are ``None``."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its contracts, the last of them the one that its records come from, and where those stand."""

    name: str
    contracts: tuple[str, ...]
    module: str
    constant: str
    text: str


SERVICES = (
    Service("LearnerService", ("today", "2014"), "records", "LEARNER_SERVICE", _LEARNER_SERVICE_TEXT),
    Service("ExternalService", ("external",), "external_records", "EXTERNAL_SERVICE", _DATA_CONTRACT_TEXT),
    Service("LearnerServiceR9", ("r9",), "r9_records", "LEARNER_SERVICE_R9", _DATA_CONTRACT_TEXT),
    Service(
        "ReconciliationService",
        ("reconciliation",),
        "reconciliation_records",
        "RECONCILIATION_SERVICE",
        _DATA_CONTRACT_TEXT,
    ),
)


@dataclass(frozen=True, slots=True)
class Child:
    """One element of a complex type, its type resolved to ``{namespace}name``; unqualified has no namespace."""

    name: str
    type: str
    required: bool
    many: bool
    nillable: bool
    namespace: str | None


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of one contract, by qualified name; ``constants`` are the names of its namespaces."""

    types: dict[str, tuple[Child, ...]]
    elements: dict[str, str]
    integers: frozenset[str]
    constants: dict[str, str]

    def record(self, name: str) -> str:
        """Name the class of a complex type; an element's own type gives way to a named one."""
        local = _local(name)
        if not local.endswith(_OWN):
            return _CLASSES.get(local, local)
        local = local.removesuffix(_OWN)
        return f"{local}Message" if local in map(_local, self.types) else local


def snake(name: str) -> str:
    """Turn an element's name into an attribute's: ``LinkedULNs`` to ``linked_ulns``, ``JobID`` to ``job_id``."""
    name = name.replace("ULNs", "Ulns").replace("Dateof", "DateOf")
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _qualified(name: str, element: Element) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap[prefix or None]}}}{local}"


def _children(complex_type: Element, types: dict[str, Element]) -> Iterator[Child]:
    root = complex_type.getroottree().getroot()
    extension = complex_type.find(f"{XS}complexContent/{XS}extension")
    if extension is not None:
        yield from _children(types[_qualified(str(extension.get("base")), extension)], types)
    for element in (complex_type if extension is None else extension).iterfind(f"{XS}sequence/{XS}element"):
        yield Child(
            name=str(element.get("name")),
            type=_qualified(str(element.get("type")), element),
            required=element.get("minOccurs", "1") != "0",
            many=element.get("maxOccurs", "1") != "1",
            nillable=element.get("nillable") == "true",
            namespace=root.get("targetNamespace") if root.get("elementFormDefault") == "qualified" else None,
        )


def load(contract: str) -> Schemas:
    """Read the schemas of a contract."""
    names = files.schemas(contract)
    roots = [etree.fromstring(files.read(name)) for name in names]
    named = {
        f"{{{root.get('targetNamespace')}}}{item.get('name')}": item
        for root in roots
        for item in root
        if item.tag in {f"{XS}complexType", f"{XS}simpleType"}
    }
    complex_types = {name: item for name, item in named.items() if item.tag == f"{XS}complexType"}
    elements, own = _elements(roots)
    integers = {
        name
        for name, item in named.items()
        if (base := item.find(f"{XS}restriction")) is not None
        and _qualified(str(base.get("base")), base) in _INTEGERS
    }
    types = {name: tuple(_children(item, complex_types)) for name, item in (complex_types | own).items()}
    return Schemas(
        types=types,
        elements=elements,
        integers=frozenset(integers | _INTEGERS),
        constants={
            str(root.get("targetNamespace")): Path(name).stem.upper()
            for name, root in zip(names, roots, strict=True)
        },
    )


def _elements(roots: list[Element]) -> tuple[dict[str, str], dict[str, Element]]:
    """The type of each global element, and the types that such elements declare within themselves."""
    types: dict[str, str] = {}
    own: dict[str, Element] = {}
    for root in roots:
        for item in root.iterfind(f"{XS}element"):
            name = f"{{{root.get('targetNamespace')}}}{item.get('name')}"
            inner = item.find(f"{XS}complexType")
            types[name] = _qualified(str(item.get("type")), item) if inner is None else name + _OWN
            if inner is not None:
                own[name + _OWN] = inner
    return types, own


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _namespace(name: str) -> str:
    return name[1:].partition("}")[0]


def _in_order(schemas: Schemas) -> list[str]:
    """Every complex type after the types of its children."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name not in ordered:
            for child in schemas.types[name]:
                if child.type in schemas.types:
                    visit(child.type)
            ordered.append(name)

    for name in schemas.types:
        visit(name)
    return ordered


def _annotation(child: Child, schemas: Schemas) -> tuple[str, str]:
    """Type and default of a record's attribute."""
    if child.type in schemas.types:
        kind = schemas.record(child.type)
    else:
        kind = "int" if child.type in schemas.integers else "str"
    if child.many:
        return f"tuple[{kind}, ...]", " = ()"
    return (kind, "") if child.required and not child.nillable else (f"{kind} | None", " = None")


def _field(child: Child, schemas: Schemas) -> str:
    extra = f", record={schemas.record(child.type)}" if child.type in schemas.types else ""
    extra += ", integer=True" if child.type in schemas.integers else ""
    extra += ", many=True" if child.many else ""
    extra += ", required=True" if child.required else ""
    extra += ", nillable=True" if child.required and child.nillable else ""
    extra += f", namespace={schemas.constants[child.namespace]}" if child.namespace else ""
    return f'        Field("{snake(child.name)}", "{child.name}"{extra}),'


def _record(name: str, schemas: Schemas) -> Iterator[str]:
    children = schemas.types[name]
    yield "@dataclass(frozen=True, slots=True, kw_only=True)"
    yield f"class {schemas.record(name)}:"
    kind = "The element " if name.endswith(_OWN) else ""
    yield f'    """{kind}``{_local(name).removesuffix(_OWN)}`` of ``{_namespace(name)}``."""'
    yield ""
    for child in children:
        annotation, default = _annotation(child, schemas)
        if child.name in CREDENTIALS:
            default = f" = field({'default=None, ' if default else ''}repr=False)"
        yield f"    {snake(child.name)}: {annotation}{default}"
    yield ""
    yield "    FIELDS: ClassVar[tuple[Field, ...]] = ("
    yield from (_field(child, schemas) for child in children)
    yield "    )"
    yield "    BY_NAME: ClassVar[Mapping[str, Field]] = {field.name: field for field in FIELDS}"


def records(service: Service, schemas: Schemas) -> str:
    """Give the text of a service's records."""
    used = {child.namespace for children in schemas.types.values() for child in children}
    lines = [
        f'"""Generated by contract/generate.py from xsd/{service.contracts[-1]}: change the schemas, not this.',
        "",
        service.text,
        '"""',
        "",
        "from collections.abc import Mapping",
        "from dataclasses import dataclass, field",
        "from typing import ClassVar",
        "",
        "from uln_contract.shape import Field",
        "",
        *(f'{name} = "{namespace}"' for namespace, name in schemas.constants.items() if namespace in used),
    ]
    for name in _in_order(schemas):
        # A type without content is a base for others, and no message's child.
        if schemas.types[name]:
            lines += ["", "", *_record(name, schemas)]
    return "\n".join(lines) + "\n"


def _operations_of(contract: str) -> dict[str, dict[str, str]]:
    """Request and response element and the names that may stand for it, by operation."""
    root = etree.fromstring(files.read(files.wsdl(contract)))
    parts = {
        str(message.get("name")): _qualified(str(part.get("element")), part)
        for message in root.iterfind(f"{WSDL}message")
        for part in message.iterfind(f"{WSDL}part")
    }
    found = {}
    for operation in root.iterfind(f"{WSDL}portType/{WSDL}operation"):
        sent = [operation.find(f"{WSDL}{way}") for way in ("input", "output")]
        messages = [str(item.get("message")).rpartition(":")[2] for item in sent if item is not None]
        request, response = (parts[message] for message in messages)
        found[str(operation.get("name"))] = {"request": request, "response": response, "message": messages[0]}
    return found


def _operation(service: Service, schemas: Schemas, name: str, carrying: dict[str, dict[str, str]]) -> list[str]:
    """The text of one operation; ``carrying`` are its facts in each contract that has it."""
    facts = carrying[service.contracts[-1]]
    names = [name, _local(facts["request"]), *(item["message"] for item in carrying.values())]
    request, response = (schemas.record(schemas.elements[facts[way]]) for way in ("request", "response"))
    return [
        "    OperationContract(",
        f'        name="{name}",',
        f'        request="{facts["request"]}",',
        f'        response="{facts["response"]}",',
        f"        request_record={service.module}.{request},",
        f"        response_record={service.module}.{response},",
        "        actions=frozenset(",
        "            {",
        *(f'                "{item}",' for item in sorted({name.lower() for name in names})),
        "            }",
        "        ),",
        f"        generations={tuple(carrying)!r},",
        f'        service="{service.name}",',
        "    ),",
    ]


def _operations(service: Service) -> Iterator[str]:
    schemas = load(service.contracts[-1])
    by_contract = {contract: _operations_of(contract) for contract in service.contracts}
    yield f"{service.constant}: tuple[OperationContract, ...] = ("
    for name in by_contract[service.contracts[-1]]:
        carrying = {key: found[name] for key, found in by_contract.items() if name in found}
        yield from _operation(service, schemas, name, carrying)
    yield ")"
    yield ""


def operations() -> str:
    """Give the text of ``operations.py``."""
    lines = [
        '"""Generated by contract/generate.py from wsdl/ and xsd/: change those, not this."""',
        "",
        "from collections.abc import Mapping",
        "",
        f"from uln_contract import {', '.join(sorted(service.module for service in SERVICES))}",
        "from uln_contract.shape import OperationContract",
        "",
        *(line for service in SERVICES for line in _operations(service)),
        "# LearnerService's, by body element and by name.",
        "BY_REQUEST: Mapping[str, OperationContract] = {each.request: each for each in LEARNER_SERVICE}",
        "BY_NAME: Mapping[str, OperationContract] = {each.name: each for each in LEARNER_SERVICE}",
    ]
    return "\n".join(lines) + "\n"


def written() -> dict[Path, str]:
    """Give every generated file with its text, before the formatter."""
    return {
        PACKAGE / f"{service.module}.py": records(service, load(service.contracts[-1])) for service in SERVICES
    } | {PACKAGE / "operations.py": operations()}


def main() -> None:
    """Write the generated files; run ``ruff format contract`` afterwards."""
    argparse.ArgumentParser(description="Write *records.py and operations.py from wsdl/ and xsd/.").parse_args()
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {path.name}\n")


if __name__ == "__main__":
    main()
