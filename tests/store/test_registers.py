"""What kind of register a database is."""

import pytest

from uln_server.store.database import Database
from uln_server.store.errors import RegisterExists
from uln_server.store.registers import RegisterKind


def test_a_new_database_is_no_register_yet(database: Database) -> None:
    assert database.reading().register.kind is None


@pytest.mark.parametrize("kind", ["sandbox", "production"])
def test_the_kind_is_said_once(database: Database, kind: RegisterKind) -> None:
    with database.writing() as writing:
        writing.register.create(kind)
    assert database.reading().register.kind == kind
    with pytest.raises(RegisterExists, match=kind), database.writing() as writing:
        writing.register.create("production")
