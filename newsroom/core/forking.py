"""What a process lets go of before others are forked from it."""

from __future__ import annotations

from django.db import connections


def let_go() -> None:
    """Close all connections to databases, pools included: two processes on one connection read each other's answers.

    `close_all` gives a pool's connection back and leaves it open, and the threads that feed the pool do not live on in
    a fork.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
