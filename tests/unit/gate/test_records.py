"""A message whose records are read one by one: in any charset and form, in bounded memory, and nothing lost."""

import json
import tracemalloc
from collections.abc import Mapping

import psutil
import pytest
from tests.soap.services import ACHIEVEMENT, SERVICES, XSI, submission_body
from tests.soap.wire import envelope

from uln_contract.reading import local_name
from uln_server.gate.records import read_spooled
from uln_server.gate.spool import Spool
from uln_server.soap.faults import ContractFault, UnreadableXml

ROW = f'<Achievement xmlns="{SERVICES}">'
PLAIN = submission_body(ACHIEVEMENT, {**ACHIEVEMENT, "Grade": "Pass", "ActionReason": ""})


def spooled(data: bytes) -> Spool:
    spool = Spool()
    spool.write(data)
    return spool


def rows_of(
    data: bytes | str, charset: str | None = None, most: int = 10_000, *, strict: bool = False
) -> list[Mapping[str, str]]:
    """The records of a document, whose rest is a request without any."""
    body = data if isinstance(data, bytes) else envelope(data)
    with spooled(body) as spool:
        root, rows = read_spooled(spool, charset, most, strict=strict)
        try:
            assert [local_name(each) for each in root.iter("{*}Achievement")] == []
            assert len(list(rows)) == min(len(rows), most)
            return [json.loads(each) for each in rows]
        finally:
            rows.close()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "iso8859-1", "cp1252"])
@pytest.mark.parametrize("declared", [True, False])
def test_records_are_read_in_every_charset(charset: str, *, declared: bool) -> None:
    rows = "".join(
        f"<Achievement><GivenName>Zoë {number}</GivenName><Uln>1026893096</Uln></Achievement>"
        for number in range(1_500)  # more than one part, whose border falls somewhere
    )
    request = "SubmitAchievementBatchJob"
    document = envelope(f"<{request}><achievements>{rows}</achievements></{request}>").decode()
    document = document.partition("?>")[2] if document.startswith("<?xml") else document
    head = f'<?xml version="1.0" encoding="{charset}"?>' if declared else ""
    found = rows_of((head + document).encode(charset), charset)
    assert found == [{"GivenName": f"Zoë {number}", "Uln": "1026893096"} for number in range(1_500)]


def test_what_was_not_given_is_not_there() -> None:
    assert rows_of(PLAIN) == [ACHIEVEMENT, {**ACHIEVEMENT, "Grade": "Pass"}]


