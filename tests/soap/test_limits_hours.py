"""The service's own hours, on top of each organisation's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.service import RunningService
from tests.soap.hostile import ROWS
from tests.soap.registers import add_organisation, credentials, filled_service
from tests.soap.wire import TODAY, send, verify_body

from uln_server.cli.checking import Level, settings_findings

ROW = "a message outside the service's hours"


def around_now(first: int, last: int) -> str:
    """Hours that open and close so many hours from now."""
    now = datetime.now(UTC).astimezone(ZoneInfo("Europe/London"))
    return "-".join(f"{now + timedelta(hours=each):%H:%M}" for each in (first, last))


def test_outside_its_hours_the_service_says_when_it_is_open(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hours = around_now(2, 4)
    with filled_service(request, tmp_path_factory, hours=hours) as service:
        answer = send(service, verify_body())
        ROWS[ROW].check(answer)
        answer.expect_fault("WSEC0004", f"The service is open {hours} UK time")
        assert_order(service, hours)
        assert send(service, b"", method="GET", path=f"{TODAY}?wsdl").status == 200


def assert_order(service: RunningService, hours: str) -> None:
    """Everything before WSEC0004 comes before it, and everything after it after it (domain §4)."""
    send(service, verify_body(uln="none")).expect_fault("WSEC0001")
    send(service, verify_body(credentials=credentials("NOBODY"))).expect_fault("WSEC0003")
    send(service, verify_body(credentials=credentials("BAREST", password="x" * 16))).expect_fault("WSEC0005")
    send(service, verify_body(credentials=credentials("SUSPND"))).expect_fault("WSEC0003", "suspended")
    for ref in ("CLOSED", "BAREST"):
        send(service, verify_body(credentials=credentials(ref))).expect_fault("WSEC0004", f"is open {hours} UK")


def test_within_its_hours_each_organisation_s_own_hold(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with filled_service(request, tmp_path_factory, hours=around_now(-2, 2)) as service:
        assert send(service, verify_body()).text("ResponseCode") == "WSVRC001"
        later = around_now(3, 4)
        with service.register() as register:
            add_organisation(register, "LATERS", hours=later)
        body = verify_body(credentials=credentials("LATERS"))
        send(service, body).expect_fault("WSEC0004", f"The service is open to this organisation {later} UK time")


@pytest.mark.parametrize("hours", ["never", "9 to 5", "09:00-09:00"])
def test_what_is_no_hours_keeps_the_service_from_starting(service: RunningService, hours: str) -> None:
    (found,) = settings_findings(service.settings.model_copy(update={"hours": hours}), "sandbox")
    assert found.level is Level.ERROR
    assert found.text.startswith(f"hours: '{hours}' ")
    assert found.remedy.startswith("Write always or")
