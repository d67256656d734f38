"""Every operation that this service carries out, by its contract name; the rest answer WSEC0002."""

from uln_server.access.organisation import Agreement
from uln_server.operations.call import Operation, Operations
from uln_server.operations.learner_by_uln import learner_by_uln
from uln_server.operations.verify_learner import verify_learner

OPERATIONS: Operations = {
    "learnerByULN": Operation(Agreement.REGISTER_READ, learner_by_uln),
    "verifyLearner": Operation(Agreement.REGISTER_READ, verify_learner),
}
