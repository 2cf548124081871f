"""Which connections are taken for slow ones, told by the kernel's own counts."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator

import pytest

from newsroom.serving import connections

HERE = "127.0.0.1"
WINDOW = 0.3


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server((HERE, 0)) as server:
        yield server


@contextlib.contextmanager
def pair(listener: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Yield a sender and the end of this process that receives."""
    with socket.create_connection(listener.getsockname()) as sender:
        receiver, _ = listener.accept()
        receiver.settimeout(2)
        with receiver:
            yield sender, receiver


def end_after_window(before: connections.Sample) -> int:
    """End what was slow since the sample."""
    time.sleep(WINDOW)
    return connections.end_slow(HERE, before, WINDOW - 0.05, 1000)


def inode(end: socket.socket) -> int:
    return os.fstat(end.fileno()).st_ino


def test_stalled_sender_is_ended_and_can_still_be_told(listener: socket.socket) -> None:
    with pair(listener) as (sender, receiver):
        sender.sendall(b"half a request")
        receiver.recv(100)
        before = connections.sample(HERE)
        assert inode(receiver) in before
        assert end_after_window(before) == 1
        assert receiver.recv(100) == b""
        receiver.sendall(b"too slow")
        assert sender.recv(100) == b"too slow"


def test_sender_at_a_fair_rate_is_not(listener: socket.socket) -> None:
    with pair(listener) as (sender, receiver):
        sender.sendall(b"x")
        before = connections.sample(HERE)
        sender.sendall(b"x" * 2000)
        assert end_after_window(before) == 0
        assert receiver.recv(1) == b"x"


def test_answered_connection_is_not(listener: socket.socket) -> None:
    with pair(listener) as (sender, receiver):
        sender.sendall(b"request")
        receiver.recv(100)
        time.sleep(0.05)
        receiver.sendall(b"answer")
        before = connections.sample(HERE)
        assert inode(receiver) not in before
        end_after_window(before)
        sender.sendall(b"next")
        assert receiver.recv(100) == b"next"


def test_connection_that_came_during_the_window_is_not(listener: socket.socket) -> None:
    before = connections.sample(HERE)
    with pair(listener) as (sender, _receiver):
        sender.sendall(b"half")
        assert end_after_window(before) == 0


def test_other_peers_are_left_alone(listener: socket.socket) -> None:
    with pair(listener) as (sender, _receiver):
        sender.sendall(b"half")
        assert connections.sample("192.0.2.1") == {}


def test_no_descriptor_is_left_open(listener: socket.socket) -> None:
    with pair(listener):
        before = set(os.listdir("/proc/self/fd"))
        for _ in range(5):
            connections.sample(HERE)
        assert len(os.listdir("/proc/self/fd")) <= len(before)
