"""Is a message what the contract allows: outgoing ones before they are sent, replies before they are believed.

zeep checks a message's structure only; the values are checked against the strict (2014) schemas, which the service
applies whatever its WSDL says (domain §12).
"""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from uln_client.errors import InvalidReply, InvalidValue
from uln_client.rules import rule_of
from uln_contract import schema, ulns
from uln_contract.operations import BY_NAME
from uln_contract.reading import Element, local_name
from uln_contract.records import LearnerToRegister, RegisterSingleLearnerRqst
from uln_contract.shape import Record
from uln_contract.writing import write

# What XML 1.0 cannot carry, however escaped; Python's stand-ins for undecodable bytes are among them.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINKED_ULNS = "{http://api.lrs.miap.gov.uk/learner}LinkedULNs"


def check_text(request: Record) -> None:
    """Refuse text that XML cannot carry, before anything tries to write it."""
    for name, value in leaves(request):
        check_carried(name, value)


def check_form(uln: str) -> None:
    """Refuse what is no ULN at all; the schema says the same, but of one message's ULNs only."""
    if not _FORM.fullmatch(uln):
        rule = rule_of("ULN")
        raise _invalid("ULN", uln, rule.words, rule.remedy)


def check_uln(uln: str) -> None:
    """Refuse a ULN whose check digit is wrong: the register cannot hold it (domain §2)."""
    if _FORM.fullmatch(uln) and not ulns.is_valid(uln):
        raise _invalid("ULN", uln, "has a wrong check digit, so no learner has it.", _UNKNOWN.get(uln, _MISTYPED))


_FORM = re.compile("[1-9][0-9]{9}", re.ASCII)
_MISTYPED = (
    "Compare it digit by digit with the learner's document: a digit is wrong, or two are swapped. "
    "To send it all the same, switch the check off (ULN_CHECK_DIGIT=false, --no-check-digit)."
)
_UNKNOWN = {"9999999999": "It is the funding return's sign for an unknown ULN; find the learner's own ULN."}


def check_learner(learner: LearnerToRegister) -> None:
    """Refuse a learner who could not be registered as given: before anybody is searched for.

    Raises :class:`~uln_client.errors.InvalidValue`.
    """
    request = RegisterSingleLearnerRqst(org_password=_ANYBODY, user_name=_ANYBODY, learner=learner)
    check_text(request)
    check_request(etree.fromstring(write(request, BY_NAME["registerSingleLearner"].request, {})))


# Stands for the credentials of a request that is checked and not sent.
_ANYBODY = "0" * 16


def check_request(body: Element, contract: str = "2014") -> None:
    """Refuse an outgoing body element that breaks the strict schemas, naming the first field that does.

    ``contract`` names them (``uln_contract.schema``). ``body`` may stand in an envelope. Raises
    :class:`~uln_client.errors.InvalidValue`.
    """
    alone = deepcopy(body)
    if schema.is_valid(alone, contract):
        return
    refused = _refused(alone, contract)
    name = local_name(refused)
    rule = rule_of(name)
    raise _invalid(name, refused.text or "", rule.words, rule.remedy)


def _refused(element: Element, contract: str) -> Element:
    """The element that the schema's first error is about; this thread has just filled the log."""
    path = _STEP.sub(r"/*[name()='\1']", schema.compiled(contract).error_log[0].path or "")
    found = element.getroottree().xpath(path) if path else None
    return found[0] if isinstance(found, list) and found and etree.iselement(found[0]) else element


# A step of libxml2's path with its prefix, which may be declared below the root and so mean nothing to an XPath.
_STEP = re.compile(r"/([^/\[*]+)")


def check_reply(body: Element, expected: str, contract: str = "2014") -> Element:
    """Give a reply's body element in contract form: the element ``expected``, valid to the strict schemas.

    ``expected`` is ``{namespace}name``. ``LinkedULNs`` is taken with its namespace (today's generation) and
    without (2014). Raises :class:`~uln_client.errors.InvalidReply`, which names the place and never the value.
    """
    if body.tag != expected:
        raise _broken(f"{expected.rpartition('}')[2]} was expected, {local_name(body)} came")
    alone = deepcopy(body)
    for linked in alone.iter(_LINKED_ULNS):
        linked.tag = "LinkedULNs"
    # At once, not row by row as a service has to: a reply is bounded, and hardly ever has many errors.
    if not schema.compiled(contract).validate(alone):
        place = "/".join(reversed([local_name(step) for step in _upwards(_refused(alone, contract))]))
        raise _broken(f"{place} is not what the schema says")
    return alone


def _upwards(element: Element) -> Iterator[Element]:
    yield element
    yield from element.iterancestors()


def _broken(reason: str) -> InvalidReply:
    return InvalidReply(
        f"The reply breaks the contract: {reason}.",
        "Nothing in it can be relied on: report this to the service's operator.",
    )


def leaves(record: Record) -> Iterator[tuple[str, str]]:
    """Walk a record's text: the element's local name and its value."""
    for field in record.FIELDS:
        value = getattr(record, field.attribute)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, str):
                yield field.name, item
            elif field.record is not None and item is not None:
                yield from leaves(item)


def check_carried(name: str, value: str) -> None:
    """Refuse a text that XML cannot carry."""
    if not value.isprintable() and _ILLEGAL.search(value):
        raise _invalid(name, value, "holds a character that XML cannot carry.", "Remove control characters.")


def _invalid(name: str, value: str, rule: str, remedy: str) -> InvalidValue:
    return InvalidValue(name, None if name in schema.CREDENTIALS else value, rule, remedy)
