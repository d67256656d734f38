"""Every kind of job can be worked off."""

from uln_server.batch.achieving import Achieving
from uln_server.batch.job import JobKind
from uln_server.batch.processors import processors
from uln_server.batch.registering import Registration
from uln_server.batch.verifying import Verification
from uln_server.record.action import ACTIONS


def test_every_kind_of_job_has_its_processor() -> None:
    found = {kind: type(each) for kind, each in processors(opt_out=False, actions=ACTIONS).items()}
    assert found == {
        JobKind.REGISTRATION: Registration,
        JobKind.VERIFICATION: Verification,
        JobKind.ACHIEVEMENTS: Achieving,
    }
    assert set(found) == set(JobKind)
