from pathlib import Path

import pytest

from uln_contract import files

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["wsdl/today/LearnerService.wsdl", "xsd/2014/learner.xsd"])
def test_a_file_is_read_byte_for_byte(name: str) -> None:
    assert files.read(name) == (CHECKOUT / name).read_bytes()


def test_every_file_of_the_contract_is_named_once() -> None:
    found = [file for folder in ("wsdl", "xsd") for file in (CHECKOUT / folder).rglob("*") if file.is_file()]
    assert sorted(files.names()) == sorted(file.relative_to(CHECKOUT).as_posix() for file in found)
    assert len(files.names()) == len(set(files.names())) >= 17


def test_each_contract_has_one_wsdl_and_its_own_schemas() -> None:
    contracts = ["2014", "external", "r9", "reconciliation", "today"]
    wsdls = [files.wsdl(contract) for contract in contracts]
    schemas = [name for contract in contracts for name in files.schemas(contract)]
    assert sorted([*wsdls, *schemas, *files.schemas("files")]) == list(files.names())
    assert files.schemas("external") == tuple(
        f"xsd/external/{name}.xsd" for name in ("faults", "model", "services")
    )


def test_a_contract_that_is_not_there_has_no_files() -> None:
    assert files.schemas("2013") == ()
    with pytest.raises(FileNotFoundError, match="no contract is called '2013'"):
        files.wsdl("2013")


def test_a_path_lets_a_reader_follow_relative_imports() -> None:
    wsdl = files.path("wsdl/2014/LearnerService.wsdl")
    assert (wsdl.parent / "../../xsd/2014/findmsg.xsd").resolve() == files.path("xsd/2014/findmsg.xsd")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "xsd",
        "xsd/2014",
        "xsd/2014/nothing.xsd",
        "xsd/2014/../2014/learner.xsd",
        "xsd\\2014\\learner.xsd",
        "../pyproject.toml",
        "pyproject.toml",
        "/etc/hostname",
    ],
)
def test_nothing_but_the_contract_is_read(name: str) -> None:
    with pytest.raises(FileNotFoundError, match="no contract file"):
        files.read(name)


def test_an_installed_package_carries_the_files_inside_itself(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "uln_contract"
    (package / "wsdl").mkdir(parents=True)
    assert files._root(package) == package


def test_a_checkout_keeps_the_files_at_its_top(tmp_path: Path) -> None:
    package = tmp_path / "contract" / "uln_contract"
    package.mkdir(parents=True)
    assert files._root(package) == tmp_path
