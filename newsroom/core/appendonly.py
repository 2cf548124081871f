"""The database's own refusal to change or delete audit entries, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLE = "core_auditentry"
TRIGGERS = {"core_auditentry_no_update": "UPDATE", "core_auditentry_no_delete": "DELETE"}
MESSAGE = "audit entries are append-only"


def install(using: str = "default", **_kwargs: Any) -> None:
    """Create the triggers where they are missing; runs after every migration: SQLite drops them with a remade table.

    TRUNCATE is left to who owns the database: it cannot be told apart from throwing the table away.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION core_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"
            )
            for name, event in TRIGGERS.items():
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {TABLE} "
                    "FOR EACH ROW EXECUTE FUNCTION core_auditentry_refuse()"
                )
        elif connection.vendor == "sqlite":
            for name, event in TRIGGERS.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {TABLE} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def remove(using: str = "default") -> None:
    """Drop the triggers: for emptying a test database, and for nothing else."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def missing(using: str = "default") -> set[str]:
    """Return the names of triggers that should stand and do not."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # tgenabled "D": present, but switched off.
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'", [TABLE])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        return set(TRIGGERS) - {name for (name,) in cursor.fetchall()}
