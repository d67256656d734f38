"""What this release can work off, one processor a kind of job."""

from uln_server.batch.job import Processors

PROCESSORS: Processors = {}
"""By the kind of job; a kind that is missing here waits for a release that has it."""
