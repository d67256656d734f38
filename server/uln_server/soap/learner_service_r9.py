"""LearnerServiceR9, as its WSDL declares it: one method an operation that this service carries out."""

# ruff: noqa: N802, N805  # the methods have the contract's names, and Spyne's methods have no self

from uln_contract import r9_records as records
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.get_learner_learning_events import get_learner_learning_events
from uln_server.soap.service import operation

# isort: split
from spyne import ServiceBase


class LearnerServiceR9(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """The Personal Learning Record over SOAP; the methods have the contract's names."""

    @operation
    def GetLearnerLearningEvents(call: Call[records.GetLearnerLearningEvents], unit: Unit) -> Answer:
        """Give what a learner has achieved (domain §10)."""
        return get_learner_learning_events(call, unit)
