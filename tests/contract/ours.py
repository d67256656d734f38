"""Our own WSDLs and schemas, read into the same facts as ``published``.

The reader knows only the few constructs that the contract uses and fails on any other, so that nothing in our
files can escape the comparison.
"""

import re
from functools import cache

from lxml import etree
from tests.contract.published import XS, Facts, Field

from uln_contract import files

WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
HTTP = "http://schemas.xmlsoap.org/soap/http"
LISTS = ("pattern", "enumeration")
BOUNDS = ("minLength", "maxLength", "minInclusive", "maxInclusive")


def ours(contract: str) -> Facts:
    """Every fact that our files state of a contract: "2014", "today", "external", "r9", "reconciliation"."""
    facts = _wsdl(wsdl(contract))
    trees = schemas(contract)
    facts["namespaces"] = tuple(sorted(trees))
    for namespace, schema in trees.items():
        facts |= _schema(namespace, schema)
    return facts


def wsdl(contract: str) -> etree._Element:
    """Parse the WSDL of ``contract``."""
    return etree.fromstring(files.read(files.wsdl(contract)))


@cache
def schemas(contract: str) -> dict[str, etree._Element]:
    """Parse the schema documents of ``contract``, by target namespace; everyone reads the same trees."""
    return {namespace: etree.fromstring(files.read(name)) for namespace, name in schema_files(contract).items()}


@cache
def schema_files(contract: str) -> dict[str, str]:
    """Name the schema files of ``contract``, by target namespace."""
    names = files.schemas(contract)
    return {etree.fromstring(files.read(name)).attrib["targetNamespace"]: name for name in names}


def name_of(node: etree._Element, text: str) -> str:
    """Resolve the prefixed name ``text`` where ``node`` stands, to ``{namespace}local``."""
    prefix, _, local = text.rpartition(":")
    return f"{{{node.nsmap[prefix]}}}{local}"


def children(node: etree._Element, *known: str) -> list[etree._Element]:
    """Give the children of ``node`` but its documentation and comments; any tag not in ``known`` is an error."""
    found = [child for child in node.iterchildren(etree.Element) if _local(child) not in _TALK]
    strange = {_local(child) for child in found} - set(known)
    assert not strange, f"line {node.sourceline}: unknown here: {strange}"
    return found


_TALK = {"annotation", "documentation"}


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _attributes(node: etree._Element, *known: str) -> dict[str, str]:
    read = {str(key): str(value) for key, value in node.attrib.items()}
    assert set(read) <= set(known), f"line {node.sourceline}: unknown attribute among {set(read)}"
    return read


def _one(node: etree._Element, path: str) -> etree._Element:
    (found,) = node.findall(path, {"wsdl": WSDL, "soap": SOAP, "xs": XS})
    return found


def _wsdl(tree: etree._Element) -> Facts:
    port_type, binding, service = (_one(tree, f"wsdl:{name}") for name in ("portType", "binding", "service"))
    port, transport = _one(service, "wsdl:port"), _one(binding, "soap:binding")
    assert _attributes(transport, "style", "transport") == {"style": "document", "transport": HTTP}
    assert name_of(binding, binding.attrib["type"]) == _target(tree, port_type.attrib["name"])
    assert name_of(port, port.attrib["binding"]) == _target(tree, binding.attrib["name"])
    address = _one(port, "soap:address").attrib["location"]
    facts: Facts = {
        "service": service.attrib["name"],
        "port": port.attrib["name"],
        "binding": binding.attrib["name"],
        "port_type": port_type.attrib["name"],
        "wsdl_namespace": tree.attrib["targetNamespace"],
        "style": "document/literal, SOAP 1.1 over HTTP",
        "path": re.sub(r"^http://localhost:8000(/2014)?", "", address),
    }
    return facts | _operations(tree, port_type, binding)


def _target(tree: etree._Element, local: str) -> str:
    return f"{{{tree.attrib['targetNamespace']}}}{local}"


