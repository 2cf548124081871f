"""A pool of connections whose server ends them, goes away, and comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from psycopg_pool import PoolTimeout
from pytest_django import DjangoDbBlocker

from newsroom.core.postgresql.base import DatabaseWrapper, Door
from tests.machine import free_port

pytestmark = pytest.mark.postgresql


def wrapper(most: int = 2, **changes: Any) -> DatabaseWrapper:
    """Return a connection of a pool of its own with at most so many, which threads may share."""
    settings = {**connections["default"].settings_dict, "NAME": "postgres", "CONN_MAX_AGE": 0, **changes}
    pool = {"min_size": 1, "max_size": most, "timeout": 1, "reconnect_timeout": 1}
    settings["OPTIONS"] = {**settings["OPTIONS"], "connect_timeout": 1, "pool": pool}
    made = DatabaseWrapper(settings, "pooled")
    made.inc_thread_sharing()
    return made


@pytest.fixture(autouse=True)
def unblocked(django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(DatabaseWrapper, "_doors", {})
    with django_db_blocker.unblock():
        yield


def backend(pooled: DatabaseWrapper) -> int:
    """Return the process of the server that answers a query."""
    with pooled.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_that_the_server_ended_is_not_handed_out():
    pooled = wrapper(most=1)
    try:
        first = backend(pooled)
        pooled.close()
        assert backend(pooled) == first, "it is kept"
        pooled.close()
        with psycopg.connect(**connections["default"].get_connection_params() | {"dbname": "postgres"}) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
        assert backend(pooled) != first
    finally:
        pooled.close()
        pooled.close_pool()


def test_one_thread_alone_waits_for_a_server_that_is_away(monkeypatch: pytest.MonkeyPatch):
    pooled = wrapper(HOST="127.0.0.1", PORT=str(free_port()))
    try:
        with pytest.raises(OperationalError):
            pooled.ensure_connection()
        other = wrapper(HOST="127.0.0.1", PORT=pooled.settings_dict["PORT"])

        def wait() -> None:
            with pytest.raises(OperationalError):
                pooled.ensure_connection()

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.3)
        began = time.monotonic()
        with pytest.raises(OperationalError, match="another thread"):
            other.ensure_connection()
        assert time.monotonic() - began < 0.3
        waiting.join()
    finally:
        pooled.close_pool()


class Pool:
    """A pool that has failed to connect so many times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def get_stats(self) -> dict[str, int]:
        return {"connections_errors": self.failures}


def wait_in_vain(door: Door, pool: Pool) -> None:
    with pytest.raises(PoolTimeout), door.passed(pool):
        raise PoolTimeout


def test_a_pool_that_is_busy_turns_nobody_away():
    door = Door()
    wait_in_vain(door, Pool(0))
    with door.passed(Pool(0)), door.passed(Pool(0)):
        pass


def test_the_first_who_has_luck_opens_the_door_to_all():
    door = Door()
    wait_in_vain(door, Pool(3))
    with door.passed(Pool(3)), pytest.raises(psycopg.OperationalError), door.passed(Pool(3)):
        pass
    with door.passed(Pool(3)), door.passed(Pool(3)):
        pass
