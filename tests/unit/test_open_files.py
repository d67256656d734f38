"""Limits belong to a process: each test asks one of its own."""

import subprocess
import sys

import pytest

# The limit to start with, soft and hard; what is wanted; what fits, the soft limit afterwards, the warnings.
ASKED = """
import resource, sys
import structlog
from uln_server.open_files import connections_that_fit
soft, hard, wanted = (int(each) for each in sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
with structlog.testing.capture_logs() as logged:
    fit = connections_that_fit(wanted)
print(fit, resource.getrlimit(resource.RLIMIT_NOFILE)[0], len(logged))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "expected"),
    [
        (1024, 4096, 1000, "1000 2240 0"),
        (3000, 4096, 1000, "1000 3000 0"),
        (256, 1000, 1000, "380 1000 1"),
        (100, 100, 1000, "1 100 1"),
    ],
)
def test_the_limit_is_raised_as_far_as_it_goes(soft: int, hard: int, wanted: int, expected: str) -> None:
    words = [sys.executable, "-c", ASKED, str(soft), str(hard), str(wanted)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == expected
