"""``docs/sandbox.md``: its tables are the sandbox's content, its calls give what their headings say."""

import csv
import io
import re
import time
import urllib.error
import urllib.request

import pytest
from lxml import etree
from tests.docs.conftest import Sandbox
from tests.docs.pages import ROOT, Block, blocks, page, plain, sections, table

from uln_contract import codes
from uln_server import tls
from uln_server.access.organisation import Status as OrganisationStatus
from uln_server.record.action import Form
from uln_server.register.learner import Learner, Status
from uln_server.sandbox.award_content import AWARDS, RECORDED_AT, SandboxAward
from uln_server.sandbox.content import EVERYTHING, LEARNERS, ORGANISATIONS, SandboxOrganisation

PAGE = page("docs/sandbox.md")
CALLS = {heading: blocks(text) for heading, text in sections(PAGE, 3).items() if re.match(r"WS|VRF", heading)}
# Not to be had, whatever is sent, or not by one message alone, for they tell how a job stands; the page says so.
NOT_TO_BE_HAD = {
    "WSEC0999",
    *("WSRC0008", "WSRC0009", "WSRC0010"),
    *("WSRC0026", "WSRC0027", "WSRC0028"),
    *("WSRC0041", "WSRC0042", "WSEC0046"),
}
OPERATIONS = [each for each in (ROOT / "docs/operations").glob("*.md") if each.name != "README.md"]
ANSWERED = {
    *(plain(row[0]) for each in OPERATIONS for row in table(each.read_text(encoding="utf-8"), "code")),
    *codes.FailureFlag,
    *codes.FaultCode,
}


def test_the_organisations_are_the_sandbox_s() -> None:
    assert [list(map(plain, row)) for row in table(PAGE, "organisation")] == [
        [each.name, each.ukprn, each.organisation_ref, each.password, each.kind, may(each)]
        for each in ORGANISATIONS
    ]


def may(organisation: SandboxOrganisation) -> str:
    if organisation.status is OrganisationStatus.SUSPENDED:
        return "suspended"
    if organisation.agreements == EVERYTHING:
        return "everything" if organisation.hours == "always" else "everything, but always out of hours"
    return ", ".join(sorted(organisation.agreements))


def test_the_learners_are_the_sandbox_s() -> None:
    assert [list(map(plain, row)) for row in table(PAGE, "ULN")] == [
        [
            each.uln,
            each.given_name,
            each.family_name,
            each.date_of_birth,
            each.gender,
            each.last_known_post_code,
            besides(each),
        ]
        for each in LEARNERS
    ]


def besides(learner: Learner) -> str:
    parts = {
        "previous family name ": learner.previous_family_name,
        "e-mail ": learner.email_address,
        "middle name ": learner.middle_other_name,
        "merged into ": learner.master_uln,
        "AbilityToShare ": learner.ability_to_share if learner.ability_to_share != "1" else None,
    }
    said = [name + value for name, value in parts.items() if value]
    return "; ".join([*said, "deleted"] if learner.status is Status.DELETED else said)


def test_the_awards_are_the_sandbox_s() -> None:
    refs = {each.ukprn: each.organisation_ref for each in ORGANISATIONS}
    assert [list(map(plain, row)) for row in table(sections(PAGE, 2)["Awards"], "ULN")] == [
        [each.uln, each.reference, refs[each.organisation], each.award_date, special(each)] for each in AWARDS
    ]
    assert f"on {RECORDED_AT.day} {RECORDED_AT:%B %Y}" in sections(PAGE, 2)["Awards"]


def special(each: SandboxAward) -> str:
    if each.form is Form.PROVISIONAL:
        return "provisional"
    return {"English": "", None: "language not said"}.get(each.language, f"language {each.language}")


def test_every_code_that_can_be_had_has_a_call() -> None:
    shown = {code for heading in CALLS for code in heading.split(", ")}
    assert shown == ANSWERED - NOT_TO_BE_HAD
    assert all(f"`{code}`" in sections(PAGE, 3)["Not to be had"] for code in NOT_TO_BE_HAD)


@pytest.mark.parametrize(
    ("heading", "block"), [(heading, block) for heading, found in CALLS.items() for block in found]
)
def test_each_call_gives_its_code(heading: str, block: Block, sandbox: Sandbox) -> None:
    answers = [post(block.text, sandbox)] if block.language == "xml" else run(block.text, sandbox)
    for answer in answers:
        assert all(code in answer for code in heading.split(", ")), answer


