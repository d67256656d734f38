"""A file of achievements is refused for exactly the field data that the service would refuse (domain §8, §9)."""

# ruff: noqa: RUF001  # letters and digits that look like others are what is tried

import random
from collections.abc import Mapping, Sequence
from itertools import product

from tests.unit.batch_files.checked import GOOD, TODAY, ULNS, checked

from uln_contract.batch_files.checking import CheckedRow
from uln_contract.batch_files.value_codes import ValueCode
from uln_contract.layouts import REGISTRATION_3A
from uln_contract.records import BatchLearner
from uln_server.batch.registration_rows import unusable
from uln_server.record.action import ACTIONS
from uln_server.record.submitted import Submitted, read

# The file's own damage, which the service cannot tell from what was meant: refused besides.
DAMAGE = {ValueCode.LOST_LETTER, ValueCode.MOJIBAKE, ValueCode.SPREADSHEET_ERROR, ValueCode.CONTROL}
DATES = (
    *("2024-06-28", "2024-06-28T00:00:00", "2024-06-28T23:30:00Z", "2024-06-28T00:00:00+01:00", "2026-11-24"),
    *("2026-11-24T23:59:59", "2026-11-25", "2026-11-24T23:59:59+00:00", "2026-11-25T00:30:00+02:00", "2099-01-01"),
    *("1899-12-31", "1900-01-01", "2024-02-30", "2023-02-29", "1900-02-29", "28/06/2024", "06/28/2024", "45471"),
    *("2024-06-28 00:00:00", "20240628", "28-Jun-24", "2024-06-28T24:00:00", "2024-06-28T00:00:00.123456789"),
    *("0001-01-01T00:00:00", "2024-06-28T00:00", "2024-06-28T00:00:00+24:00", "x", "#N/A", "2024-06-28\x00"),
    *(
        "2024–06–28",
        " 2024-06-28 ",
        "\u200b2024-06-28",
        "2024-06-28T00:00:00 ",
        "２０２４-06-28",
        "2024-06-28T00:00:00+19:59",
    ),
)
NAMES = (
    *(
        "Darcie",
        "O’Brien",
        "Siân",
        "SiÃ¢n",
        "Ann  Marie",
        " Ann",
        "Ann\nMarie",
        "Ann\tMarie",
        "123",
        "-",
        "'",
        "?",
    ),
    *("x" * 35, "x" * 36, "é" * 35, "é" * 36, "Si\ufffdn", "Ann\x07", "\x1fAnn", "Ann\x85", "Łukasz", "李", "🙂"),
    *("", " ", "\u00a0", "\u200b", "null", "#REF!", "Ann\u2028Marie", "Al\u00adice", f" {'x' * 35} ", "x  " * 13),
    *("²", "ª", "Ann\x9f", "½"),
)
TEXTS = (*NAMES, "y" * 254, "y" * 255, "z " * 127, "Pass", "\x00", "a\x1cb", "#N/A")
POOLS = {
    "AchievementAwardDate": DATES,
    "ActionDate": DATES,
    "DateofBirth": DATES,
    "Action": (
        *(
            "1",
            "2",
            "5",
            "0",
            "6",
            "-1",
            "+1",
            "01",
            "1.0",
            "Create",
            "",
            "10000000000",
            "¹",
            "１",
            "1 ",
            " +0005",
        ),
        *("999999999", "1\x001", "#N/A", "null", "½"),
    ),
    "ActionReason": TEXTS,
    "FamilyName": NAMES,
    "GivenName": NAMES,
    "Gender": ("0", "1", "2", "9", "3", "M", "Female", "", "01", "+2", "-0", "2.0", "#N/A", "２", "x" * 40, "-1"),
    "Grade": TEXTS,
    "LanguageForAssessment": TEXTS,
    "LearnerPostcode": (
        *(
            "CV4 9EE",
            "cv49ee",
            "CV4  9EE",
            "CV4-9EE",
            "CV4 OEE",
            "zz99 9zz",
            "BFPO 12",
            "1234567890",
            "",
            "unknown",
        ),
        *("CV4\u00a09EE", "CV4 9EE\x00", "’CV4 9EE", "EC1A 1BB", "(EC1A 1BB)", "#N/A", "x" * 9, "é" * 10),
    ),
    "MisIdentifier": (
        *("MIS-1", "1.23E+11", "m" * 128, "m" * 129, "a  b", " a ", "a\tb", "a\nb", "", "é", "#N/A", "a\u00a0b"),
        *("\x85a", "a\ufffd", "SiÃ¢n"),
    ),
    "ProviderUkprn": (
        *(
            "90000002",
            "00000001",
            "9000002",
            "90000002.0",
            "",
            "x",
            "9.00E+07",
            " 90000002",
            "90000002\x07",
            "#N/A",
        ),
        *("y" * 200, "null"),
    ),
    "Uln": (
        *(*ULNS, "1026893095", "9999999999", "102689309", "1.03E+09", "102 689 3096", "0000000000", "", "x"),
        *(
            "1026893096.0",
            "'1026893096",
            " 1026893096",
            "１０２６８９３０９６",
            "\u200b1026893096",
            "1026893096\x00",
        ),
    ),
    "UnitOrQualificationReferenceNumber": (
        *(
            "S/900/0004",
            "s/900/0004",
            "S9000004",
            "600/1166/X",
            "600/1166/x",
            "6001166X",
            "C00/1234/5",
            "K/501/ 5773",
        ),
        *(
            "K-501-5773",
            "123456X",
            "x",
            "",
            "ſ/900/0004",
            "S/９００/0004",
            "S/900/0004 ",
            "S–900–0004",
            "5.01E+07",
        ),
        *("S/900/0004\x00", "#N/A", "ß/900/0004", "K5015773.0"),
    ),
}
ROWS = 1_000


