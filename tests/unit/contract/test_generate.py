"""The generated modules are what the schemas and WSDLs say today."""

import subprocess
import sys
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from uln_contract import operations, records
from uln_contract.shape import Field

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


@pytest.mark.parametrize("name", ["records.py", "operations.py"])
def test_the_checked_in_module_is_current(generate: ModuleType, name: str) -> None:
    texts: dict[Path, str] = generate.written()
    (path,) = [each for each in texts if each.name == name]
    assert path.read_text(encoding="utf-8") == formatted(name, texts[path])


def test_asking_for_help_writes_nothing(tmp_path: Path) -> None:
    files = [Path(str(module.__file__)) for module in (records, operations)]
    before = [each.stat().st_mtime_ns for each in files]
    done = subprocess.run([sys.executable, SCRIPT, "--help"], capture_output=True, check=True, cwd=tmp_path)
    assert b"records.py" in done.stdout
    assert [each.stat().st_mtime_ns for each in files] == before


def test_an_unknown_option_writes_nothing() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"wrote" not in done.stdout


def test_main_writes_both_modules(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["generate.py"])
    generate.main()
    assert capsys.readouterr().out == "wrote records.py\nwrote operations.py\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["operations.py", "records.py"]


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
