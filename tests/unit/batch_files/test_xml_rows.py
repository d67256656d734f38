from contextlib import closing
from pathlib import Path

import pytest
from tests.unit.batch_files.files import GOOD, HEADINGS, found, read, refusal, written

from uln_contract.batch_files.encoding import NAMED
from uln_contract.batch_files.findings import UnusableFile
from uln_contract.batch_files.limits import Limits
from uln_contract.batch_files.opening import open_source
from uln_contract.batch_files.rows import FileForm, Written
from uln_contract.batch_files.xml_rows import XmlRows
from uln_contract.layouts import ACHIEVEMENTS, NAMESPACE, REGISTRATION_2A, REGISTRATION_3A

NAMES = HEADINGS.split(",")


def record(**changed: str) -> str:
    values = dict(zip(NAMES, GOOD, strict=True)) | changed
    return f"<Learner>{''.join(f'<{name}>{value}</{name}>' for name, value in values.items())}</Learner>"


GOOD_RECORD = record()


def document(*records: str, namespace: str = f' xmlns="{NAMESPACE}"', root: str = "VerifyFile") -> str:
    return f"<{root}{namespace}>\n{''.join(records)}\n</{root}>"


def file_of(folder: Path, *records: str) -> Path:
    return written(folder, document(*records), "list.xml")


def test_a_file_as_it_should_be_has_no_findings(tmp_path: Path) -> None:
    content = document(
        GOOD_RECORD, "<!-- one more -->", GOOD_RECORD.replace("Darcie", "<![CDATA[D&]]><!-- x -->a")
    )
    whole = read(written(tmp_path, f'<?xml version="1.0"?>\n{content}'))
    assert whole.written == Written(FileForm.XML, "utf-8")
    assert whole.headings == NAMES
    assert whole.heading_row is None
    assert [row.cells for row in whole.rows] == [list(GOOD), [*GOOD[:3], "D&a", *GOOD[4:]]]
    assert whole.numbers == [1, 2]
    assert whole.findings == []


def test_elements_may_be_left_out_or_empty(tmp_path: Path) -> None:
    short = "<Learner><ULN>1</ULN><GivenName/></Learner>"
    whole = read(file_of(tmp_path, short, GOOD_RECORD, short))
    assert [row.cells for row in whole.rows] == [["", "1", *[""] * 4], list(GOOD), ["", "1", *[""] * 4]]
    assert not any(row.findings for row in whole.rows)


@pytest.mark.parametrize("namespace", ["", ' xmlns="urn:other"'])
def test_another_namespace_is_read_and_told(tmp_path: Path, namespace: str) -> None:
    whole = read(written(tmp_path, document(GOOD_RECORD, namespace=namespace)))
    assert whole.rows[0].cells == list(GOOD)
    assert whole.codes == ["F028"]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_the_encoding_that_the_file_says_is_read(tmp_path: Path, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{document(record(GivenName="Siân"))}'
    whole = read(written(tmp_path, content.encode(encoding)))
    assert whole.rows[0].cells[3] == "Siân"
    assert whole.written.encoding == {"utf-16": "utf-16-le", "windows-1252": "cp1252"}[encoding]


def test_an_encoding_may_be_named(tmp_path: Path) -> None:
    path = written(tmp_path, document(record(GivenName="Siân")).encode("cp1252"))
    assert refusal(path).code == "F021"
    whole = read(path, encoding="windows-1252")
    assert whole.rows[0].cells[3] == "Siân"
    assert whole.written.encoding == "cp1252"
    assert refusal(path, encoding="no such").code == "F008"


@pytest.mark.parametrize("named", NAMED)
def test_every_encoding_that_may_be_named_is_known_to_the_parser(tmp_path: Path, named: str) -> None:
    path = written(tmp_path, document(record(GivenName="Siân")).encode(named))
    assert read(path, encoding=named).rows[0].cells[3] == "Siân"


def test_an_encoding_that_the_parser_does_not_know_is_refused(tmp_path: Path) -> None:
    source = XmlRows(file_of(tmp_path))
    source._said = "klingon"
    with pytest.raises(UnusableFile, match="klingon is not known for XML"):
        source._parse(("end",))
    source.close()


def test_an_encoding_that_the_parser_alone_knows_is_called_as_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, f'<?xml version="1.0" encoding="VISCII"?>{document()}')
    assert read(path).written.encoding == "VISCII"


