"""Long threads: the first page of many comments beside that of few, and a decision on a whole branch.

`python -m benchmarks.threads` runs it alone. Measured in Django, on both databases, without page cache or web server;
`benchmarks.cold_path` asks for the whole page of a story with 5,000 comments.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from tests import machine
from tests.journeys.newsroom_process import NewsroomProcess

# Comments in a thread; replies below a root that turns out to be spam.
THREADS = (50, 5_000, 50_000)
BRANCHES = (25, 2_500)
ROUNDS = 9
DECISIONS = 5
# A page of a thread takes as long as what stands on it, whatever comes after.
LONG_THREAD = 1.5

# Milliseconds: of each thread's first page; of each branch's decision and of undoing it, with their statements.
Times = dict[str, list[list[float]]]


def measure() -> Chapter:
    """Read and decide on both databases."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="newsroom-threads-") as folder, machine.postgres() as postgres:
        databases = {"SQLite": "", "PostgreSQL": machine.create_database(postgres, "newsroom")}
        for name, url in databases.items():
            newsroom = NewsroomProcess(Path(folder, name), url)
            newsroom.var.mkdir()
            scene.lay_out(newsroom)
            said = newsroom.manage("shell", "--no-imports", "-c", "from benchmarks import threads; threads.say()")
            figures += compare(name, json.loads(said.splitlines()[-1]))
    return Chapter("Long threads", figures)


def compare(database: str, times: Times) -> list[Figure]:
    """Return the figures of one database."""
    few, *more = times["pages"]
    figures = [
        Figure(
            name=f"first page of {comments:,} comments, {database}",
            ours=statistics.median(taken),
            beside=statistics.median(few),
            beside_name=f"of {THREADS[0]} comments",
            unit="ms",
            ratios=tuple(mine / its for mine, its in zip(taken, few, strict=True)),
            goal=LONG_THREAD,
            kind="most",
        )
        for comments, taken in zip(THREADS[1:], more, strict=True)
    ]
    (small, small_undo, small_count), (large, large_undo, large_count) = times["branches"]
    verdicts = [("spam over", large, small, "ms"), ("undoing that over", large_undo, small_undo, "ms")]
    verdicts.append(("statements of spam over", large_count, small_count, "statements"))
    for what, ours, beside, unit in verdicts:
        figures.append(
            Figure(
                name=f"{what} {BRANCHES[1]:,} replies, {database}",
                ours=ours,
                beside=beside,
                beside_name=f"over {BRANCHES[0]} replies",
                unit=unit,
                # Statements do not grow; time may grow with the rows that change.
                goal=1 if unit == "statements" else None,
                kind="most",
            )
        )
    return figures


def say() -> None:
    """Read threads and decide on branches; print what it took. In Django."""
    print(json.dumps({"pages": pages(), "branches": [branch(replies) for replies in BRANCHES]}))


def pages() -> list[list[float]]:
    """Return the milliseconds of each thread's first page, some rounds of all in turn."""
    from django.utils import timezone

    from articles.models import Publication
    from comments import tree

    paths = [scene.publish_with_comments(comments, scene.REPLIES)[0] for comments in THREADS]
    ids = [Publication.objects.get(path=path).article_id for path in paths]
    at = timezone.now()
    taken: list[list[float]] = [[] for _ in ids]
    for number in range(ROUNDS + 1):
        for article_id, milliseconds in zip(ids, taken, strict=True):
            began = time.perf_counter()
            tree.page(article_id, at=at)
            if number:
                milliseconds.append((time.perf_counter() - began) * 1000)
    return taken


def branch(replies: int) -> tuple[float, float, int]:
    """Return the milliseconds of filing a root with replies as spam and of undoing that, and the statements it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from articles.models import Publication
    from comments.models import Comment, Decision
    from comments.moderation import desk
    from tests.comments.factories import build_thread
    from tests.factories import person

    story = Publication.objects.get(path=scene.publish(1)[0]).article
    thread = build_thread(story, roots=1, replies=replies, at=timezone.now())
    root = Comment.objects.get(thread=thread, parent=None)
    deciding, undoing, statements = [], [], 0
    for _ in range(DECISIONS):
        root.refresh_from_db()
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as caught:
            desk.spam(root.pk, version=root.version, by=person("mo"), at=timezone.now())
        decided = time.perf_counter()
        decision = Decision.objects.filter(comment=root).latest("pk")
        again = time.perf_counter()
        desk.undo(decision.pk, by=person("mo"), at=timezone.now())
        undoing.append((time.perf_counter() - again) * 1000)
        deciding.append((decided - began) * 1000)
        statements = len(caught)
    return statistics.median(deciding), statistics.median(undoing), statements


if __name__ == "__main__":
    found = measure()
    print("\n".join([*table(found.figures), "", *found.lines]))
