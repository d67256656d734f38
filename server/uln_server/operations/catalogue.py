"""The operations that this service carries out."""

from uln_server.access.organisation import Agreement, Kind
from uln_server.operations.call import Operation, Operations
from uln_server.operations.deleted_ulns_report import deleted_ulns_report
from uln_server.operations.get_achievement_batch_job import get_achievement_batch_job
from uln_server.operations.get_batch_registration_output import get_batch_registration_output
from uln_server.operations.get_learner_learning_events import get_learner_learning_events
from uln_server.operations.get_own_awards import get_own_awards
from uln_server.operations.get_verify_batch_output import get_verify_batch_output
from uln_server.operations.learner_by_demographics import learner_by_demographics
from uln_server.operations.learner_by_uln import learner_by_uln
from uln_server.operations.merged_unmerged_ulns_report import merged_unmerged_ulns_report
from uln_server.operations.register_single_learner import register_single_learner
from uln_server.operations.retrieve_ulns import retrieve_ulns
from uln_server.operations.submit_achievement_batch_job import submit_achievement_batch_job
from uln_server.operations.submit_batch_registration import submit_batch_registration
from uln_server.operations.submit_verify_batch import submit_verify_batch
from uln_server.operations.update_single_learner import update_single_learner
from uln_server.operations.verify_learner import verify_learner

_AO = Kind.AWARDING_ORGANISATION
_READ, _WRITE = Agreement.REGISTER_READ, Agreement.REGISTER_WRITE

OPERATIONS: Operations = {
    "learnerByULN": Operation(_READ, learner_by_uln),
    "learnerByDemographics": Operation(_READ, learner_by_demographics),
    "registerSingleLearner": Operation(_WRITE, register_single_learner, writes=True),
    "updateSingleLearner": Operation(_WRITE, update_single_learner, writes=True),
    # A batch that only checks (CHK) needs the same agreement: which one, goes by the operation [O].
    "submitBatchRegistration": Operation(_WRITE, submit_batch_registration, writes=True),
    "getBatchRegistrationOutput": Operation(_WRITE, get_batch_registration_output, long=True),
    "submitVerifyBatch": Operation(_READ, submit_verify_batch, writes=True),
    "getVerifyBatchOutput": Operation(_READ, get_verify_batch_output, long=True),
    "retrieveULNs": Operation(_READ, retrieve_ulns),
    "getMergedUnmergedULNsReport": Operation(_READ, merged_unmerged_ulns_report, long=True),
    "getDeletedULNsReport": Operation(_READ, deleted_ulns_report, long=True),
    "verifyLearner": Operation(_READ, verify_learner),
    # No agreement to submit is WSRC0043, which the operations answer themselves (domain §9).
    "SubmitAchievementBatchJob": Operation(None, submit_achievement_batch_job, writes=True, only=_AO),
    "GetAchievementBatchJob": Operation(None, get_achievement_batch_job, long=True, only=_AO),
    "GetLearnerLearningEvents": Operation(Agreement.PLR_READ, get_learner_learning_events),
    "GetOwnAwards": Operation(None, get_own_awards, long=True, only=_AO),
}
