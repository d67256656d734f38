"""``docs/sandbox.md``, "More learners": the shares it names are those that learners are invented by."""

from tests.docs.pages import page, plain, sections, table

from uln_server.sandbox import details, people
from uln_server.sandbox.inventing import FIRST_DAY, IN_A_CHAIN, LAST_DAY, MISSPELT, SHARES, Kind
from uln_server.sandbox.places import INHABITANTS, LEARNERS_A_POST_CODE, Region
from uln_server.sandbox.populating import CHUNK
from uln_server.sandbox.populations import YOUNG_SINCE, Population

SECTION = sections(page("docs/sandbox.md"), 2)["More learners"]
DETAILS = dict(table(SECTION, "detail"))


def percent(share: float) -> str:
    return f"{share * 100:g} %"


def test_every_kind_of_record_is_listed_with_its_share() -> None:
    listed = {Kind(plain(kind)): share for kind, share, _ in table(SECTION, "record")}
    assert listed == {kind: percent(share / 100) for kind, share in SHARES.items()}
    merged = {plain(kind): what for kind, _, what in table(SECTION, "record")}["merged"]
    assert percent(MISSPELT) in merged
    assert percent(IN_A_CHAIN) in merged


def test_who_lives_where_is_listed() -> None:
    listed = {Population(row[0]): [float(cell) for cell in row[1:]] for row in table(SECTION, "who")}
    assert listed == {who: [INHABITANTS[region].get(who, 0) for region in Region] for who in Population}


def test_the_details_are_listed_with_their_shares() -> None:
    expected = {
        "VersionNumber 2 or more": [details.CHANGED],
        "double-barrelled family name": [people.DOUBLE_BARRELLED],
        "previous family name": [details.MARRIED_NAME],
        "preferred given name": [details.PREFERRED_NAME],
        "title; middle name": [details.TITLE, details.MIDDLE_NAME],
        "school at 16; family name at 16": [details.SCHOOL, details.NAME_AT_16],
        "Scottish Candidate Number": [details.SCOTTISH_NUMBER],
        "notes with more than the mark": [details.NOTES],
        "born on 1 January": [people.ON_1_JANUARY, people.ON_1_JANUARY_ABROAD],
        "postcode `ZZ99 9ZZ`; written in lower case or without its space": [
            details.POST_CODE_UNKNOWN,
            details.POST_CODE_WRITTEN_OTHERWISE,
        ],
        "address; place of birth; nationality; e-mail at `example.com`": [
            details.ADDRESS,
            details.PLACE_OF_BIRTH,
            details.NATIONALITY,
            details.E_MAIL,
        ],
    }
    for what, shares in expected.items():
        assert all(percent(share) in DETAILS[what] for share in shares), what


def test_the_figures_of_the_text_are_the_code_s() -> None:
    text = " ".join(SECTION.split())
    assert f"{FIRST_DAY.day} {FIRST_DAY:%B %Y} to {LAST_DAY.day} {LAST_DAY:%B %Y}" in text
    assert f"steps of {CHUNK:,}" in text
    assert f"born before {YOUNG_SINCE}" in text
    assert LEARNERS_A_POST_CODE == 8
    assert "About eight learners share a postcode" in text
