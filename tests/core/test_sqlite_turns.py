"""Who writes next: threads of a process in line, processes side by side. Real threads, real processes, real files."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from pytest_django import DjangoDbBlocker

from newsroom.settings.base import SQLITE_OPTIONS

ALIAS = "turns"
ADD = "UPDATE tally SET number = number + 1"
# Adds to the tally in transactions of its own, as fast as it may, until its input ends; then says how often.
OTHER_PROCESS = """
import sys, threading
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "newsroom.core.sqlite", "NAME": sys.argv[1], "OPTIONS": %r}})
import django; django.setup()
from django.db import connection, transaction
print("ready", flush=True)
over, added = threading.Event(), 0
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
while not over.is_set():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number FROM tally")
        (number,) = cursor.fetchone()
        cursor.execute("UPDATE tally SET number = %%s", [number + 1])
    added += 1
print(added)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "turns.sqlite3"
    lay_out(path)
    return path


def lay_out(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE tally (number)")
        database.execute("INSERT INTO tally VALUES (0)")


@pytest.fixture
def timeout() -> float:
    return 20.0


@pytest.fixture(autouse=True)
def database(
    path: Path, timeout: float, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database of this test's own under ALIAS, with the product's settings."""
    options = {**SQLITE_OPTIONS, "timeout": timeout}
    settings = {"ENGINE": "newsroom.core.sqlite", "NAME": path, "OPTIONS": options, "CONN_MAX_AGE": None}
    monkeypatch.setitem(connections.settings, ALIAS, connections.configure_settings({"default": settings})["default"])
    with django_db_blocker.unblock():
        yield
        connections[ALIAS].close()
        del connections[ALIAS]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def tally(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as database:
        (number,) = database.execute("SELECT number FROM tally").fetchone()
    return int(number)


def add() -> None:
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(ADD)


def on_own_connection(act: Callable[[], Any]) -> Any:
    """Act in a thread of the pool, which leaves no connection behind."""
    try:
        return act()
    finally:
        connections[ALIAS].close()


@contextlib.contextmanager
def written_by_another(path: Path) -> Iterator[None]:
    """Write to the database, on a connection that takes no turns, for the length of the block."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("COMMIT")


def is_refused(started: Future[Any]) -> bool:
    return isinstance(started.exception(), OperationalError)


def test_threads_lose_nothing_of_each_other(path: Path, pool: ThreadPoolExecutor) -> None:
    def read_and_write() -> None:
        for _ in range(5):
            with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
                cursor.execute("SELECT number FROM tally")
                (number,) = cursor.fetchone()
                time.sleep(0)
                cursor.execute("UPDATE tally SET number = %s", [number + 1])

    for done in [pool.submit(on_own_connection, read_and_write) for _ in range(8)]:
        done.result()
    assert tally(path) == 40


def test_a_writer_comes_soon_after_whoever_it_waited_for(path: Path, pool: ThreadPoolExecutor) -> None:
    """SQLite alone looks after 128 ms, then after 178."""
    late = []
    for _ in range(3):
        with written_by_another(path):
            added = pool.submit(on_own_connection, lambda: (add(), time.monotonic()))
            time.sleep(0.135)
        free_at = time.monotonic()
        late.append(added.result()[1] - free_at)
        if late[-1] < 0.03:
            return
    pytest.fail(f"late by {late} s")


def test_processes_and_threads_get_their_turns_side_by_side(path: Path, pool: ThreadPoolExecutor) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS % (SQLITE_OPTIONS,), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        for done in [pool.submit(on_own_connection, add) for _ in range(40)]:
            done.result()
        others, _ = other.communicate("")
    assert int(others) > 0
    assert tally(path) == 40 + int(others)


def test_a_nested_block_stays_in_its_turn_and_the_next_one_begins_when_it_ends(path: Path) -> None:
    with transaction.atomic(using=ALIAS):
        with contextlib.suppress(ZeroDivisionError), transaction.atomic(using=ALIAS):
            add()
            raise ZeroDivisionError
        add()
    add()
    assert tally(path) == 2


@pytest.mark.parametrize(
    "end", [KeyboardInterrupt, lambda: connections[ALIAS].close(), lambda: connections[ALIAS].set_rollback(True)]
)
def test_however_a_transaction_ends_the_next_thread_writes(
    path: Path, pool: ThreadPoolExecutor, end: Callable[[], BaseException | None]
) -> None:
    with contextlib.suppress(KeyboardInterrupt), transaction.atomic(using=ALIAS):
        connections[ALIAS].cursor().execute(ADD)
        error = end()
        if error is not None:
            raise error
    pool.submit(on_own_connection, add).result()
    assert tally(path) == 1


def test_after_the_commit_others_write_before_the_hooks_are_done(path: Path, pool: ThreadPoolExecutor) -> None:
    with transaction.atomic(using=ALIAS):
        connections[ALIAS].cursor().execute(ADD)
        transaction.on_commit(lambda: pool.submit(on_own_connection, add).result(), using=ALIAS)
    assert tally(path) == 2


def test_readers_wait_for_no_turn(pool: ThreadPoolExecutor) -> None:
    def read() -> Any:
        return connections[ALIAS].cursor().execute("SELECT number FROM tally").fetchone()

    with transaction.atomic(using=ALIAS):
        connections[ALIAS].cursor().execute(ADD)
        assert pool.submit(on_own_connection, read).result(5) == (0,)


def test_what_writes_without_a_transaction_waits_for_one(path: Path, pool: ThreadPoolExecutor) -> None:
    def write() -> None:
        connections[ALIAS].cursor().execute(ADD)

    with transaction.atomic(using=ALIAS):
        connections[ALIAS].cursor().execute(ADD)
        written = pool.submit(on_own_connection, write)
        time.sleep(0.02)
        assert not written.done()
    written.result()
    assert tally(path) == 2


@pytest.mark.parametrize("timeout", [0.05])
class TestTimeout:
    def test_a_thread_is_told_that_the_database_is_locked(self, path: Path, pool: ThreadPoolExecutor) -> None:
        told = r"database is locked: no turn .* within 0\.05 s"
        with transaction.atomic(using=ALIAS), pytest.raises(OperationalError, match=told):
            pool.submit(on_own_connection, add).result()
        pool.submit(on_own_connection, add).result()
        assert tally(path) == 1

    def test_a_process_is_told_that_the_database_is_locked(self, path: Path) -> None:
        with written_by_another(path):
            began = time.monotonic()
            with pytest.raises(OperationalError, match="database is locked"):
                add()
            assert time.monotonic() - began >= 0.05
        add()
        assert tally(path) == 1

    def test_a_thread_that_waits_for_its_own_writer_is_told_and_both_go_on(
        self, path: Path, pool: ThreadPoolExecutor
    ) -> None:
        """A transaction that waits for what another thread is to write would otherwise wait for ever."""
        with transaction.atomic(using=ALIAS):
            assert is_refused(pool.submit(on_own_connection, add))
            connections[ALIAS].cursor().execute(ADD)
        assert tally(path) == 1

    def test_single_statements_keep_their_timeout(self, path: Path) -> None:
        add()
        (milliseconds,) = connections[ALIAS].cursor().execute("PRAGMA busy_timeout").fetchone()
        assert milliseconds == 50


@pytest.mark.parametrize("timeout", [2.0])
def test_a_fork_made_while_a_thread_writes_waits_for_no_thread_that_it_does_not_have(
    path: Path, pool: ThreadPoolExecutor
) -> None:
    writing, forked = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(using=ALIAS):
            connections[ALIAS].cursor().execute(ADD)
            writing.set()
            forked.wait(5)

    written = pool.submit(on_own_connection, write)
    assert writing.wait(5)
    child = os.fork()
    if child == 0:
        os._exit(written_anew(path))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    forked.set()
    written.result()


def written_anew(path: Path) -> int:
    """Write to another database under the same name, since SQLite itself keeps a fork out of the one it was in."""
    with contextlib.suppress(Exception):
        for file in path.parent.glob("turns*"):
            file.unlink()
        lay_out(path)
        add()
        return 0
    return 1
