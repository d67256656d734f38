"""LearnerService, as its WSDLs declare it: one method an operation that this service carries out."""

# ruff: noqa: N802, N805  # the methods have the contract's names, and Spyne's methods have no self

from spyne import ServiceBase

from uln_contract import records
from uln_server.operations.call import Answer, Call, ChangingUnit, Unit
from uln_server.operations.deleted_ulns_report import deleted_ulns_report
from uln_server.operations.get_batch_registration_output import get_batch_registration_output
from uln_server.operations.get_verify_batch_output import get_verify_batch_output
from uln_server.operations.learner_by_demographics import learner_by_demographics
from uln_server.operations.learner_by_uln import learner_by_uln
from uln_server.operations.merged_unmerged_ulns_report import merged_unmerged_ulns_report
from uln_server.operations.register_single_learner import register_single_learner
from uln_server.operations.retrieve_ulns import retrieve_ulns
from uln_server.operations.submit_batch_registration import submit_batch_registration
from uln_server.operations.submit_verify_batch import submit_verify_batch
from uln_server.operations.update_single_learner import update_single_learner
from uln_server.operations.verify_learner import verify_learner
from uln_server.soap.service import operation


class LearnerService(ServiceBase):  # type: ignore[misc]  # Spyne has no types
    """The Learner Register over SOAP; the methods have the contract's names."""

    @operation
    def learnerByULN(call: Call[records.LearnerByULNRqst], unit: Unit) -> Answer:
        """Find by ULN (domain §5)."""
        return learner_by_uln(call, unit)

    @operation
    def learnerByDemographics(call: Call[records.LearnerByDemographicsRqst], unit: Unit) -> Answer:
        """Find by names, date of birth, gender and postcode (domain §5)."""
        return learner_by_demographics(call, unit)

    @operation
    def registerSingleLearner(call: Call[records.RegisterSingleLearnerRqst], unit: ChangingUnit) -> Answer:
        """Register a learner and give the ULN (domain §6)."""
        return register_single_learner(call, unit)

    @operation
    def updateSingleLearner(call: Call[records.UpdateLearnerRqst], unit: ChangingUnit) -> Answer:
        """Change what the register holds of a learner (domain §6)."""
        return update_single_learner(call, unit)

    @operation
    def submitBatchRegistration(call: Call[records.BatchRegistrationRqst], unit: ChangingUnit) -> Answer:
        """Take in up to 200 learners to register, update or check (domain §7)."""
        return submit_batch_registration(call, unit)

    @operation
    def getBatchRegistrationOutput(call: Call[records.BatchOutputRqst], unit: Unit) -> Answer:
        """Tell what became of a batch registration (domain §7)."""
        return get_batch_registration_output(call, unit)

    @operation
    def submitVerifyBatch(call: Call[records.VerifyBatchRqst], unit: ChangingUnit) -> Answer:
        """Take in up to 5,000 learners to verify (domain §7)."""
        return submit_verify_batch(call, unit)

    @operation
    def getVerifyBatchOutput(call: Call[records.VerifyBatchOutputRqst], unit: Unit) -> Answer:
        """Tell what became of a batch verification (domain §7)."""
        return get_verify_batch_output(call, unit)

    @operation
    def retrieveULNs(call: Call[records.RetrieveULNsRqst], unit: Unit) -> Answer:
        """Give up to 200 ULNs, each with its master if it was merged (domain §6)."""
        return retrieve_ulns(call, unit)

    @operation
    def getMergedUnmergedULNsReport(call: Call[records.ULNReportRqst], unit: Unit) -> Answer:
        """Tell which ULNs were merged and unmerged between two dates (domain §6)."""
        return merged_unmerged_ulns_report(call, unit)

    @operation
    def getDeletedULNsReport(call: Call[records.ULNReportRqst], unit: Unit) -> Answer:
        """Tell which ULNs were deleted between two dates (domain §6)."""
        return deleted_ulns_report(call, unit)

    @operation
    def verifyLearner(call: Call[records.VerifyLearnerRqst], unit: Unit) -> Answer:
        """Verify a learner's details (domain §5)."""
        return verify_learner(call, unit)
