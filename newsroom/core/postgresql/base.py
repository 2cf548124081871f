"""Django's PostgreSQL, with a pool that notices when the server is away, and when it is back.

A pool hands out connections that the server has closed long since, and lets every thread wait for a server that is
away until none is left for the readers of kept pages. Both are looked at here, without asking the server anything.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import PoolTimeout


class Door:
    """Lets one thread at a time try while the server is away; the others are told at once."""

    def __init__(self) -> None:
        self._is_away = False
        self._trying = threading.Lock()
        # Attempts to connect that had failed when a thread last waited in vain.
        self._failures = 0

    @contextlib.contextmanager
    def passed(self, pool: Any) -> Iterator[None]:
        """Take a connection of the pool in this block. Raises OperationalError when another thread is trying."""
        is_trying = self._is_away
        if is_trying and not self._trying.acquire(blocking=False):
            raise OperationalError("The database is away; another thread is trying it.")
        try:
            yield
            self._is_away = False
        except PoolTimeout:
            # A pool whose connections are all busy has failed at nothing: those who wait there may have luck.
            failures = pool.get_stats().get("connections_errors", 0)
            self._is_away = is_trying or failures > self._failures
            self._failures = failures
            raise
        finally:
            if is_trying:
                self._trying.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection, from a pool where the settings name one."""

    # By alias, as Django keeps its pools.
    _doors: ClassVar[dict[str, Door]] = {}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that the server has not closed."""
        pool = self.pool
        if not pool:
            return super().get_new_connection(conn_params)
        with self._doors.setdefault(self.alias, Door()).passed(pool):
            while is_hung_up(connection := super().get_new_connection(conn_params)):
                # The pool throws closed ones away, and opens another.
                connection.close()
                pool.putconn(connection)
            return connection


def is_hung_up(connection: Connection[Any]) -> bool:
    """Say whether the server has spoken on an idle connection, as it does to end it. The kernel knows."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
