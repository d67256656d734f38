"""The published facts of a service, flattened to one line a fact, so that two contracts can be compared."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent / "facts"
FILES = {
    "2014": "learner-service.2014.json",
    "today": "learner-service.json",
    "external": "external-service.json",
    "r9": "learner-service-r9.json",
    "reconciliation": "reconciliation-service.json",
}
XS = "http://www.w3.org/2001/XMLSchema"

Fact = str | bool | tuple[str, ...]
Facts = dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Field:
    """One child of a complex type as the contract states it."""

    type: str
    occurs: str
    nillable: bool
    qualified: bool

    def facts(self, where: str) -> Facts:
        return {
            f"{where}/type": self.type,
            f"{where}/occurs": self.occurs,
            f"{where}/nillable": self.nillable,
            f"{where}/qualified": self.qualified,
        }


def published(contract: str) -> Facts:
    """Every published fact of a contract: of LearnerService ("2014", "today"), "external", "r9", or our own."""
    stated = json.loads((FACTS / FILES[contract]).read_bytes())
    facts: Facts = {
        key: stated[key] for key in ("service", "port", "binding", "port_type", "wsdl_namespace", "style", "path")
    }
    facts["operations"] = tuple(stated["operations"])
    facts["namespaces"] = tuple(sorted(stated["schemas"]))
    for name, operation in stated["operations"].items():
        for key, value in operation.items():
            facts[f"operation {name}/{key}"] = tuple(value) if isinstance(value, list) else value
    for namespace, schema in stated["schemas"].items():
        facts |= _schema(namespace, schema)
    return facts


def _schema(namespace: str, schema: dict[str, Any]) -> Facts:
    facts: Facts = {}
    for name, element in schema["elements"].items():
        where = f"element {{{namespace}}}{name}"
        if "fields" in element:
            facts |= _content(where, element)
        else:
            facts[f"{where}/type"] = _qualified(element["type"])
    for name, simple in schema["simple_types"].items():
        facts |= _simple(f"simple type {{{namespace}}}{name}", simple)
    for name, complex_type in schema["complex_types"].items():
        facts |= _complex(f"type {{{namespace}}}{name}", complex_type)
    return facts


def _simple(where: str, stated: dict[str, Any]) -> Facts:
    facts: Facts = {f"{where}/base": _qualified(stated["base"])}
    for facet, value in stated.items():
        if facet != "base":
            facts[f"{where}/{facet}"] = tuple(value) if isinstance(value, list) else value
    return facts


def _complex(where: str, stated: dict[str, Any]) -> Facts:
    facts: Facts = {
        f"{where}/extends": _qualified(stated["extends"]) if "extends" in stated else "",
        f"{where}/abstract": stated.get("abstract", False),
    }
    return facts | _content(where, stated)


def _content(where: str, stated: dict[str, Any]) -> Facts:
    facts: Facts = {f"{where}/order": tuple(field["name"] for field in stated["fields"])}
    for field in stated["fields"]:
        read = Field(_qualified(field["type"]), field["occurs"], field.get("nillable", False), field["qualified"])
        facts |= read.facts(f"{where}/{field['name']}")
    return facts


def _qualified(name: str) -> str:
    return name if name.startswith("{") else f"{{{XS}}}{name}"
