"""What is done with an achievement: the actions, and the numbers that mean them (domain §9)."""

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """What is to be done; the words are those of the counters."""

    CREATE = "create"
    UPDATE = "update"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    PROMOTE = "promote"


class Form(StrEnum):
    """What a submission, or an award, is: ``submissionType`` [O]."""

    FINAL = "Final"
    PROVISIONAL = "Provisional"


class Actions:
    """Which integer means which action: a setting, since none is published [O]."""

    def __init__(self, numbers: Mapping[Action, int]) -> None:
        """Raises ``ValueError`` unless each action has a number of its own, and none is 0.

        0 is what a client sends that never set the field.
        """
        missing = [each.value for each in Action if each not in numbers]
        if missing:
            raise ValueError(f"Give a number to each action; without one: {', '.join(missing)}.")
        if 0 in numbers.values():
            raise ValueError(
                "0 means no action: a client sends it that has left Action unset. Give another number."
            )
        self._actions = {number: action for action, number in numbers.items()}
        if len(self._actions) < len(numbers):
            raise ValueError("Two actions have the same number. Give each a number of its own.")

    def of(self, number: int) -> Action | None:
        """Give the action that a number means."""
        return self._actions.get(number)


ACTIONS = Actions({each: number for number, each in enumerate(Action, 1)})
"""The numbers unless an operator says else: 1 create, 2 update, 3 withdraw, 4 reinstate, 5 promote [O]."""
