"""Counting how often stories are read, and nothing about who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from articles.models import Article, Visits
from newsroom.core import surfaces

KEEP = timedelta(days=400)
# What the desk calls lately. Visits are kept by the hour: those of the hour that began before it are left out.
LATELY = timedelta(hours=24)
# Rows in one statement; three parameters each.
BATCH = 1000
ADD = """
INSERT INTO articles_visits (article_id, hour, count) VALUES {rows}
ON CONFLICT (article_id, hour) DO UPDATE SET count = articles_visits.count + excluded.count
"""


def write_down(counts: Mapping[str, int], *, at: datetime) -> None:
    """Add visits to the hour of `at`. `counts`: the surface of a story (surfaces.article) -> how many.

    Nothing that readers see changes, so no surface does. Rows are locked in the order of their stories, whoever
    writes: two processes never wait for each other in a ring. Stories that are gone are left out.
    """
    numbers = {article_id: count for name, count in counts.items() if (article_id := _article_id(name))}
    hour = connection.ops.adapt_datetimefield_value(at.replace(minute=0, second=0, microsecond=0))
    ordered = sorted(numbers)
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(ordered), BATCH):
            known = Article.objects.filter(pk__in=ordered[start : start + BATCH]).order_by("pk")
            rows = [(article_id, hour, numbers[article_id]) for article_id in known.values_list("pk", flat=True)]
            if rows:
                cursor.execute(
                    ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(rows))), [value for row in rows for value in row]
                )


def _article_id(name: str) -> int | None:
    """Return the story whose surface this is; None for another kind of surface."""
    number = name.rpartition(":")[2]
    return int(number) if number.isdecimal() and surfaces.article(int(number)) == name else None


@dataclass(frozen=True)
class Counted:
    """How often a story was asked for."""

    lately: int
    # Since visits are kept.
    ever: int


class ReadStory(NamedTuple):
    """How often a story was read lately."""

    article: int
    title: str
    total: int


def of(article_id: int, *, at: datetime) -> Counted:
    """Return how often one story was read. One query."""
    lately = Sum("count", filter=Q(hour__gt=at - LATELY))
    found = Visits.objects.filter(article=article_id).aggregate(lately=lately, ever=Sum("count"))
    return Counted(int(found["lately"] or 0), int(found["ever"] or 0))


def most_read(stories: QuerySet[Article], *, at: datetime, number: int) -> list[ReadStory]:
    """Return which of `stories` were read most lately, the most read first. One query."""
    lately = Visits.objects.filter(hour__gt=at - LATELY, article__in=stories.order_by().values("pk"))
    totals = lately.values("article", "article__title").annotate(total=Sum("count")).order_by("-total", "-article")
    return [ReadStory(*row) for row in totals.values_list("article", "article__title", "total")[:number]]


def forget(*, at: datetime) -> int:
    """Delete what was counted more than 400 days ago; return how many rows. The worker calls it four times a day."""
    deleted, _ = Visits.objects.filter(hour__lt=at - KEEP).delete()
    return deleted
