"""The client's own rules about itself: one module knows zeep, none knows the server."""

import ast
from collections.abc import Iterator
from pathlib import Path

import uln_client

PACKAGE = Path(uln_client.__file__).parent


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def importers(module: str) -> set[str]:
    files = PACKAGE.rglob("*.py")
    return {file.relative_to(PACKAGE).as_posix() for file in files if module in set(imported(file))}


def test_each_library_is_met_in_one_module() -> None:
    assert importers("zeep") == {"service.py"}
    assert importers("requests") == {"connection.py"}
    assert importers("urllib3") == {"connection.py"}
    assert importers("uln_server") == set()


def test_every_public_name_is_there() -> None:
    for name in uln_client.__all__:
        assert getattr(uln_client, name).__name__ == name
    assert not hasattr(uln_client, "anything_else")