def test_elements_of_the_file_stand_before_the_records_or_in_the_first(tmp_path: Path) -> None:
    before = "<FileVersion>3A</FileVersion><UKPRN>90000001</UKPRN>"
    names = "<Learner>{}<GivenName>Darcie</GivenName></Learner>"
    for records in ((before, names.format("")), (names.format(before),), (before, names.format(before))):
        whole = read(written(tmp_path, document(*records, names.format(""), root="LearnerRegistrationFile")))
        assert whole.headings == list(REGISTRATION_3A.names)
        assert [row.cells[:4] for row in whole.rows] == [["3A", "", "90000001", ""], ["", "", "", ""]]
        assert not any(row.findings for row in whole.rows)


def test_elements_of_the_file_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    records = ("<UKPRN>90000001</UKPRN>", "<Learner><UKPRN>90000002</UKPRN></Learner>")
    whole = read(written(tmp_path, document(*records, root="LearnerRegistrationFile")))
    assert found(whole.rows[0].findings) == [("F029", 1, "UKPRN")]
    twice = document("<UKPRN>90000001</UKPRN>", "<UKPRN>90000002</UKPRN>", root="LearnerRegistrationFile")
    assert found([refusal(written(tmp_path, twice))]) == [("F029", None, "UKPRN")]
    late = document("<Learner/>", "<UKPRN>90000001</UKPRN>", root="LearnerRegistrationFile")
    assert refusal(written(tmp_path, late)).code == "F029"


@pytest.mark.parametrize(
    ("first", "layout"),
    [
        ("<FileVersion>2A</FileVersion>", REGISTRATION_2A),
        ("<AbilityToShare>1</AbilityToShare>", REGISTRATION_2A),
        ("<PrivacyNoticeSeen>1</PrivacyNoticeSeen>", REGISTRATION_3A),
        ("<GivenName>Darcie</GivenName>", REGISTRATION_3A),
    ],
)
def test_the_first_record_says_which_layout_it_is(tmp_path: Path, first: str, layout: object) -> None:
    whole = read(written(tmp_path, document(f"<Learner>{first}</Learner>", root="LearnerRegistrationFile")))
    assert whole.headings == list(layout.names)  # type: ignore[attr-defined]  # a Layout, as parametrized


def test_a_file_without_records_is_read(tmp_path: Path) -> None:
    whole = read(written(tmp_path, document(root="AchievementFile")))
    assert whole.headings == list(ACHIEVEMENTS.names)
    assert whole.rows == []


@pytest.mark.parametrize(
    ("bad", "code", "column"),
    [
        (record(House="x"), "F025", "House"),
        (record(Surname="x"), "F025", "Surname"),
        (f"<Learner>{GOOD_RECORD}</Learner>", "F025", "Learner"),
        (GOOD_RECORD.replace("<Gender>", "<Gender>1</Gender><Gender>"), "F026", "Gender"),
        (GOOD_RECORD.replace("Darcie", "<b>Darcie</b>"), "F027", "GivenName"),
        (GOOD_RECORD.replace("<Gender>", '<Gender code="2">'), "F027", "Gender"),
        (GOOD_RECORD.replace("<Gender>", "stray<Gender>"), "F027", None),
        (GOOD_RECORD.replace("<Learner>", "<Learner>stray"), "F027", None),
    ],
)
def test_a_record_that_is_no_record_is_refused_alone(
    tmp_path: Path, bad: str, code: str, column: str | None
) -> None:
    whole = read(file_of(tmp_path, GOOD_RECORD, bad, GOOD_RECORD))
    assert [found(row.findings) for row in whole.rows] == [[], [(code, 2, column)], []]


