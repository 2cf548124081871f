"""A real server under senders that never finish: readers are served all the same, and the server still ends."""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import free_port
from tests.serving.plain_site import GRACE_SECONDS, MOST_BYTES, THREADS
from tests.serving.procs import Supervised, eventually, fetch, plain_web, supervised

SENDERS = 40
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Supervised]:
    port = free_port()
    with supervised(tmp_path, [plain_web(port)], port) as running:
        eventually(lambda: fetch(port))
        yield running


@contextlib.contextmanager
def slow_senders(port: int, number: int = SENDERS) -> Iterator[list[socket.socket]]:
    """Open connections that promise a body, send a few bytes of it, and stop."""
    with contextlib.ExitStack() as stack:
        senders = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(number)]
        for sender in senders:
            sender.settimeout(10)
            sender.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nhello")
        yield senders


def status(connection: socket.socket) -> int:
    """Receive one answer to its end and return its status, 0 when there is none."""
    with connection.makefile("rb") as answer:
        line, length = answer.readline(), 0
        while (header := answer.readline()).strip():
            name, _, value = header.partition(b":")
            length = int(value) if name == b"content-length" else length
        answer.read(length)
    return int(line.split()[1]) if line else 0


def post(port: int, body: bytes, stated: int | None = None) -> int:
    """Send a body and return the status of the answer, 0 when there is none."""
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {stated or len(body)}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(10)
        connection.sendall(head.encode() + body)
        return status(connection)


def test_readers_are_served_beside_slow_bodies(running: Supervised) -> None:
    with slow_senders(running.port):
        waits = []
        for _ in range(40):
            began = time.monotonic()
            assert fetch(running.port, timeout=2)
            waits.append(time.monotonic() - began)
        assert sorted(waits)[len(waits) // 2] < 0.5
        assert max(waits) < 2


def test_slow_senders_get_an_answer_and_posting_recovers(running: Supervised) -> None:
    with slow_senders(running.port, THREADS // 2) as senders:
        assert [status(sender) for sender in senders] == [408] * len(senders)
        # They still hold their connections; their turns are free again.
        assert post(running.port, b"x" * 1000) == 200


def test_dripping_sender_is_ended(running: Supervised) -> None:
    with slow_senders(running.port, 1) as [sender]:
        began = time.monotonic()
        while not select.select([sender], [], [], 0.05)[0]:
            sender.sendall(b"x")
            assert time.monotonic() - began < 10
        assert status(sender) == 408


def test_fair_senders_are_not_ended_beside_a_slow_one(running: Supervised) -> None:
    """Both come from one address, as behind a proxy; so does a connection that is merely kept open."""
    with (
        socket.create_connection(("127.0.0.1", running.port)) as idle,
        socket.create_connection(("127.0.0.1", running.port)) as fair,
        slow_senders(running.port, 1) as [slow],
    ):
        idle.settimeout(5)
        idle.sendall(GET)
        assert status(idle) == 200
        fair.settimeout(5)
        fair.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n")
        for _ in range(30):
            fair.sendall(b"x" * 3000)
            time.sleep(0.07)
        assert status(slow) == 408
        assert status(fair) == 200
        idle.sendall(GET)
        assert status(idle) == 200


def test_slow_heads_and_readers_who_do_not_read_hold_nobody_up(running: Supervised) -> None:
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(socket.create_connection(("127.0.0.1", running.port))) for _ in range(SENDERS)]
        for number, other in enumerate(others):
            # Half of them stop in the middle of a head; the others ask for much and read nothing of it.
            other.sendall(GET[:-2] if number % 2 else GET.replace(b"/ ", b"/large "))
        began = time.monotonic()
        for _ in range(20):
            assert fetch(running.port, timeout=2)
        assert time.monotonic() - began < 4


def test_too_many_bodies_at_once_are_told_to_come_back(running: Supervised) -> None:
    with slow_senders(running.port, THREADS):
        time.sleep(0.2)
        assert post(running.port, b"x" * 1000) == 503
    eventually(lambda: post(running.port, b"x" * 1000) == 200, GRACE_SECONDS + 8)


def test_sigterm_ends_the_server_beside_slow_bodies(running: Supervised) -> None:
    with slow_senders(running.port):
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        assert running.ends(14) == 0
    assert not fetch(running.port, timeout=1)


def test_too_large_a_body_gets_its_answer(running: Supervised) -> None:
    assert post(running.port, b"x" * (MOST_BYTES + 1)) == 413
    assert post(running.port, b"x" * MOST_BYTES) == 200


def test_body_that_breaks_off_is_not_taken(running: Supervised) -> None:
    with socket.create_connection(("127.0.0.1", running.port)) as sender:
        sender.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        sender.shutdown(socket.SHUT_WR)
        sender.settimeout(10)
        answer = sender.recv(4096)
    assert not answer or answer.split()[1] == b"400"
    assert fetch(running.port)