def _drawn(drawing: random.Random, pools: Mapping[str, Sequence[str]], most: int = 4) -> dict[str, str]:
    """Give some values drawn from what is met and what is nearly right."""
    return {each: drawing.choice(pools[each]) for each in drawing.sample(sorted(pools), drawing.randint(1, most))}


def _rows(drawing: random.Random) -> list[dict[str, str]]:
    return [{**GOOD["achievement"], **_drawn(drawing, POOLS)} for _ in range(ROWS)]


def _refused(row: CheckedRow) -> dict[str | None, str]:
    return {each.column: each.code for each in row.findings if each.refuses}


def test_the_checker_refuses_what_the_service_would_and_damage() -> None:
    told = set()
    for row in checked("achievement", GOOD["achievement"], *_rows(random.Random(8))).rows():
        found = read(row.values, ACTIONS, TODAY)
        service = set() if isinstance(found, Submitted) else {(each.code.value, each.field) for each in found}
        refused = {(code, column) for column, code in _refused(row).items()}
        damage = {each for each in refused if each[0] in DAMAGE}
        assert refused - damage <= service, row.findings
        assert {column for _, column in service} <= {column for _, column in refused}, row.findings
        assert all(column not in {name for _, name in service} for _, column in damage), row.findings
        told |= {code for code, _ in service}
    assert told == {f"FD00{each}" for each in range(1, 9)}


def test_nothing_is_changed_without_a_word() -> None:
    achievements = checked("achievement", *_rows(random.Random(9)))
    learners = checked("3A", *_learners(random.Random(11)))
    for file in (achievements, learners):
        for row in file.rows():
            cells = row.cells[len(file.layout.of_file) :]
            given = {each.name: text for each, text in zip(file.layout.of_record, cells, strict=True)}
            changed = {name for name in given if given[name] != row.values.get(name, "")}
            assert changed <= {each.column for each in row.findings} | _blank(given), row.findings


def _blank(given: Mapping[str, str]) -> set[str]:
    """What is nothing but white space, or characters that cannot be seen."""
    return {name for name, text in given.items() if not text.strip(" \u00a0\u200b\t")}


REGISTERED = {
    "ULN": ("", *ULNS, "1026893095", "9999999999", " "),
    "GivenName": NAMES,
    "FamilyName": NAMES,
    "DateOfBirth": (*(each[:10] for each in DATES), "2001-08-16", "", "1800-02-29", "2013-11-24", "2013-11-25"),
    "Gender": POOLS["Gender"],
    "LastKnownPostCode": (*POOLS["LearnerPostcode"], "CV4 9EE   ", "GIR 0AA", "GI R 0AA"),
    "EmailAddress": (
        "darcie@example.com",
        "x",
        "a..b@example.com",
        "mailto:a@example.com",
        " a@example.com",
        "a@b.c",
    ),
    "Nationality": ("GBR", "gbr", "British", "ﬁn", "12", "G  R", "ßß"),
    "ScottishCandidateNumber": ("123456789", "12345678", "1234567890", "１23456789", "1.23E+08"),
    "UCI": ("900000100001A", "900000100001a", "900000100001", "90000-0100001A"),
    "UPN": ("A900000100001", "a900000100001", "9900000100001", "A90000010000"),
    "PrivacyNoticeSeen": ("0", "1", "2", "", "Y"),
    "VerificationType": ("0", "7", "8", "999", "", "01", "Passport"),
    "OtherVerificationDescription": TEXTS,
    "MISIdentifier": POOLS["MisIdentifier"],
    "Notes": (*TEXTS, "z" * 4000, "z" * 4001),
    "DateOfAddressCapture": tuple(each[:10] for each in DATES),
}


def _learners(drawing: random.Random) -> list[dict[str, str]]:
    families = map("".join, product("ABCDE", "aeiou", "bcdfglmn", "aeiou"))
    return [{**GOOD["3A"], "FamilyName": each, **_drawn(drawing, REGISTERED, 2)} for each in families]


def test_what_is_sent_to_be_registered_holds_to_the_strict_types_and_can_be_looked_up() -> None:
    """A value that breaks its type refuses a whole message (WSEC0001), so none may get so far."""
    records = _learners(random.Random(10))
    columns = REGISTRATION_3A.by_name
    attributes = {each.name: each.attribute for each in BatchLearner.FIELDS}
    refused_by_service = good = 0
    for row in checked("3A", *records).rows():
        sent = {
            attributes.get(columns[name].element or "", name.lower()): text for name, text in row.values.items()
        }
        if unusable(sent):
            refused_by_service += 1
            assert not row.good, row.findings
        if row.good:
            good += 1
            assert all(columns[name].type.fits(text) for name, text in row.values.items()), row.findings
    assert min(refused_by_service, good) > len(records) // 10
