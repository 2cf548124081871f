"""Counting how often stories are read, and nothing about who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from articles.models import Article, Visits
from newsroom.core import surfaces

KEEP = timedelta(days=400)
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


def forget(*, at: datetime) -> int:
    """Delete what was counted more than 400 days ago; return how many rows. The worker calls it four times a day."""
    deleted, _ = Visits.objects.filter(hour__lt=at - KEEP).delete()
    return deleted
