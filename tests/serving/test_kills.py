"""kill -9 of each process of a running site: started again, or gone with all it started."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.machine import free_port
from tests.serving.plain_site import THREADS
from tests.serving.procs import (
    Supervised,
    children,
    descendants,
    eventually,
    fetch,
    is_alive,
    plain_web,
    script,
    service,
    supervised,
)

WORK = "import time\nwhile True: time.sleep(0.1)"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Supervised]:
    port = free_port()
    with supervised(tmp_path, [plain_web(port, workers=2), service("work", script(WORK))], port) as running:
        eventually(lambda: len(descendants(running.pid)) == 4)
        # Both workers have answered: a signal that comes while one still starts is lost on it.
        answered: set[str] = set()
        eventually(lambda: answered.add(fetch(port).partition(" ")[0]) or len(answered - {""}) == 2, 20)
        yield running


def web_workers(running: Supervised) -> list[int]:
    """Return the processes that answer requests."""
    return children(running.service(0))


@contextlib.contextmanager
def under_way(running: Supervised) -> Iterator[Future[str]]:
    """A request that takes its time, asked for before the block begins; its answer is there when the block is over."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(fetch, running.port, "/slow")
        time.sleep(0.3)
        yield answer


def test_killed_web_worker_is_replaced_while_the_other_answers(running: Supervised) -> None:
    victim, other = web_workers(running)
    os.kill(victim, signal.SIGKILL)
    served = 0
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        served += bool(fetch(running.port, timeout=1))
    assert served > 20
    eventually(lambda: victim not in web_workers(running) and len(web_workers(running)) == 2)
    assert is_alive(other)


def test_killed_web_server_is_started_again_without_its_old_workers(running: Supervised) -> None:
    web, old = running.service(0), web_workers(running)
    os.kill(web, signal.SIGKILL)
    eventually(lambda: not any(is_alive(pid) for pid in old), why="the old workers still answer")
    pid = eventually(lambda: fetch(running.port).split()[:1])[0]
    assert int(pid) not in old
    assert "web ended (SIGKILL)" in running.said()


def test_killed_work_is_started_again_while_pages_are_served(running: Supervised) -> None:
    web, work = children(running.pid)
    os.kill(work, signal.SIGKILL)
    assert fetch(running.port)
    eventually(lambda: len(children(running.pid)) == 2 and work not in children(running.pid))
    assert is_alive(web)


def test_killed_supervisor_leaves_nobody(running: Supervised) -> None:
    everyone = descendants(running.pid)
    assert len(everyone) == 4
    os.kill(running.pid, signal.SIGKILL)
    eventually(lambda: not any(is_alive(pid) for pid in everyone), 15)


def test_supervisor_and_web_server_killed_together_leave_nobody(running: Supervised) -> None:
    everyone = descendants(running.pid)
    for pid in (running.pid, everyone[0]):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not any(is_alive(pid) for pid in everyone), 15)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_web_and_work(running: Supervised, signum: signal.Signals) -> None:
    everyone = descendants(running.pid)
    running.process.send_signal(signum)
    assert running.ends(10) == 0
    assert not any(is_alive(pid) for pid in everyone)


def test_requests_under_way_are_finished_before_the_end(running: Supervised) -> None:
    with under_way(running) as answer:
        running.process.send_signal(signal.SIGTERM)
        assert running.ends(10) == 0
    assert answer.result()


def test_who_waits_at_a_killed_process_is_answered_by_its_successor(tmp_path: Path) -> None:
    port = free_port()
    with supervised(tmp_path, [plain_web(port)], port) as running:
        eventually(lambda: fetch(port))
        (victim,) = web_workers(running)
        with contextlib.ExitStack() as stack:
            # Bodies on their way, and connections nobody has looked at yet.
            for _ in range(10):
                sender = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                sender.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\nhello")
            os.kill(victim, signal.SIGSTOP)
            waiting = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(5)]
            for one in waiting:
                one.settimeout(5)
                one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            os.kill(victim, signal.SIGKILL)
            assert [one.recv(12) for one in waiting] == [b"HTTP/1.1 200"] * 5
        assert victim not in web_workers(running)


def test_who_is_at_the_door_when_the_end_comes_is_answered(tmp_path: Path) -> None:
    """While all threads work, the event loop has few turns, and takes in one connection in each."""
    port = free_port()
    with supervised(tmp_path, [plain_web(port)], port) as running, contextlib.ExitStack() as stack:
        eventually(lambda: fetch(port))
        at_the_door = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(64)]
        for number, one in enumerate(at_the_door):
            one.settimeout(10)
            path = "/busy" if number < THREADS else "/"
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        running.process.send_signal(signal.SIGTERM)
        assert [one.recv(12) for one in at_the_door] == [b"HTTP/1.1 200"] * len(at_the_door)
        assert running.ends(10) == 0


def test_nobody_is_let_in_any_more_while_the_last_are_answered(running: Supervised) -> None:
    def is_refused() -> bool:
        with socket.socket() as late:
            return late.connect_ex(("127.0.0.1", running.port)) == errno.ECONNREFUSED

    with under_way(running) as answer:
        running.process.send_signal(signal.SIGTERM)
        eventually(is_refused, 0.6)
        assert not answer.done()
    assert answer.result()
