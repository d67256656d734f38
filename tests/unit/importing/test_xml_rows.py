from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.importing.files import GOOD, element, xml_file

from uln_server.importing.layout import EVERYTHING
from uln_server.importing.problems import Unusable
from uln_server.importing.rows import Row
from uln_server.importing.rules import Rule
from uln_server.importing.xml_rows import XmlRows


def rows(path: Path) -> list[Row]:
    with closing(XmlRows(path)) as source:
        return list(source.rows())


def written(folder: Path, text: str) -> Path:
    path = folder / "learners.xml"
    path.write_text(text, encoding="utf-8")
    return path


def values(row: Row) -> dict[str, str]:
    return {name: row.cells[place] for name, place in EVERYTHING.places.items() if row.cells[place]}


def test_learners_are_read_by_the_contract_s_names(tmp_path: Path) -> None:
    found = rows(xml_file(tmp_path, element(), element(ULN="1174112637", Notes="a &amp; b")))
    assert [row.number for row in found] == [1, 2]
    assert values(found[0]) == GOOD
    assert values(found[1]) == {**GOOD, "ULN": "1174112637", "Notes": "a & b"}


def test_namespaces_comments_and_what_follows_are_passed_over(tmp_path: Path) -> None:
    body = (
        element()
        .replace("<Learner>", "<l:Learner>")
        .replace("</Learner>", "<LinkedULNs><ULN>1</ULN></LinkedULNs></l:Learner>")
    )
    text = f"""<?xml version="1.0"?><!-- c --><l:R xmlns:l="http://api.lrs.miap.gov.uk/learner"><?p i?>
        <!-- c -->{body.replace("<Gender>", "<!-- c --><Gender>")}</l:R>"""
    assert [values(row) for row in rows(written(tmp_path, text))] == [GOOD]


def test_a_thousand_learners_are_each_read_once(tmp_path: Path) -> None:
    found = rows(xml_file(tmp_path, *(element(Notes=f"{number}") for number in range(1000))))
    assert [values(row)["Notes"] for row in found] == [str(number) for number in range(1000)]


@pytest.mark.parametrize(
    ("learner", "words", "remedy"),
    [
        (element(Forename="x"), "Forename: is no element of the contract's Learner.", "Rename it"),
        (
            element(Familyname="x"),
            "Familyname: is no element of the contract's Learner.",
            "Did you mean FamilyName?",
        ),
        (element().replace("</Learner>", "<Gender>1</Gender></Learner>"), "Gender: stands twice", "Keep one"),
        (element(Notes="<b>x</b>"), "Notes: holds other elements", "Take them out"),
    ],
)
def test_a_learner_of_another_form_is_a_defect_of_its_own(
    tmp_path: Path, learner: str, words: str, remedy: str
) -> None:
    found = rows(xml_file(tmp_path, element(), learner, element()))
    assert [row.defect and row.defect.rule for row in found] == [None, Rule.ELEMENT, None]
    defect = found[1].defect
    assert defect is not None
    assert f"{defect.column}: {defect.words}".startswith(words)
    assert remedy in defect.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><x><Learner>&a;</Learner></x>', "document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x><Learner/></x>', "document type"),
        ("<Learner/>", "root element is a Learner"),
        ("<x>\n<Person/></x>", "Line 2 has 'Person'"),
        ("<x><Learner/>\n<Envelope/></x>", "Line 2 has 'Envelope'"),
        ("<x><Learner/><Learner>", "no well-formed XML from line 1, column 23 on, after 1 learners"),
        ("<x><Learner><Notes>a & b</Notes></Learner></x>", "no well-formed XML"),
        ("<x><Learner><Notes>&nbsp;</Notes></Learner></x>", "no well-formed XML"),
        ("", "no well-formed XML"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        rows(written(tmp_path, text))
    assert said in refused.value.text


def test_entities_are_refused_before_they_are_expanded(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(Unusable, match=r"document type|well-formed"):
        rows(written(tmp_path, f'<!DOCTYPE x [<!ENTITY a0 "x">{bomb}]><x><Learner>&a9;</Learner></x>'))


def test_a_document_of_something_else_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path, f"<x>{'<Person>x</Person>' * 1_200_000}</x>")
    with closing(XmlRows(path)) as source:
        with pytest.raises(Unusable, match="no whole Learner"):
            list(source.rows())
        assert source.position() < path.stat().st_size


def test_a_learner_within_a_learner_is_a_defect(tmp_path: Path) -> None:
    inner = element(ULN="1174112637")
    found = rows(xml_file(tmp_path, element().replace("</Learner>", f"{inner}</Learner>"), element()))
    assert [row.defect and row.defect.column for row in found] == ["Learner", None]


def test_a_root_without_learners_has_no_rows(tmp_path: Path) -> None:
    assert rows(written(tmp_path, "<x/>")) == []