def _operations(tree: etree._Element, port_type: etree._Element, binding: etree._Element) -> Facts:
    bound = {node.attrib["name"]: node for node in children(binding, "binding", "operation")[1:]}
    offered = {node.attrib["name"]: node for node in children(port_type, "operation")}
    assert list(bound) == list(offered)
    messages = {node.attrib["name"]: node for node in tree.findall(f"{{{WSDL}}}message")}
    facts: Facts = {"operations": tuple(offered)}
    used: set[str] = set()
    for name, operation in offered.items():
        facts[f"operation {name}/soap_action"] = _action(bound[name])
        into, out, fault = children(operation, "input", "output", "fault")
        names = [name_of(part, part.attrib["message"]).rpartition("}")[2] for part in (into, out, fault)]
        used.update(names)
        facts[f"operation {name}/input_message"], facts[f"operation {name}/output_message"] = names[:2]
        facts[f"operation {name}/request"] = _element(messages[names[0]])
        facts[f"operation {name}/response"] = _element(messages[names[1]])
        facts[f"operation {name}/faults"] = (_element(messages[names[2]]),)
    assert used == set(messages), "a message that no operation uses"
    return facts


def _element(message: etree._Element) -> str:
    (part,) = children(message, "part")
    return name_of(part, _attributes(part, "name", "element")["element"])


def _action(operation: etree._Element) -> str:
    soap, into, out, fault = children(operation, "operation", "input", "output", "fault")
    assert soap.attrib["style"] == "document"
    for side in (into, out):
        assert _attributes(_one(side, "soap:body"), "use") == {"use": "literal"}
    literal = {"name": fault.attrib["name"], "use": "literal"}
    assert _attributes(_one(fault, "soap:fault"), "name", "use") == literal
    return soap.attrib["soapAction"]


def _schema(namespace: str, schema: etree._Element) -> Facts:
    known = ("targetNamespace", "elementFormDefault", "attributeFormDefault")
    qualified = _attributes(schema, *known)["elementFormDefault"] == "qualified"
    facts: Facts = {}
    for node in children(schema, "import", "element", "simpleType", "complexType"):
        name = f"{{{namespace}}}{node.get('name')}"
        if _local(node) == "element":
            facts |= _global(f"element {name}", node, qualified=qualified)
        elif _local(node) == "simpleType":
            facts |= _simple(f"simple type {name}", node)
        elif _local(node) == "complexType":
            facts |= _complex(f"type {name}", node, qualified=qualified)
    return facts


def _global(where: str, node: etree._Element, *, qualified: bool) -> Facts:
    if "type" in node.attrib:
        assert not children(node)
        return {f"{where}/type": name_of(node, _attributes(node, "name", "type")["type"])}
    _attributes(node, "name")
    (own,) = children(node, "complexType")
    assert not _attributes(own)
    return _content(where, own, qualified=qualified)


def _simple(where: str, node: etree._Element) -> Facts:
    (restriction,) = children(node, "restriction")
    facets = children(restriction, *LISTS, *BOUNDS)
    facts: Facts = {f"{where}/base": name_of(restriction, _attributes(restriction, "base")["base"])}
    facts |= {f"{where}/{_local(facet)}": facet.attrib["value"] for facet in facets if _local(facet) in BOUNDS}
    for kind in LISTS:
        values = tuple(facet.attrib["value"] for facet in facets if _local(facet) == kind)
        facts |= {f"{where}/{kind}": values} if values else {}
    return facts


def _complex(where: str, node: etree._Element, *, qualified: bool) -> Facts:
    stated = _attributes(node, "name", "abstract")
    content, base = node, ""
    if node.find(f"{{{XS}}}complexContent") is not None:
        (inner,) = children(node, "complexContent")
        (content,) = children(inner, "extension")
        base = name_of(content, _attributes(content, "base")["base"])
    facts: Facts = {f"{where}/extends": base, f"{where}/abstract": stated.get("abstract") == "true"}
    return facts | _content(where, content, qualified=qualified)


def _content(where: str, content: etree._Element, *, qualified: bool) -> Facts:
    fields = [field for sequence in children(content, "sequence") for field in children(sequence, "element")]
    facts: Facts = {f"{where}/order": tuple(field.attrib["name"] for field in fields)}
    for field in fields:
        facts |= _field(field, qualified=qualified).facts(f"{where}/{field.attrib['name']}")
    return facts


def _field(node: etree._Element, *, qualified: bool) -> Field:
    stated = _attributes(node, "name", "type", "minOccurs", "maxOccurs", "nillable", "form")
    most = stated.get("maxOccurs", "1").replace("unbounded", "*")
    form = stated.get("form", "qualified" if qualified else "unqualified")
    return Field(
        type=name_of(node, stated["type"]),
        occurs=f"{stated.get('minOccurs', '1')}..{most}",
        nillable=stated.get("nillable") == "true",
        qualified=form == "qualified",
    )
