"""The reference client against the real service in its sandbox: every code that find and verify can give."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Literal, Protocol, Unpack

import pytest

from uln_client import AwardingOrganisation, Outcome
from uln_client.errors import OutOfHours, Refused, UnknownOrganisation, Unreachable, WrongPassword
from uln_client.settings import Options
from uln_contract.codes import FailureFlag, ResponseCode, VerifyCode


class Service(Protocol):
    """What the fixture ``service`` offers: a sandbox that listens at ``url``."""

    @property
    def url(self) -> str: ...


SANDBOX: Options = {
    "ukprn": "90000001",
    "orgref": "SBXAO1",
    "password": "SandboxAO-000001",
    "username": "interop",
}
DARCIE = "1026893096"
SIAN = "9276308686"
JORDAN_OLD, JORDAN = "4444599390", "6936002314"
DELETED = "7300000028"
NOBODY = "1000000043"

Caller = Callable[..., AwardingOrganisation]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in [name for name in os.environ if name.startswith("ULN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@pytest.fixture
def calling(service: Service) -> Iterator[Caller]:
    """Make organisations that call the service, the sandbox's awarding organisation unless said otherwise."""
    made: list[AwardingOrganisation] = []

    def make(**options: Unpack[Options]) -> AwardingOrganisation:
        own: Options = {"url": service.url, **SANDBOX}
        own.update(options)
        made.append(AwardingOrganisation(**own))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("generation", ["today", "2014"])
@pytest.mark.parametrize("wsdl", ["bundled", "server"])
def test_a_learner_is_found_by_either_wsdl(
    calling: Caller, generation: Literal["today", "2014"], wsdl: Literal["bundled", "server"]
) -> None:
    result = calling(generation=generation, wsdl=wsdl).find_by_uln(
        DARCIE, given_name="Darcie", family_name="Tucker"
    )
    assert result.code is ResponseCode.WSRC0004
    assert result.learner is not None
    assert (result.learner.date_of_birth, result.learner.gender) == ("1976-08-16", "2")
    assert (result.learner.last_known_post_code, result.learner.version_number) == ("CV4 9EE", 1)
    assert result.merged_from == ()


def test_a_check_only_find_returns_the_code_alone(calling: Caller) -> None:
    result = calling().find_by_uln(DARCIE, given_name="Darcie", family_name="Tucker", check_only=True)
    assert (result.code, result.learners) == (ResponseCode.WSRC0004, ())


@pytest.mark.parametrize(
    ("uln", "given_name", "family_name", "code"),
    [
        (DARCIE, "DARCIE", "tucker", ResponseCode.WSRC0004),
        (DARCIE, "Darcie", "Nobody", ResponseCode.WSRC0001),
        (SIAN, "Sian", "Evans", ResponseCode.WSRC0004),
        (NOBODY, "Darcie", "Tucker", ResponseCode.WSRC0001),
        (DELETED, "Lee", "Gone", ResponseCode.WSRC0001),
        (DARCIE, "-", "-", ResponseCode.WSRC0015),
    ],
)
def test_each_code_of_a_find(
    calling: Caller, uln: str, given_name: str, family_name: str, code: ResponseCode
) -> None:
    result = calling().find_by_uln(uln, given_name=given_name, family_name=family_name)
    assert result.code is code


def test_a_uln_with_a_wrong_check_digit_is_simply_unknown(calling: Caller) -> None:
    caller = calling(check_digit=False)
    assert caller.find_by_uln("1026893097", given_name="Darcie", family_name="Tucker").found is False
    verified = caller.verify("1026893097", given_name="Darcie", family_name="Tucker")
    assert verified.outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("generation", ["today", "2014"])
def test_a_merged_learner_is_answered_by_the_master(calling: Caller, generation: Literal["today", "2014"]) -> None:
    result = calling(generation=generation).find_by_uln(JORDAN_OLD, given_name="Jordan", family_name="Reid")
    assert (result.code, result.merged) == (ResponseCode.WSRC0022, True)
    assert result.learner is not None
    assert (result.learner.uln, result.learner.master_substituted) == (JORDAN, "Y")
    assert JORDAN_OLD in result.merged_from


