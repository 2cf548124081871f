"""Which published stories answer a query, in what order, and how they divide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import ModuleType

from django.db import connection
from django.db.models import Case, Count, F, Q, Value, When

from articles.models import ArticleKind, Publication
from articles.models.publication import PublicationQuerySet
from articles.search import postgres, query, sqlite
from articles.search.query import Query

LANGUAGES = ("id", "en")
PERIODS = {"week": timedelta(days=7), "month": timedelta(days=30), "year": timedelta(days=365)}
PAGE_SIZE = 10
# Nobody leafs back further than this; more words do.
PAGES = 50


@dataclass(frozen=True)
class Wish:
    """What a reader asks for; every value but the words is one of those on offer."""

    words: str
    # Of the stories: "id", "en", or "" for both.
    language: str = "id"
    section_id: int | None = None
    kind: str = ""
    # A key of PERIODS, or "".
    period: str = ""
    is_newest_first: bool = False

    @property
    def queries(self) -> dict[str, Query]:
        """Return the query in the stems of each language asked for."""
        languages = (self.language,) if self.language else LANGUAGES
        return {language: query.parse(self.words, language) for language in languages}

    @property
    def is_empty(self) -> bool:
        """Say whether there is no word to find."""
        return not all(self.queries.values())


@dataclass
class Findings:
    """How many stories answer, and how they divide: each count heeds every filter but its own."""

    total: int = 0
    sections: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def pages(self) -> int:
        """Return how many pages are offered; at least one."""
        return max(1, min(PAGES, -(-self.total // PAGE_SIZE)))


def backend() -> ModuleType:
    """Return the module that speaks the database's own language of searching."""
    return {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]


def answering(wish: Wish, *, at: datetime, column: str = "whole") -> PublicationQuerySet:
    """Return the live stories whose `column` answers the words, in the languages and the period asked for."""
    rows = Publication.objects.live(at).filter(_holding(wish, column))
    if wish.period:
        rows = rows.filter(first_published_at__gt=at - PERIODS[wish.period])
    return rows


def count(wish: Wish, *, at: datetime) -> Findings:
    """Count what answers. One query."""
    rows = answering(wish, at=at).order_by().values_list("section_id", "story_kind").annotate(number=Count("pk"))
    findings = Findings()
    for section_id, kind, number in rows:
        in_section = wish.section_id in (None, section_id)
        of_kind = wish.kind in ("", kind)
        findings.total += number * (in_section and of_kind)
        findings.kinds[kind] += number * in_section
        if section_id is not None:
            findings.sections[section_id] += number * of_kind
    return findings


def page_of(wish: Wish, number: int, *, at: datetime) -> list[int]:
    """Return the ids of the stories on page `number`, counted from 1. One query, which carries no text about.

    What has all words in its title comes first, then what has them at its head, then the rest; the newer first.
    """
    rows = answering(wish, at=at)
    if wish.section_id is not None:
        rows = rows.filter(section_id=wish.section_id)
    if wish.kind:
        rows = rows.filter(story_kind=wish.kind)
    newest = (F("first_published_at").desc(), F("pk").desc())
    order = newest if wish.is_newest_first else (_place(wish).asc(), *newest)
    start = (number - 1) * PAGE_SIZE
    return list(rows.order_by(*order).values_list("pk", flat=True)[start : start + PAGE_SIZE])


def _place(wish: Wish) -> Case:
    """Return where in the story the words stand: 0 in the title, 1 at the head, 2 anywhere."""
    return Case(
        When(_holding(wish, "title"), then=Value(0)), When(_holding(wish, "head"), then=Value(1)), default=Value(2)
    )


def _holding(wish: Wish, column: str) -> Q:
    """Return the condition that a story answers in `column`: each language is asked in its own stems."""
    either = Q()
    for language, parsed in wish.queries.items():
        either |= Q(language=language, pk__in=backend().holding(column, parsed))
    return either


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of pieces as (value, label)."""
    return [(str(value), str(label)) for value, label in ArticleKind.choices]
