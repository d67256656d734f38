import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.unit.client.commanding import Run
from tests.unit.client.organisation import SECRET
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client.cli.exits import Exit
from uln_client.cli.output import readable

DARCIE = ("1026893096", "--given-name", "Darcie", "--family-name", "Tucker")
SIAN = ("9276308686", "--given-name", "SIAN", "--family-name", "Obrien")
JORDAN = ("4444599390", "--given-name", "Jordan", "--family-name", "Reid")


def test_a_match_in_words(uln: Run, caller: Replaying) -> None:
    caller.replay("find_match.xml")
    ended = uln("find", *DARCIE)
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == "1026893096 Darcie Tucker: match (WSRC0004)"
    assert "  Date of birth                   1976-08-16" in lines
    assert "  Gender                          2 (female)" in lines
    assert not any(line.startswith(("  Notes", "  Linked")) for line in lines)


def test_a_merged_record_in_words(uln: Run, caller: Replaying) -> None:
    caller.replay("find_merged.xml")
    ended = uln("find", *JORDAN)
    assert ended.code == 0
    assert ended.out.startswith("4444599390 Jordan Reid: match, merged into 6936002314 (WSRC0022)\n")
    assert "  Linked ULNs                     4444599390\n" in ended.out


def test_a_merged_record_in_a_check_only_find(uln: Run, caller: Replaying) -> None:
    merged = recorded("find_merged.xml")
    start, end = merged.index(b"      <Learner>"), merged.index(b"</Learner>\n") + 11
    caller.answer(Answer(body=merged[:start] + merged[end:]))
    ended = uln("find", *JORDAN, "--check-only")
    assert ended.code == 0
    assert ended.out.startswith("4444599390 Jordan Reid: match, merged (WSRC0022)\n")


def test_a_verification_in_words(uln: Run, caller: Replaying) -> None:
    caller.replay("verify_match.xml")
    ended = uln("verify", *DARCIE, "--date-of-birth", "1976-08-16", "--gender", "2")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1026893096 Darcie Tucker: match (WSVRC001)\n")


def test_a_similar_verification_says_which_name_differs_from_what(uln: Run, caller: Replaying) -> None:
    caller.replay("verify_similar.xml")
    ended = uln("verify", *SIAN)
    registered = "O\N{RIGHT SINGLE QUOTATION MARK}Brien-Łukasz"
    assert ended.code == 3
    assert ended.out.startswith("9276308686 SIAN Obrien: similar (WSVRC003)\n")
    assert f"  Family name differs: you sent Obrien, the register holds {registered}.\n" in ended.out
    assert "Given name differs" not in ended.out
    assert f"  Family name                     {registered}\n" in ended.out


def test_a_linked_verification_names_the_master(uln: Run, caller: Replaying) -> None:
    caller.replay("verify_match_linked.xml")
    ended = uln("verify", "4444599390", "--given-name", "Jordan", "--family-name", "Reed")
    assert ended.code == 0
    assert "match, merged into 6936002314 (WSVRC002)" in ended.out


def test_a_failed_verification_puts_the_flags_in_words(uln: Run, caller: Replaying) -> None:
    caller.replay("verify_no_match.xml")
    ended = uln("verify", "1026893096", "--given-name", "Darcie", "--family-name", "Taylor")
    assert ended.code == 1
    assert ended.out.startswith("1026893096 Darcie Taylor: no match (WSVRC005)\n  VRF5: The family name")
    assert "  VRF7: The date of birth" in ended.out


@pytest.mark.parametrize(
    ("command", "reply", "expected"),
    [
        (("find", *DARCIE), ("find_match.xml", 200), 0),
        (("find", *JORDAN), ("find_merged.xml", 200), 0),
        (("find", *DARCIE, "--check-only"), ("find_match_check_only.xml", 200), 0),
        (("find", *DARCIE), ("find_no_match.xml", 200), 1),
        (("find", *DARCIE), ("find_insufficient.xml", 200), 2),
        (("find", *DARCIE), ("find_unknown_code.xml", 200), 5),
        (("find", *DARCIE), ("fault_0001.xml", 500), 4),
        (("find", *DARCIE), ("fault_0003.xml", 500), 4),
        (("find", *DARCIE), ("fault_0004.xml", 500), 4),
        (("find", *DARCIE), ("fault_0005.xml", 500), 4),
        (("find", *DARCIE), ("fault_0006.xml", 500), 4),
        (("find", *DARCIE), ("fault_0999.xml", 500), 5),
        (("find", *DARCIE), ("fault_plain.xml", 500), 5),
        (("find", *DARCIE), ("page.html", 200), 5),
        (("find", *DARCIE), ("page.html", 500), 5),
        (("find", *DARCIE), ("maintenance.html", 405), 5),
        (("find", *DARCIE), ("cut_off.xml", 200), 5),
        (("verify", *DARCIE), ("verify_match.xml", 200), 0),
        (("verify", *SIAN), ("verify_similar.xml", 200), 3),
        (("verify", *JORDAN), ("verify_match_linked.xml", 200), 0),
        (("verify", *JORDAN), ("verify_similar_linked.xml", 200), 3),
        (("verify", *DARCIE), ("verify_no_match.xml", 200), 1),
        (("verify", "1174112637", *DARCIE[1:]), ("verify_not_found.xml", 200), 1),
        (("verify", *DARCIE), ("verify_unknown_flag.xml", 200), 5),
    ],
)
def test_the_exit_code_says_how_it_ended(
    uln: Run, caller: Replaying, command: tuple[str, ...], reply: tuple[str, int], expected: int
) -> None:
    caller.replay(*reply)
    assert uln(*command).code == expected
    ended = uln(*command, "--json")
    assert ended.code == expected
    assert ("error" in ended.json) is (expected >= 4)
    assert bool(ended.err) is (expected >= 4)


