"""What benchmarks look at: stories and threads in a served newsroom, many of them within seconds.

Stories go through the desk's services. Comments are inserted in bulk, as the services would leave them, and the page
cache is told. Words are the demo's, so that pages weigh and compress like real ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from newsroom.bootstrap.places import ROOT
from newsroom.bootstrap.site import PROGRAMS

if TYPE_CHECKING:
    from tests.journeys.newsroom_process import NewsroomProcess

SECTIONS = ("Timur Tengah", "Asia Timur", "Asia Tenggara", "Eropa", "Opini")
# Below every other root of a thread.
REPLIES = 3


def lay_out(newsroom: NewsroomProcess) -> None:
    """Make an empty newsroom that can be served: programs, tables, static files. Seconds, where the demo takes many."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", *PROGRAMS], cwd=ROOT, check=True)
    newsroom.manage("migrate", "--verbosity", "0")
    newsroom.manage("collectstatic", "--noinput", "--verbosity", "0")


def stories(newsroom: NewsroomProcess, count: int) -> list[str]:
    """Publish `count` stories, a quarter of an hour apart, spread over five sections; return their paths."""
    return _inside(newsroom, f"publish({count})")


def story_with_comments(newsroom: NewsroomProcess, comments: int, *, replies: int = REPLIES) -> str:
    """Publish a story with so many approved comments below it; return its path.

    Every other root has `replies` replies: with three, fifty comments are just the first page of the thread.
    """
    (path,) = _inside(newsroom, f"publish_with_comments({comments}, {replies})")
    return path


def _inside(newsroom: NewsroomProcess, call: str) -> list[str]:
    """Run a function of this module in the newsroom's own settings and database."""
    program = f"from benchmarks import scene; scene.say(scene.{call})"
    found: list[str] = json.loads(newsroom.manage("shell", "--no-imports", "-c", program).splitlines()[-1])
    return found


def say(paths: list[str]) -> None:
    """Print paths for who ran the shell."""
    print(json.dumps(paths))


def publish(count: int) -> list[str]:
    """Publish stories; return their paths. In Django."""
    from django.utils import timezone

    from articles.models import Article
    from newsroom.demo import content
    from tests.factories import make_live, make_section

    words = [story for story in content.stories() if story.language == "id"]
    before = Article.objects.count()
    now = timezone.now()
    paths = []
    for number, story in enumerate(islice(cycle(words), count), start=before + 1):
        made = make_live(
            at=now - timedelta(minutes=15 * (count - number + before) + 5),
            title=story.title if number <= len(words) else f"{story.title} ({number})",
            section=make_section(SECTIONS[number % len(SECTIONS)]),
            **_text(story),
        )
        paths.append(made.publications.get().path)
    return paths


def _text(story: Any) -> dict[str, Any]:
    """Return the fields of a story that hold words; pictures are left out."""
    return {
        "kind": story.kind,
        "kicker": story.kicker,
        "standfirst": story.standfirst,
        "dateline": story.dateline,
        "key_points": "\n".join(story.key_points),
        "body": "\n".join(line for line in story.body.splitlines() if not line.startswith("<p>[")),
    }


def publish_with_comments(comments: int, replies: int) -> list[str]:
    """Publish a story with a thread; return its path. In Django."""
    from django.db import transaction
    from django.utils import timezone

    from articles.models import Publication
    from comments.models import Thread
    from newsroom.core import surfaces
    from newsroom.demo import content
    from tests.comments.factories import build_thread

    paths = publish(1)
    story = Publication.objects.select_related("article").get(path=paths[0]).article
    # Of two roots and the replies to one of them; what is left over are roots that nobody answered.
    groups, left = divmod(comments, replies + 2)
    at = timezone.now() - timedelta(seconds=comments)
    texts = cycle(remark.text for remark in content.remarks())
    with transaction.atomic():
        build_thread(story, roots=2 * groups, every=2, replies=replies, at=at, text=texts)
        build_thread(story, roots=left, replies=0, at=at, text=texts)
        Thread.objects.filter(article=story).update(mode=Thread.Mode.OPEN)
        surfaces.bump(surfaces.article(story.pk), surfaces.thread(story.pk))
    return paths
