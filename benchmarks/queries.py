"""Queries and bytes of each page, with little in the newsroom and with much: neither may grow with what is not shown.

`python -m benchmarks.queries` runs it alone. The pages are asked of Django itself, without the page cache.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from tests.journeys.newsroom_process import NewsroomProcess

# Stories, and comments below the one that is opened; first and then.
FEW, MANY = (25, 50), (225, 1_000)

# Runs inside Django, on the newsroom's database. {path} is the story that is opened.
COUNT = """
import json
import brotli
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from articles.models import Article, Publication
from newsroom.core.models import User

story = Publication.objects.select_related("section").get(path={path!r})
contributor = story.article.bylines.get().contributor.slug
topic = story.article.article_topics.get().topic.slug
pages = {{
    "front page": "/",
    "section": f"/{{story.section.slug}}/",
    "topic": f"/topik/{{topic}}/",
    "contributor": f"/penulis/{{contributor}}/",
    "story with its thread": story.path,
    "search": "/cari/?q=laut",
    "feed": "/feed/atom/",
    "desk: list of stories": "/admin/articles/article/",
    "desk: a story in the editor": f"/admin/articles/article/{{story.article_id}}/change/",
    "desk: moderation queue": "/admin/comments/comment/queue/",
}}
boss, _ = User.objects.get_or_create(username="boss", defaults={{"is_staff": True, "is_superuser": True}})
clients = {{False: Client(headers={{"host": "localhost"}}), True: Client(headers={{"host": "localhost"}})}}
clients[True].force_login(boss)
counted = {{}}
for name, path in pages.items():
    client = clients[name.startswith("desk")]
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    counted[name] = [answer.status_code, len(queries), len(body), len(brotli.compress(body, quality=5))]
print(json.dumps(counted))
"""

# Status, queries, bytes of the page, bytes as brotli.
Counts = dict[str, tuple[int, int, int, int]]


def count(newsroom: NewsroomProcess, path: str) -> Counts:
    """Ask every page once it is warm. Raises RuntimeError where one is not there."""
    said = newsroom.manage("shell", "--no-imports", "-c", COUNT.format(path=path))
    counted: Counts = json.loads(said.splitlines()[-1])
    if missing := [name for name, (status, *_) in counted.items() if status != 200]:
        raise RuntimeError(f"Not to be had: {', '.join(missing)}.")
    return counted


def fill(newsroom: NewsroomProcess, stories: int, comments: int) -> str:
    """Publish so many stories more, the last of them with a thread; return its path."""
    scene.stories(newsroom, stories - 1)
    return scene.story_with_comments(newsroom, comments)


def measure() -> Chapter:
    """Count with little, then with much."""
    with tempfile.TemporaryDirectory(prefix="newsroom-queries-") as folder:
        newsroom = NewsroomProcess(Path(folder))
        scene.lay_out(newsroom)
        few = count(newsroom, fill(newsroom, *FEW))
        many = count(newsroom, fill(newsroom, MANY[0] - FEW[0], MANY[1]))
    return chapter(few, many)


def chapter(few: Counts, many: Counts) -> Chapter:
    """Return what was counted."""
    figures = [
        Figure(
            name=f"queries, {name}",
            ours=many[name][1],
            beside=few[name][1],
            beside_name=f"with {FEW[0]} stories",
            unit="queries",
            goal=1,
            kind="most",
        )
        for name in few
    ]
    lines = [
        f"With {MANY[0]} stories, and {MANY[1]:,} comments below the one that is opened (first {FEW[0]} and {FEW[1]}):",
        "",
        "| page | queries | bytes | as brotli |",
        "|---|---|---|---|",
        *(f"| {name} | {queries} | {size:,} | {small:,} |" for name, (_, queries, size, small) in many.items()),
    ]
    return Chapter("Queries and bytes of a page", figures, lines)


if __name__ == "__main__":
    found = measure()
    print("\n".join([*table(found.figures), "", *found.lines]))
