"""Running ``uln-server`` in this process, as an operator would in a folder of their own."""

from dataclasses import dataclass

import pytest

from uln_server.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command ended with and wrote."""

    exit: int
    out: str
    err: str


class Operator:
    """Runs commands; what they print is captured."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *words: str) -> Ran:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(words)
        written = self._capsys.readouterr()
        return Ran(int(ended.value.code or 0), written.out, written.err)

    def does(self, *words: str) -> str:
        """Run a command that must succeed, and give what it printed."""
        ran = self.run(*words)
        assert ran.exit == 0, ran.err
        return ran.out

    def fails(self, code: int, *words: str) -> str:
        """Run a command that must fail with this exit code, and give what it said, which names a way out."""
        ran = self.run(*words)
        assert ran.exit == code, (ran.exit, ran.out, ran.err)
        assert "Traceback" not in ran.err
        return ran.err
