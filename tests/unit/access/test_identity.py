"""Who calls, and whether they may: each refusal, and the order in which they apply."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.access.organisations import PASSWORD, Listed, an_organisation

from uln_contract.codes import FaultCode
from uln_server.access.identity import Claim, Refused, admit, resolve, why_unknown
from uln_server.access.organisation import Agreement, Organisation, Status

AO = an_organisation()
COLLEGE = an_organisation(id=2, ukprn="90000002", organisation_ref="SBXLP2")
KNOWN = Listed((AO, COLLEGE))
NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ukprn", "ref", "expected"),
    [
        ("90000001", None, AO),
        (None, "SBXAO1", AO),
        ("90000001", "SBXAO1", AO),
        # Live clients put either identifier into either field (domain §11).
        (None, "90000001", AO),
        ("SBXAO1", None, AO),
        ("SBXAO1", "90000001", AO),
        ("90000001", "90000001", AO),
        ("90000001", "sbxao1", AO),
        (" 90000001\n", "  ", AO),
        ("", "SBXLP2", COLLEGE),
        (None, None, None),
        ("", " ", None),
        ("90000009", None, None),
        (None, "NOBODY", None),
        ("90000001", "SBXLP2", None),
        ("90000002", "SBXAO1", None),
        ("90000001", "NOBODY", None),
        ("90000009", "SBXAO1", None),
    ],
)
def test_a_claim_names_one_organisation_or_none(
    ukprn: str | None, ref: str | None, expected: Organisation | None
) -> None:
    assert resolve(Claim(ukprn=ukprn, organisation_ref=ref), KNOWN) is expected


@pytest.mark.parametrize(
    ("ukprn", "ref", "said"),
    [
        (None, " ", "Neither"),
        ("90000001", "SBXLP2", "one and the same"),
        ("90000009", "SBXAO1", "one and the same"),
        ("90000009", None, "No organisation is known"),
        ("nobody01", "NOBODY01", "No organisation is known"),
    ],
)
def test_the_reason_is_told_from_the_claim_alone(ukprn: str | None, ref: str | None, said: str) -> None:
    assert said in why_unknown(Claim(ukprn=ukprn, organisation_ref=ref))


def test_the_reason_does_not_tell_which_of_two_identifiers_is_known() -> None:
    texts = {
        why_unknown(Claim(ukprn=ukprn, organisation_ref=ref))
        for ukprn, ref in (("90000001", "NOBODY"), ("90000009", "SBXAO1"), ("90000001", "SBXLP2"))
    }
    assert len(texts) == 1


def test_a_password_shows_in_no_repr() -> None:
    assert PASSWORD not in repr(Claim(ukprn="90000001", password=PASSWORD, user_name="pat"))
    assert "argon2" not in repr(AO)


def _refusal(organisation: Organisation | None, *, proven: bool = True, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        admit(organisation, proven=proven, needs=Agreement.REGISTER_READ, now=NOON, **more)
    return caught.value


def test_who_may_is_let_pass() -> None:
    admit(AO, proven=True, needs=Agreement.REGISTER_READ, now=NOON)
    admit(an_organisation(hours="12:00-12:01"), proven=True, needs=Agreement.PLR_READ, now=NOON)


def test_each_refusal_says_why_and_what_to_do() -> None:
    cases = [
        (_refusal(None), FaultCode.WSEC0003, "check UKPRN and OrganisationRef"),
        (_refusal(None, claim=Claim()), FaultCode.WSEC0003, "send one of them"),
        (_refusal(AO, proven=False), FaultCode.WSEC0005, "16 characters"),
        (_refusal(an_organisation(status=Status.SUSPENDED)), FaultCode.WSEC0003, "suspended"),
        (_refusal(an_organisation(hours="13:00-14:00")), FaultCode.WSEC0004, "to this organisation 13:00-14:00"),
        (_refusal(AO, service_hours="13:00-14:00"), FaultCode.WSEC0004, "The service is open 13:00-14:00 UK time"),
        (_refusal(an_organisation(hours="never")), FaultCode.WSEC0004, "at all times"),
        (_refusal(an_organisation(agreements=frozenset())), FaultCode.WSEC0006, "'register-read'"),
    ]
    for refused, code, said in cases:
        assert refused.code is code
        assert said in refused.text
        assert str(refused) == f"{code}: {refused.text}"


def test_of_several_reasons_the_first_is_given() -> None:
    nothing_right = an_organisation(status=Status.SUSPENDED, hours="never", agreements=frozenset())
    assert _refusal(None, proven=False).code is FaultCode.WSEC0003
    assert _refusal(nothing_right, proven=False).code is FaultCode.WSEC0005
    assert "suspended" in _refusal(nothing_right).text
    assert "suspended" in _refusal(nothing_right, service_hours="13:00-14:00").text
    closed = an_organisation(hours="never", agreements=frozenset())
    assert _refusal(closed).code is FaultCode.WSEC0004
    assert "The service is open 13:00-14:00" in _refusal(closed, service_hours="13:00-14:00").text
    assert "at all times" in _refusal(closed, service_hours="12:00-14:00").text
