"""The two reports over HTTP: which ULNs were merged, unmerged and deleted, by London's days, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.service import RunningService
from tests.soap.registers import FIRST, GONE, MASTER, MIDDLE, PLAIN, credentials, filled_service, uln
from tests.soap.wire import GENERATION_2014, TODAY, Answer, report_body, send

from uln_server.register.authorship import Author
from uln_server.register.times import london_date
from uln_server.store.units import Writing

MERGED, DELETED = "GetMergedUnmergedULNs", "GetDeletedULNs"
JORDAN_OLD, JORDAN, LEE = "4444599390", "6936002314", "7300000028"
MOST = 5

_free = (each for each in map(uln, range(100, 1000)) if each.isdecimal())
KEPT, ONE, TWO, THREE, FOUR, FIVE, SIX, OTHER = (next(_free) for _ in range(8))
AT_ONCE = tuple(next(_free) for _ in range(MOST))
NEXT_DAY = next(_free)
# Clocks go forward on 30 March 2025 and back on 26 October: days of 23 and of 25 hours.
MIDNIGHTS = {
    "2025-03-29T23:59:59.999": ("2025-03-29", next(_free)),
    "2025-03-30T00:00:00": ("2025-03-30", next(_free)),
    "2025-03-30T22:59:59.999": ("2025-03-30", next(_free)),
    "2025-03-30T23:00:00": ("2025-03-31", next(_free)),
    "2025-10-25T22:59:59.999": ("2025-10-25", next(_free)),
    "2025-10-25T23:00:00": ("2025-10-26", next(_free)),
    "2025-10-26T23:59:59.999": ("2025-10-26", next(_free)),
    "2025-10-27T00:00:00": ("2025-10-27", next(_free)),
}

Row = dict[str, str]


def by(at: str) -> Author:
    return Author(at=datetime.fromisoformat(at).replace(tzinfo=UTC), message_id="m")


def tell(writing: Writing) -> None:
    """Write what the reports are about; not in the order of time, which the reports must restore."""
    learners = writing.learners
    everyone = (KEPT, ONE, TWO, THREE, FOUR, FIVE, SIX, OTHER, *AT_ONCE, NEXT_DAY)
    for each in (*everyone, *(held for _, held in MIDNIGHTS.values())):
        learners.add(replace(PLAIN, uln=each, family_name="Oldname", created_at=by("2020-01-01").at))
    learners.merge(ONE, KEPT, by("2023-05-10T10:00"))
    learners.merge(TWO, KEPT, by("2023-05-10T09:00"))
    learners.merge(THREE, KEPT, by("2023-05-09T12:00"))
    learners.unmerge(THREE, by("2023-05-10T11:00"))
    learners.unmerge(TWO, by("2023-05-11T12:00"))
    learners.merge(SIX, KEPT, by("2023-05-12T12:00"))
    for renamed, name in ((KEPT, "Master"), (TWO, "Second")):
        held = learners.locked(renamed)
        assert held is not None
        learners.update(held, {"family_name": name}, by("2023-06-01"))
    for gone, link, master in ((FOUR, FOUR, KEPT), (OTHER, FIVE, OTHER)):
        learners.merge(link, master, by("2023-07-01T12:00"))
        learners.unmerge(link, by("2023-07-02T12:00"))
        learners.delete(gone, by("2023-07-03T12:00"))
    for each in AT_ONCE:
        learners.delete(each, by("2023-08-01T12:00"))
    learners.delete(NEXT_DAY, by("2023-08-02T12:00"))
    for at, (_, held_uln) in reversed(MIDNIGHTS.items()):
        learners.delete(held_uln, by(at))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with filled_service(request, tmp_path_factory, report_entries=MOST) as running:
        with running.register() as register, register.writing() as writing:
            tell(writing)
        yield running


@pytest.fixture(params=[TODAY, GENERATION_2014], ids=["today", "2014"])
def path(request: pytest.FixtureRequest) -> str:
    """The contract of 2014 has the reports; today's WSDL has not, and its address answers them all the same."""
    return str(request.param)


def rows(answer: Answer) -> dict[str, list[Row]]:
    """The lists of the report, by name."""
    return {
        str(listed.tag): [{str(child.tag): child.text or "" for child in each} for each in listed]
        for report in answer.reply().iterfind("ULNReport")
        for listed in report
    }


def links(answer: Answer) -> dict[str, list[tuple[str, str, str]]]:
    """Each merge and unmerge: the ULN, its master, the day."""
    found = rows(answer)
    return {
        name: [(each[f"{kind}ULN"], each["MasterULN"], each[f"{kind}Date"]) for each in found[name]]
        for name, kind in (("MergedLearners", "Merged"), ("UnmergedLearners", "Unmerged"))
        if name in found
    }


