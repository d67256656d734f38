"""What the tests of the limits share: what a refusal by a limit looks like, and what the audit keeps of it."""

from tests.service import RunningService
from tests.soap.hostile import ROWS
from tests.soap.wire import Answer

from uln_server.access.audit import AuditEntry


def assert_refused(answer: Answer, row: str, retry_after: int) -> None:
    """The answer is what the row of docs/refusals.md says, tells when to come again, and ends the connection."""
    ROWS[row].check(answer)
    assert answer.headers["retry-after"] == str(retry_after)
    assert answer.headers["connection"] == "close"


def assert_answered(answer: Answer) -> None:
    assert answer.text("ResponseCode") == "WSVRC001"


def last_entry(service: RunningService) -> AuditEntry:
    """The audit entry of the message that was answered last."""
    with service.register() as register, register.reading() as reading:
        return list(reading.audit.query())[-1]