FORMS = {
    "without namespaces": PLAIN.replace(f' xmlns="{SERVICES}"', ""),
    "with prefixes": PLAIN.replace(f'<Achievement xmlns="{SERVICES}">', f'<a:Achievement xmlns:a="{SERVICES}">')
    .replace("</Achievement>", "</a:Achievement>")
    .replace("Grade>", "Grade >"),
    "blanks and comments between": PLAIN.replace(ROW, f"\n <!-- next -->\n {ROW}"),
    "nil with a value that is white space": PLAIN.replace(
        ROW, f'{ROW}<LearnerPostcode xmlns:x="{XSI}" x:nil="1"> </LearnerPostcode>'
    ),
    "a nil record among them": PLAIN.replace(
        ROW, f'<Achievement xmlns="{SERVICES}" xmlns:x="{XSI}" x:nil="true"/>{ROW}', 1
    ),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_records_are_read_kindly(body: str) -> None:
    assert rows_of(body) == [ACHIEVEMENT, {**ACHIEVEMENT, "Grade": "Pass"}]


def test_more_than_a_job_takes_are_counted_and_not_kept() -> None:
    with spooled(envelope(submission_body(*[ACHIEVEMENT] * 7))) as spool:
        _, rows = read_spooled(spool, None, 3, strict=False)
        assert (len(rows), len(list(rows))) == (7, 3)
        rows.close()


def test_the_same_records_have_the_same_digest_and_others_another() -> None:
    digests = []
    for grade in ("Pass", "Pass", "Merit"):
        with spooled(envelope(submission_body({**ACHIEVEMENT, "Grade": grade}))) as spool:
            _, rows = read_spooled(spool, None, 3, strict=False)
            digests.append(rows.digest)
            rows.close()
    assert digests[0] == digests[1] != digests[2]


FAR = "<Achievement/>"
ELSEWHERE = {
    "in a header": envelope(PLAIN, f"<soapenv:Header><x:a xmlns:x='urn:x'>{FAR}</x:a></soapenv:Header>"),
    "as the body element": envelope(FAR),
    "in another request": envelope(
        f"<GetAchievementBatchJob><achievements>{FAR}</achievements></GetAchievementBatchJob>"
    ),
    "as the document": FAR.encode(),
}


@pytest.mark.parametrize("document", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_an_element_of_the_name_elsewhere_is_no_record(document: bytes) -> None:
    with spooled(document) as spool:
        root, rows = read_spooled(spool, None, 9, strict=False)
        assert len(list(root.iter("{*}Achievement"))) == 1
        assert all(json.loads(each)["Uln"] for each in rows)
        rows.close()


REFUSED = {
    "unknown field": (PLAIN.replace(ROW, f"{ROW}<Ulm>1</Ulm>", 1), "Achievement 1: 'Ulm' is no field of it."),
    "nil not counted": (
        PLAIN.replace(ROW, f'<Achievement xmlns:x="{XSI}" x:nil="1"/>{ROW}<Ulm/>', 1),
        "Achievement 1: 'Ulm'",
    ),
    "nil with fields": (
        ROW[:-1].join([PLAIN.partition(ROW)[0], f' xmlns:x="{XSI}" x:nil="1">{PLAIN.partition(ROW)[2]}']),
        "After achievement 0 stands one with xsi:nil and with fields.",
    ),
    "nil with text": (
        PLAIN.replace(ROW, f'<Achievement xmlns:x="{XSI}" x:nil="1">hello</Achievement>{ROW}', 1),
        "After achievement 0 stands one with xsi:nil",
    ),
    "in the second": ("<Ulm/></Achievement>".join(PLAIN.rsplit("</Achievement>", 1)), "Achievement 2: 'Ulm'"),
    "field twice": (PLAIN.replace(ROW, f"{ROW}<Grade/><Grade/>"), "Achievement 1: Grade stands there twice."),
    "element in a field": (PLAIN.replace(ROW, f"{ROW}<ActionReason><b/></ActionReason>", 1), "ActionReason has"),
    "text after a field": (PLAIN.replace("</Action>", "</Action>x", 1), "Achievement 1: Action has elements"),
    "reference": (PLAIN.replace(ROW, f'{ROW}<ActionReason href="#a"/>', 1), "ActionReason has elements in it or"),
    "text in a record": (PLAIN.replace(ROW, f"{ROW}hello", 1), "Achievement 1: holds text beside its fields."),
    "text between": (PLAIN.replace("</Achievement>", "</Achievement>and", 1), "Text follows achievement 1"),
    "text at the end": ("</Achievement>and".join(PLAIN.rsplit("</Achievement>", 1)), "Text follows achievement 2"),
    "something between": (PLAIN.replace(ROW, f"<b/>{ROW}", 1), "Beside achievement 1 stands 'b'."),
    "something last": (
        PLAIN.replace("</achievements>", "<zz/></achievements>"),
        "Beside achievement 2 stands 'zz'.",
    ),
    "something large": (PLAIN.replace(ROW, f"{'<b/>' * 120_000}{ROW}"), "After achievement 0 more than 262144"),
    "a large record": (PLAIN.replace("Tucker", "T" * 400_000, 1), "After achievement 0 more than 262144"),
    "a document type": (f"{PLAIN}<!DOCTYPE x>", "A document type"),
}


@pytest.mark.parametrize(("body", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_structure_that_is_not_the_contracts_refuses_the_message(body: str, words: str) -> None:
    with pytest.raises(ContractFault) as refused:
        rows_of(body)
    assert refused.value.code == "WSEC0001"
    assert words in refused.value.text


def test_a_document_type_on_the_border_of_two_parts_is_seen() -> None:
    start = b"<!-- " + b"x" * (64 * 1024 - 12) + b" -->"
    for shift in range(12):
        with pytest.raises(ContractFault, match="A document type"):
            rows_of(b" " * shift + start + b"<!DOCTYPE x><x/>")


@pytest.mark.parametrize("cut", [10, 200, -3])
def test_a_cut_document_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadableXml, match="The body cannot be read as XML"):
        rows_of(envelope(PLAIN)[:cut])


@pytest.mark.parametrize("before", [0, 1_200])
def test_a_byte_that_is_not_of_the_charset_is_told_by_its_place(before: int) -> None:
    good = envelope(submission_body(*[ACHIEVEMENT] * before)).decode().encode("utf-16-le") if before else b""
    with pytest.raises(UnreadableXml, match=f"The body is not utf-16-le: byte {len(good) + 1} does not decode"):
        rows_of(good + b"\x00\xd8\x00\x00", "utf-16-le")


def test_nil_ones_count_among_those_that_are_read() -> None:
    before, _, after = PLAIN.partition(ROW)
    nil = f'<Achievement xmlns:x="{XSI}" x:nil="1"/>'
    assert len(rows_of(f"{before}{nil * 9_998}{ROW}{after}", most=9)) == 2
    with pytest.raises(ContractFault) as refused:
        rows_of(f"{before}{nil * 9_999}{ROW}{after}", most=9)
    assert refused.value.text.startswith("More than 10000 Achievement elements")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le"])
@pytest.mark.parametrize("count", [1, 100])
def test_a_letter_that_is_cut_in_two_is_told_whatever_the_size(charset: str, count: int) -> None:
    data = envelope(submission_body(*[ACHIEVEMENT] * count)).decode().encode(charset)
    with pytest.raises(UnreadableXml, match="The body is not utf-16-le: byte"):
        rows_of(data + b" ", charset)


def test_strict_settings_take_no_record_that_the_schema_does_not() -> None:
    body = submission_body(ACHIEVEMENT, {**ACHIEVEMENT, "Action": "many"})
    assert rows_of(body)[1]["Action"] == "many"
    assert len(rows_of(submission_body(ACHIEVEMENT, ACHIEVEMENT), strict=True)) == 2
    with pytest.raises(ContractFault) as refused:
        rows_of(body, strict=True)
    assert refused.value.text.startswith("Achievement 2: Achievement/Action (line ")
    assert "'many'" in refused.value.text


def test_a_refused_document_is_neither_kept_nor_mixed_into_the_next() -> None:
    process = psutil.Process()
    broken = (envelope("<a/>" * 120_000), envelope(PLAIN)[:-40], envelope(PLAIN.replace(ROW, f"{ROW}<Ulm/>")))

    def grown(times: int) -> int:
        before = process.memory_info().rss
        for _ in range(times):
            for each in broken:
                with pytest.raises(ContractFault):
                    rows_of(each)
                assert len(rows_of(PLAIN)) == 2
        return process.memory_info().rss - before

    grown(5)
    # Each has a tree of four megabytes.
    assert grown(25) < 40_000_000


def test_memory_does_not_grow_with_the_number_of_records() -> None:
    """Python's own; what libxml2 takes is seen from outside, by the process's size."""

    def peak(count: int) -> int:
        body = envelope(submission_body(*[ACHIEVEMENT] * count))
        with spooled(body) as spool:
            tracemalloc.start()
            try:
                _, rows = read_spooled(spool, None, 10_000, strict=False)
                rows.close()
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    few = peak(400)
    assert peak(4_000) < few + 300_000


def test_a_spool_gives_what_it_took() -> None:
    with spooled(b"one\ntwo\n" * 100_000) as spool:
        assert len(spool) == 800_000
        assert spool.start(7) == b"one\ntwo"
        assert b"".join(spool.parts(1_000)) == b"one\ntwo\n" * 100_000
        assert list(spool.lines())[-2:] == [b"one", b"two"]
