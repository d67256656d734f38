"""``docs/operations``: the tables are the contract's words, every code is there, the examples answer as shown."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.ours import wsdl
from tests.docs.contract_tables import STRICT, coded_rows, reply_rows, request_rows, type_rows
from tests.docs.pages import blocks, page, sections, table
from tests.service import RunningService, make_sandbox, running, sandbox_settings
from tests.soap.wire import EXTERNAL, R9, RECONCILIATION, TODAY, send
from tests.store import databases

from uln_contract.codes import FailureFlag, VerifyCode, explain
from uln_contract.operations import (
    EXTERNAL_SERVICE,
    LEARNER_SERVICE,
    LEARNER_SERVICE_R9,
    RECONCILIATION_SERVICE,
)
from uln_contract.shape import OperationContract
from uln_server.access.organisation import Agreement
from uln_server.operations.catalogue import OPERATIONS
from uln_server.settings import Settings

INDEX = page("docs/operations/README.md")
BY_NAME = {
    each.name: each for each in (*LEARNER_SERVICE, *EXTERNAL_SERVICE, *LEARNER_SERVICE_R9, *RECONCILIATION_SERVICE)
}
PAGES = {name: page(f"docs/operations/{name}.md") for name in OPERATIONS}
each_operation = pytest.mark.parametrize("name", OPERATIONS)

ANSWERS: dict[str, list[str]] = {
    "learnerByULN": ["WSRC0001", "WSRC0004", "WSRC0015", "WSRC0022"],
    "learnerByDemographics": ["WSRC0001", "WSRC0002", "WSRC0003", "WSRC0004", "WSRC0015", "WSRC0022"],
    "registerSingleLearner": ["WSRC0005", "WSRC0015", "WSRC0021"],
    "updateSingleLearner": [
        *("WSRC0006", "WSRC0013", "WSRC0014", "WSRC0015", "WSRC0019", "WSRC0020", "WSRC0021"),
    ],
    "submitBatchRegistration": ["WSRC0007", "WSRC0017"],
    "getBatchRegistrationOutput": ["WSRC0008", "WSRC0009", "WSRC0010", "WSRC0018"],
    "submitVerifyBatch": ["WSRC0025", "WSRC0030"],
    "getVerifyBatchOutput": ["WSRC0018", "WSRC0026", "WSRC0027", "WSRC0028"],
    "retrieveULNs": ["WSRC0001", "WSRC0004", "WSRC0022"],
    "getMergedUnmergedULNsReport": ["WSRC0023", "WSRC0024"],
    "getDeletedULNsReport": ["WSRC0023", "WSRC0024"],
    "verifyLearner": [str(code) for code in VerifyCode],
    "SubmitAchievementBatchJob": ["WSRC0040", "WSRC0043", "WSEC0044", "WSEC0045", "WSEC0046", "WSEC0047"],
    "GetAchievementBatchJob": ["WSRC0018", "WSRC0041", "WSRC0042", "WSRC0043"],
    "GetLearnerLearningEvents": ["WSRC0004", "WSRC0022", "WSEC0136", "WSEC0206", "WSEC0208"],
    "GetOwnAwards": ["WSRC0043", "WSRC0050", "WSRC0051"],
}
"""Every code that an operation can answer in a reply; faults are every operation's alike."""

_ECHO_OR_ANSWER = {"ResponseCode", "Learner"}
_MERGES = ["ULNReport/MergedLearners", "ULNReport/UnmergedLearners"]


def left_out(name: str) -> list[str]:
    """What of a reply another operation has it for, and the Learner's fields, which have a table of their own."""
    if name.startswith("learnerBy"):
        asked = {row[0].strip("`") for row in request_rows(BY_NAME[name].request)} | _ECHO_OR_ANSWER
        fields = [row[0].strip("`") for row in reply_rows(BY_NAME[name].response, ["Learner/"])]
        return ["Learner/", *(field for field in fields if field not in asked)]
    return {"getMergedUnmergedULNsReport": ["ULNReport/DeletedLearners"], "getDeletedULNsReport": _MERGES}.get(
        name, []
    )


