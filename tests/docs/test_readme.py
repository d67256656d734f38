import re
import subprocess

import pytest
from tests.docs.conftest import Sandbox
from tests.docs.pages import ROOT, blocks, page

README = page("README.md")
TARGETS = set(re.findall(r"^([a-z]+):.*## ", page("Makefile"), re.MULTILINE))


def test_the_first_call_answers_as_printed(sandbox: Sandbox) -> None:
    (call,) = (each.text for each in blocks(README) if each.language == "sh")
    (answer,) = (each.text for each in blocks(README) if each.language == "text")
    ran = sandbox.sh(call)
    assert ran.returncode == 0, ran.stderr
    assert [line.rstrip() for line in ran.stdout.splitlines()] == answer.splitlines()


@pytest.mark.parametrize("name", ["README.md", "docs/install.md", "docs/sandbox.md", "docs/operating.md"])
def test_every_target_named_exists(name: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)`", page(name))) | set(
        re.findall(r"^make ([a-z]+)$", page(name), re.MULTILINE)
    )
    assert named <= TARGETS


def test_make_help_lists_every_target() -> None:
    ran = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  make ([a-z]+) ", ran.stdout, re.MULTILINE)) == TARGETS


def test_the_readme_is_one_page() -> None:
    assert len(README.splitlines()) <= 70