def test_what_a_closed_service_says_is_passed_on(uln: Run, caller: Replaying) -> None:
    caller.replay("maintenance_fault.xml", 503)
    ended = uln("find", *DARCIE, "--json")
    assert ended.code == 5
    assert "uln: The service says: The service is closed for maintenance" in ended.err
    assert "opens again at 14:00" in ended.json["error"]["further_details"]
    assert "badly formed" not in ended.err + ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nothing",),
        ("find",),
        ("find", "1026893096"),
        ("find", *DARCIE, "--password", "x"),
        ("find", *DARCIE, "--timeout", "soon"),
        ("find", *DARCIE, "--generation", "2013"),
        ("find", *DARCIE, "--password-file", "nothing-there.txt"),
        ("find", "1026893097", *DARCIE[1:]),
        ("verify", *DARCIE, "--gender", "F"),
        ("verify", *DARCIE, "--date-of-birth", "16/08/1976"),
        ("find", *DARCIE, "--url", "lrs.example"),
        ("find", *DARCIE, "--url", "http://lrs.example"),
        ("find", *DARCIE, "--cert", "nothing.pem"),
    ],
)
def test_wrong_use_ends_with_2_and_sends_nothing(uln: Run, caller: Replaying, arguments: tuple[str, ...]) -> None:
    ended = uln(*arguments)
    assert ended.code == 2
    assert ended.out + ended.err
    assert caller.requests == []


def test_nobody_there_ends_with_5(uln: Run, caller: Replaying) -> None:
    del caller
    ended = uln("find", *DARCIE, "--url", "http://127.0.0.1:1")
    assert (ended.code, ended.out) == (5, "")
    assert "no connection to 127.0.0.1:1" in ended.err


def test_the_answer_as_data(uln: Run, caller: Replaying) -> None:
    caller.replay("find_merged.xml")
    found = uln("find", *JORDAN, "--json").json
    assert (found["code"], found["found"], found["merged"], found["merged_from"]) == (
        "WSRC0022",
        True,
        True,
        ["4444599390"],
    )
    assert (found["uln"], found["learner"]["uln"], found["learner"]["title"]) == ("4444599390", "6936002314", None)
    caller.replay("verify_no_match.xml")
    verified = uln("--json", "verify", *DARCIE).json
    assert (verified["code"], verified["outcome"], verified["register"]) == ("WSVRC005", "no match", None)
    assert [flag["code"] for flag in verified["flags"]] == ["VRF5", "VRF4", "VRF7"]
    caller.replay("verify_similar.xml")
    assert uln("verify", *SIAN, "--json").json["register"]["given_name"] == "Siân"


def test_an_error_as_data(uln: Run, caller: Replaying) -> None:
    body = recorded("fault_0001.xml").replace(b"SandboxAO-000001", SECRET.encode())
    caller.answer(Answer(status=500, body=body))
    error = uln("find", *DARCIE, "--json").json["error"]
    assert (error["kind"], error["code"]) == ("Refused", "WSEC0001")
    assert error["further_details"] == "OrgPassword: ******** is refused"
    invalid = uln("find", "12", *DARCIE[1:], "--json").json["error"]
    assert (invalid["kind"], invalid["field"]) == ("InvalidValue", "ULN")


def test_what_the_service_says_cannot_steer_the_terminal(uln: Run, caller: Replaying) -> None:
    body = recorded("fault_0001.xml").replace(b"Invalid request", "\u009b2Jbad".encode())
    caller.answer(Answer(status=500, body=body))
    ended = uln("find", *DARCIE)
    assert "?2Jbad" in ended.err
    assert "\u009b" not in ended.err


def test_options_may_stand_before_the_command_or_after_it(uln: Run, caller: Replaying) -> None:
    caller.replay("find_match.xml")
    uln("--username", "Before", "--orgref", "BEFORE", "find", *DARCIE, "--username", "After")
    assert b"<UserName>After</UserName>" in caller.requests[0].body
    assert b"<OrganisationRef>BEFORE</OrganisationRef>" in caller.requests[0].body


def test_a_password_file_is_over_the_environment(uln: Run, caller: Replaying, tmp_path: Path) -> None:
    caller.replay("find_match.xml")
    (tmp_path / "password").write_bytes(b"FILE-FILE-FILE-1\r\nmore")
    uln("find", *DARCIE, "--password-file", str(tmp_path / "password"))
    assert b"<OrgPassword>FILE-FILE-FILE-1</OrgPassword>" in caller.requests[0].body