def run(text: str, sandbox: Sandbox) -> list[str]:
    """What each call of the client answered; the other commands only have to succeed."""
    answers = []
    for line in text.splitlines():
        ran = sandbox.run(line)
        assert ran.returncode in {0, 1, 2, 3, 4}, ran.stderr
        if "uln-server" in line:
            assert ran.returncode == 0, ran.stderr
        else:
            answers.append(ran.stdout + ran.stderr)
    assert answers
    return answers


SERVICES = {
    "http://api.lrs.qcf.gov.uk/services": "ExternalService",
    "http://tempuri.org/": "LearnerServiceR9",
    "urn:uln-interchange:reconciliation:1": "ReconciliationService",
}
"""The services that their messages' namespace tells apart."""


def test_an_achievement_for_each_code_is_answered_with_it(sandbox: Sandbox) -> None:
    rows = table(PAGE, "achievement code")
    (call,) = CALLS["WSRC0040"]
    one = re.search(r" *<Achievement>.*</Achievement>\n", call.text, re.DOTALL)
    assert one is not None
    batch = call.text.replace(one[0], "".join(with_changes(one[0], changes) for _, changes in rows))
    found = re.search(r"JobId>(\d+)<", post(batch, sandbox))
    assert found is not None
    lines: dict[int, list[str]] = {}
    for line in csv.DictReader(io.StringIO(error_file(found[1], call.text, sandbox))):
        lines.setdefault(int(line["RecordNumber"]), []).append(line["Code"])
    assert lines == {number: plain(codes_of).split(", ") for number, (codes_of, _) in enumerate(rows, 1)}
    assert {code for found_there in lines.values() for code in found_there} == set(codes.AchievementCode)


def with_changes(achievement: str, changes: str) -> str:
    """An achievement with other values; what it has not yet comes last, for its fields may stand in any order."""
    for name, value in re.findall(r"`(\w+)` (?:`([^`]*)`|left out)", changes):
        achievement = re.sub(f" *<{name}>.*</{name}>\n", "", achievement)
        if value:
            achievement = achievement.replace("</Achievement>", f"<{name}>{value}</{name}>\n</Achievement>")
    return achievement


def error_file(job_id: str, submission: str, sandbox: Sandbox) -> str:
    """The error file of a job that was submitted so, once it has ended."""
    asked = re.sub("<submissionType>.*</achievements>", f"<jobId>{job_id}</jobId>", submission, flags=re.DOTALL)
    asked = asked.replace("SubmitAch", "GetAch")
    deadline = time.monotonic() + 20
    while "WSRC0041" in (answer := post(asked, sandbox)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    found = etree.fromstring(answer.encode()).find(".//{*}AchievementBatchErrorFile")
    assert found is not None, answer
    return str(found.text)


def post(envelope: str, sandbox: Sandbox) -> str:
    service = next((each for name, each in SERVICES.items() if name in envelope), "LearnerService")
    request = urllib.request.Request(
        f"{sandbox.http}/{service}.svc", data=envelope.encode(), headers={"Content-Type": "text/xml"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return str(reply.read().decode())
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.read().decode()


def test_the_call_over_https_works(sandbox: Sandbox) -> None:
    (block,) = blocks(sections(PAGE, 2)["https and certificates"])
    ran = sandbox.sh(block.text)
    assert "WSVRC001" in ran.stdout, ran.stderr


def test_the_files_of_the_page_are_there(sandbox: Sandbox) -> None:
    listed = {plain(row[0]) for row in table(PAGE, "file")}
    made = {file.name for file in (sandbox.folder / "var/tls").iterdir()}
    assert listed <= made
    assert {re.sub("9000000.", "90000001", name) for name in made} == listed
    assert f"the password is `{tls.PFX_PASSWORD}`" in PAGE


def test_the_messages_page_shows_what_came_and_no_password(sandbox: Sandbox) -> None:
    sandbox.sh("uln verify 1026893096 --given-name Darcie --family-name Tucker")
    with urllib.request.urlopen(f"{sandbox.http}/sandbox/messages", timeout=30) as reply:
        shown = reply.read().decode()
    assert "verifyLearner" in shown
    assert not any(each.password in shown for each in ORGANISATIONS)


def test_the_start_names_no_password_but_the_documented_one(sandbox: Sandbox) -> None:
    named = {each.password for each in ORGANISATIONS if each.password in sandbox.announced}
    assert named == {ORGANISATIONS[0].password}
    assert not any(each.email_address and each.email_address in sandbox.announced for each in LEARNERS)
