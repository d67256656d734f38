"""The row is on disk before the answer is read: the server is killed the moment an answer comes."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.service import RunningService, commanded
from tests.soap.registers import credentials, filled_database
from tests.soap.wire import TODAY, envelope, find_body, verify_body

from uln_server.store.database import Database

DARCIE = "1026893096"
PASSWORD = "SandboxAO-000001"


class KillableService:
    """The command's own process, so that it can be killed as a crash or an operator would."""

    def __init__(self, process: subprocess.Popen[str], service: RunningService) -> None:
        self._process = process
        self._service = service

    def last_status(self, body: str) -> int:
        """Send a message, kill the server with the answer's first byte, and give the status that still came."""
        data = envelope(body)
        head = f"POST {TODAY} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {len(data)}"
        with socket.create_connection((self._service.host, self._service.port), timeout=30) as connection:
            connection.sendall(f"{head}\r\n\r\n".encode() + data)
            connection.recv(1, socket.MSG_PEEK)
            self._process.kill()
            self._process.wait(30)
            return int(connection.recv(100).split()[1])


@contextmanager
def killable(url: str, folder: Path) -> Iterator[KillableService]:
    with commanded(url, folder) as (process, service):
        yield KillableService(process, service)


def caller(user: str, password: str = PASSWORD) -> str:
    return credentials("SBXAO1", password=password, user=user)


# user: body, HTTP status, code, disclosed
MESSAGES = {
    "a": (find_body(credentials=caller("a")), 200, "WSRC0004", (DARCIE,)),
    "b": (verify_body(credentials=caller("b", "SandboxAO-000002")), 500, "WSEC0005", ()),
}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_row_of_an_answer_outlives_the_server(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with filled_database(dialect, tmp_path, request) as url:
        for user, (body, status, code, disclosed) in MESSAGES.items():
            with killable(url, tmp_path) as server:
                assert server.last_status(body) == status
            with Database.open(url) as database, database.reading() as reading:
                (entry,) = reading.audit.query(user=user)
            assert (entry.code, entry.disclosed) == (code, disclosed)
