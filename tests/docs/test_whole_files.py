"""The commands of ``docs/files`` for whole files, with the examples that stand beside them, on a sandbox."""

import re
import shutil

from tests.docs.conftest import Sandbox
from tests.docs.pages import ROOT, blocks, page

EXAMPLES = ROOT / "docs/files/examples"
COMMANDS = sorted(
    {
        line
        for name in ("docs/files/README.md", "docs/files/how-to.md")
        for block in blocks(page(name))
        for line in block.text.splitlines()
        if re.match(r"uln \w+ ", line)
    }
)
# Other tests may have submitted an example's achievement to the same sandbox: an achievement counts once.
SHARED = {"submit": {0, 3, 4}}


def test_each_command_does_what_the_page_says(sandbox: Sandbox) -> None:
    for example in EXAMPLES.iterdir():
        shutil.copy(example, sandbox.folder)
    assert {line.split()[1] for line in COMMANDS} == {"check", "register", "verify", "submit"}
    for command in COMMANDS:
        ran = sandbox.run(command)
        verb, name = command.split()[1:3]
        assert ran.returncode in SHARED.get(verb, {0}), (command, ran.stdout, ran.stderr)
        if verb != "check":
            assert re.search(rf"^{re.escape(name)}: (\d+) rows, \1 sent, 0 not sent$", ran.stdout, re.MULTILINE)
            stem, dot, extension = name.rpartition(".")
            assert (sandbox.folder / f"{stem}.outcomes{dot}{extension}").is_file()
            assert (sandbox.folder / f"{stem}.output{dot}{extension}").is_file()


def test_the_check_answers_as_printed(sandbox: Sandbox) -> None:
    (answer,) = (block.text for block in blocks(page("docs/files/how-to.md")) if "rows can be sent" in block.text)
    shutil.copy(EXAMPLES / answer.partition(":")[0], sandbox.folder)
    assert sandbox.run(f"uln check {answer.partition(':')[0]}").stdout == answer
