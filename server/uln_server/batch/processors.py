"""What this release can work off, one processor a kind of job."""

from uln_server.batch.job import JobKind, Processors
from uln_server.batch.registering import Registration
from uln_server.batch.verifying import Verification


def processors(*, opt_out: bool) -> Processors:
    """Give them by the kind of job; a kind that is missing waits for a release that has it.

    ``opt_out`` is the setting of that name.
    """
    return {JobKind.REGISTRATION: Registration(opt_out=opt_out), JobKind.VERIFICATION: Verification()}