def deletions(answer: Answer) -> list[tuple[str, str]]:
    return [(each["ULN"], each["DeletedDate"]) for each in rows(answer).get("DeletedLearners", [])]


NINTH = (THREE, KEPT, "2023-05-09")
TENTH = [(TWO, KEPT, "2023-05-10"), (ONE, KEPT, "2023-05-10")]
UNMERGED = [(THREE, KEPT, "2023-05-10"), (TWO, KEPT, "2023-05-11")]


@pytest.mark.parametrize(
    ("first", "last", "merged", "unmerged"),
    [
        pytest.param("2023-05-09", "2023-05-09", [NINTH], [], id="merged"),
        pytest.param("2023-05-11", "2023-05-11", [], UNMERGED[1:], id="unmerged"),
        pytest.param("2023-05-10", "2023-05-10", TENTH, UNMERGED[:1], id="both, by time"),
        pytest.param("2023-05-09", "2023-05-11", [NINTH, *TENTH], UNMERGED, id="merged and unmerged in between"),
        pytest.param("2023-05-01", "2023-05-08", [], [], id="none before"),
        pytest.param("2023-07-01", "2023-07-31", [], [], id="of records deleted since"),
        pytest.param("2012-09-03", "2012-09-03", [(JORDAN_OLD, JORDAN, "2012-09-03")], [], id="the sandbox's own"),
        pytest.param(
            "2024-07-01",
            "2024-07-01",
            [(MIDDLE.uln, MASTER.uln, "2024-07-01"), (FIRST.uln, MIDDLE.uln, "2024-07-01")],
            [],
            id="a chain, each by its own master",
        ),
    ],
)
def test_merges_and_unmerges_by_day(  # noqa: PLR0913, PLR0917  # a table
    service: RunningService,
    path: str,
    first: str,
    last: str,
    merged: list[tuple[str, str, str]],
    unmerged: list[tuple[str, str, str]],
) -> None:
    answer = send(service, report_body(MERGED, first, last), path=path)
    expected = {"MergedLearners": merged, "UnmergedLearners": unmerged}
    assert links(answer) == {name: listed for name, listed in expected.items() if listed}
    children = [(str(child.tag), child.text) for child in answer.reply() if child.tag != "ULNReport"]
    code = "WSRC0023" if merged or unmerged else "WSRC0024"
    assert children == [("ResponseCode", code), ("FromDate", first), ("ToDate", last)]


def test_records_are_named_as_they_stand_now(service: RunningService, path: str) -> None:
    answer = send(service, report_body(MERGED, "2023-05-10", "2023-05-11"), path=path)
    names = {"GivenName": "Roberta", "DateOfBirth": "2003-03-03"}
    master = {"ULN": KEPT, "FamilyName": "Master", **names}
    second = {"ULN": TWO, "FamilyName": "Second", **names}

    def row(kind: str, day: str) -> Row:
        parts = (("Master", master), (kind, second))
        named = {f"{prefix}{name}": value for prefix, record in parts for name, value in record.items()}
        return {**named, f"{kind}Date": day}

    found = rows(answer)
    assert found["MergedLearners"][0] == row("Merged", "2023-05-10")
    assert found["UnmergedLearners"][1] == row("Unmerged", "2023-05-11")


@pytest.mark.parametrize("day", sorted({day for day, _ in MIDNIGHTS.values()}))
def test_a_day_is_london_s_and_ends_at_its_midnight(service: RunningService, path: str, day: str) -> None:
    answer = send(service, report_body(DELETED, day, day), path=path)
    assert deletions(answer) == [(held, day) for of, held in MIDNIGHTS.values() if of == day]


@pytest.mark.parametrize(
    ("first", "last", "deleted"),
    [
        pytest.param("2023-07-03", "2023-07-03", [(FOUR, "2023-07-03"), (OTHER, "2023-07-03")], id="two"),
        pytest.param("2023-08-01", "2023-08-01", [(each, "2023-08-01") for each in AT_ONCE], id="at one moment"),
        pytest.param("2012-09-03", "2012-09-03", [(LEE, "2012-09-03")], id="the sandbox's own"),
        pytest.param(
            "2024-07-01", "2024-07-01", [(GONE.uln, "2024-07-01")], id="the first half hour of summer's day"
        ),
        pytest.param("2023-07-04", "2023-07-31", [], id="none"),
        pytest.param("1800-01-01", "1800-03-01", [], id="as early as can be asked"),
        pytest.param("2099-12-31", "2099-12-31", [], id="as late as can be asked"),
    ],
)
def test_deletions_by_day(
    service: RunningService, path: str, first: str, last: str, deleted: list[tuple[str, str]]
) -> None:
    answer = send(service, report_body(DELETED, first, last), path=path)
    assert deletions(answer) == deleted
    assert answer.text("ResponseCode") == ("WSRC0023" if deleted else "WSRC0024")
    assert (answer.text("ULNReport") is None) is (not deleted)