def test_an_unknown_element_like_a_known_one_is_told_so(tmp_path: Path) -> None:
    whole = read(file_of(tmp_path, record(Surname="x")))
    assert "Rename it to FamilyName" in whole.rows[0].findings[0].remedy


def test_schema_attributes_say_nothing_more(tmp_path: Path) -> None:
    nil = '<Gender xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    whole = read(file_of(tmp_path, record().replace("<Gender>2</Gender>", nil)))
    assert whole.rows[0].findings == ()


def test_case_and_order_are_forgiven_and_told_once(tmp_path: Path) -> None:
    other = "<Learner><GENDER>2</GENDER><uln>1026893096</uln><MISIdentifier>1</MISIdentifier></Learner>"
    whole = read(file_of(tmp_path, GOOD_RECORD, other, other))
    assert whole.rows[1].cells == ["1", "1026893096", "", "", "", "2"]
    assert found(whole.findings) == [("F046", 2, "Gender"), ("F046", 2, "ULN"), ("F047", 2, "ULN")]


def test_what_came_before_the_break_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, document(GOOD_RECORD, GOOD_RECORD, GOOD_RECORD)[:-60])
    with closing(open_source(path)) as source:
        rows = source.rows()
        assert [next(rows).number, next(rows).number] == [1, 2]
        with pytest.raises(UnusableFile) as refused:
            next(rows)
    (finding,) = refused.value.findings
    assert found([finding]) == [("F021", 3, None)]
    assert "behind 2 whole records" in finding.words


@pytest.mark.parametrize("before", [0, 2])
def test_a_character_by_a_name_that_xml_has_not_is_named_where_it_stands(tmp_path: Path, before: int) -> None:
    """As web pages have them; the parser's own error says "line 0: no element found"."""
    named = GOOD_RECORD.replace("Tucker", "M&uuml;ller")
    finding = refusal(written(tmp_path, document(*[GOOD_RECORD] * before, "\n", named)))
    assert (finding.code, finding.row) == ("F021", before + 1)
    assert "from line 3, column " in finding.words
    assert "uuml" in finding.words
    assert "Write the character itself" in finding.remedy


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<", "F021"),
        ('<!DOCTYPE VerifyFile [<!ENTITY a "b">]><VerifyFile/>', "F022"),
        ('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "F023"),
        ("<Learners/>", "F023"),
        (document("<Pupil/>"), "F024"),
        (document("stray", GOOD_RECORD), "F024"),
        (document("<Pupil/>", GOOD_RECORD), "F024"),
        (document(GOOD_RECORD, "stray"), "F024"),
        (document(GOOD_RECORD, "stray", GOOD_RECORD), "F024"),
        (document("<UKPRN><a/></UKPRN>", root="LearnerRegistrationFile"), "F024"),
        (document(GOOD_RECORD) + "x", "F021"),
    ],
)
def test_a_document_that_is_no_batch_file_is_refused(tmp_path: Path, content: str, code: str) -> None:
    assert refusal(written(tmp_path, content)).code == code


def test_an_encoding_that_only_the_file_knows_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, '<?xml version="1.0" encoding="klingon"?><VerifyFile/>')).code == "F021"


def test_no_document_fills_the_memory(tmp_path: Path) -> None:
    long = document(*[GOOD_RECORD] * 2000)
    assert len(read(written(tmp_path, long), limits=Limits(between=100_000)).rows) == 2000
    assert refusal(written(tmp_path, document("<a/>" * 50_000)), limits=Limits(between=100_000)).code == "F024"


def test_many_kinds_of_records_are_not_all_remembered(tmp_path: Path) -> None:
    given = [
        "".join(f"<{name}>1</{name}>" for place, name in enumerate(ACHIEVEMENTS.names) if kind >> place & 1)
        for kind in range(1_100)
    ]
    records = [f"<Achievement>{each}</Achievement>" for each in given]
    whole = read(written(tmp_path, document(*records, root="AchievementFile")))
    assert [sum(map(bool, row.cells)) for row in whole.rows] == [kind.bit_count() for kind in range(1_100)]
