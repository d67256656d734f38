"""Many learners at once, put straight into the table."""

import itertools
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from typing import Any

from sqlalchemy import bindparam, insert
from tests.store.builders import a_learner

from uln_contract.ulns import check_digit
from uln_server.register.learner import Learner
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.prepared import Prepared
from uln_server.store.tables import learner

_FIELDS = tuple(each.name for each in fields(Learner))
_KEYS = ("given_key", "family_key", "post_code_key")
_ADD = Prepared(insert(learner).values({name: bindparam(name) for name in (*_FIELDS, *_KEYS)}).inline())
_numbers = itertools.count(1)


def someone(**changed: Any) -> Learner:
    """A learner of the same details as every other here, but for those changed."""
    while (check := check_digit(digits := f"{500_000_000 + next(_numbers)}")) is None:
        pass
    details = {"given_name": "Alex", "family_name": "Smith", "last_known_post_code": "B1 1BB"}
    return a_learner(f"{digits}{check}", **{**details, **changed})


def add(database: Database, records: Iterable[Learner]) -> None:
    """Add records as they are, without their events; a master stands before what was merged into it."""
    rows = [
        {name: getattr(each, name) for name in _FIELDS}
        | {name: getattr(each.demographics, name) for name in _KEYS}
        for each in records
    ]
    with closing(database.line(Role.WRITING)) as line, line.transaction(database.driver.begin_writing):
        line.run_many(_ADD, rows)