@pytest.mark.parametrize(
    ("uln", "given_name", "family_name", "code"),
    [
        (DARCIE, "Darcie", "Tucker", VerifyCode.WSVRC001),
        (SIAN, "Sian", "Obrien-Lukasz", VerifyCode.WSVRC001),
        (SIAN, "Sian", "Evans", VerifyCode.WSVRC003),
        (JORDAN_OLD, "Jordan", "Zimmermann", VerifyCode.WSVRC005),
        (DARCIE, "Darcie", "Taylor", VerifyCode.WSVRC005),
        (DELETED, "Lee", "Gone", VerifyCode.WSVRC006),
        (NOBODY, "Darcie", "Tucker", VerifyCode.WSVRC006),
    ],
)
@pytest.mark.parametrize("generation", ["today", "2014"])
def test_each_code_of_a_verification(  # noqa: PLR0913, PLR0917  # a table of calls
    calling: Caller,
    generation: Literal["today", "2014"],
    uln: str,
    given_name: str,
    family_name: str,
    code: VerifyCode,
) -> None:
    caller = calling(generation=generation)
    result = caller.verify(uln, given_name=given_name, family_name=family_name)
    assert result.code is code
    assert (result.register is None) is (code in {VerifyCode.WSVRC005, VerifyCode.WSVRC006})
    assert bool(result.flags) is (code in {VerifyCode.WSVRC003, VerifyCode.WSVRC005})


def test_a_linked_verification_names_the_master(calling: Caller) -> None:
    result = calling().verify(JORDAN_OLD, given_name="Jordan", family_name="Reed")
    assert result.merged
    assert result.register is not None
    assert result.register.uln == JORDAN


def test_date_and_gender_are_compared_when_given(calling: Caller) -> None:
    caller = calling()
    right, wrong = (
        caller.verify(DARCIE, given_name="Darcie", family_name="Tucker", date_of_birth=born, gender=gender)
        for born, gender in (("1976-08-16", "2"), ("1976-08-17", "1"))
    )
    assert (right.outcome, right.flags) == (Outcome.MATCH, ())
    assert (wrong.outcome, wrong.flags) == (Outcome.NO_MATCH, (FailureFlag.VRF7, FailureFlag.VRF8))


@pytest.mark.parametrize("identifier", ["ukprn", "orgref"])
def test_either_identifier_is_enough(calling: Caller, identifier: str) -> None:
    options: Options = {"ukprn": None} if identifier == "orgref" else {"orgref": None}
    assert calling(**options).verify(DARCIE, given_name="Darcie", family_name="Tucker").outcome is Outcome.MATCH


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"ukprn": "99999999", "orgref": None}, UnknownOrganisation),
        ({"orgref": "SBXLP2"}, UnknownOrganisation),
        ({"password": "SandboxAO-000002"}, WrongPassword),
        ({"ukprn": "90000003", "orgref": "SBXSU3", "password": "SandboxSU-000003"}, UnknownOrganisation),
        ({"ukprn": "90000005", "orgref": "SBXNS5", "password": "SandboxNS-000005"}, OutOfHours),
    ],
    ids=["unknown", "two that disagree", "wrong password", "suspended", "out of hours"],
)
def test_each_refusal_is_an_exception_of_its_own(calling: Caller, options: Options, kind: type[Refused]) -> None:
    with pytest.raises(kind) as raised:
        calling(**options).verify(DARCIE, given_name="Darcie", family_name="Tucker")
    assert raised.value.detail.timestamp


def test_a_wrong_path_is_no_service(calling: Caller) -> None:
    with pytest.raises(Unreachable, match="ULN_PATH"):
        calling(path="/Nothing.svc").verify(DARCIE, given_name="Darcie", family_name="Tucker")


def test_the_command_verifies(service: Service) -> None:
    environment = {
        **os.environ,
        "ULN_URL": service.url,
        "ULN_UKPRN": "90000001",
        "ULN_PASSWORD": "SandboxAO-000001",
        "ULN_USERNAME": "interop",
    }
    command = [sys.executable, "-m", "uln_client", "verify", DARCIE, "--given-name", "Darcie"]
    ended = subprocess.run(
        [*command, "--family-name", "Tucker", "--json"],
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["code"] == "WSVRC001"