def test_without_to_date_the_report_ends_today(service: RunningService, path: str) -> None:
    today, ahead = london_date(datetime.now(UTC)), datetime.now(UTC) + timedelta(days=2)
    now, later = next(_free), next(_free)
    with service.register() as register, register.writing() as writing:
        for each in (now, later):
            writing.learners.add(replace(PLAIN, uln=each))
        writing.learners.delete(now)
        writing.learners.delete(later, Author(at=ahead, message_id="m"))
    body = report_body(DELETED, today)
    for asked in (body, body.replace("</FromDate>", "</FromDate><ToDate/>")):
        answer = send(service, asked, path=path)
        found = [each for each, _ in deletions(answer)]
        assert now in found
        assert later not in found
        assert answer.text("ToDate") is None
    answer = send(service, report_body(DELETED, today, london_date(ahead)), path=path)
    assert deletions(answer)[-1] == (later, london_date(ahead))
    tomorrow = london_date(datetime.now(UTC) + timedelta(days=1, hours=1))
    send(service, report_body(DELETED, tomorrow), path=path).expect_fault(
        "WSEC0001", f"FromDate: '{tomorrow}'", "without ToDate a report ends today"
    )


@pytest.mark.parametrize("report", [MERGED, DELETED])
@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        ("2023-05-11", "2023-05-10", ("ToDate: '2023-05-10'", "before FromDate '2023-05-11'", "earlier date")),
        ("1900-02-29", "1900-03-01", ("'1900-02-29'", "no day of the calendar")),
        ("1800-02-28", "1800-02-29", ("'1800-02-29'", "no day of the calendar")),
        ("2023-02-29", None, ("FromDate", "2023-02-29")),
        ("10/05/2023", None, ("FromDate", "10/05/2023")),
    ],
)
def test_days_that_make_no_sense_are_refused(  # noqa: PLR0913, PLR0917  # a table
    service: RunningService, path: str, report: str, first: str, last: str | None, texts: tuple[str, ...]
) -> None:
    send(service, report_body(report, first, last), path=path).expect_fault("WSEC0001", *texts)


@pytest.mark.parametrize(
    ("report", "first", "last"),
    [(MERGED, "2023-05-09", "2023-05-12"), (DELETED, "2023-08-01", "2023-08-02")],
)
def test_a_longer_report_is_refused_whole(
    service: RunningService, path: str, report: str, first: str, last: str
) -> None:
    send(service, report_body(report, first, last), path=path).expect_fault(
        "WSEC0001", f"more than {MOST} entries", "fewer days"
    )


@pytest.mark.parametrize(
    ("report", "operation", "first", "last", "disclosed"),
    [
        (MERGED, "getMergedUnmergedULNsReport", "2023-05-10", "2023-05-11", {KEPT, ONE, TWO, THREE}),
        (MERGED, "getMergedUnmergedULNsReport", "2023-07-01", "2023-07-31", set()),
        (DELETED, "getDeletedULNsReport", "2023-07-03", "2023-07-03", {FOUR, OTHER}),
    ],
)
def test_the_audit_has_each_uln_that_was_shown(  # noqa: PLR0913, PLR0917  # a table
    service: RunningService, report: str, operation: str, first: str, last: str, disclosed: set[str]
) -> None:
    who = credentials("SBXAO1", password="SandboxAO-000001", user="auditor")
    assert send(service, report_body(report, first, last, who)).status == 200
    with service.register() as register, register.reading() as reading:
        entry = list(reading.audit.query(user="auditor"))[-1]
    code = "WSRC0023" if disclosed else "WSRC0024"
    assert (entry.operation, entry.code, set(entry.disclosed)) == (operation, code, disclosed)


@pytest.mark.parametrize("report", [MERGED, DELETED])
def test_it_needs_the_agreement_to_read(service: RunningService, path: str, report: str) -> None:
    body = report_body(report, credentials=credentials("BAREST"))
    send(service, body, path=path).expect_fault("WSEC0006")
