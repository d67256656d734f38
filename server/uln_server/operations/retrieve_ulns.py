"""retrieveULNs: up to 200 ULNs, each with what stands for it today (domain §4, §6)."""

from uln_contract.codes import ResponseCode
from uln_contract.records import MIAPRetrievedULN, MIAPRetrievedULNs, RetrieveULNsResp, RetrieveULNsRqst
from uln_server.operations.call import Answer, Call, Unit
from uln_server.register.entry import Standing


def retrieve_ulns(call: Call[RetrieveULNsRqst], unit: Unit) -> Answer:
    """Answer each ULN in the order sent: WSRC0004, WSRC0022 (merged: with its master), WSRC0001 [O].

    The details are those of the record that stands for the ULN; an unknown or deleted one has none [O].
    """
    asked = call.request.ulns_to_retrieve.uln
    found = unit.learners.entries(asked)
    reply = RetrieveULNsResp(
        retrieved_ulns=MIAPRetrievedULNs(verified_uln=tuple(_retrieved(uln, found.get(uln)) for uln in asked))
    )
    disclosed = dict.fromkeys(entry.current.uln for entry in found.values())
    code = ResponseCode.WSRC0004 if found else ResponseCode.WSRC0001
    return Answer(reply, code, tuple(disclosed))


def _retrieved(uln: str, entry: Standing | None) -> MIAPRetrievedULN:
    if entry is None:
        return MIAPRetrievedULN(uln=uln, response_code=ResponseCode.WSRC0001)
    current = entry.current
    return MIAPRetrievedULN(
        uln=uln,
        master_uln=current.uln if entry.merged else None,
        response_code=ResponseCode.WSRC0022 if entry.merged else ResponseCode.WSRC0004,
        family_name=current.family_name,
        given_name=current.given_name,
        date_of_birth=current.date_of_birth,
        gender=current.gender,
    )
