"""The last find by demographics of each organisation for the same details: what a registration must follow."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select

from uln_contract.codes import ResponseCode
from uln_server.register.demographics import Demographics
from uln_server.register.finds import FindMade
from uln_server.register.registering import LastFind
from uln_server.store.lines import Line
from uln_server.store.prepared import Prepared
from uln_server.store.tables import demographic_find, register

KEPT = timedelta(days=7)
"""How long a find is remembered: longer than any organisation's maximum time [O]."""

_SECRET = Prepared(select(register.c.uln_key))
_LAST = Prepared(
    select(demographic_find.c.at, demographic_find.c.code).where(
        demographic_find.c.organisation_id == bindparam("organisation_id"),
        demographic_find.c.key == bindparam("key", type_=demographic_find.c.key.type),
    )
)
_fields = ("organisation_id", "key", "at", "code")
# Two processes may write the same find in the other order than they answered: the later one counts.
_KEEP = Prepared(
    insert(demographic_find).values({name: bindparam(name) for name in _fields}).inline(),
    " ON CONFLICT (organisation_id, key) DO UPDATE SET at = excluded.at, code = excluded.code"
    " WHERE excluded.at >= demographic_find.at",
)
_FORGET = Prepared(delete(demographic_find).where(demographic_find.c.at < bindparam("before")))


class StoredFinds:
    """What is known of finds that were made."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def last(self, organisation_id: int, demographics: Demographics) -> LastFind | None:
        """Give this organisation's last find for these details."""
        key = _hashed(_secret(self._line), demographics)
        rows = self._line.rows(_LAST, organisation_id=organisation_id, key=key)
        return LastFind(at=rows[0][0], code=ResponseCode(rows[0][1])) if rows else None


def keep_finds(line: Line, finds: Sequence[FindMade]) -> None:
    """Remember finds within a writing transaction, each in the place of the organisation's earlier one."""
    if not finds:
        return
    secret = _secret(line)
    in_time = sorted(finds, key=lambda each: each.at)
    last = {(each.organisation_id, _hashed(secret, each.demographics)): each for each in in_time}
    # In one order for everybody: two transactions that want the same rows must not wait for each other.
    line.run_many(
        _KEEP,
        [
            {"organisation_id": organisation_id, "key": key, "at": each.at, "code": each.code}
            for (organisation_id, key), each in sorted(last.items(), key=lambda item: item[0])
        ],
    )


def forget_finds(line: Line, now: datetime) -> None:
    """Forget what is too old to count, within a writing transaction."""
    line.run(_FORGET, before=now - KEPT)


def _secret(line: Line) -> bytes:
    return bytes.fromhex(line.rows(_SECRET)[0][0])


def _hashed(secret: bytes, demographics: Demographics) -> str:
    return hashlib.blake2b(demographics.key.encode(), key=secret, digest_size=16).hexdigest()
