"""How live clients read an answer, each in its own way (domain §4, §5, §12)."""

import re
from collections.abc import Mapping

from lxml import etree
from tests.soap.wire import GENERATION_2014, LEARNER, SOAP, Answer

from uln_contract import records
from uln_contract.codes import FailureFlag, VerifyCode
from uln_contract.shape import Record

Read = Mapping[str, list[etree._Element]]


def fault_code(answer: Answer) -> str | None:
    """A client that looks for the fault by its literal prefix, and reads no XML at all."""
    found = re.search(rb"<ns10:MIAPAPIException[ >].*?<ErrorCode>([^<]*)</ErrorCode>", answer.body, re.DOTALL)
    return found[1].decode() if found else None


def in_sequence(element: etree._Element, record: type[Record], path: str) -> Read:
    """A generated client that goes through its type's fields in order: a child in any other place is an error.

    A field without a child is missing in what it gives, which the client takes for "nothing there".
    """
    read: dict[str, list[etree._Element]] = {}
    waiting = list(record.FIELDS)
    for child in element:
        while waiting and child.tag != _tag(waiting[0].name, path):
            waiting.pop(0)
        assert waiting, f"{child.tag!s} is unknown, or not in its place"
        there = read.setdefault(waiting[0].name, [])
        assert waiting[0].many or not there, f"{child.tag!s} is there twice"
        there.append(child)
    return read


def text(read: Read, name: str) -> str | None:
    """A field's text; ``None`` where it is missing. An empty one is empty."""
    return (read[name][0].text or "") if name in read else None


def find_reply(answer: Answer) -> tuple[Read, list[Read]]:
    """A find's reply and its learners, read in sequence."""
    assert answer.status == 200, answer.body
    reply = in_sequence(answer.payload(), records.FindLearnerResp, answer.path)
    return reply, [in_sequence(each, records.Learner, answer.path) for each in reply.get("Learner", [])]


def first_learner(answer: Answer) -> etree._Element | None:
    """A client that looks no further than the first Learner, by its local name, anywhere in the answer."""
    return next(answer.root().iter("{*}Learner"), None)


def registered_uln(answer: Answer) -> str | None:
    """A client that looks for a ULN only beside WSRC0005, and takes every other code for a refusal."""
    reply = in_sequence(answer.payload(), records.RegisterSingleLearnerResp, answer.path)
    uln = text(reply, "ULN")
    assert (uln is not None) is (text(reply, "ResponseCode") == "WSRC0005"), answer.body
    return uln


def update_code(answer: Answer) -> str | None:
    """The only thing that the reply to an update holds."""
    return text(in_sequence(answer.payload(), records.UpdateLearnerResp, answer.path), "ResponseCode")


def verified(answer: Answer) -> tuple[VerifyCode, set[FailureFlag], Read]:
    """A client that crashes (``ValueError``) on a code or a flag that it does not know."""
    assert answer.root().tag == f"{{{SOAP}}}Envelope"
    (learner,) = answer.payload()
    read = in_sequence(learner, records.MIAPVerifiedLearner, answer.path)
    flags = {FailureFlag(each.text or "") for each in read.get("FailureFlag", [])}
    return VerifyCode(text(read, "ResponseCode") or ""), flags, read


def _tag(name: str, path: str) -> str:
    """How a generated client of this address knows a child: LinkedULNs alone differs (interop)."""
    return f"{{{LEARNER}}}{name}" if name == "LinkedULNs" and path != GENERATION_2014 else name


def learner_record(answer: Answer) -> tuple[bool, str, list[dict[str, str]]]:
    """Whether the learner was verified, the ULN found, and the events, as a client reads them.

    It goes into FoundULN and LearnerRecord before it asks for the code, and knows one code alone.
    """
    (result,) = answer.reply()
    parts = {etree.QName(each).localname: each for each in result}
    found, record = parts["FoundULN"].text or "", list(parts["LearnerRecord"])
    events = [{etree.QName(each).localname: each.text or "" for each in event} for event in record]
    return parts["ResponseCode"].text != "WSEC0208", found, events
