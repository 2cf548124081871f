"""Breaking one thing in a web process on purpose: a test that would not notice proves nothing."""

from __future__ import annotations

from typing import Any

from newsroom.core.pagecache import readers, state, watch


def commit(fault: str) -> None:
    """Break what `fault` names; "" breaks nothing."""
    if fault:
        FAULTS[fault]()


def keep_what_is_old() -> None:
    """Keep a page without asking whether something was written while it was made."""
    state.State._is_unchanged = lambda self, keys, noted: True  # type: ignore[method-assign]


def read_by_id() -> None:
    """Read the log of PostgreSQL as "a higher id than the last one"."""

    def read(self: Any, connection: Any) -> readers.News:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, keys FROM {readers.TABLE} WHERE id > %s ORDER BY id", [self._last])
            rows = cursor.fetchall()
        self._last = rows[-1][0] if rows else self._last
        return readers.keys_of(keys for _id, keys in rows)

    readers.PostgresReader._last = 0  # type: ignore[attr-defined]
    readers.PostgresReader._read = read  # type: ignore[method-assign]


def miss_a_bump() -> None:
    """Hear nothing of threads, as if no service bumped them."""
    keys_of = readers.keys_of

    def without_threads(texts: Any) -> readers.News:
        news = keys_of(texts)
        return readers.News(frozenset(key for key in news.keys if not key.startswith("thread:")), news.is_reset)

    readers.keys_of = without_threads


def poll_seldom() -> None:
    """Look at the log every three seconds."""
    watch.INTERVAL_SECONDS, watch.OVERDUE_SECONDS = 3.0, 5.0


FAULTS = {function.__name__: function for function in (keep_what_is_old, read_by_id, miss_a_bump, poll_seldom)}
