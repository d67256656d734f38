"""The contract's own files: the WSDLs and schemas that the service serves and the client reads."""

from functools import cache
from pathlib import Path


def _root(package: Path) -> Path:
    """Where ``wsdl/`` and ``xsd/`` lie: inside the installed package, or at the top of a checkout."""
    return package if (package / "wsdl").is_dir() else package.parents[1]


@cache
def names() -> tuple[str, ...]:
    """Every contract file, ascending, named from the root: ``xsd/2014/learner.xsd``."""
    root = _root(Path(__file__).resolve().parent)
    found = [file for folder in ("wsdl", "xsd") for file in (root / folder).rglob("*.*") if file.is_file()]
    return tuple(sorted(file.relative_to(root).as_posix() for file in found))


def schemas(contract: str) -> tuple[str, ...]:
    """Name the schema files of a contract, ascending; our own contract is called ``reconciliation``."""
    return tuple(name for name in names() if name.startswith(f"xsd/{contract}/"))


def wsdl(contract: str) -> str:
    """Name the one WSDL of a contract; ``FileNotFoundError`` when there is no such contract."""
    found = [name for name in names() if name.startswith(f"wsdl/{contract}/")]
    if not found:
        raise FileNotFoundError(f"no contract is called {contract!r}")
    return found[0]


def path(name: str) -> Path:
    """Give the file called ``name``, for readers that follow its relative imports themselves.

    Raises ``FileNotFoundError`` for anything that is not one of ``names()``, so a name may come from a URL.
    """
    if name not in names():
        raise FileNotFoundError(f"no contract file is called {name!r}")
    return _root(Path(__file__).resolve().parent) / name


def read(name: str) -> bytes:
    """Give the bytes of the file called ``name``, as written; ``FileNotFoundError`` as in ``path``."""
    return path(name).read_bytes()