def test_there_is_a_page_for_every_operation_and_no_other() -> None:
    files = {file.stem for file in Path(__file__).parents[2].joinpath("docs/operations").iterdir()}
    assert files == {"README", *OPERATIONS}
    assert [[row[0], row[2]] for row in table(INDEX, "operation")] == [
        [f"[{name}]({name}.md)", f"`{agreement(name)}`"] for name in OPERATIONS
    ]


def agreement(name: str) -> Agreement:
    """The agreement that an operation needs, or that it asks for itself because it has a code for it."""
    return OPERATIONS[name].needs or Agreement.ACHIEVEMENTS_SUBMIT


def schemas_of(contract: OperationContract) -> str:
    """Whose types say what the fields take: of LearnerService those of 2014."""
    return STRICT if contract.service == "LearnerService" else contract.generations[0]


@each_operation
def test_the_page_says_what_it_is_called_and_who_may_call_it(name: str) -> None:
    contract = BY_NAME[name]
    assert PAGES[name].startswith(f"# {name}\n")
    assert table(PAGES[name], "at a glance") == [
        ["request", element(contract.request)],
        ["reply", element(contract.response)],
        [
            "who may call",
            f"{caller(name)} with the agreement [`{agreement(name)}`](../operating.md#commands)",
        ],
        ["described in", DESCRIBED[contract.generations]],
        ["codes", ", ".join(f"`{code}`" for code in ANSWERS[name])],
    ]


def caller(name: str) -> str:
    """What kind of organisation may call."""
    return "an awarding organisation" if OPERATIONS[name].only else "an organisation"


DESCRIBED = {
    ("today", "2014"): "today's WSDL and the 2014 WSDL",
    ("2014",): "the 2014 WSDL; answered at both addresses",
    ("external",): "ExternalService's WSDL",
    ("r9",): "LearnerServiceR9's WSDL",
    ("reconciliation",): "ReconciliationService's WSDL",
}


def element(name: str) -> str:
    namespace, _, local = name[1:].partition("}")
    return f"`{local}` in `{namespace}`"


@each_operation
def test_the_fields_of_the_request_are_the_contract_s(name: str) -> None:
    contract = BY_NAME[name]
    expected = request_rows(contract.request, schemas_of(contract))
    assert table(sections(PAGES[name], 2)["Request"], "field") == expected


@each_operation
def test_the_fields_of_the_reply_are_the_contract_s(name: str) -> None:
    contract = BY_NAME[name]
    expected = reply_rows(contract.response, left_out(name), schemas_of(contract))
    assert table(sections(PAGES[name], 2)["Reply"], "field") == expected


def test_the_learner_and_the_values_are_the_contract_s() -> None:
    assert table(sections(INDEX, 2)["The Learner of a reply"], "field") == type_rows("Learner")
    assert table(sections(INDEX, 2)["Values"], "field") == coded_rows()


@each_operation
def test_every_code_is_explained(name: str) -> None:
    codes = sections(PAGES[name], 2)["Codes"]
    assert table(codes, "code") == explained(ANSWERS[name])
    assert "(../codes.md#fault-codes)" in codes
    if name == "verifyLearner":
        assert table(codes, "flag") == explained(list(FailureFlag))


def explained(codes: list[str]) -> list[list[str]]:
    return [[f"`{code}`", explain(code).text, explain(code).remedy, explain(code).origin] for code in codes]


@each_operation
def test_the_codes_are_those_that_the_operation_says_it_answers(name: str) -> None:
    assert named(OPERATIONS[name].run.__doc__ or "") == set(ANSWERS[name])


def named(text: str) -> set[str]:
    """The codes of replies that a text names, one by one or as ``WSVRC001 to 006``."""
    spans = re.findall(r"(WSVRC00)(\d) to 00(\d)", text)
    between = {f"{kind}{number}" for kind, first, last in spans for number in range(int(first), int(last) + 1)}
    spans = re.findall(r"(WSEC004)(\d) to WSEC004(\d)", text)
    between |= {f"{kind}{number}" for kind, first, last in spans for number in range(int(first), int(last) + 1)}
    return between | set(re.findall(r"WSV?RC\d+|WSEC004[4-7]|WSEC0136|WSEC020[68]", text))


