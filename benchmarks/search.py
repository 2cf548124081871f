"""Searching many stories, beside searching few, on both databases.

`python -m benchmarks.search` runs it alone. Stories are inserted in bulk: copies of the demo's, each with words of its
own. Measured in Django without page cache or web server: counting what answers, and the first page of it.
"""

from __future__ import annotations

import copy
import json
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from tests import machine
from tests.journeys.newsroom_process import NewsroomProcess

if TYPE_CHECKING:
    from django.db.models import Model

FEW, MANY = 1_000, 20_000
# Stories that are published by the services; the rest are copies.
FIRST = 40
BATCH = 500
ROUNDS = 7
# A word in one story of sixteen, in every story, a phrase of every story, and what no story has.
WISHES = {
    "in 1 of 16 stories": "penanda3",
    "in every story": "penanda",
    "a phrase in every story": '"penanda berita"',
    "in none": "xylofonium",
}

# Milliseconds of counting and of the first page, and how many answer.
Times = dict[str, tuple[float, float, int]]


def measure() -> Chapter:
    """Search with few stories and with many; on PostgreSQL too where it is installed."""
    figures: list[Figure] = []
    lines = [f"| words, {MANY:,} stories | stories found | SQLite: count, page, ms | PostgreSQL: count, page, ms |"]
    lines += ["|---|---|---|---|"]
    found: dict[str, Times] = {}
    with tempfile.TemporaryDirectory(prefix="newsroom-search-") as folder, machine.postgres() as postgres:
        databases = {"SQLite": "", "PostgreSQL": machine.create_database(postgres, "newsroom")}
        for name, url in databases.items():
            newsroom = NewsroomProcess(Path(folder, name), url)
            newsroom.var.mkdir()
            scene.lay_out(newsroom)
            scene.stories(newsroom, FIRST)
            few, found[name] = search_in(newsroom, FEW), search_in(newsroom, MANY)
            figures += [compare(name, words, few, found[name]) for words in WISHES]
    for words in WISHES:
        cells = [f"{times[words][0]:.0f}, {times[words][1]:.0f}" for times in found.values()]
        lines.append(f"| {words} | {found['SQLite'][words][2]:,} | {' | '.join(cells)} |")
    return Chapter(f"Searching {MANY:,} stories", figures, lines)


def compare(database: str, words: str, few: Times, many: Times) -> Figure:
    """Return how much longer a search takes in many stories than in few."""
    return Figure(
        name=f"search, {words}, {database}",
        ours=sum(many[words][:2]),
        beside=sum(few[words][:2]),
        beside_name=f"with {FEW:,} stories",
        unit="ms",
    )


def search_in(newsroom: NewsroomProcess, stories: int) -> Times:
    """Fill the newsroom up to so many stories and search."""
    program = f"from benchmarks import search; search.fill({stories}); search.say()"
    times: Times = json.loads(newsroom.manage("shell", "--no-imports", "-c", program).splitlines()[-1])
    return times


def fill(stories: int) -> None:
    """Copy what is there until there are so many, with a sixteenth of the marks each. In Django."""
    from django.db import connection, transaction

    from articles.models import Article, Publication, SearchEntry
    from newsroom.core.text import stem

    entries = list(SearchEntry.objects.select_related("publication__article").order_by("pk")[:FIRST])
    marks = [stem(word, "id") for word in ("penanda", "berita")]
    numbers = iter(range(Publication.objects.count(), stories))
    while batch := list(islice(numbers, BATCH)):
        with transaction.atomic():
            rows = [_new(entries[number % len(entries)].publication) for number in batch]
            articles = Article.objects.bulk_create([_new(row.article) for row in rows])
            for number, row, article in zip(batch, rows, articles, strict=True):
                row.article, row.path = article, f"{row.path}{number}/"
            Publication.objects.bulk_create(rows)
            SearchEntry.objects.bulk_create(
                SearchEntry(
                    publication=row,
                    title=entries[number % len(entries)].title,
                    head=entries[number % len(entries)].head,
                    whole=[*entries[number % len(entries)].whole, *marks, stem(f"penanda{number % 16}", "id")],
                )
                for number, row in zip(batch, rows, strict=True)
            )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _new(row: Model) -> Any:
    """Return a copy of a row that is not in the database yet."""
    made = copy.copy(row)
    made.pk = None
    made._state = copy.copy(row._state)
    made._state.adding = True
    return made


def say() -> None:
    """Search for everything some times and print the medians. In Django."""
    from django.utils import timezone

    from articles.search import finding

    at = timezone.now()
    times = {}
    for name, words in WISHES.items():
        wish = finding.Wish(words)
        counting, paging = [], []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = finding.count(wish, at=at)
            counted = time.perf_counter()
            finding.page_of(wish, 1, at=at)
            counting.append((counted - began) * 1000)
            paging.append((time.perf_counter() - counted) * 1000)
        times[name] = [statistics.median(counting), statistics.median(paging), found.total]
    print(json.dumps(times))


if __name__ == "__main__":
    measured = measure()
    print("\n".join([*table(measured.figures), "", *measured.lines]))
