"""ExternalService, as its WSDL declares it: one method an operation that this service carries out."""

# ruff: noqa: N802, N805  # the methods have the contract's names, and Spyne's methods have no self

from spyne import ServiceBase

from uln_contract import external_records
from uln_server.operations.call import Answer, Call, ChangingUnit, Unit
from uln_server.operations.get_achievement_batch_job import get_achievement_batch_job
from uln_server.operations.submit_achievement_batch_job import submit_achievement_batch_job
from uln_server.soap.service import operation


class ExternalService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """Achievements over SOAP; the methods have the contract's names."""

    @operation
    def SubmitAchievementBatchJob(
        call: Call[external_records.SubmitAchievementBatchJob], unit: ChangingUnit
    ) -> Answer:
        """Take in achievements to create, update, withdraw, reinstate or promote (domain §9)."""
        return submit_achievement_batch_job(call, unit)

    @operation
    def GetAchievementBatchJob(call: Call[external_records.GetAchievementBatchJob], unit: Unit) -> Answer:
        """Tell what became of a batch of achievements (domain §9)."""
        return get_achievement_batch_job(call, unit)
