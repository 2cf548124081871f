"""Django's SQLite, with connections that outlive a request, and with turns for those who write.

Opening a connection costs more than all queries of most pages. Kept ones go through Django's health check at the start
of each request, which for SQLite asks nothing; here it notices that the database was restored, that is, has become
another file. What would be written to the former one would be lost.

SQLite lets one transaction write at a time. Whoever finds it busy sleeps, for longer each time, so that who came last
goes first: of sixteen at once, the unluckiest waited for two seconds. Here the threads of a process stand in line, and
the first of them looks again every millisecond whether other processes are done (measured: 0.1 s, and more in all).

Moments are read on the short way: a list of stories has hundreds, at 4 us each.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, operations

# Between two looks at a database to which another process writes. Rarer, and it lies idle; more often gains nothing.
PAUSE_SECONDS = 0.001

# Path of a database -> held by the thread of this process that writes to it, or waits for another process.
_turns: dict[str, threading.Lock] = {}
# The threads that held them do not live on in a fork.
os.register_at_fork(after_in_child=_turns.clear)


class DatabaseOperations(operations.DatabaseOperations):
    """What SQLite's values mean."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return a stored moment: text in ISO 8601, or what the driver made of it, without an offset in the zone of
        the connection.
        """
        if value is None:
            return None
        found = value
        if isinstance(value, str):
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                return super().convert_datetimefield_value(value, expression, connection)
        return found if found.tzinfo else found.replace(tzinfo=self.connection.timezone)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to one file, to be used for as long as that file stands under its name."""

    ops_class = DatabaseOperations
    _file: tuple[int, int] | None = None
    # Held while a transaction is open.
    _turn: threading.Lock | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database and remember which file it is."""
        # Asked first: a file put there meanwhile must not pass for the one that is opened.
        self._file = self._file_now()
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Say whether the file that is open still is the database."""
        return self._file == self._file_now()

    def _file_now(self) -> tuple[int, int] | None:
        """Return device and inode of the database; None for one in memory or gone."""
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino

    # Turns. What writes without a transaction takes none: it is a statement long, and waits as SQLite has it wait.

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction when its turn has come.

        Raises OperationalError when that is not within the connection's timeout, be it for a thread or a process.
        """
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        seconds = self.settings_dict["OPTIONS"].get("timeout", 5.0)
        deadline = time.monotonic() + seconds
        turn = _turns.setdefault(str(self.settings_dict["NAME"]), threading.Lock())
        if not turn.acquire(timeout=seconds):
            raise OperationalError(
                f"database is locked: no turn among the threads of this process within {seconds:g} s"
            )
        self._turn = turn
        try:
            self._begin(deadline, seconds)
        except BaseException:
            self._end_turn()
            raise

    def _begin(self, deadline: float, seconds: float) -> None:
        """Begin a transaction as soon as no other process writes; SQLite itself is told not to wait."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                    return
                except OperationalError as error:
                    if not is_busy(error) or time.monotonic() >= deadline:
                        raise
                time.sleep(PAUSE_SECONDS)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _set_autocommit(self, autocommit: bool) -> None:
        """End the turn: Django sets autocommit last of all in an outermost transaction, however that ended."""
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]
        finally:
            if autocommit:
                self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()


def is_busy(error: OperationalError) -> bool:
    """Say whether SQLite refused because another connection writes."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    # The higher bits say more: that the other one recovers the log, and so on.
    return bool(code & 0xFF == sqlite3.SQLITE_BUSY)