@each_operation
def test_the_wsdl_names_the_same_codes(name: str) -> None:
    for generation in BY_NAME[name].generations:
        (node,) = wsdl(generation).iterfind(f"{{*}}portType/{{*}}operation[@name='{name}']/{{*}}documentation")
        assert named("".join(node.itertext())) == set(ANSWERS[name]), generation


@each_operation
def test_our_rules_are_marked_as_ours(name: str) -> None:
    rules = sections(PAGES[name], 2)["This service's rules"]
    assert rules.strip().startswith("Nothing is published on these points: this project decided them,")


def test_the_numbers_beside_settings_are_their_defaults() -> None:
    told = [found for text in PAGES.values() for found in re.findall(r"([\d,]+)\s+\w+ \(`(\w+)`", text)]
    assert {name for _, name in told} == {"find_maximum_minutes", "review_minimum_seconds", "report_entries"}
    for number, name in told:
        assert float(number.replace(",", "")) == Settings.model_fields[name].default, name
    for text in PAGES.values():
        assert set(re.findall(r"`([a-z]+_[a-z_]+)`", text)) <= set(Settings.model_fields)


@pytest.fixture(scope="module")
def fresh_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a sandbox that nobody has called yet, to copy."""
    file = tmp_path_factory.mktemp("fresh") / "register.sqlite3"
    make_sandbox(databases.sqlite_url(file))
    return file


@pytest.fixture(scope="module")
def unchanged(fresh_sandbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A sandbox for the examples that change nothing."""
    url = databases.sqlite_copy(fresh_sandbox, tmp_path_factory.mktemp("unchanged") / "register.sqlite3")
    with running(sandbox_settings(url)) as service:
        yield service


def changes(name: str) -> bool:
    """Whether the examples of a page change the register: those of an output submit the job first."""
    return OPERATIONS[name].writes or name.endswith(("Output", "Job"))


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not changes(name)])
def test_the_examples_are_answered_as_shown(name: str, unchanged: RunningService) -> None:
    assert_answered_as_shown(name, unchanged)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if changes(name)])
def test_the_examples_that_change_are_answered_as_shown(name: str, fresh_sandbox: Path, tmp_path: Path) -> None:
    url = databases.sqlite_copy(fresh_sandbox, tmp_path / "register.sqlite3")
    with running(sandbox_settings(url)) as service:
        assert_answered_as_shown(name, service)


def assert_answered_as_shown(name: str, service: RunningService) -> None:
    """Send a page's messages in their order, and compare each reply byte for byte, the times of a job excepted."""
    messages = [block.text for block in blocks(sections(PAGES[name], 2)["Example"]) if block.language == "xml"]
    assert BY_NAME[name].request.rpartition("}")[2] in messages[-2]
    for request, reply in zip(messages[::2], messages[1::2], strict=True):
        assert timeless(when_finished(service, request, PATHS[BY_NAME[name].service])) == timeless(as_sent(reply))


PATHS = {
    "LearnerService": TODAY,
    "ExternalService": EXTERNAL,
    "LearnerServiceR9": R9,
    "ReconciliationService": RECONCILIATION,
}
_TIME = re.compile(r"(?<=Date>|Time>)\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?(?=<)|(?<=Duration>)\d\d:\d\d:\d\d(?=<)")


def timeless(reply: str) -> str:
    return _TIME.sub("", reply)


def when_finished(service: RunningService, request: str, path: str) -> str:
    """The reply, or, of a job, the first one that says that it has finished."""
    deadline = time.monotonic() + 20
    while True:
        reply = send(service, request.encode(), path=path).body.decode()
        if not re.search("WSRC0008|WSRC0026|WSRC0041", reply):
            return reply
        assert time.monotonic() < deadline, reply
        time.sleep(0.01)


def as_sent(shown: str) -> str:
    """A reply as the service writes it: one line after the first, but for those of an error file."""
    declaration, _, rest = shown.partition("\n")
    one_line = re.sub(r"(?<=>)\n *", "", rest)
    return f"{declaration}\n{one_line}"
