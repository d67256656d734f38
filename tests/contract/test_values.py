"""What each simple type of the 2014 schemas takes and refuses, asked of lxml and of xmlschema alike."""

from functools import cache
from xml.sax.saxutils import escape

import pytest
import xmlschema
from lxml import etree
from tests.contract.ours import ours, schemas
from tests.contract.published import XS

from uln_contract import files

API = "http://api.lrs.miap.gov.uk"

GOOD: dict[str, list[str]] = {
    "MIAPULN": ["1026893096", "9276308686", "1026893097", "9999999999"],
    "MIAPULNNillable": ["1026893096", ""],
    "MIAPUKPRN": ["90000001", "ABCDEFGH"],
    "MIAPOrganisationRef": ["SBXAO1", "sbxao1", "123456"],
    "MIAPOrgPassword": ["SandboxAO-000001", "sixteen chars ok", "               x"],
    "MIAPNameNonEmpty": ["Darcie", "O'Brien", " x", "x" * 35, "Sian Mair", "\u0141ukasz"],
    "MIAPName": ["", " ", "x" * 35],
    "MIAPDate": ["1976-08-16", "2000-02-29", "2024-02-29", "1904-02-29", "2001-02-28", "2099-12-31"],
    "MIAPFindDate": ["1976-08-16", "2024-02-29"],
    "MIAPDateNillable": ["1976-08-16", "2024-02-29", ""],
    "MIAPDateTime": [
        "2024-01-31 10:00:00",
        "2024-02-29 23:59:59",
        "2023-02-28 00:00:00",
        "1999-12-31 19:05:09",
    ],
    "MIAPGender": ["0", "1", "2", "9"],
    "MIAPGenderNillable": ["0", "1", "2", "9", ""],
    "MIAPPostCode": [
        "CV4 9EE",
        "CV49EE",
        "cv4 9ee",
        "SW1A 1AA",
        "SW1A1AA  ",
        "M1 2WD",
        "GIR 0AA",
        "ZZ99 9ZZ",
        "BFPO 1234",
        "bfpo1",
    ],
    "MIAPPostCodeNillable": ["CV4 9EE", "BFPO 12", ""],
    "MIAPEmail": ["darcie@example.com", "d.t+uln@mail.example.co.uk", "o'brien_1@ex-ample.org", ""],
    "MIAPSchoolName": ["", "x" * 254],
    "MIAPAddress": ["", "x" * 50],
    "MIAPNationality": ["", "GBR"],
    "MIAPScottishCandidateNumber": ["123456789", "000000000", ""],
    "MIAPVerificationType": ["0", "7", "999"],
    "MIAPOtherVerificationDescription": ["", "x" * 255],
    "MIAPAbilityToShare": ["0", "1", "2"],
    "MIAPTierLevel": ["0", "1", "2"],
    "MIAPLearnerStatus": ["0", "1", "2"],
    "MIAPNotes": ["", "two\nlines", "x" * 4000],
    "MIAPMISIdentifier": ["", "x" * 128],
    "MIAPLearnerRecordCount": ["1", "200", " 20 "],
    "MIAPVerifyRecordCount": ["1", "201", "5000"],
    "MIAPBatchJobType": ["FUL", "CHK"],
    "MIAPFailureFlag": ["VRF1"],
    "MIAPFindType": ["FUL", "CHK"],
    "MIAPUserType": ["LNR", "ORG", "SER"],
    "MIAPContactType": ["FTF", "TEL", "PST", "WEB", "EML", "NKN"],
    "ErrorCode": ["WSEC0001"],
    "ErrorActor": ["learnerByULN"],
    "ErrorDescription": ["Invalid request"],
    "ErrorFurtherDetails": [""],
    "ErrorTimestamp": ["2024-01-31 10:00:00"],
}

