"""Hostile batches of achievements: what is read record by record, and is not the contract's structure."""

import gzip

from tests.soap.hostile import Case, post
from tests.soap.services import SERVICES, XSI, submission_body
from tests.soap.wire import EXTERNAL, envelope

SUBMISSION = submission_body()
ACHIEVEMENT = f'<Achievement xmlns="{SERVICES}">'
NIL = f'<Achievement xmlns="{SERVICES}" xmlns:x="{XSI}" x:nil="true">'


def submission(old: str, new: str) -> bytes:
    """A submission of one achievement, with something changed."""
    assert old in SUBMISSION
    return envelope(SUBMISSION.replace(old, new))


CASES = [
    *(
        Case(row, f"achievements, {name}", post(data, path=EXTERNAL))
        for row, name, data in (
            ("an unknown field in an achievement", "misspelt", submission("Uln", "ULN")),
            ("an unknown field in an achievement", "a long name", submission("Uln", "U" * 9_000)),
            ("a field twice in an achievement", "empty", submission(ACHIEVEMENT, f"{ACHIEVEMENT}<Uln/>")),
            ("elements in a field of an achievement", "one", submission("Tucker<", "<b/><")),
            ("elements in a field of an achievement", "href", submission("<GivenName", '<GivenName href="#a"')),
            ("text in an achievement", "first", submission(ACHIEVEMENT, f"{ACHIEVEMENT}text")),
            ("an achievement that is nil and holds something", "fields", submission(ACHIEVEMENT, NIL)),
            ("something else among the achievements", "before", submission(ACHIEVEMENT, f"<b/>{ACHIEVEMENT}")),
            ("text between two achievements", "after", submission("</Achievement>", "</Achievement>text")),
            ("too much that is no achievement", "elements", envelope("<a/>" * 100_000)),
            ("too much that is no achievement", "one text", submission("Tucker", "T" * 9_000_000)),
            ("too much that is no achievement", "blanks", b" " * 400_000 + envelope(SUBMISSION)),
            ("a document type", "first", b"<!DOCTYPE x>" + envelope(SUBMISSION)),
            ("what is no well-formed XML", "cut", envelope(SUBMISSION)[:-90]),
            ("what is no well-formed XML", "deep", envelope("<a>" * 300 + "</a>" * 300)),
            ("what is no well-formed XML", "text", b"hello"),
            ("a Body that does not hold one element", "two of them", envelope(SUBMISSION + SUBMISSION)),
        )
    ),
    *(
        Case(row, f"achievements, {name}", post(data, path=EXTERNAL, Content_Encoding="gzip"))
        for row, name, data in (
            ("gzip that is none", "plain XML", envelope(SUBMISSION)),
            ("gzip that is cut short", "short", gzip.compress(envelope(SUBMISSION))[:-9]),
            ("gzip that is cut short", "followed", gzip.compress(envelope(SUBMISSION)) + b"x" * 300_000),
            ("no body", "gzip of nothing", gzip.compress(b"")),
        )
    ),
    Case("no body", "achievements, empty POST", post(b"", path=EXTERNAL, Content_Length="0")),
]
