"""Imported where the tests' servers are forked from: what each would build anew, in a second of a core's time."""

from uln_contract import schema
from uln_contract.batch_files import checking, writing  # noqa: F401  # as above
from uln_server.intake import running  # noqa: F401  # as above

schema.prepare_explanations("2014", "external", "r9", "reconciliation")
