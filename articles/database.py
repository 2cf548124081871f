"""What SQLite needs to hold of publications what PostgreSQL holds by constraint: triggers.

A migration that remakes the table drops its triggers without a word, so they are installed after every migration, and a
system check looks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext

TABLE = "articles_publication"

# Columns of Publication that never change; articles/migrations names the same ones for PostgreSQL.
FACTS = (
    "article_id",
    "revision_id",
    "kind",
    "takes_over",
    "visible_from",
    "first_published_at",
    "substantive_at",
    "change_note",
    "ground",
    "public_reason",
    "by_id",
    "created_at",
)

# Half-open ranges, as in PostgreSQL: one row may begin where another ends. Times compare as text, which Django writes
# in one format, with the fraction left out when it is zero: the shorter text sorts first, as it should.
OVERLAP = f"""
SELECT RAISE(ABORT, 'publication_no_overlap') WHERE EXISTS (
    SELECT 1 FROM {TABLE}
    WHERE article_id = NEW.article_id AND id IS NOT {{self}} AND voided_at IS NULL
    AND visible_from < NEW.visible_until AND visible_until > NEW.visible_from
);
"""

TRIGGERS = {
    "publication_no_overlap_insert": f"""
        CREATE TRIGGER publication_no_overlap_insert BEFORE INSERT ON {TABLE}
        WHEN NEW.voided_at IS NULL BEGIN {OVERLAP.format(self="NULL")} END
    """,
    "publication_no_overlap_update": f"""
        CREATE TRIGGER publication_no_overlap_update
        BEFORE UPDATE OF article_id, visible_from, visible_until, voided_at ON {TABLE}
        WHEN NEW.voided_at IS NULL BEGIN {OVERLAP.format(self="OLD.id")} END
    """,
    "publication_facts": f"""
        CREATE TRIGGER publication_facts BEFORE UPDATE ON {TABLE}
        WHEN {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FACTS)}
        OR (OLD.voided_at IS NOT NULL
            AND (NEW.voided_at IS NOT OLD.voided_at OR NEW.void_cause IS NOT OLD.void_cause))
        OR (OLD.suppressed_at IS NOT NULL AND NEW.suppressed_at IS NOT OLD.suppressed_at)
        BEGIN SELECT RAISE(ABORT, 'publication_facts'); END
    """,
}


def install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Install the triggers as they stand here, in the place of older ones; does nothing on PostgreSQL."""
    connection = connections[using]
    if connection.vendor != "sqlite" or TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for name, statement in TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def missing(*, using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Return the names of constraints and triggers that the database lacks; none before the table exists."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return set()
    queries = {
        "sqlite": ("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", set(TRIGGERS)),
        "postgresql": (
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
            " UNION SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass",
            {"publication_no_overlap", "publication_facts"},
        ),
    }
    query, wanted = queries[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, [TABLE] * query.count("%s"))
        return wanted - {name for (name,) in cursor.fetchall()}


def check_guards(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Say so when publications stand unguarded. A warning, since an error would keep `migrate` from mending it."""
    return [
        checks.Warning(
            gettext("The publications of database “%(using)s” stand unguarded: %(names)s missing.")
            % {"using": using, "names": ", ".join(sorted(names))},
            hint=gettext("Run “manage.py migrate”: it installs them."),
            id="articles.W001",
        )
        for using in databases or ()
        if (names := missing(using=using))
    ]
