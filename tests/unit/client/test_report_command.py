"""``uln retrieve`` and ``uln report``."""

import io
import sys

import pytest
from tests.unit.client.commanding import Run
from tests.unit.client.organisation import sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

ASKED = ("1026893096", "4444599390", "1174112637")


def only(reply: str, uln: str) -> bytes:
    """The reply with what it says of one ULN alone."""
    body = recorded(reply).decode()
    start, end = body.index("        <VerifiedULN>"), body.index("      </RetrievedULNs>")
    (kept,) = [part for part in body[start:end].split("        <VerifiedULN>\n") if f"<ULN>{uln}</ULN>" in part]
    return f"{body[:start]}<VerifiedULN>\n{kept}{body[end:]}".encode()


def test_ulns_in_a_table(uln: Run, caller: Replaying) -> None:
    caller.replay("retrieve.xml")
    ended = uln("retrieve", *ASKED)
    assert (ended.code, ended.err) == (3, "")
    first, heading, own, merged, unknown, *remedies = ended.out.splitlines()
    assert first == "2 of 3 in the register"
    assert heading.split() == [
        "ULN",
        "Code",
        "Use",
        "Given",
        "name",
        "Family",
        "name",
        "Date",
        "of",
        "birth",
        "Gender",
    ]
    assert own.split() == [ASKED[0], "WSRC0004", ASKED[0], "Darcie", "Tucker", "1976-08-16", "2"]
    assert merged.split()[:4] == [ASKED[1], "WSRC0022", "6936002314", "Jordan"]
    assert unknown.split() == [ASKED[2], "WSRC0001", "none"]
    assert [line.partition(":")[0] for line in remedies] == ["WSRC0022", "WSRC0001"]


@pytest.mark.parametrize(("one", "code"), [(ASKED[0], 0), (ASKED[1], 0), (ASKED[2], 1)])
def test_the_exit_code_says_how_many_were_found(uln: Run, caller: Replaying, one: str, code: int) -> None:
    caller.answer(Answer(body=only("retrieve.xml", one)))
    assert uln("retrieve", one).code == code


def test_ulns_from_stdin_after_the_password(uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.replay("retrieve.xml")
    monkeypatch.setattr(sys, "stdin", io.StringIO("PIPE-PIPE-PIPE-1\n4444599390, 1174112637\n\n"))
    ended = uln("retrieve", ASKED[0], "-", "--password-file", "-", "--json")
    assert ended.code == 3
    assert values(sent(caller))["OrgPassword"] == "PIPE-PIPE-PIPE-1"
    assert [each.text for each in sent(caller).iter("ULN")] == list(ASKED)
    assert (ended.json["count"], ended.json["found"]) == (3, 2)
    assert [each["master_uln"] for each in ended.json["ulns"]] == [None, "6936002314", None]


@pytest.mark.parametrize(
    "arguments",
    [
        ("retrieve",),
        ("retrieve", "-"),
        ("retrieve", "12"),
        ("retrieve", "1026893097"),
        ("report", "lost", "--from", "2024-01-01"),
        ("report", "merged"),
        ("report", "merged", "--from", "01/01/2024"),
        ("report", "merged", "--from", "2024-02-01", "--to", "2024-01-01"),
    ],
)
def test_wrong_use_sends_nothing(
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert uln(*arguments).code == 2
    assert caller.requests == []


PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")


def test_merged_ulns(uln: Run, caller: Replaying) -> None:
    caller.replay("report_merged.xml")
    ended = uln("report", "merged", *PERIOD)
    assert (ended.code, ended.err) == (0, "")
    first, heading, only_one, remedy = ended.out.splitlines()
    assert first == "ULNs merged, 2024-01-01 to 2024-12-31: 1 (WSRC0023)"
    assert heading.endswith("Merged on")
    assert [cell.strip() for cell in only_one.split("  ") if cell.strip()] == [
        "4444599390",
        "Jordan Reid",
        "1985-03-27",
        "6936002314",
        "Jordan Reed",
        "1985-03-27",
        "2024-03-01",
    ]
    assert "master" in remedy


def test_unmerged_and_deleted_ulns(uln: Run, caller: Replaying) -> None:
    caller.replay("report_merged.xml")
    assert uln("report", "unmerged", *PERIOD).out.startswith(
        "ULNs unmerged, 2024-01-01 to 2024-12-31: 2 (WSRC0023)"
    )
    caller.replay("report_deleted.xml")
    ended = uln("report", "deleted", "--from", "2024-01-01")
    assert ended.out.splitlines()[:3] == [
        "ULNs deleted, 2024-01-01 to 2024-12-31: 1 (WSRC0023)",
        "  ULN         Deleted on",
        "  7300000028  2024-03-01",
    ]
    assert "ToDate" not in values(sent(caller))


def test_a_report_without_entries_is_done(uln: Run, caller: Replaying) -> None:
    caller.replay("report_merged_empty.xml")
    ended = uln("report", "merged", *PERIOD)
    assert (ended.code, ended.out) == (0, "ULNs merged, 2024-01-01 to 2024-12-31: none (WSRC0024)\n")


def test_a_report_that_holds_the_other_kind_alone_says_so(uln: Run, caller: Replaying) -> None:
    body = recorded("report_merged.xml")
    start, end = body.index(b"        <MergedLearners>"), body.index(b"        <UnmergedLearners>")
    caller.answer(Answer(body=body[:start] + body[end:]))
    assert uln("report", "merged", *PERIOD).out.splitlines() == [
        "ULNs merged, 2024-01-01 to 2024-12-31: none (WSRC0023)",
        "The report holds unmerged ULNs only: uln report unmerged shows them.",
    ]


def test_reports_as_data(uln: Run, caller: Replaying) -> None:
    caller.replay("report_merged.xml")
    merged = uln("report", "merged", *PERIOD, "--json").json
    assert (merged["operation"], merged["code"], merged["count"]) == ("getMergedUnmergedULNsReport", "WSRC0023", 1)
    assert merged["merged"][0]["master_uln"] == "6936002314"
    caller.replay("report_deleted.xml")
    deleted = uln("report", "deleted", *PERIOD, "--json").json
    assert (deleted["operation"], deleted["from_date"]) == ("getDeletedULNsReport", "2024-01-01")
    assert deleted["deleted"] == [{"uln": "7300000028", "deleted_date": "2024-03-01"}]
