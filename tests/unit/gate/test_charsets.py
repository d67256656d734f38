"""Charsets by name: few are read, and asking for others leaves nothing behind."""

import encodings

import pytest

from uln_server.gate.xml import known_charset
from uln_server.soap.faults import HttpRefusal


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        ("UTF_8", "utf-8"),
        ("US-ASCII", "ascii"),
        ("ISO-8859-1", "iso8859-1"),
        ("Latin1", "iso8859-1"),
        ("windows-1252", "cp1252"),
        ("CP1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("UTF-16LE", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_usual_names_are_known(name: str, codec: str) -> None:
    assert known_charset(name) == codec


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "utf-7", "utf-32", "rot13", "hex", "zip", "", "\0", "é", "../x"]
)
def test_all_others_are_refused(name: str) -> None:
    with pytest.raises(HttpRefusal) as refused:
        known_charset(name)
    assert refused.value.status == 415


def test_names_that_nobody_knows_are_not_kept() -> None:
    """Python's own registry keeps a line for each name that it was ever asked for."""
    kept: dict[str, object] = vars(encodings)["_cache"]
    before = len(kept)
    for number in range(100):
        with pytest.raises(HttpRefusal):
            known_charset(f"nobody-{number}")
    assert len(kept) == before