BAD: dict[str, list[str]] = {
    "MIAPULN": ["", "0026893096", "102689309", "10268930960", " 1026893096", "1026893o96", "1026 893096"],
    "MIAPULNNillable": ["0026893096", "102689309", " "],
    "MIAPUKPRN": ["", "9000001", "900000012", "9000 001", " 90000001"],
    "MIAPOrganisationRef": ["", "SBXAO", "SBXAO11", "SBX-01", " SBXAO1"],
    "MIAPOrgPassword": ["", "short", "SandboxAO-0000012", " " * 16],
    "MIAPNameNonEmpty": ["", " ", "\t\n", "x" * 36],
    "MIAPName": ["x" * 36],
    "MIAPDate": [
        "",
        "2023-02-29",
        "2100-01-01",
        "2024-02-30",
        "1799-12-31",
        "2024-04-31",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "2024-1-1",
        "16-08-1976",
        "1976/08/16",
        "1976-08-16Z",
        "1976-08-16T00:00:00",
        " 1976-08-16",
    ],
    "MIAPFindDate": ["", "2023-02-29"],
    "MIAPDateNillable": [" ", "2023-02-29"],
    "MIAPDateTime": [
        "",
        "2024-01-31",
        "2024-02-29",
        "2024-01-31T10:00:00",
        "2024-01-31 24:00:00",
        "2024-01-31 10:60:00",
        "2024-01-31 10:00:60",
        "2024-01-31 10:00",
        "2023-02-29 10:00:00",
        "10:00:00",
    ],
    "MIAPGender": ["", "3", "01", "M", " 1", "0|1|2|9"],
    "MIAPGenderNillable": ["3", "12", " "],
    "MIAPPostCode": [
        "",
        "CV4",
        "CV4 9EC",
        "CV4 9EEE",
        "1V4 9EE",
        "CV4-9EE",
        "CV4  9EE",
        "BFPO",
        "BFPO 12345",
        " CV4 9EE",
    ],
    "MIAPPostCodeNillable": ["CV4", " "],
    "MIAPEmail": [
        "darcie",
        "darcie@",
        "@example.com",
        "darcie@example",
        "darcie@example.c",
        "darcie@-example.com",
        "darcie@example-.com",
        "a..b@example.com",
        ".a@example.com",
        "a b@example.com",
        "darcie@example.com ",
        "a@example.museums",
        "a@b.com",
        "x" * 243 + "@example.com",
    ],
    "MIAPSchoolName": ["x" * 255],
    "MIAPAddress": ["x" * 51],
    "MIAPNationality": ["GBRX"],
    "MIAPScottishCandidateNumber": ["12345678", "1234567890", "12345678A", " "],
    "MIAPVerificationType": ["", "8", "99", "9999", "00"],
    "MIAPOtherVerificationDescription": ["x" * 256],
    "MIAPAbilityToShare": ["", "3", "-1"],
    "MIAPTierLevel": ["", "3"],
    "MIAPLearnerStatus": ["", "3"],
    "MIAPNotes": ["x" * 4001],
    "MIAPMISIdentifier": ["x" * 129],
    "MIAPLearnerRecordCount": ["", "0", "201", "-1", "1.5", "twenty"],
    "MIAPVerifyRecordCount": ["", "0", "5001"],
    "MIAPBatchJobType": ["", "FULL", "ful", "FUL|CHK", "FULCHK"],
    "MIAPFindType": ["", "FULL", "chk", "CHK "],
    "MIAPUserType": ["", "LRN", "lnr"],
    "MIAPContactType": ["", "XXX", "web"],
}

# Plain strings: the service writes them and nobody sends them.
UNBOUNDED = {
    "MIAPFailureFlag",
    "ErrorCode",
    "ErrorActor",
    "ErrorDescription",
    "ErrorFurtherDetails",
    "ErrorTimestamp",
}
NAMESPACES = {"MIAPFindType": "findmsg", "MIAPUserType": "learnerrec", "MIAPContactType": "learnerrec"}


def _cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


def _short(value: object) -> str:
    return f"{value!s:.40}" or "empty"


def _home(type_name: str) -> str:
    return "exceptions" if type_name.startswith("Error") else NAMESPACES.get(type_name, "learner")


@cache
def _probe(home: str) -> tuple[etree.XMLSchema, xmlschema.XMLSchema]:
    """Compile a schema with an element for each simple type of one of the contract's files, called as the type."""
    types = (each.get("name") for each in schemas("2014")[f"{API}/{home}"].iterchildren(f"{{{XS}}}simpleType"))
    source = (
        f'<xs:schema xmlns:xs="{XS}" xmlns:t="{API}/{home}">'
        f'<xs:import namespace="{API}/{home}" schemaLocation="{files.path(f"xsd/2014/{home}.xsd").as_uri()}"/>'
        + "".join(f'<xs:element name="{each}" type="t:{each}"/>' for each in types)
        + "</xs:schema>"
    )
    return etree.XMLSchema(etree.fromstring(source)), xmlschema.XMLSchema(source, allow="local")


def accepted(type_name: str, value: str) -> bool:
    """Whether the strict type called ``type_name`` takes ``value``; both libraries must say the same."""
    (verdict,) = set(_verdicts(type_name, value))
    return verdict


def _verdicts(type_name: str, value: str) -> tuple[bool, bool]:
    compiled, careful = _probe(_home(type_name))
    assert type_name in careful.elements, f"{type_name} is no simple type"
    message = f"<{type_name}>{escape(value)}</{type_name}>"
    return compiled.validate(etree.fromstring(message)), careful.is_valid(message)


@pytest.mark.parametrize(("type_name", "value"), _cases(GOOD), ids=_short)
def test_a_good_value_is_taken(type_name: str, value: str) -> None:
    assert _verdicts(type_name, value) == (True, True)


@pytest.mark.parametrize(("type_name", "value"), _cases(BAD), ids=_short)
def test_a_bad_value_is_refused(type_name: str, value: str) -> None:
    assert _verdicts(type_name, value) == (False, False)


def test_every_simple_type_has_its_values() -> None:
    written = {
        fact.partition("}")[2].partition("/")[0] for fact in ours("2014") if fact.startswith("simple type ")
    }
    assert set(GOOD) == written
    assert set(BAD) == written - UNBOUNDED


def test_the_published_pattern_takes_two_days_that_never_were() -> None:
    """The pattern looks at the last two digits of the year only: whoever reads such a date must look again."""
    for day in ("1800-02-29", "1900-02-29"):
        assert _verdicts("MIAPDate", day) == (True, True)
