"""Learners whom the register does not know yet, and organisations of a test's own that register them."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from string import ascii_lowercase
from typing import Any, TypeVar

from sqlalchemy import bindparam, select, text, update
from tests.service import RunningService
from tests.soap.registers import add_organisation, credentials
from tests.soap.wire import TODAY, Answer, demographics_body, find_body, register_body, send, update_body

from uln_server.access.audit import AuditEntry
from uln_server.access.organisation import Agreement, OwnProcedure
from uln_server.register.event import Event
from uln_server.register.learner import Learner
from uln_server.store.database import Database
from uln_server.store.drivers import Role
from uln_server.store.events import Change
from uln_server.store.prepared import Prepared
from uln_server.store.tables import demographic_find
from uln_server.store.units import Writing

WRITING = frozenset({Agreement.REGISTER_READ, Agreement.REGISTER_WRITE})
FIVE = ("GivenName", "FamilyName", "DateOfBirth", "Gender", "LastKnownPostCode")
_numbers = itertools.count(1)
_mine = demographic_find.c.organisation_id == bindparam("organisation")
_FINDS = Prepared(select(demographic_find.c.key, demographic_find.c.at).where(_mine))
_MOVE_FIND = Prepared(
    update(demographic_find)
    .where(_mine, demographic_find.c.key == bindparam("find_key"))
    .values(at=bindparam("moved"))
)

T = TypeVar("T")
Fields = dict[str, str | None]
"""A learner's fields as a message has them, by contract name."""


def newcomer(**changes: str | None) -> Fields:
    """The fields of a learner by contract name; by birthday and postcode nobody is similar."""
    number = next(_numbers)
    letters = "".join(ascii_lowercase[number // 26**place % 26] for place in range(3))
    return {
        "GivenName": "Wilhelmina",
        "FamilyName": f"Newcomer{letters}",
        "DateOfBirth": str(date(1950, 1, 1) + timedelta(days=number)),
        "Gender": "2",
        "LastKnownPostCode": f"PL{number % 90 + 10} 8AA",
        "VerificationType": "1",
        "AbilityToShare": "1",
        **changes,
    }


def five(fields: Fields) -> dict[str, str]:
    """What a search by demographics asks for."""
    return {name: fields[name] or "" for name in FIVE}


class Registrar:
    """An organisation that may read and write: what it sends on one path, and what is kept of that."""

    def __init__(
        self,
        service: RunningService,
        path: str = TODAY,
        procedure: OwnProcedure | None = None,
        register: Database | None = None,
    ) -> None:
        """``register`` is a handle of the service's register that stays open; one is opened each time without."""
        self.service, self.path, self._kept = service, path, register
        self.ref = f"NEW{next(_numbers):03}"
        with self._register() as opened:
            self.id = add_organisation(opened, self.ref, agreements=WRITING).id
        if procedure is not None:
            self.change(lambda writing: writing.organisations.set_procedure(self.ref, procedure))

    def another(self, procedure: OwnProcedure | None = None) -> "Registrar":
        """Another organisation that calls the same service on the same path."""
        return Registrar(self.service, self.path, procedure, self._kept)

    @contextmanager
    def _register(self) -> Iterator[Database]:
        if self._kept is not None:
            yield self._kept
            return
        with self.service.register() as opened:
            yield opened

    @property
    def credentials(self) -> str:
        return credentials(self.ref, user="registrar")

    def find(self, fields: Fields, find_type: str = "CHK") -> Answer:
        """Find by demographics."""
        return self._send(demographics_body(find_type, self.credentials, **five(fields)))

    def read(self, uln: str, fields: Fields) -> Answer:
        """Find by ULN, with everything that is shown."""
        return self._send(
            find_body(uln, str(fields["GivenName"]), str(fields["FamilyName"]), credentials=self.credentials)
        )

    def register(self, fields: Fields) -> Answer:
        return self._send(register_body(self.credentials, **fields))

    def update(self, uln: str, version: int, fields: Fields) -> Answer:
        return self._send(update_body(uln, version, self.credentials, **fields))

    def registered(self, fields: Fields) -> str:
        """Find and register in order, and give the ULN."""
        self.find(fields)
        uln = self.register(fields).text("ULN")
        assert uln
        return uln

    def change(self, work: Callable[[Writing], T]) -> T:
        """Do something as an operator would, on a second handle of the register."""
        with self._register() as register, register.writing() as writing:
            return work(writing)

    def execute(self, statement: str, **values: Any) -> None:
        """Reach into the database itself."""
        with self._register() as register:
            line = register.line(Role.WRITING)
            try:
                line.run(Prepared(text(statement)), **values)
            finally:
                line.close()

    def age_finds(self, by: timedelta) -> None:
        """Let every find of this organisation be older than it is."""
        with self._register() as register:
            line = register.line(Role.WRITING)
            for key, found in line.rows(_FINDS, organisation=self.id):
                line.run(_MOVE_FIND, organisation=self.id, find_key=key, moved=found - by)
            line.close()

    def held(self, uln: str) -> Learner:
        with self._register() as register, register.reading() as reading:
            found = reading.learners.get(uln)
        assert found is not None
        return found

    def history(self, uln: str) -> tuple[Change, ...]:
        with self._register() as register, register.reading() as reading:
            return reading.events.history(uln)

    def events(self) -> list[Event]:
        """Every event that this organisation's calls left."""
        with self._register() as register, register.reading() as reading:
            return [each for each in reading.events.after() if each.organisation == f"70{self.ref}"]

    def entries(self) -> list[AuditEntry]:
        """The audit entries of this organisation's messages, oldest first."""
        with self._register() as register, register.reading() as reading:
            return list(reading.audit.query(organisation=self.ref))

    def last(self) -> AuditEntry:
        return self.entries()[-1]

    def _send(self, body: str) -> Answer:
        return send(self.service, body, path=self.path)
