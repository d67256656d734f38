"""Registrations, updates and finds as the operations carry them out, on a unit of the store's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from uln_contract.codes import ResponseCode
from uln_contract.operations import BY_NAME
from uln_contract.records import (
    LearnerByDemographicsRqst,
    LearnerToRegister,
    LearnerToUpdate,
    RegisterSingleLearnerRqst,
    UpdateLearnerRqst,
)
from uln_contract.shape import Record
from uln_server.access.organisation import Organisation
from uln_server.operations.call import Answer, Call, Caller, Rules
from uln_server.operations.learner_by_demographics import learner_by_demographics
from uln_server.operations.register_single_learner import register_single_learner
from uln_server.operations.update_single_learner import update_single_learner
from uln_server.register.learner import Learner
from uln_server.register.registering import Procedure
from uln_server.register.updating import CHANGEABLE
from uln_server.store.units import Reading, Writing

FREELY = Rules(
    Procedure(required=False, maximum=timedelta(0), minimum=timedelta(0)), opt_out=False, report_entries=9
)
"""Nobody has to find first."""
IN_ORDER = replace(
    FREELY, procedure=Procedure(required=True, maximum=timedelta(minutes=120), minimum=timedelta(seconds=5))
)
_CREDENTIALS: dict[str, Any] = {"org_password": "x" * 16, "user_name": "tester"}
R = TypeVar("R", bound=Record)


def a_call(operation: str, request: R, organisation: Organisation, rules: Rules = FREELY) -> Call[R]:
    """A trusted message of an organisation, carried out now."""
    return Call(
        operation=BY_NAME[operation],
        request=request,
        caller=Caller(organisation, "tester"),
        now=datetime.now(UTC),
        message_id=token_hex(8),
        rules=rules,
    )


def registration(
    who: Learner, by: Organisation, rules: Rules = FREELY
) -> Callable[[Writing], tuple[ResponseCode, str | None]]:
    """The step that registers a learner with these details, and gives the code and the ULN."""

    def step(writing: Writing) -> tuple[ResponseCode, str | None]:
        sent = LearnerToRegister(**{name: getattr(who, name) for name in CHANGEABLE})
        request = RegisterSingleLearnerRqst(learner=sent, **_CREDENTIALS)
        answer = register_single_learner(a_call("registerSingleLearner", request, by, rules), writing)
        return ResponseCode(answer.code), answer.disclosed[0] if answer.disclosed else None

    return step


def an_update(held: Learner, by: Organisation, **changes: Any) -> Callable[[Writing], ResponseCode]:
    """The step that updates a record as it was read, and gives the code."""

    def step(writing: Writing) -> ResponseCode:
        fields = {name: getattr(replace(held, **changes), name) for name in CHANGEABLE}
        sent = LearnerToUpdate(uln=held.uln, version_number=held.version, **fields)
        request = UpdateLearnerRqst(learner=sent, **_CREDENTIALS)
        return ResponseCode(update_single_learner(a_call("updateSingleLearner", request, by), writing).code)

    return step


def a_find(who: Learner, by: Organisation, reading: Reading) -> Answer:
    """Find a learner by demographics."""
    request = LearnerByDemographicsRqst(
        find_type="CHK",
        family_name=who.family_name,
        given_name=who.given_name,
        date_of_birth=who.date_of_birth,
        gender=who.gender,
        last_known_post_code=who.last_known_post_code,
        **_CREDENTIALS,
    )
    return learner_by_demographics(a_call("learnerByDemographics", request, by), reading)
