"""Reading the log of writes (`SurfaceLog`), each database by its own means.

A reader starts from now: what was written before its first poll is no news. It has a connection of its own, outside
the pool and of no thread; `watch.Watch` calls it from one thread at a time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# The table of SurfaceLog, by name: the layer is put together before models can be imported.
TABLE = "core_surfacelog"
# A poll that hangs longer counts as failed.
PATIENCE_SECONDS = 3


@dataclass(frozen=True)
class News:
    """What one poll found."""

    keys: frozenset[str] = frozenset()
    # Writes may have been missed: all that was kept must go.
    is_reset: bool = False


NOTHING = News()
RESET = News(is_reset=True)


class Reader(Protocol):
    """Where the log is read."""

    def poll(self) -> News:
        """Return what was committed since the last poll; RESET when that cannot be known. Raises database errors."""

    def close(self) -> None:
        """Let go of the connection; the next poll opens another and says RESET."""


def reader(alias: str = "default") -> Reader:
    """Return the reader that fits the database `alias`."""
    return PostgresReader(alias) if connections[alias].vendor == "postgresql" else SqliteReader(alias)


def own_connection(alias: str, **options: Any) -> BaseDatabaseWrapper:
    """Return a connection like Django's, outside the pool, that threads may share in turn."""
    model = connections[alias]
    given = {name: value for name, value in model.settings_dict["OPTIONS"].items() if name != "pool"}
    connection = type(model)({**model.settings_dict, "OPTIONS": {**given, **options}, "CONN_MAX_AGE": None}, alias)
    connection.inc_thread_sharing()
    return connection


def keys_of(texts: Iterable[Any]) -> News:
    """Return the news in the `keys` of rows, as JSON; one that nobody can read may name any surface."""
    found: set[str] = set()
    for text in texts:
        try:
            keys = json.loads(text) if isinstance(text, str) else text
        except ValueError:
            return RESET
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            return RESET
        found.update(keys)
    return News(frozenset(found)) if found else NOTHING


# The highest id ever given; it outlives pruned rows.
HIGHEST = f"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{TABLE}'"


class SqliteReader:
    """Reads by rising id: SQLite has one writer at a time, so ids appear in the order of commits."""

    def __init__(self, alias: str = "default") -> None:
        self._alias = alias
        self._connection: BaseDatabaseWrapper | None = None
        self._file: tuple[int, int] | None = None
        # What `PRAGMA data_version` said: it moves when another connection commits.
        self._version = -1
        self._last = 0

    def poll(self) -> News:
        """Return what was committed since the last poll."""
        if self._connection is None or self._file != self._file_now():
            return self._start()
        # Before the rows: what is committed between the two is read now and moves the version for the next poll.
        version = _number(self._connection, "PRAGMA data_version")
        if version == self._version:
            return NOTHING
        if _number(self._connection, HIGHEST) < self._last:
            # Another log in the same file.
            return self._start()
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT id, keys FROM {TABLE} WHERE id > %s ORDER BY id", [self._last])
            rows = cursor.fetchall()
        # The version is kept last: a poll that fails half-way is done again.
        self._last = rows[-1][0] if rows else self._last
        self._version = version
        return keys_of(keys for _id, keys in rows)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _start(self) -> News:
        self.close()
        # The file is looked at first: one that is put in its place while it is opened shows at the next poll.
        self._file = self._file_now()
        connection = own_connection(self._alias, timeout=PATIENCE_SECONDS)
        try:
            self._version = _number(connection, "PRAGMA data_version")
            self._last = _number(connection, HIGHEST)
        except Exception:
            connection.close()
            raise
        self._connection = connection
        return RESET

    def _file_now(self) -> tuple[int, int]:
        """Return device and inode of the database: a restored one is another file."""
        found = os.stat(connections[self._alias].settings_dict["NAME"])
        return found.st_dev, found.st_ino


def _number(connection: BaseDatabaseWrapper, query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        # To its end: a cursor left open would hold on to what the database was at that moment.
        ((number,),) = cursor.fetchall()
    return int(number)


# All transactions below the snapshot's xmin are over: their rows are visible now, or never. So the next poll looks at
# what has an xid from there on, and knows by id what it has counted. "id > last seen" would miss, for ever, a row whose
# transaction took its id early and commits late. The file number moves when the table is emptied or made anew.
POLL = f"""
WITH s AS MATERIALIZED (
    SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin, pg_relation_filenode('{TABLE}') AS file
)
SELECT s.xmin::text, s.file, l.id, l.xid::text, l.keys
FROM s LEFT JOIN {TABLE} l ON l.xid >= %s::text::xid8
"""
# Of another server, another promoted copy of it, or another database, nothing is known.
IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()),
       (SELECT oid FROM pg_database WHERE datname = current_database())
"""
XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"


class PostgresReader:
    """Reads by transaction: transactions commit in any order, whatever order they took their ids in."""

    def __init__(self, alias: str = "default") -> None:
        self._alias = alias
        self._connection: BaseDatabaseWrapper | None = None
        self._identity: Sequence[Any] | None = None
        # The xmin of the last poll's snapshot; kept in this process only.
        self._xmin = 0
        self._file: int | None = None
        # Rows counted whose xid is not below `_xmin`: the next poll meets them again.
        self._counted: set[int] = set()

    def poll(self) -> News:
        """Return what was committed since the last poll."""
        try:
            if self._connection is None:
                return self._start()
            return self._read(self._connection)
        except Exception:
            # The connection may be broken, or left inside something.
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection. The position is kept: the log is the same one if the server is."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _start(self) -> News:
        connection = own_connection(
            self._alias,
            connect_timeout=PATIENCE_SECONDS,
            options=f"-c statement_timeout={PATIENCE_SECONDS}s -c lock_timeout={PATIENCE_SECONDS}s",
            tcp_user_timeout=PATIENCE_SECONDS * 1000,
        )
        try:
            identity = self._row(connection, IDENTITY)
            is_known = identity == self._identity
            if not is_known:
                self._xmin, self._counted = int(self._row(connection, XMIN)[0]), set()
            news = self._read(connection)
        except Exception:
            connection.close()
            raise
        self._connection, self._identity = connection, identity
        return news if is_known else RESET

    def _read(self, connection: BaseDatabaseWrapper) -> News:
        with connection.cursor() as cursor:
            cursor.execute(POLL, [str(self._xmin)])
            rows = cursor.fetchall()
        xmin, file = int(rows[0][0]), rows[0][1]
        found = {row[2]: (int(row[3]), row[4]) for row in rows if row[2] is not None}
        is_other_log = xmin < self._xmin or file != self._file
        fresh = [keys for id, (_xid, keys) in found.items() if id not in self._counted]
        self._xmin, self._file = xmin, file
        self._counted = {id for id, (xid, _keys) in found.items() if xid >= xmin}
        return RESET if is_other_log else keys_of(fresh)

    def _row(self, connection: BaseDatabaseWrapper, query: str) -> Sequence[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            row: Sequence[Any] = cursor.fetchone()
        return row
