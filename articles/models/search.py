"""What searching reads: the stems of each story that readers see or will see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models.publication import Publication

# Parts that stand one after another without belonging together; no query holds it, so no phrase reaches across.
GAP = "\ue000"


class StemsField(models.Field):  # type: ignore[type-arg]
    """The stems of a text in order, a list of words: a tsvector with places on PostgreSQL, words and blanks on SQLite.

    Written, and never read as such: articles.search asks the index that the database keeps of it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type; no import of PostgreSQL's own fields, which fails where psycopg is missing."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        """Return how a statement names the value."""
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Sequence[str], connection: BaseDatabaseWrapper, prepared: bool = False) -> str:
        """Return the value as the column takes it; PostgreSQL (datatype-textsearch) counts places from 1."""
        if connection.vendor != "postgresql":
            return " ".join(value)
        return " ".join(f"{quote(stem)}:{place}" for place, stem in enumerate(value, start=1))


def quote(stem: str) -> str:
    """Return a lexeme as PostgreSQL's tsvector and tsquery read it, whatever letters it has."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"


class SearchEntry(models.Model):
    """One publication's stems, from its title alone to all of it. Whether readers see it, `live(at)` says.

    The indexes stand beside the model: GIN on PostgreSQL (a migration), FTS5 on SQLite (articles.search.sqlite).
    """

    publication = models.OneToOneField(
        Publication, primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    title = StemsField()
    # Title, kicker, standfirst, names and topics.
    head = StemsField()
    # All of it.
    whole = StemsField()

    def __str__(self) -> str:
        return str(self.publication_id)
