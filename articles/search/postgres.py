"""Searching in PostgreSQL: a tsvector for each part of an entry, each with its GIN index."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from articles.models.search import quote
from articles.search.query import Query, Term


def holding(column: str, query: Query) -> RawSQL:
    """Return, as a subquery, the ids of the publications whose `column` of the entry answers the query."""
    statement = f"SELECT publication_id FROM articles_searchentry WHERE {column} @@ %s::tsquery"
    return RawSQL(statement, [match(query)])


def match(query: Query) -> str:
    """Return the query as a tsquery: every stem stands in quotes, so that none can be an operator."""
    parts = [phrase(term) for term in query.wanted]
    parts += [f"!({phrase(term)})" for term in query.unwanted]
    return " & ".join(parts)


def phrase(term: Term) -> str:
    """Return one term: stems that follow each other."""
    lexemes = [quote(stem) for stem in term.stems]
    if term.is_prefix:
        lexemes[-1] += ":*"
    return f"({' <-> '.join(lexemes)})"
