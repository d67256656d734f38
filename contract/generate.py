"""Write ``records.py`` and ``operations.py`` from the schemas and WSDLs: ``python contract/generate.py``.

The records come from the strict (2014) schemas, since that is what the service validates against (domain §12);
a test proves that the checked-in modules are what this would write.
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

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
GENERATIONS = ("today", "2014")
PACKAGE = Path(__file__).parent / "uln_contract"
_INTEGERS = {f"{XS}int", f"{XS}long"}


@dataclass(frozen=True, slots=True)
class Child:
    """One element of a complex type, its type resolved to ``{namespace}name``."""

    name: str
    type: str
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Schemas:
    """The strict schemas, by qualified name."""

    types: dict[str, tuple[Child, ...]]
    elements: dict[str, str]
    integers: frozenset[str]


def snake(name: str) -> str:
    """Turn an element's name into an attribute's: ``LinkedULNs`` to ``linked_ulns``, ``JobID`` to ``job_id``."""
    name = name.replace("ULNs", "Ulns")
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _qualified(name: str, element: Element) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap[prefix or None]}}}{local}"


def _children(complex_type: Element, types: dict[str, Element]) -> Iterator[Child]:
    extension = complex_type.find(f"{XS}complexContent/{XS}extension")
    if extension is not None:
        yield from _children(types[_qualified(str(extension.get("base")), extension)], types)
    for element in (complex_type if extension is None else extension).iterfind(f"{XS}sequence/{XS}element"):
        yield Child(
            name=str(element.get("name")),
            type=_qualified(str(element.get("type")), element),
            required=element.get("minOccurs", "1") != "0",
            many=element.get("maxOccurs", "1") != "1",
        )


def load() -> Schemas:
    """Read the strict schemas."""
    names = [name for name in files.names() if name.startswith("xsd/2014/")]
    roots = [etree.fromstring(files.read(name)) for name in names]
    named = {
        f"{{{root.get('targetNamespace')}}}{item.get('name')}": item
        for root in roots
        for item in root
        if item.tag in {f"{XS}complexType", f"{XS}simpleType"}
    }
    complex_types = {name: item for name, item in named.items() if item.tag == f"{XS}complexType"}
    integers = {
        name
        for name, item in named.items()
        if (base := item.find(f"{XS}restriction")) is not None
        and _qualified(str(base.get("base")), base) in _INTEGERS
    }
    elements = {
        f"{{{root.get('targetNamespace')}}}{item.get('name')}": _qualified(str(item.get("type")), item)
        for root in roots
        for item in root.iterfind(f"{XS}element")
    }
    types = {name: tuple(_children(item, complex_types)) for name, item in complex_types.items()}
    return Schemas(types=types, elements=elements, integers=frozenset(integers | _INTEGERS))


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
        kind = _local(child.type)
    else:
        kind = "int" if child.type in schemas.integers else "str"
    if child.many:
        return f"tuple[{kind}, ...]", " = ()"
    return (kind, "") if child.required else (f"{kind} | None", " = None")


def _field(child: Child, schemas: Schemas) -> str:
    extra = f", record={_local(child.type)}" if child.type in schemas.types else ""
    extra += ", integer=True" if child.type in schemas.integers else ""
    extra += ", many=True" if child.many else ""
    extra += ", required=True" if child.required else ""
    return f'        Field("{snake(child.name)}", "{child.name}"{extra}),'


def _record(name: str, schemas: Schemas) -> Iterator[str]:
    children = schemas.types[name]
    yield "@dataclass(frozen=True, slots=True, kw_only=True)"
    yield f"class {_local(name)}:"
    yield f'    """``{_local(name)}`` of ``{_namespace(name)}``."""'
    yield ""
    for child in children:
        annotation, default = _annotation(child, schemas)
        if child.name == "OrgPassword":
            default = " = field(repr=False)"
        yield f"    {snake(child.name)}: {annotation}{default}"
    yield ""
    yield "    FIELDS: ClassVar[tuple[Field, ...]] = ("
    yield from (_field(child, schemas) for child in children)
    yield "    )"
    yield "    BY_NAME: ClassVar[Mapping[str, Field]] = {field.name: field for field in FIELDS}"


def records(schemas: Schemas) -> str:
    """Give the text of ``records.py``."""
    lines = [
        '"""Generated by contract/generate.py from xsd/2014: change the schemas, not this.',
        "",
        "One frozen record for each complex type; text as on the wire, absent optionals ``None``.",
        '"""',
        "",
        "from collections.abc import Mapping",
        "from dataclasses import dataclass, field",
        "from typing import ClassVar",
        "",
        "from uln_contract.shape import Field",
    ]
    for name in _in_order(schemas):
        lines += ["", "", *_record(name, schemas)]
    return "\n".join(lines) + "\n"


def _operations_of(generation: str) -> dict[str, dict[str, str]]:
    """Request and response element and the names that may stand for it, by operation."""
    root = etree.fromstring(files.read(f"wsdl/{generation}/LearnerService.wsdl"))
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


def operations(schemas: Schemas) -> str:
    """Give the text of ``operations.py``."""
    by_generation = {generation: _operations_of(generation) for generation in GENERATIONS}
    lines = [
        '"""Generated by contract/generate.py from wsdl/ and xsd/: change those, not this."""',
        "",
        "from collections.abc import Mapping",
        "",
        "from uln_contract import records",
        "from uln_contract.shape import OperationContract",
        "",
        "LEARNER_SERVICE: tuple[OperationContract, ...] = (",
    ]
    for name, facts in by_generation["2014"].items():
        carrying = {key: found[name] for key, found in by_generation.items() if name in found}
        names = [name, _local(facts["request"]), *(item["message"] for item in carrying.values())]
        lines += [
            "    OperationContract(",
            f'        name="{name}",',
            f'        request="{facts["request"]}",',
            f'        response="{facts["response"]}",',
            f"        request_record=records.{_local(schemas.elements[facts['request']])},",
            f"        response_record=records.{_local(schemas.elements[facts['response']])},",
            "        actions=frozenset(",
            "            {",
            *(f'                "{item}",' for item in sorted({name.lower() for name in names})),
            "            }",
            "        ),",
            f"        generations={tuple(carrying)!r},",
            "    ),",
        ]
    lines += [
        ")",
        "",
        "BY_REQUEST: Mapping[str, OperationContract] = {each.request: each for each in LEARNER_SERVICE}",
        "BY_NAME: Mapping[str, OperationContract] = {each.name: each for each in LEARNER_SERVICE}",
    ]
    return "\n".join(lines) + "\n"


def written() -> dict[Path, str]:
    """Give every generated file with its text, before the formatter."""
    schemas = load()
    return {PACKAGE / "records.py": records(schemas), PACKAGE / "operations.py": operations(schemas)}


def main() -> None:
    """Write the generated files; run ``ruff format contract`` afterwards."""
    argparse.ArgumentParser(description="Write records.py and operations.py from wsdl/ and xsd/.").parse_args()
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {path.name}\n")


if __name__ == "__main__":
    main()
