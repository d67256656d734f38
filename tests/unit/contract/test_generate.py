"""The generated modules are what the schemas and WSDLs say today."""

import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from uln_contract import external_records, operations, r9_records, records
from uln_contract.shape import Field, OperationContract

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "contract" / "generate.py"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = util.spec_from_file_location("contract_generate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def formatted(name: str, text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", name, "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=ROOT)
    return done.stdout.decode()


GENERATED = ["records.py", "external_records.py", "r9_records.py", "reconciliation_records.py", "operations.py"]


@pytest.mark.parametrize("name", GENERATED)
def test_the_checked_in_module_is_current(generate: ModuleType, name: str) -> None:
    texts: dict[Path, str] = generate.written()
    (path,) = [each for each in texts if each.name == name]
    assert path.read_text(encoding="utf-8") == formatted(name, texts[path])


def test_asking_for_help_writes_nothing(tmp_path: Path) -> None:
    files = [Path(str(module.__file__)) for module in (records, r9_records, operations)]
    before = [each.stat().st_mtime_ns for each in files]
    done = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, check=True, cwd=tmp_path)
    assert b"records.py" in done.stdout
    assert [each.stat().st_mtime_ns for each in files] == before


def test_an_unknown_option_writes_nothing() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"wrote" not in done.stdout


def test_main_writes_every_module(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["generate.py"])
    generate.main()
    assert capsys.readouterr().out == "".join(f"wrote {name}\n" for name in GENERATED)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(GENERATED)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("ULN", "uln"),
        ("UKPRN", "ukprn"),
        ("OrgPassword", "org_password"),
        ("LinkedULNs", "linked_ulns"),
        ("FamilyNameAtAge16", "family_name_at_age16"),
        ("MISIdentifier", "mis_identifier"),
        ("JobID", "job_id"),
        ("LastKnownAddressCountyOrCity", "last_known_address_county_or_city"),
        ("DateofBirth", "date_of_birth"),
        ("FoundULN", "found_uln"),
        ("vendorID", "vendor_id"),
        ("invokingUser", "invoking_user"),
    ],
)
def test_an_attribute_is_named_after_its_element(generate: ModuleType, name: str, attribute: str) -> None:
    assert generate.snake(name) == attribute


def test_an_extended_type_has_its_base_types_fields_first() -> None:
    base, extended = (
        [field.name for field in kind.FIELDS] for kind in (records.BatchLearner, records.OutputBatchLearner)
    )
    assert extended[: len(base)] == base
    assert extended[len(base) :]


def test_both_generations_are_known_by_their_operations() -> None:
    by_generation = {
        generation: {each.name for each in operations.LEARNER_SERVICE if generation in each.generations}
        for generation in ("today", "2014")
    }
    assert (len(by_generation["today"]), len(by_generation["2014"])) == (10, 13)
    assert by_generation["today"] < by_generation["2014"]


def test_a_field_says_how_it_stands_in_xml() -> None:
    assert records.Learner.BY_NAME["VersionNumber"] == Field(
        "version_number", "VersionNumber", integer=True, required=True
    )
    assert records.MIAPLinkedULN.BY_NAME["ULN"].many


def test_a_qualified_field_has_its_own_types_namespace() -> None:
    user = external_records.SubmitAchievementBatchJob.BY_NAME["invokingUser"]
    assert user == Field(
        "invoking_user", "invokingUser", record=external_records.User, namespace=external_records.SERVICES
    )
    assert external_records.User.BY_NAME["UserName"].namespace == external_records.MODEL
    assert {field.namespace for field in records.Learner.FIELDS} == {None}


def test_a_field_of_a_base_type_keeps_its_namespace_and_comes_first() -> None:
    first = r9_records.LearnerByUlnResponse.FIELDS[0]
    assert (first.name, first.namespace) == ("ResponseCode", r9_records.MODEL)


def test_what_must_be_there_and_may_be_nil_may_be_none() -> None:
    assert r9_records.GetLearnerLearningEvents.BY_NAME["uln"] == Field(
        "uln", "uln", required=True, nillable=True, namespace=r9_records.TEMPURI
    )
    assert r9_records.GetLearnerLearningEvents(vendor_id=1).uln is None
    with pytest.raises(TypeError, match="vendor_id"):
        r9_records.GetLearnerLearningEvents()  # type: ignore[call-arg]  # vendorID may not be nil


def test_whole_numbers_alone_are_numbers() -> None:
    numbers = {field.name for field in r9_records.Learner.FIELDS if field.integer}
    assert {"Gender", "AtsLearnerPreference"} < numbers
    assert not numbers & {"DateOfBirth", "ManualUpdate", "Uln"}
    assert r9_records.LearningEvent.BY_NAME["Credits"].integer
    assert not external_records.AchievementBatchJobResponse.BY_NAME["PercentageSuccessfulRecords"].integer


def test_the_type_that_an_element_declares_within_itself_is_a_record_named_after_it() -> None:
    """But a named type of the same name comes first."""
    whole = r9_records.GetLearnerLearningEventsResponseMessage
    (result,) = whole.FIELDS
    assert result.record is r9_records.GetLearnerLearningEventsResponse
    assert {each.response: each.response_record for each in operations.LEARNER_SERVICE_R9}[
        "{http://tempuri.org/}GetLearnerLearningEventsResponse"
    ] is whole
    assert operations.EXTERNAL_SERVICE[0].request_record is external_records.SubmitAchievementBatchJob


def test_a_type_without_content_is_no_record() -> None:
    assert not hasattr(external_records, "BusinessObject")
    assert not hasattr(r9_records, "BusinessObject")


def test_no_password_is_in_a_repr() -> None:
    for caller in (
        external_records.User(org_password="SandboxAO-000001"),
        r9_records.InvokingOrganisation(password="SandboxAO-000001"),
        r9_records.InvokingOrganisationR10(password="SandboxAO-000001"),
    ):
        assert "SandboxAO" not in repr(caller)


@pytest.mark.parametrize(
    ("service", "name", "contract", "operation_count"),
    [
        (operations.LEARNER_SERVICE, "LearnerService", "2014", 13),
        (operations.EXTERNAL_SERVICE, "ExternalService", "external", 2),
        (operations.LEARNER_SERVICE_R9, "LearnerServiceR9", "r9", 5),
    ],
)
def test_each_service_has_its_operations(
    service: tuple[OperationContract, ...], name: str, contract: str, operation_count: int
) -> None:
    assert len(service) == operation_count
    assert all(each.service == name and contract in each.generations for each in service)


def test_an_action_may_be_the_name_of_a_message() -> None:
    submit = operations.EXTERNAL_SERVICE[0]
    assert submit.actions == {
        "submitachievementbatchjob",
        "iexternalservice_submitachievementbatchjob_inputmessage",
    }
