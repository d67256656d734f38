"""What this release can work off, one processor a kind of job."""

from uln_server.batch.achieving import Achieving
from uln_server.batch.job import JobKind, Processors
from uln_server.batch.registering import Registration
from uln_server.batch.verifying import Verification
from uln_server.record.action import Actions


def processors(*, opt_out: bool, actions: Actions) -> Processors:
    """Give them by the kind of job.

    ``opt_out`` is the setting of that name, ``actions`` what the settings say of the integers.
    """
    return {
        JobKind.REGISTRATION: Registration(opt_out=opt_out),
        JobKind.VERIFICATION: Verification(),
        JobKind.ACHIEVEMENTS: Achieving(actions),
    }