def test_a_password_from_stdin(uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.replay("find_match.xml")
    monkeypatch.setattr(sys, "stdin", io.StringIO("PIPE-PIPE-PIPE-1\n"))
    uln("--password-file", "-", "find", *DARCIE)
    assert b"<OrgPassword>PIPE-PIPE-PIPE-1</OrgPassword>" in caller.requests[0].body


def test_a_check_digit_can_be_sent_on_purpose(uln: Run, caller: Replaying) -> None:
    caller.answer(Answer(body=recorded("find_no_match.xml").replace(b"1026893096", b"1026893097")))
    assert uln("find", "1026893097", *DARCIE[1:], "--no-check-digit").code == 1


def test_debug_says_what_is_called_and_no_contents(uln: Run, caller: Replaying) -> None:
    caller.replay("find_match.xml")
    ended = uln("find", *DARCIE, "--debug")
    assert f"uln: POST {caller.url}/LearnerService.svc: 200" in ended.err
    assert "Tucker" not in ended.err
    assert uln("find", *DARCIE).err == ""


def test_without_settings_a_note_says_that_the_sandbox_is_called(uln: Run) -> None:
    ended = uln("find", *DARCIE[:1], "--given-name", "", "--family-name", "")
    assert "calling the sandbox at http://127.0.0.1:8000/LearnerService.svc" in ended.err
    assert ended.out == ""


def test_an_unexpected_error_shows_no_traceback_and_no_values(
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.replay("find_match.xml")

    def broken(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("uln_client.awarding_organisation.found_by_uln", broken)
    ended = uln("find", *DARCIE)
    assert ended.code == Exit.BUG
    assert "unexpected error (KeyError in" in ended.err


def test_an_interrupted_call_is_no_answer(uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.replay("find_match.xml")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("uln_client.awarding_organisation.found_by_uln", interrupted)
    assert uln("find", *DARCIE).code == 130


def test_version_and_help(uln: Run) -> None:
    assert uln("--version").out.startswith("uln ")
    shown = uln("--help")
    assert shown.code == 0
    assert all(word in shown.out for word in ("find", "verify", "--password-file", "--json", "ULN_URL"))
    for command in ("find", "verify"):
        assert "--given-name" in uln(command, "--help").out
        assert "--ukprn" in uln(command, "--help").out


def test_a_terminal_of_another_character_set_gets_what_it_can_show() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="cp1252", newline="\n")
    readable(stream)
    stream.write("Łukasz Siân")
    stream.flush()
    assert written.getvalue() == "?ukasz Siân".encode("cp1252")


def in_a_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_the_module_is_the_command(caller: Replaying) -> None:
    caller.replay("verify_similar.xml")
    ended = in_a_process("-m", "uln_client", "verify", *SIAN, "--json", PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert ended.returncode == 3
    assert json.loads(ended.stdout.decode("ascii"))["register"]["family_name"].endswith("Brien-Łukasz")


def test_help_waits_for_nothing_heavy() -> None:
    started = time.monotonic()
    program = (
        "import sys; from uln_client.cli import main\ntry: main(['--help'])\nfinally: print(*sorted(sys.modules))"
    )
    ended = in_a_process("-c", program)
    loaded = set(ended.stdout.decode(errors="replace").split())
    assert "uln_client.cli.find" in loaded
    assert loaded & {"zeep", "lxml", "requests", "pydantic"} == set()
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("description", "further", "shown"),
    [
        ("The organisation's password is wrong.", "", []),
        ("Wrong", "Wrong: ask for another.", ["Wrong: ask for another."]),
        ("One thing.", "One thing.", ["One thing."]),
        ("One thing.", "Another.", ["One thing.", "Another."]),
    ],
)
def test_what_the_service_says_is_said_once(
    uln: Run, caller: Replaying, description: str, further: str, shown: list[str]
) -> None:
    fault = recorded("fault_0005.xml").decode()
    fault = fault.replace("Wrong organisation password", description)
    fault = fault.replace("<FurtherDetails></FurtherDetails>", f"<FurtherDetails>{further}</FurtherDetails>")
    caller.answer(Answer(status=500, body=fault.encode()))
    said = [line for line in uln("find", *DARCIE).err.splitlines() if "The service says" in line]
    assert said == [f"uln: The service says: {text}" for text in shown]


def test_a_rule_of_ours_stands_beside_the_remedy_not_in_the_title(uln: Run, caller: Replaying) -> None:
    caller.replay("fault_0003.xml", 500)
    title, *others = uln("find", *DARCIE).err.splitlines()
    assert title == "uln: The organisation is unknown. (WSEC0003)"
    assert others[-1].startswith("uln: This service's rule: the same when")
    assert others[-1].endswith("ask the service's operator about your organisation.")
    assert "This service's rule" not in uln("find", *DARCIE, "--json").json["error"]["text"]
