"""LearnerService, as its WSDLs declare it: one method an operation that this service carries out."""

from typing import Any

from spyne import ServiceBase

from uln_contract import records
from uln_server.operations.call import Answer
from uln_server.operations.learner_by_uln import learner_by_uln
from uln_server.operations.verify_learner import verify_learner
from uln_server.soap.service import operation


class LearnerService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """Finds and verifies learners; the methods have the contract's names."""

    @operation
    def learnerByULN(ctx: Any, request: records.LearnerByULNRqst) -> Answer:  # noqa: N802, N805  # Spyne's and the contract's way
        """Find by ULN (domain §5)."""
        return learner_by_uln(request, ctx.udc.unit)

    @operation
    def verifyLearner(ctx: Any, request: records.VerifyLearnerRqst) -> Answer:  # noqa: N802, N805  # Spyne's and the contract's way
        """Verify a learner's details (domain §5)."""
        return verify_learner(request, ctx.udc.unit)
