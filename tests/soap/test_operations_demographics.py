"""learnerByDemographics over HTTP: every case of domain §5, on both paths and databases."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.service import RunningService
from tests.soap.registers import FIRST, GONE, MASTER, MIDDLE, PLAIN
from tests.soap.searched import (
    BERN,
    CROWD,
    ELEVEN,
    MERGED_NAMESAKE,
    MOVED,
    NAMESAKE,
    NEUTRAL,
    NOWHERE,
    ROSA,
    TEN,
    TWICE,
    UNSPECIFIED,
    searched_service,
    searching,
)
from tests.soap.wire import GENERATION_2014, LEARNER, TODAY, Answer, demographics_body, send

Fields = dict[str, str]
Row = tuple[Fields, str, tuple[str, ...]]
DARCIE, JORDAN_OLD, JORDAN = "1026893096", "4444599390", "6936002314"
SAMS = ("3100000012", "3100000020")
ALEX: Fields = {"FamilyName": "Smith", "GivenName": "Alex", "DateOfBirth": "2000-01-01", "Gender": "2"}
SAM: Fields = {"FamilyName": "Taylor", "GivenName": "Sam", "DateOfBirth": "1999-05-05"}
REID: Fields = {"FamilyName": "Reid", "GivenName": "Jordan", "DateOfBirth": "1985-03-27", "Gender": "1"}
LEE: Fields = {"FamilyName": "Gone", "GivenName": "Lee", "DateOfBirth": "1990-10-10", "Gender": "1"}
ELSEWHERE, UNKNOWN = "M9 9ZZ", "ZZ99 9ZZ"


def bern(code: str, **changes: str) -> Row:
    """A search for the one with every detail; what finds anybody finds her."""
    return searching(BERN, **changes), code, (BERN.uln,) if code in {"WSRC0003", "WSRC0004"} else ()


def moved(code: str, **changes: str) -> Row:
    """The same, so that she is a possible match as long as nothing narrows."""
    return bern(code, LastKnownPostCode=ELSEWHERE, **changes)


EQUAL = {
    "equal": bern("WSRC0004"),
    "written otherwise": bern(
        "WSRC0004", GivenName="BERNAD\u00c9TTE", FamilyName="winter-bourne", LastKnownPostCode="ex44qj"
    ),
    "spaces": bern("WSRC0004", GivenName=" Bernadette", FamilyName="Winterbourne  ", LastKnownPostCode="EX44QJ  "),
    "others are similar": (searching(ROSA), "WSRC0004", (ROSA.uln,)),
    "ten namesakes": ({**ALEX, "LastKnownPostCode": "b11bb"}, "WSRC0004", ("5200000016",)),
    "as deleted and lost ones": (searching(PLAIN), "WSRC0004", (PLAIN.uln,)),
}
ONE_DIFFERENCE = {
    "gender not known": bern("WSRC0003", Gender="0"),
    "gender not specified": bern("WSRC0003", Gender="9"),
    "another postcode": bern("WSRC0003", LastKnownPostCode=ELSEWHERE),
    "the unknown postcode": bern("WSRC0003", LastKnownPostCode=UNKNOWN),
    "the unknown postcode written otherwise": bern("WSRC0003", LastKnownPostCode="zz999zz "),
    "given name similar": bern("WSRC0003", GivenName="Bernadete"),
    "family name similar": bern("WSRC0003", FamilyName="Winterborne"),
    "preferred name": bern("WSRC0003", GivenName="Dette"),
    "previous family name": bern("WSRC0003", FamilyName="Pemberton"),
    "family name at 16": bern("WSRC0003", FamilyName="UNDERHILL"),
    "the initial of the given name": bern("WSRC0003", GivenName="B."),
    "names swapped": bern("WSRC0003", GivenName="Winterbourne", FamilyName="Bernadette"),
    "another postcode, gender not specified": moved("WSRC0003", Gender="9"),
    "registered without postcode": (searching(NOWHERE), "WSRC0003", (NOWHERE.uln,)),
    "without, somewhere": (searching(NOWHERE, LastKnownPostCode=ELSEWHERE), "WSRC0003", (NOWHERE.uln,)),
    "registered without gender": (searching(NEUTRAL, Gender="1"), "WSRC0003", (NEUTRAL.uln,)),
    "neither with gender": (searching(NEUTRAL), "WSRC0003", (NEUTRAL.uln,)),
    "0 and 9": (searching(NEUTRAL, Gender="9"), "WSRC0003", (NEUTRAL.uln,)),
    "9 in the register": ({**SAM, "Gender": "2", "LastKnownPostCode": "M1 2WD"}, "WSRC0003", SAMS[::-1]),
    "9 in both": ({**SAM, "Gender": "9", "LastKnownPostCode": "LS1 4AP"}, "WSRC0003", SAMS),
}
NO_MATCH = {
    "another gender": bern("WSRC0001", Gender="1"),
    "another date of birth": bern("WSRC0001", DateOfBirth="2002-05-17"),
    "day and month swapped": bern("WSRC0001", DateOfBirth="2005-02-18"),
    "another given name": bern("WSRC0001", GivenName="Margaret"),
    "another family name": bern("WSRC0001", FamilyName="Zimmer"),
    "the initial of the family name": bern("WSRC0001", FamilyName="W"),
    "another initial": bern("WSRC0001", GivenName="D"),
    "two: given name, postcode": moved("WSRC0001", GivenName="Bernadete"),
    "two: family name, postcode": moved("WSRC0001", FamilyName="Winterborne"),
    "two: preferred name, postcode": moved("WSRC0001", GivenName="Dette"),
    "two: previous family name, postcode": moved("WSRC0001", FamilyName="Pemberton"),
    "two: previous family name, sent to narrow too": moved(
        "WSRC0001", FamilyName="Pemberton", PreviousFamilyName="Pemberton"
    ),
    "two: swapped, postcode": moved("WSRC0001", GivenName="Winterbourne", FamilyName="Bernadette"),
    "two: given name, unknown postcode": bern("WSRC0001", GivenName="Bernadete", LastKnownPostCode=UNKNOWN),
    "two: both names": bern("WSRC0001", GivenName="Bernadete", FamilyName="Winterborne"),
    "two: preferred and previous name": bern("WSRC0001", GivenName="Dette", FamilyName="Pemberton"),
    "two: swapped, one of them similar": bern("WSRC0001", GivenName="Winterborne", FamilyName="Bernadette"),
    "two: without postcode, given name": (searching(NOWHERE, GivenName="Cornelis"), "WSRC0001", ()),
    "deleted": ({**LEE, "LastKnownPostCode": "EX1 1AA"}, "WSRC0001", ()),
    "deleted, elsewhere": ({**LEE, "LastKnownPostCode": UNKNOWN}, "WSRC0001", ()),
}
NARROWED = {
    "previous family name, the same": moved("WSRC0003", PreviousFamilyName="PEMBERTON"),
    "previous family name, similar": moved("WSRC0003", PreviousFamilyName="Pembertom"),
    "previous family name, another": moved("WSRC0001", PreviousFamilyName="Underhill"),
    "school, the same": moved("WSRC0003", SchoolAtAge16="St Marys RC School"),
    "school, another": moved("WSRC0001", SchoolAtAge16="St. John's R.C. School"),
    "place of birth, the same": moved("WSRC0003", PlaceOfBirth="llandudno"),
    "place of birth, another": moved("WSRC0001", PlaceOfBirth="Cardiff"),
    "e-mail, the same": moved("WSRC0003", EmailAddress="bern@example.COM"),
    "e-mail, another": moved("WSRC0001", EmailAddress="bern@example.org"),
    "one of several, another": moved("WSRC0001", PlaceOfBirth="Llandudno", EmailAddress="bern@example.org"),
    "nothing to compare": moved("WSRC0003", PreviousFamilyName="-", SchoolAtAge16="?", PlaceOfBirth="--"),
    "nothing registered": (
        searching(
            NOWHERE, PreviousFamilyName="A", SchoolAtAge16="B", PlaceOfBirth="C", EmailAddress="d@example.com"
        ),
        "WSRC0003",
        (NOWHERE.uln,),
    ),
    "the only equal one stays": bern("WSRC0004", PlaceOfBirth="Cardiff"),
    "one of two equal ones": (searching(TWICE[0], EmailAddress="1@example.com"), "WSRC0004", (TWICE[1].uln,)),
    "neither of two equal ones": (
        searching(TWICE[0], EmailAddress="7@example.com"),
        "WSRC0003",
        (*(each.uln for each in TWICE), UNSPECIFIED.uln, MOVED.uln),
    ),
    "eleven to ten": (
        searching(ELEVEN[0], LastKnownPostCode=UNKNOWN, SchoolAtAge16="Cathays"),
        "WSRC0003",
        tuple(each.uln for each in ELEVEN[1:]),
    ),
    "eleven to one": (
        searching(ELEVEN[0], LastKnownPostCode=UNKNOWN, SchoolAtAge16="Canton"),
        "WSRC0003",
        (ELEVEN[0].uln,),
    ),
}
# A master that stands for the record that matched is marked with a star.
MERGED: dict[str, Row] = {
    "merged": ({**REID, "LastKnownPostCode": "AB12 5EQ"}, "WSRC0022", (f"{JORDAN}*",)),
    "its master": ({**REID, "FamilyName": "Reed", "LastKnownPostCode": "AB12 3EQ"}, "WSRC0004", (JORDAN,)),
    "merged, similar": (
        {**REID, "GivenName": "Jordon", "LastKnownPostCode": "AB12 5EQ"},
        "WSRC0003",
        (f"{JORDAN}*",),
    ),
    "merged, elsewhere": ({**REID, "LastKnownPostCode": UNKNOWN}, "WSRC0003", (f"{JORDAN}*",)),
    "master's family name at the old postcode": (
        {**REID, "FamilyName": "Reed", "LastKnownPostCode": "AB12 5EQ"},
        "WSRC0003",
        (JORDAN,),
    ),
    "merged twice": (searching(FIRST), "WSRC0022", (f"{MASTER.uln}*",)),
    "merged twice, the one between": (searching(MIDDLE), "WSRC0022", (f"{MASTER.uln}*",)),
    "merged twice, the master": (searching(MASTER), "WSRC0004", (MASTER.uln,)),
    "merged twice, similar": (searching(FIRST, GivenName="Katherine"), "WSRC0003", (f"{MASTER.uln}*",)),
    "equal though its master is similar": (searching(MERGED_NAMESAKE), "WSRC0022", (f"{NAMESAKE.uln}*",)),
    "both similar count once": (
        searching(NAMESAKE, LastKnownPostCode=UNKNOWN),
        "WSRC0003",
        (NAMESAKE.uln,),
    ),
    "lost with the deleted master": (searching(GONE, LastKnownPostCode=UNKNOWN), "WSRC0003", (PLAIN.uln,)),
}
MANY = {
    "best first": (
        searching(TWICE[0]),
        "WSRC0003",
        (*(each.uln for each in TWICE), UNSPECIFIED.uln, MOVED.uln),
    ),
    "exactly ten, and one of them merged": (
        searching(TEN[0], LastKnownPostCode=UNKNOWN),
        "WSRC0003",
        tuple(each.uln for each in TEN),
    ),
    "eleven": ({**ALEX, "LastKnownPostCode": UNKNOWN}, "WSRC0002", ()),
    "two equal among eleven": (searching(ELEVEN[0]), "WSRC0002", ()),
    "more than are read": (searching(CROWD[0], EmailAddress="7@example.com"), "WSRC0002", ()),
}
INSUFFICIENT = {
    "no letter in the given name": bern("WSRC0015", GivenName="-"),
    "no letter in the family name": bern("WSRC0015", FamilyName="'.'"),
    "digits alone": bern("WSRC0015", FamilyName="7"),
}
GROUPS: dict[str, dict[str, Row]] = {
    "equal": EQUAL,
    "one difference": ONE_DIFFERENCE,
    "no match": NO_MATCH,
    "narrowed": NARROWED,
    "merged": MERGED,
    "many": MANY,
    "insufficient": INSUFFICIENT,
}
TABLE = {f"{group}: {name}": row for group, rows in GROUPS.items() for name, row in rows.items()}
REQUIRED = ("FamilyName", "GivenName", "DateOfBirth", "Gender", "LastKnownPostCode")
OPTIONAL = ("PreviousFamilyName", "SchoolAtAge16", "PlaceOfBirth", "EmailAddress")
ECHOED = (*REQUIRED, *OPTIONAL)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with searched_service(request, tmp_path_factory) as running:
        yield running


def shown(answer: Answer) -> tuple[str, ...]:
    """The learners of a reply, in its order; with a star where a master stands for the record that matched."""
    marks = {None: "", "Y": "*"}
    return tuple(
        f"{each.findtext('ULN')}{marks[each.findtext('MasterSubstituted')]}"
        for each in answer.reply().iterfind("Learner")
    )


def before_learners(answer: Answer) -> list[tuple[str, str]]:
    """Code and echo, which stand before any Learner."""
    children = [(str(child.tag), child.text or "") for child in answer.reply()]
    first = [*itertools.takewhile(lambda child: child[0] != "Learner", children)]
    assert {name for name, _ in children[len(first) :]} <= {"Learner"}
    return first


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
def test_code_echo_and_learners(service: RunningService, row: Row) -> None:
    fields, code, learners = row
    echo = [("ResponseCode", code), *((name, fields[name]) for name in ECHOED if name in fields)]
    for path, find_type in itertools.product((TODAY, GENERATION_2014), ("FUL", "CHK")):
        answer = send(service, demographics_body(find_type, **fields), path=path)
        assert before_learners(answer) == echo
        assert shown(answer) == (learners if find_type == "FUL" else ())


def test_every_code_is_in_the_table() -> None:
    codes = {row[1] for row in TABLE.values()}
    assert codes == {f"WSRC{number:04}" for number in (1, 2, 3, 4, 15, 22)}


def test_the_table_shows_learners_where_the_code_says_so() -> None:
    assert {code for _, code, learners in TABLE.values() if learners} == {"WSRC0003", "WSRC0004", "WSRC0022"}
    assert all(learners for _, code, learners in TABLE.values() if code in {"WSRC0003", "WSRC0004", "WSRC0022"})


@pytest.mark.parametrize(
    ("path", "linked"), [(TODAY, f"{{{LEARNER}}}LinkedULNs"), (GENERATION_2014, "LinkedULNs")]
)
@pytest.mark.parametrize(
    ("fields", "ulns"),
    [
        (searching(FIRST), sorted([FIRST.uln, MIDDLE.uln])),
        (searching(FIRST, GivenName="Katherine"), sorted([FIRST.uln, MIDDLE.uln])),
        (searching(MASTER), sorted([FIRST.uln, MIDDLE.uln])),
        ({**REID, "LastKnownPostCode": "AB12 5EQ"}, [JORDAN_OLD]),
        ({}, []),
    ],
    ids=["merged twice", "possibly", "their master", "merged once", "never"],
)
def test_a_learner_names_everything_that_was_merged_into_it(
    service: RunningService, path: str, linked: str, fields: Fields, ulns: list[str]
) -> None:
    (learner,) = send(service, demographics_body(**fields), path=path).reply().iterfind("Learner")
    assert [each.text for each in learner.iterfind(f"{linked}/ULN")] == ulns
    assert learner.find(linked) is not None
    assert learner.findtext("LearnerStatus") == "1"


def test_the_learner_is_shown_as_registered_and_not_as_sent(service: RunningService) -> None:
    answer = send(service, demographics_body(**searching(BERN, GivenName="DETTE", LastKnownPostCode="ex4 4qj")))
    (learner,) = answer.reply().iterfind("Learner")
    held = {name: learner.findtext(name) for name in (*ECHOED, "PreferredGivenName", "VersionNumber")}
    assert held == {
        "FamilyName": "Winterbourne",
        "GivenName": "Bernadette",
        "DateOfBirth": "2002-05-18",
        "Gender": "2",
        "LastKnownPostCode": "EX4 4QJ",
        "PreviousFamilyName": "Pemberton",
        "SchoolAtAge16": "St. Mary's R.C. School",
        "PlaceOfBirth": "Llandudno",
        "EmailAddress": "Bern@Example.com",
        "PreferredGivenName": "Dette",
        "VersionNumber": "1",
    }


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize("find_type", ["FUL", "CHK"])
def test_the_echo_is_what_was_sent_to_the_letter(service: RunningService, find_type: str, path: str) -> None:
    fields = {
        "FamilyName": " O\u2019Hara & <Sons>\t",
        "GivenName": "Zo\u00eb\u0301 \U0001f642",
        "DateOfBirth": "1904-02-29",
        "Gender": "9",
        "LastKnownPostCode": "cv49ee   ",
        "PreviousFamilyName": "  ",
        "SchoolAtAge16": 'St  Mary\'s\n"R.C." ]]>',
        "PlaceOfBirth": "\u0141\u00f3d\u017a ",
        "EmailAddress": "A.b+c@Example.Com",
    }
    answer = send(service, demographics_body(find_type, **fields), path=path)
    assert before_learners(answer) == [("ResponseCode", "WSRC0001"), *fields.items()]


XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize("element", ["", "<{0}/>", "<{0}></{0}>", f'<{{0}} {XSI} xsi:nil="true"/>'])
def test_what_was_sent_empty_narrows_nothing_and_is_not_echoed(
    service: RunningService, element: str, path: str
) -> None:
    """Missing, empty and nil are all "not given" (domain §12)."""
    optional = "".join(element.format(name) for name in OPTIONAL)
    end = "</f:FindLearnerByDemographics>"
    body = demographics_body(**searching(BERN, LastKnownPostCode=ELSEWHERE)).replace(end, optional + end)
    answer = send(service, body, path=path)
    assert [name for name, _ in before_learners(answer)] == ["ResponseCode", *REQUIRED]
    assert shown(answer) == (BERN.uln,)


@pytest.mark.parametrize("path", [TODAY, GENERATION_2014])
@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        *(({name: None}, (name,)) for name in REQUIRED),
        *(({name: ""}, (name,)) for name in REQUIRED),
        ({"FamilyName": "   "}, ("FamilyName",)),
        ({"DateOfBirth": "16/08/1976"}, ("DateOfBirth", "16/08/1976")),
        ({"DateOfBirth": "2001-02-29"}, ("DateOfBirth", "2001-02-29")),
        ({"Gender": "3"}, ("Gender", "'3'")),
        ({"Gender": "F"}, ("Gender", "'F'")),
        ({"LastKnownPostCode": "unknown"}, ("LastKnownPostCode", "unknown")),
        ({"EmailAddress": "nobody"}, ("EmailAddress", "nobody")),
    ],
    ids=str,
)
def test_what_the_schema_refuses_is_named(
    service: RunningService, changes: Mapping[str, Any], texts: tuple[str, ...], path: str
) -> None:
    send(service, demographics_body(**changes), path=path).expect_fault("WSEC0001", *texts)


@pytest.mark.parametrize("find_type", ["ful", "ALL", ""])
def test_a_find_type_is_one_of_two(service: RunningService, find_type: str) -> None:
    send(service, demographics_body(find_type)).expect_fault("WSEC0001", "FindType")
