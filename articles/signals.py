"""What happens after every migration."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from articles import database
from articles.models import SearchEntry
from articles.search import entries, sqlite


def guard_publications(*, using: str, **_kwargs: Any) -> None:
    """Install SQLite's triggers anew: the migration may have remade the table and dropped them."""
    database.install(using=using)


def prepare_search(*, using: str, **_kwargs: Any) -> None:
    """Set up SQLite's index in the same way; after an update from before there was searching, fill it."""
    sqlite.install(using=using)
    exists = SearchEntry._meta.db_table in connections[using].introspection.table_names()
    if exists and using == DEFAULT_DB_ALIAS and entries.is_empty(at=timezone.now()):
        entries.reindex(at=timezone.now())
