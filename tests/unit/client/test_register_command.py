"""``uln find`` by details, ``uln register`` and ``uln update``."""

import sys
import time

import pytest
from tests.unit.client.commanding import Run, Terminal
from tests.unit.client.organisation import sent, values
from tests.unit.client.replaying import Answer, Replaying, recorded

from uln_client.cli import register

NAMES = ("--given-name", "Darcie", "--family-name", "Tucker")
DARCIE = (*NAMES, "--date-of-birth", "1976-08-16", "--gender", "2", "--post-code", "CV4 9EE")
UPDATE = ("update", "1026893096", *NAMES)
FIND, REGISTER = "FindLearnerByDemographics", "RegisterLearner"


def asked(caller: Replaying) -> list[str]:
    """The body elements of the requests, in order."""
    return [str(sent(caller, place).tag).rpartition("}")[2] for place in range(len(caller.requests))]


def answering(caller: Replaying, *replies: str) -> None:
    caller.answer(*(Answer(body=recorded(name)) for name in replies))


def refused(code: str) -> bytes:
    return recorded("register_refused.xml").replace(b"WSRC0021", code.encode())


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody types anything, unless a test says otherwise."""
    monkeypatch.setattr(sys, "stdin", Terminal())


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(*lines))


@pytest.mark.parametrize(
    ("reply", "code", "first"),
    [
        ("search_none.xml", 1, "no match (WSRC0001)"),
        ("search_too_many.xml", 3, "too many matches (WSRC0002)"),
        ("search_possible.xml", 3, "2 possible matches (WSRC0003)"),
        ("search_match.xml", 0, "match (WSRC0004)"),
        ("search_insufficient.xml", 2, "not enough to search with (WSRC0015)"),
        ("search_merged.xml", 0, "match, merged into 6936002314 (WSRC0022)"),
    ],
)
def test_a_find_by_details_in_words_and_as_data(
    uln: Run, caller: Replaying, reply: str, code: int, first: str
) -> None:
    caller.replay(reply)
    ended = uln("find", *DARCIE)
    assert (ended.code, ended.err) == (code, "")
    assert ended.out.splitlines()[0] == f"Darcie Tucker, born 1976-08-16: {first}"
    data = uln("find", *DARCIE, "--json")
    assert data.code == code
    assert (data.json["operation"], f"({data.json['code']})") == (
        "learnerByDemographics",
        first.rsplit(maxsplit=1)[-1],
    )
    assert data.json["found"] is (code == 0)
    assert len(data.json["possible"]) == (2 if reply == "search_possible.xml" else 0)


def test_possible_matches_stand_in_a_table_that_says_how_they_differ(uln: Run, caller: Replaying) -> None:
    caller.replay("search_possible.xml")
    _, heading, one, two, remedy = uln("find", *DARCIE).out.splitlines()
    assert heading.split("  ")[-1].strip() == "Differs in"
    assert one.startswith("  1  1026893096  Darcie      Tucker       1976-08-16     9       CV4 8AA")
    assert one.endswith("gender, last known post code")
    assert "cv49ee" in two
    assert two.endswith("Łukasz       given name, family name")
    assert heading.index("Other names") == two.index("Łukasz")
    assert "Never take the first one unseen" in remedy


def test_one_possible_match_is_one(uln: Run, caller: Replaying) -> None:
    caller.answer(Answer(body=one_possible()))
    assert "1 possible match (WSRC0003)" in uln("find", *DARCIE).out


def one_possible(*, post_code: bytes = b"CV4 8AA", gender: bytes = b"9") -> bytes:
    body = recorded("search_possible.xml")
    start, end = body.rindex(b"      <Learner>"), body.rindex(b"</Learner>\n") + 11
    body = body[:start] + body[end:]
    return body.replace(b"CV4 8AA", post_code).replace(b"<Gender>9", b"<Gender>" + gender)


def test_a_check_only_find_by_details_gives_the_code_alone(uln: Run, caller: Replaying) -> None:
    body = recorded("search_none.xml").replace(b"WSRC0001", b"WSRC0003")
    caller.answer(Answer(body=body))
    ended = uln("find", *DARCIE, "--check-only")
    assert ended.out.startswith("Darcie Tucker, born 1976-08-16: possible matches (WSRC0003)\n")
    assert "without --check-only to see them" in ended.out
    assert values(sent(caller))["FindType"] == "CHK"


def test_names_without_letters_are_told_of_names_alone(uln: Run, caller: Replaying) -> None:
    caller.replay("search_insufficient.xml")
    ended = uln("find", *DARCIE)
    assert ended.code == 2
    assert ended.out.endswith("\nGive names that contain at least one letter.\n")


def test_narrowing_options_are_sent(uln: Run, caller: Replaying) -> None:
    caller.replay("search_none.xml")
    narrowing = ("--previous-family-name", "Evans", "--school-at-age16", "A School", "--place-of-birth", "Leeds")
    uln("find", *DARCIE, *narrowing, "--email-address", "d@example.com")
    named = values(sent(caller))
    assert [named[name] for name in ("PreviousFamilyName", "SchoolAtAge16", "PlaceOfBirth", "EmailAddress")] == [
        "Evans",
        "A School",
        "Leeds",
        "d@example.com",
    ]


def test_nobody_found_is_told_of_registering(uln: Run, caller: Replaying) -> None:
    caller.replay("search_none.xml")
    assert "uln register" in uln("find", *DARCIE).out
    assert "uln register" in uln("find", *DARCIE, "--json").json["remedy"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("find", *NAMES), "--date-of-birth, --gender, --post-code"),
        (("find", *DARCIE[:8]), "needs --post-code as well"),
        (("find", "1026893096", *DARCIE), "--date-of-birth, --gender, --post-code cannot be given with a ULN"),
        (("find", *DARCIE[:-1], "nowhere"), "LastKnownPostCode must be a UK or BFPO postcode"),
        (("find", *DARCIE[:-1], "CV1 2AC"), "none of C, I, K, M, O and V"),
        (("register", *NAMES), "--date-of-birth"),
        (("register", *DARCIE, "--verification-type", "8"), "VerificationType must be 0 to 7 or 999"),
        (("register", *DARCIE, "--notes", "\x01"), "Notes holds a character"),
        (("register", *DARCIE, "--review-seconds", "-1"), "--review-seconds"),
        (UPDATE, "Nothing is given that could change"),
        ((*UPDATE, "--title", " "), "Title is blank"),
        (("update", "1026893097", *NAMES, "--title", "Ms"), "check digit"),
        (("update", "1026893096", "--title", "Ms"), "--given-name"),
    ],
)
def test_wrong_use_sends_nothing(uln: Run, caller: Replaying, arguments: tuple[str, ...], said: str) -> None:
    ended = uln(*arguments)
    assert ended.code == 2
    assert said in ended.err
    assert caller.requests == []


def test_a_learner_whom_nobody_matches_is_registered(uln: Run, caller: Replaying) -> None:
    answering(caller, "search_none.xml", "register_done.xml")
    ended = uln("register", *DARCIE, "--yes", "--email-address", "d@example.com", "--address-town", "Coventry")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == "Darcie Tucker, born 1976-08-16: no match (WSRC0001)"
    assert "Darcie Tucker, born 1976-08-16: registered as 9276308686 (WSRC0005)" in ended.out
    assert asked(caller) == [FIND, REGISTER]
    assert values(sent(caller, 0))["EmailAddress"] is None
    named = {name: value for name, value in values(sent(caller)).items() if value}
    assert (named["EmailAddress"], named["LastKnownAddressTown"]) == ("d@example.com", "Coventry")
    assert (named["VerificationType"], named["AbilityToShare"]) == ("0", "0")


def test_a_registration_as_data(uln: Run, caller: Replaying) -> None:
    answering(caller, "search_none.xml", "register_done.xml")
    data = uln("register", *DARCIE, "--yes", "--json").json
    assert (data["operation"], data["code"]) == ("registerSingleLearner", "WSRC0005")
    assert (data["registered"], data["uln"]) == (True, "9276308686")


@pytest.mark.parametrize(
    ("reply", "known"), [("search_match.xml", "1026893096"), ("search_merged.xml", "6936002314")]
)
def test_a_learner_who_is_found_is_not_registered_again(
    uln: Run, caller: Replaying, reply: str, known: str
) -> None:
    caller.replay(reply)
    ended = uln("register", *DARCIE, "--yes")
    assert ended.code == 0
    assert f"  ULN                             {known}\n" in ended.out
    assert ended.out.endswith("Nothing was registered: the learner has this ULN already.\n")
    data = uln("register", *DARCIE, "--yes", "--json").json
    assert (data["registered"], data["uln"]) == (False, known)
    assert REGISTER not in asked(caller)


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        ("search_none.xml", 1, "Give --yes"),
        ("search_possible.xml", 3, "run uln register at a terminal"),
        ("search_too_many.xml", 3, "they narrow the search"),
        ("search_insufficient.xml", 2, "at least one letter"),
    ],
)
def test_without_a_terminal_nobody_is_asked(uln: Run, caller: Replaying, reply: str, code: int, said: str) -> None:
    caller.replay(reply)
    ended = uln("register", *DARCIE)
    assert (ended.code, ended.err) == (code, "")
    assert said in ended.out
    data = uln("register", *DARCIE, "--json")
    assert (data.code, data.json["registered"], data.json["uln"]) == (code, False, None)
    assert REGISTER not in asked(caller)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("option", ["--yes", "--json"])
def test_at_a_terminal_too_possible_matches_are_not_passed_over_unasked(
    uln: Run, caller: Replaying, option: str
) -> None:
    caller.replay("search_possible.xml")
    ended = uln("register", *DARCIE, option)
    assert (ended.code, ended.err) == (3, "")
    assert REGISTER not in asked(caller)


@pytest.mark.parametrize(
    ("typed", "code", "calls"), [("y", 0, [FIND, REGISTER]), ("n", 1, [FIND]), ("", 1, [FIND])]
)
def test_on_no_match_a_person_decides(  # noqa: PLR0913, PLR0917  # what is typed, and what comes of it
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, calls: list[str]
) -> None:
    answering(caller, "search_none.xml", "register_done.xml")
    typing(monkeypatch, typed)
    ended = uln("register", *DARCIE)
    assert ended.code == code
    assert ended.err.startswith("Register as a new learner? y or n:")
    assert asked(caller) == calls


def test_a_person_picks_one_of_the_possible_matches(
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.replay("search_possible.xml")
    typing(monkeypatch, "3", "maybe", "2")
    ended = uln("register", *DARCIE)
    assert ended.code == 0
    assert ended.out.endswith("Nothing was registered: the learner has the ULN 1174112637.\n")
    assert ended.err.count("Answer with a number from 1 to 2, or n.") == 2
    assert asked(caller) == [FIND]


def test_a_person_may_stop(uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.replay("search_possible.xml")
    typing(monkeypatch)
    ended = uln("register", *DARCIE)
    assert (ended.code, ended.out.splitlines()[-1]) == (3, "Nothing was registered.")
    assert asked(caller) == [FIND]


def test_when_it_is_none_of_them_the_review_time_passes_before_the_registration(
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(caller, "search_possible.xml", "register_done.xml")
    typing(monkeypatch, "N")
    started = time.monotonic()
    ended = uln("register", *DARCIE, "--review-seconds", "0.4")
    assert time.monotonic() - started >= 0.4
    assert ended.code == 0
    assert "Possible matches are to be reviewed for 0.4 seconds at least" in ended.err
    assert "registered as 9276308686" in ended.out
    assert asked(caller) == [FIND, REGISTER]


def test_the_review_takes_five_seconds_unless_said_otherwise() -> None:
    assert float(register.REVIEW_SECONDS) == 5


def test_too_many_are_narrowed_by_what_else_is_given(uln: Run, caller: Replaying) -> None:
    narrowed = recorded("search_none.xml").replace(
        b"</LastKnownPostCode>", b"</LastKnownPostCode><PlaceOfBirth>Leeds</PlaceOfBirth>"
    )
    caller.answer(
        Answer(body=recorded("search_too_many.xml")),
        Answer(body=narrowed),
        Answer(body=recorded("register_done.xml")),
    )
    ended = uln("register", *DARCIE, "--yes", "--place-of-birth", "Leeds")
    assert ended.code == 0
    assert [values(sent(caller, place))["PlaceOfBirth"] for place in (0, 1)] == [None, "Leeds"]
    assert asked(caller) == [FIND, FIND, REGISTER]


@pytest.mark.parametrize(
    ("found", "typed", "cause"),
    [
        (recorded("search_none.xml"), "y", "since the find answered"),
        (recorded("search_possible.xml"), "n", "longer --review-seconds"),
        (one_possible(post_code=b"cv49ee", gender=b"2"), "n", "exactly these details"),
    ],
)
def test_a_refused_registration_names_its_likely_cause(  # noqa: PLR0913, PLR0917  # the find, what is typed, and the cause
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch, found: bytes, typed: str, cause: str
) -> None:
    caller.answer(Answer(body=found), Answer(body=refused("WSRC0021")))
    typing(monkeypatch, typed)
    ended = uln("register", *DARCIE, "--review-seconds", "0")
    assert ended.code == 4
    assert "not registered (WSRC0021)\nLikely cause: " in ended.out
    assert cause in ended.out


def test_a_find_of_long_ago_is_named_as_the_cause(
    uln: Run, caller: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.answer(Answer(body=recorded("search_none.xml")), Answer(body=refused("WSRC0021")))
    monkeypatch.setattr(register, "_FIND_COUNTS_SECONDS", 0)
    ended = uln("register", *DARCIE, "--yes", "--json")
    assert (ended.code, ended.json["code"], ended.json["registered"]) == (4, "WSRC0021", False)
    assert "120 minutes" in ended.json["remedy"]


def test_insufficient_data_is_wrong_use(uln: Run, caller: Replaying) -> None:
    caller.answer(Answer(body=recorded("search_none.xml")), Answer(body=refused("WSRC0015")))
    ended = uln("register", *DARCIE, "--yes", "--verification-type", "999")
    assert ended.code == 2
    assert "OtherVerificationDescription" in ended.out


def test_a_registration_that_got_no_answer_is_in_doubt(uln: Run, caller: Replaying) -> None:
    caller.answer(Answer(body=recorded("search_none.xml")), Answer(cut=True))
    ended = uln("register", *DARCIE, "--yes")
    assert ended.code == 5
    assert "may have been made" in ended.err
    assert len(caller.requests) == 2


@pytest.mark.parametrize(
    ("command", "read", "reader"),
    [
        (("register", *DARCIE, "--yes"), "search_none.xml", "registered"),
        ((*UPDATE, "--title", "Ms"), "find_match.xml", "updated"),
    ],
)
def test_an_interrupted_change_is_in_doubt(  # noqa: PLR0913, PLR0917  # the command, and where it is interrupted
    uln: Run,
    caller: Replaying,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    read: str,
    reader: str,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    answering(caller, read, "register_done.xml" if reader == "registered" else "update_done.xml")
    monkeypatch.setattr(f"uln_client.awarding_organisation.{reader}", interrupted)
    ended = uln(*command)
    assert ended.code == 130
    assert "Interrupted. The change may have been made" in ended.err


def test_an_update_shows_what_will_change(uln: Run, caller: Replaying) -> None:
    answering(caller, "find_match.xml", "update_done.xml")
    ended = uln(*UPDATE, "--new-family-name", "Smith", "--gender", "2", "--email-address", "d@example.com")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "1026893096 Darcie Tucker: version 1 of the record"
    assert "  Family name                     Tucker -> Smith" in lines
    assert "  Gender                          2 (female), as before" in lines
    assert "  Email address                   nothing -> d@example.com" in lines
    assert "1026893096: updated (WSRC0006)" in lines
    named = values(sent(caller))
    assert (named["GivenName"], named["FamilyName"], named["VersionNumber"]) == ("Darcie", "Smith", "1")
    assert asked(caller) == ["FindLearnerByULN", "UpdateLearner"]


def test_an_update_as_data(uln: Run, caller: Replaying) -> None:
    answering(caller, "find_match.xml", "update_done.xml")
    data = uln(*UPDATE, "--post-code", "CV1 2AB", "--json").json
    assert (data["operation"], data["code"], data["updated"]) == ("updateSingleLearner", "WSRC0006", True)
    assert data["changes"] == [{"field": "last_known_post_code", "from": "CV4 9EE", "to": "CV1 2AB"}]


@pytest.mark.parametrize(
    ("code", "expected", "said"),
    [
        ("WSRC0013", 4, "Find the learner again"),
        ("WSRC0014", 4, "never goes back to 0"),
        ("WSRC0015", 2, "OtherVerificationDescription"),
        ("WSRC0019", 1, "not in the register"),
        ("WSRC0020", 0, "nothing to change"),
        ("WSRC0021", 4, "another learner has the same"),
    ],
)
def test_each_code_of_an_update_ends_as_it_means(
    uln: Run, caller: Replaying, code: str, expected: int, said: str
) -> None:
    body = recorded("update_done.xml").replace(b"WSRC0006", code.encode())
    caller.answer(Answer(body=recorded("find_match.xml")), Answer(body=body))
    ended = uln(*UPDATE, "--title", "Ms")
    assert (ended.code, ended.err) == (expected, "")
    assert said in ended.out
    assert f"({code})" in ended.out


@pytest.mark.parametrize(
    ("command", "reply", "code", "said"),
    [
        (UPDATE, "find_no_match.xml", 1, "not updated, no match (WSRC0001)"),
        (UPDATE, "find_insufficient.xml", 2, "(WSRC0015)"),
        (("update", "4444599390", *NAMES), "find_merged.xml", 3, "Update 6936002314 instead"),
    ],
)
def test_a_record_that_is_not_found_is_not_updated(  # noqa: PLR0913, PLR0917  # a table of calls
    uln: Run, caller: Replaying, command: tuple[str, ...], reply: str, code: int, said: str
) -> None:
    caller.replay(reply)
    ended = uln(*command, "--title", "Ms")
    assert ended.code == code
    assert said in ended.out
    data = uln(*command, "--title", "Ms", "--json")
    assert (data.code, data.json["operation"], data.json["updated"]) == (code, "learnerByULN", False)
    assert set(asked(caller)) == {"FindLearnerByULN"}
