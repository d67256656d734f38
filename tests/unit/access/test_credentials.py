"""Passwords: proved with Argon2, remembered briefly, and nothing else."""

import threading
from dataclasses import replace

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError
from tests.unit.access.organisations import PASSWORD, an_organisation

from uln_server.access import credentials
from uln_server.access.credentials import QUICK, STRONG, Proofs, hash_password

AO = an_organisation()
WRONG = "SandboxAO-000002"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parameters of each hash that Argon2 really checked a password against."""
    seen: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, password_hash: str | bytes, password: str | bytes) -> bool:
        seen.append(str(password_hash).rsplit("$", 2)[0])
        return verify(self, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    return seen


def test_a_hash_is_strong_unless_told_and_differs_each_time() -> None:
    assert extract_parameters(hash_password(PASSWORD)) == STRONG
    assert extract_parameters(hash_password(PASSWORD, QUICK)) == QUICK
    assert hash_password(PASSWORD, QUICK) != hash_password(PASSWORD, QUICK)


def test_a_right_password_is_proved_and_a_wrong_one_is_not() -> None:
    proofs = Proofs(60)
    assert proofs.prove(AO, PASSWORD)
    assert not proofs.prove(AO, WRONG)
    assert not proofs.prove(AO, PASSWORD.lower())
    assert not proofs.prove(AO, "")


def test_only_a_proved_password_is_remembered() -> None:
    proofs = Proofs(60)
    assert not proofs.remembered(AO, PASSWORD)
    proofs.prove(AO, WRONG)
    assert not proofs.remembered(AO, WRONG)
    proofs.prove(AO, PASSWORD)
    assert proofs.remembered(AO, PASSWORD)
    assert not proofs.remembered(AO, WRONG)


def test_a_memory_ends_when_its_time_is_over_however_often_it_was_used() -> None:
    clock = Clock()
    proofs = Proofs(60, clock)
    proofs.prove(AO, PASSWORD)
    clock.now += 59.9
    assert proofs.remembered(AO, PASSWORD)
    clock.now += 0.1
    assert not proofs.remembered(AO, PASSWORD)
    assert not proofs.remembered(AO, PASSWORD)
    proofs.prove(AO, PASSWORD)
    assert proofs.remembered(AO, PASSWORD)


def test_what_was_right_is_familiar_for_an_hour_more() -> None:
    clock = Clock()
    proofs = Proofs(60, clock)
    assert not proofs.familiar(AO, PASSWORD)
    proofs.prove(AO, WRONG)
    proofs.prove(AO, PASSWORD)
    assert proofs.familiar(AO, PASSWORD)
    clock.now += 60 + 3599.9
    assert proofs.familiar(AO, PASSWORD)
    assert not proofs.remembered(AO, PASSWORD)
    assert not proofs.familiar(AO, WRONG)
    assert not proofs.familiar(replace(AO, credential_version=2), PASSWORD)
    clock.now += 0.1
    assert not proofs.familiar(AO, PASSWORD)
    assert not proofs._until


def test_no_time_is_no_memory() -> None:
    proofs = Proofs(0, Clock())
    assert proofs.prove(AO, PASSWORD)
    assert not proofs.remembered(AO, PASSWORD)


def test_a_proof_holds_for_one_organisation_and_one_state_of_its_credential() -> None:
    proofs = Proofs(60)
    proofs.prove(AO, PASSWORD)
    for other in (
        replace(AO, id=2),
        replace(AO, credential_version=2),
        replace(AO, password_hash=hash_password(PASSWORD, QUICK)),
    ):
        assert not proofs.remembered(other, PASSWORD)
    # Whatever is no part of the credential changes nothing: it is looked at with each message.
    assert proofs.remembered(replace(AO, name="Renamed", agreements=frozenset()), PASSWORD)


def test_what_is_remembered_holds_no_password() -> None:
    proofs = Proofs(60)
    proofs.prove(AO, PASSWORD)
    assert all(PASSWORD.encode() not in proof and len(proof) == 32 for proof in proofs._until)


def test_another_process_would_remember_otherwise() -> None:
    first, second = Proofs(60), Proofs(60)
    first.prove(AO, PASSWORD)
    second.prove(AO, PASSWORD)
    assert first._until.keys().isdisjoint(second._until)


def test_an_unknown_organisation_costs_the_work_of_a_wrong_password(verified: list[str]) -> None:
    known = replace(AO, password_hash=hash_password(PASSWORD))
    proofs = Proofs(60)
    assert not proofs.prove(known, WRONG)
    assert not proofs.prove(None, WRONG)
    strong = "$argon2id$v=19$m=65536,t=3,p=4"
    assert verified == [strong, strong]
    assert not proofs._until


def test_the_work_for_an_unknown_organisation_follows_the_strong_profile() -> None:
    assert extract_parameters(credentials._NOBODY) == STRONG


def test_a_proof_costs_argon2_once_and_remembering_none(verified: list[str]) -> None:
    proofs = Proofs(60)
    proofs.prove(AO, PASSWORD)
    for _ in range(10):
        proofs.remembered(AO, PASSWORD)
    assert len(verified) == 1


def test_the_memory_is_bounded_and_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_REMEMBERED_AT_MOST", 3)
    proofs = Proofs(60)
    several = [replace(AO, id=n) for n in range(1, 5)]
    for each in (*several[:3], several[0], several[3]):
        proofs.prove(each, PASSWORD)
    assert [proofs.remembered(each, PASSWORD) for each in several] == [True, False, True, True]


def test_a_damaged_hash_is_an_error_and_no_wrong_password() -> None:
    with pytest.raises(InvalidHashError):
        Proofs(60).prove(replace(AO, password_hash="nonsense"), PASSWORD)


def test_proofs_at_once_do_not_disturb_each_other() -> None:
    proofs = Proofs(60)
    organisations = [replace(AO, id=n) for n in range(16)]
    wrong: list[tuple[int, str]] = []

    def prove(start: int) -> None:
        for turn in range(25):
            organisation = organisations[(start + turn) % len(organisations)]
            if not proofs.prove(organisation, PASSWORD) or not proofs.remembered(organisation, PASSWORD):
                wrong.append((organisation.id, "right"))
            if proofs.prove(organisation, WRONG) or proofs.remembered(organisation, WRONG):
                wrong.append((organisation.id, "wrong"))

    threads = [threading.Thread(target=prove, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(proofs._until) == len(organisations)
