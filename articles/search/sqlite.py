"""Searching in SQLite: an FTS5 table over the entries, kept in step by triggers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext

from articles.search.query import Query, Term

ENTRIES = "articles_searchentry"
INDEX = "articles_searchindex"

# Stems are compared as they are. Co: the gap between parts counts as a word, or phrases would reach across it.
CREATE = f"""
CREATE VIRTUAL TABLE {INDEX} USING fts5(
    title, head, whole, content='{ENTRIES}', content_rowid='publication_id', columnsize=0,
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co'"
)
"""
# FTS5 (sqlite.org/fts5.html, 4.4.3): an index over another table is told what it held before.
FORGET = f"""
INSERT INTO {INDEX}({INDEX}, rowid, title, head, whole)
VALUES ('delete', OLD.publication_id, OLD.title, OLD.head, OLD.whole);
"""
LEARN = f"""
INSERT INTO {INDEX}(rowid, title, head, whole) VALUES (NEW.publication_id, NEW.title, NEW.head, NEW.whole);
"""
TRIGGERS = {
    "search_entry_insert": f"CREATE TRIGGER search_entry_insert AFTER INSERT ON {ENTRIES} BEGIN {LEARN} END",
    "search_entry_delete": f"CREATE TRIGGER search_entry_delete AFTER DELETE ON {ENTRIES} BEGIN {FORGET} END",
    "search_entry_update": f"CREATE TRIGGER search_entry_update AFTER UPDATE ON {ENTRIES} BEGIN {FORGET} {LEARN} END",
}


def install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Set up the index and its triggers, which a remade table loses; a new index takes in what is there."""
    connection = connections[using]
    names = connection.introspection.table_names()
    if connection.vendor != "sqlite" or ENTRIES not in names:
        return
    with connection.cursor() as cursor:
        if INDEX not in names:
            cursor.execute(CREATE)
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")
        for name, statement in TRIGGERS.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def missing(*, using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Return the names of index and triggers that the database lacks; none before the entries exist."""
    connection = connections[using]
    if connection.vendor != "sqlite" or ENTRIES not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master")
        return {INDEX, *TRIGGERS} - {name for (name,) in cursor.fetchall()}


def check_index(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Say so when published stories cannot be found. A warning, since an error would keep `migrate` from mending it."""
    return [
        checks.Warning(
            gettext("Searching in database “%(using)s” lacks: %(names)s.")
            % {"using": using, "names": ", ".join(sorted(names))},
            hint=gettext("Run “manage.py migrate”, then “manage.py reindex”."),
            id="articles.W002",
        )
        for using in databases or ()
        if (names := missing(using=using))
    ]


def holding(column: str, query: Query) -> RawSQL:
    """Return, as a subquery, the ids of the publications whose `column` of the entry answers the query."""
    # FTS5 reads a filter of columns before the whole of an expression in brackets.
    expression = f"{column} : ({match(query)})"
    return RawSQL(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", [expression])


def match(query: Query) -> str:
    """Return the query as FTS5 reads it: every stem stands in quotes, so that none can be an operator."""
    wanted = " AND ".join(phrase(term) for term in query.wanted)
    if not query.unwanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(phrase(term) for term in query.unwanted)})"


def phrase(term: Term) -> str:
    """Return one term as an FTS5 string."""
    words = " ".join(term.stems).replace('"', '""')
    return f'"{words}"' + (" *" if term.is_prefix else "")
