"""The reference client against the real service: finding by demographics, registering, updating, reporting."""

import itertools
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypedDict

import pytest
from tests.docs.pages import blocks, page
from tests.service import RunningService, running_sandbox

from uln_client import AwardingOrganisation, Changes, LearnerToRegister, cli
from uln_client.errors import NotPermitted, Refused
from uln_contract.codes import ResponseCode

GENERATIONS = pytest.mark.parametrize("generation", ["today", "2014"])
DARCIE, DELETED, UNKNOWN = "1026893096", "7300000028", "1000000043"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
REVIEW_SECONDS = 0.3


class Names(TypedDict):
    given_name: str
    family_name: str


class Demographics(Names):
    date_of_birth: str
    gender: str
    post_code: str


SAM = Demographics(
    given_name="Sam", family_name="Taylor", date_of_birth="1999-05-05", gender="1", post_code="LS1 4AP"
)
ALEX = Demographics(
    given_name="Alex", family_name="Smith", date_of_birth="2000-01-01", gender="2", post_code="ZZ99 9ZZ"
)


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox whose register these tests change; each with learners of its own."""
    with running_sandbox(tmp_path_factory.mktemp("changing"), review_minimum_seconds=REVIEW_SECONDS) as service:
        yield service


@pytest.fixture(autouse=True)
def settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, changing: RunningService
) -> None:
    """The sandbox's awarding organisation, by the environment alone, as the command finds it."""
    for name in [name for name in os.environ if name.startswith("ULN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    call(monkeypatch, changing)


def call(monkeypatch: pytest.MonkeyPatch, service: RunningService) -> None:
    for name, value in {
        "URL": service.url,
        "UKPRN": "90000001",
        "PASSWORD": "SandboxAO-000001",
        "USERNAME": "interop",
    }.items():
        monkeypatch.setenv(f"ULN_{name}", value)


# Learners of different dates of birth are never taken for each other.
_birthdays = (date(2004, 2, 29) + timedelta(number) for number in itertools.count())


@dataclass(frozen=True)
class New:
    """A learner whom nobody has registered yet."""

    date_of_birth: str

    @property
    def names(self) -> Names:
        return {"given_name": "Lowri", "family_name": "Pugh"}

    @property
    def demographics(self) -> Demographics:
        return {**self.names, "date_of_birth": self.date_of_birth, "gender": "2", "post_code": "SA1 3SN"}

    @property
    def learner(self) -> LearnerToRegister:
        return LearnerToRegister(
            **self.names,
            last_known_post_code="SA1 3SN",
            date_of_birth=self.date_of_birth,
            gender="2",
            verification_type="2",
            ability_to_share="1",
        )


@pytest.fixture
def new() -> New:
    return New(next(_birthdays).isoformat())


def registered(caller: AwardingOrganisation, new: New) -> str:
    """Register a new learner as it is to be done, and give the ULN."""
    assert caller.find_by_demographics(**new.demographics).code is ResponseCode.WSRC0001
    uln = caller.register(new.learner).uln
    assert uln is not None
    return uln


@GENERATIONS
def test_a_learner_is_registered_found_updated_and_retrieved(
    new: New, generation: Literal["today", "2014"]
) -> None:
    with AwardingOrganisation(generation=generation) as caller:
        uln = registered(caller, new)
        found = caller.find_by_demographics(**new.demographics)
        assert (found.code, found.learner and found.learner.uln) == (ResponseCode.WSRC0004, uln)
        changes = Changes(email_address="lowri@example.com", title="Ms")
        result = caller.update(uln, changes, **new.names)
        assert (result.code, result.sent) == (ResponseCode.WSRC0006, True)
        read = caller.find_by_uln(uln, **new.names).learner
        assert read is not None
        assert (read.email_address, read.title, read.version_number) == ("lowri@example.com", "Ms", 2)
        assert caller.update(uln, changes, **new.names).code is ResponseCode.WSRC0020
        assert caller.update(uln, Changes(title="Dr"), 1, **new.names).code is ResponseCode.WSRC0013
        (retrieved,) = caller.retrieve([uln])
        assert (retrieved.code, retrieved.date_of_birth) == (ResponseCode.WSRC0004, new.date_of_birth)


@GENERATIONS
def test_possible_matches_and_too_many(generation: Literal["today", "2014"]) -> None:
    with AwardingOrganisation(generation=generation) as caller:
        possible = caller.find_by_demographics(**SAM)
        assert (possible.code, [each.uln for each in possible.possible]) == (
            ResponseCode.WSRC0003,
            ["3100000012", "3100000020"],
        )
        many = caller.find_by_demographics(**ALEX)
        assert (many.code, many.learners) == (ResponseCode.WSRC0002, ())
        # Their record says nothing of a place of birth, so that none of them is ruled out.
        narrowed = caller.find_by_demographics(**ALEX, place_of_birth="Nowhere", email_address="a@example.com")
        assert narrowed.code is ResponseCode.WSRC0002
        checked = caller.find_by_demographics(**SAM, check_only=True)
        assert (checked.code, checked.learners) == (ResponseCode.WSRC0003, ())


def test_a_merged_learner_is_found_as_the_master() -> None:
    with AwardingOrganisation() as caller:
        found = caller.find_by_demographics(
            given_name="Jordan", family_name="Reid", date_of_birth="1985-03-27", gender="1", post_code="AB12 5EQ"
        )
    assert (found.code, found.merged_from) == (ResponseCode.WSRC0022, (JORDAN_OLD,))
    assert found.learner is not None
    assert found.learner.uln == JORDAN


def test_a_registration_without_a_find_is_refused(new: New) -> None:
    with AwardingOrganisation() as caller:
        assert caller.register(new.learner).code is ResponseCode.WSRC0021


def test_data_that_no_schema_refuses(new: New) -> None:
    with AwardingOrganisation() as caller:
        assert caller.find_by_demographics(**{**SAM, "given_name": "-"}).code is ResponseCode.WSRC0015  # type: ignore[arg-type]  # the five, one changed
        uln = registered(caller, new)
        assert caller.update(uln, Changes(verification_type="999"), **new.names).code is ResponseCode.WSRC0015
        assert caller.update(uln, Changes(ability_to_share="0"), **new.names).code is ResponseCode.WSRC0014
        with pytest.raises(Refused, match="WSEC0001") as young:
            caller.update(uln, Changes(date_of_birth="2023-01-01"), **new.names)
        assert "age" in young.value.detail.further_details


def test_an_update_may_not_make_two_learners_alike(new: New) -> None:
    other = New(next(_birthdays).isoformat())
    with AwardingOrganisation() as caller:
        uln = registered(caller, new)
        registered(caller, other)
        result = caller.update(uln, Changes(date_of_birth=other.date_of_birth), **new.names)
    assert result.code is ResponseCode.WSRC0021
    assert "another learner" in result.explanation.text


def test_what_is_not_there_is_not_updated() -> None:
    complete = Changes(
        given_name="Lee",
        family_name="Gone",
        last_known_post_code="EX1 1AA",
        date_of_birth="1990-10-10",
        gender="1",
        verification_type="1",
        ability_to_share="1",
    )
    with AwardingOrganisation() as caller:
        assert caller.update(DELETED, complete, 1).code is ResponseCode.WSRC0019
        unread = caller.update(DELETED, Changes(title="Mr"), given_name="Lee", family_name="Gone")
        assert (unread.code, unread.sent) == (ResponseCode.WSRC0001, False)
        merged = caller.update(JORDAN_OLD, Changes(title="Mr"), given_name="Jordan", family_name="Reid")
        assert (merged.code, merged.sent, merged.learner and merged.learner.uln) == (
            ResponseCode.WSRC0022,
            False,
            JORDAN,
        )


@GENERATIONS
def test_ulns_are_retrieved_in_several_calls(generation: Literal["today", "2014"]) -> None:
    asked = [*[UNKNOWN] * 200, DARCIE, JORDAN_OLD, DELETED]
    with AwardingOrganisation(generation=generation) as caller:
        answers = caller.retrieve(asked)
    assert [each.uln for each in answers] == asked
    assert [each.code for each in answers[-4:]] == [
        ResponseCode.WSRC0001,
        ResponseCode.WSRC0004,
        ResponseCode.WSRC0022,
        ResponseCode.WSRC0001,
    ]
    assert answers[-2].master_uln == JORDAN


@pytest.mark.parametrize(
    ("generation", "wsdl"), [("today", "bundled"), ("today", "server"), ("2014", "bundled"), ("2014", "server")]
)
def test_reports(generation: Literal["today", "2014"], wsdl: Literal["bundled", "server"]) -> None:
    with AwardingOrganisation(generation=generation, wsdl=wsdl) as caller:
        merged = caller.merged_unmerged_report("2012-01-01")
        deleted = caller.deleted_report("2012-09-03", "2012-09-03")
        nothing = caller.deleted_report("2011-01-01", "2011-12-31")
    assert (merged.code, [each.merged_uln for each in merged.merged]) == (ResponseCode.WSRC0023, [JORDAN_OLD])
    assert [each.uln for each in deleted.deleted] == [DELETED]
    assert (nothing.code, nothing.deleted) == (ResponseCode.WSRC0024, ())


def test_an_organisation_that_may_only_read_registers_nobody(new: New) -> None:
    with (
        AwardingOrganisation(ukprn="90000004", password="SandboxRO-000004") as reader,
        pytest.raises(NotPermitted),
    ):
        reader.register(new.learner)


class Terminal:
    """Somebody at a terminal who types one line."""

    def __init__(self, line: str) -> None:
        self._lines = [f"{line}\n"]

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._lines.pop() if self._lines else ""


def test_the_command_waits_for_the_review_and_registers(
    new: New, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with AwardingOrganisation() as caller:
        registered(caller, new)
    monkeypatch.setattr("sys.stdin", Terminal("n"))
    options = f"--given-name Lowri --family-name Pugh --date-of-birth {new.date_of_birth} --gender 2"
    command = ["register", *options.split(), "--post-code", "SA9 9SN", "--review-seconds", str(REVIEW_SECONDS)]
    assert ended(command) == 0
    out = capsys.readouterr().out
    assert "1 possible match (WSRC0003)" in out
    assert "registered as" in out


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    return int(end.value.code or 0)


CLIENT_PAGE = page("docs/client.md")


def test_what_the_page_shows_is_what_comes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a fresh sandbox: the commands with their output, those without, the programs."""
    shown = [block.text for block in blocks(CLIENT_PAGE) if block.text.startswith("$ uln ")]
    programs = [
        block.text for block in blocks(CLIENT_PAGE) if block.language == "python" and "https:" not in block.text
    ]
    (listed,) = [block.text for block in blocks(CLIENT_PAGE) if block.text.startswith("uln verify")]
    with running_sandbox(tmp_path) as fresh:
        call(monkeypatch, fresh)
        for block in shown:
            command, _, expected = block.removeprefix("$ uln ").partition("\n")
            assert ended(shlex.split(command)) in {0, 3}
            assert _TIME.sub(_SHOWN_TIME, capsys.readouterr().out) == expected
        for command in listed.splitlines():
            assert ended(shlex.split(command)[1:]) == 0
        capsys.readouterr()
        names: dict[str, object] = {}
        for program in programs:
            exec(program, names)  # the page's own
        assert re.findall(r"WS\w+", capsys.readouterr().out) == ["WSRC0005", "WSRC0006", "WSRC0004", "WSRC0022"]
    assert len(shown) == 9


# Of the page: when the job of the example was made.
_TIME = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")
_SHOWN_TIME = "2024-07-01T09:30:00Z"
