"""ReconciliationService, as its WSDL declares it: one method an operation."""

# ruff: noqa: N802, N805  # the methods have the contract's names, and Spyne's methods have no self

from spyne import ServiceBase

from uln_contract.reconciliation_records import GetOwnAwards as OwnAwardsAsked
from uln_server.operations.call import Answer, Call, Unit
from uln_server.operations.get_own_awards import get_own_awards
from uln_server.soap.service import operation


class ReconciliationService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """An awarding organisation's own awards over SOAP; the methods have the contract's names."""

    @operation
    def GetOwnAwards(call: Call[OwnAwardsAsked], unit: Unit) -> Answer:
        """Give a page of the awards of the organisation that calls (domain §8)."""
        return get_own_awards(call, unit)
