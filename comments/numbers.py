"""The ids of comments, known before the row: a comment's path ends in its own."""

from __future__ import annotations

from django.db import connection

# SQLite: taken when the row is stored; only one transaction writes at a time, so nobody else stores one in between.
NEXT = {
    "postgresql": "SELECT nextval(pg_get_serial_sequence('comments_comment', 'id'))",
    "sqlite": "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'comments_comment'",
}


def following() -> int:
    """Return the id for the comment that this transaction is about to store."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT[connection.vendor])
        (number,) = cursor.fetchone()
    return int(number)
