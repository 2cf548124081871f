"""System checks of the kernel: what must be true of the database and of the libraries before anything serves."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.core import appendonly, csp

# Seconds a writer may wait for SQLite's lock.
SQLITE_TIMEOUT = 20
# The page cache relies on transactions ending: an idle one must be cut off within this many milliseconds.
IDLE_TRANSACTION_MAX = 600_000


@register(Tags.security)
def check_editor_version(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The style hash in the policy belongs to one version of the editor."""
    installed = version("django-prose-editor")
    if installed == csp.EDITOR_VERSION:
        return []
    return [
        Error(
            f"The editor's style hash is that of django-prose-editor {csp.EDITOR_VERSION}, installed is {installed}.",
            hint="Install the pinned requirements; or find the new hash in the browser's console and set it in "
            "newsroom.core.csp with the version.",
            id="core.E001",
        )
    ]


@register(Tags.database)
def check_databases(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """What the settings ask of the database must really be in force on a connection."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            if connection.vendor == "sqlite":
                messages += check_sqlite(connection)
            elif connection.vendor == "postgresql":
                messages += check_postgresql(connection)
            messages += check_append_only(alias)
        except DatabaseError as error:
            messages.append(
                Error(
                    f"The database does not answer: {type(error).__name__}.",
                    hint="Start it, or correct DATABASE_URL.",
                    id="core.E002",
                )
            )
    return messages


def check_sqlite(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """WAL, FULL, IMMEDIATE, 20 s: without them concurrent posts fail, or an acknowledged commit can be lost."""
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        return []
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    transaction_mode = getattr(connection, "transaction_mode", None)
    complaints = {
        "core.E003": ("journal_mode is not WAL", found["journal_mode"] != "wal"),
        "core.E004": ("synchronous is not FULL", found["synchronous"] < 2),
        "core.E005": ("transaction_mode is not IMMEDIATE", transaction_mode not in ("IMMEDIATE", "EXCLUSIVE")),
        "core.E006": (f"the timeout is below {SQLITE_TIMEOUT} s", found["busy_timeout"] < SQLITE_TIMEOUT * 1000),
        "core.E007": ("foreign_keys is off", not found["foreign_keys"]),
    }
    hint = "Use SQLITE_OPTIONS of newsroom.settings.base; WAL needs a local disk, not a network share."
    return [Error(f"SQLite: {text}.", hint=hint, id=id) for id, (text, is_bad) in complaints.items() if is_bad]


def check_postgresql(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Version 15 at least, and no transaction may idle for long."""
    messages: list[CheckMessage] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, setting::bigint FROM pg_settings "
            "WHERE name = 'idle_in_transaction_session_timeout'"
        )
        server_version, idle_limit = cursor.fetchone()
    if server_version < 150_000:
        messages.append(
            Error("PostgreSQL is older than 15.", hint="Move the database to PostgreSQL 15 or newer.", id="core.E008")
        )
    if not 0 < idle_limit <= IDLE_TRANSACTION_MAX:
        messages.append(
            Error(
                "PostgreSQL: idle_in_transaction_session_timeout is off or above 10 minutes.",
                hint="Use the options of newsroom.env.postgres, or ALTER ROLE ... SET "
                "idle_in_transaction_session_timeout = '60s'.",
                id="core.E009",
            )
        )
    return messages


def check_append_only(alias: str) -> list[CheckMessage]:
    """The triggers that protect the audit log must stand."""
    missing = appendonly.missing(alias)
    if not missing:
        return []
    return [
        Error(
            f"The audit log is not protected: {', '.join(sorted(missing))} missing.",
            hint="Run manage.py migrate; it installs the triggers again.",
            id="core.E010",
        )
    ]
