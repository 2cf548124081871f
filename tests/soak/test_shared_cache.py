"""Varnish, configured as docs/operators.md says, before a served newsroom: told of a change, it forgets the page."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import scene
from tests.journeys.newsroom_process import NewsroomProcess
from tests.machine import Missing, free_port
from tests.serving.procs import ROOT, eventually

TOKEN = "a token of the test"
# What the documents promise, and the machine's share.
LAG_SECONDS = 8.0
SETTLED_SECONDS = 6
UPDATE = """
from django.utils import timezone
from articles import publishing
from articles.models import Article
from tests.factories import person, save_article
story, ed, now = Article.objects.get(pk={article}), person("ed"), timezone.now()
number = save_article(story, by=ed, at=now, title="A headline that changed")
publishing.publish(story, revision=number, by=ed, at=now)
"""


@dataclass
class CachedNewsroom(NewsroomProcess):
    """A newsroom that lets a cache keep its pages for an hour."""

    varnish_port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        """The environment, with the cache."""
        return super().environment | {
            "PAGE_CACHE_SHARED_SECONDS": "3600",
            "CDN": "varnish",
            "CDN_PURGE_URL": f"http://127.0.0.1:{self.varnish_port}/",
            "CDN_PURGE_TOKEN": TOKEN,
        }


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[CachedNewsroom]:
    """Serve a newsroom behind Varnish."""
    newsroom = CachedNewsroom(tmp_path / "var")
    scene.lay_out(newsroom)
    program = shutil.which("varnishd")
    if program is None:
        raise Missing("Varnish is not installed. apt install varnish")
    words = (ROOT / "docs" / "varnish.vcl").read_text().replace("change me", TOKEN)
    vcl = tmp_path / "newsroom.vcl"
    vcl.write_text(words.replace('"8000"', f'"{newsroom.port}"'))
    command = [program, "-F", "-n", str(tmp_path / "varnish"), "-a", f"127.0.0.1:{newsroom.varnish_port}"]
    varnish = subprocess.Popen([*command, "-f", str(vcl), "-s", "malloc,32m", "-j", "none", "-T", "none"])
    try:
        newsroom.start()
        yield newsroom
    finally:
        newsroom.stop()
        varnish.terminate()
        varnish.wait(20)


def fetch(newsroom: CachedNewsroom, path: str) -> tuple[str, dict[str, str]]:
    """Return a page and its headers, through the cache."""
    request = urllib.request.Request(f"http://127.0.0.1:{newsroom.varnish_port}{path}")
    request.add_header("Host", f"127.0.0.1:{newsroom.port}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode(), {name.lower(): value for name, value in answer.headers.items()}


def test_a_changed_story_is_forgotten(newsroom: CachedNewsroom) -> None:
    (path,) = scene.stories(newsroom, 1)
    # Longer than it takes to be told of its publication: from here on only another change can make it go.
    eventually(lambda: int(fetch(newsroom, path)[1]["age"]) >= SETTLED_SECONDS, 30)
    _page, headers = fetch(newsroom, path)
    assert "s-maxage=3600" in headers["cache-control"]
    assert "cache-tag" not in headers
    newsroom.manage("shell", "--no-imports", "-c", UPDATE.format(article=path.rstrip("/").split("-")[-1]))
    began = time.monotonic()
    eventually(lambda: "A headline that changed" in fetch(newsroom, path)[0], LAG_SECONDS)
    print(f"forgotten {time.monotonic() - began:.1f} s after the commit")


def test_everything_goes_at_once(newsroom: CachedNewsroom) -> None:
    (path,) = scene.stories(newsroom, 1)
    style = fetch(newsroom, path)[0].split('rel="stylesheet" href="')[1].split('"')[0]
    eventually(lambda: all(int(fetch(newsroom, each)[1]["age"]) >= SETTLED_SECONDS for each in (path, style)), 30)
    newsroom.manage("purge_cdn")
    assert [int(fetch(newsroom, each)[1]["age"]) < SETTLED_SECONDS for each in (path, style)] == [True, True]


def test_a_stranger_cannot_empty_the_cache(newsroom: CachedNewsroom) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{newsroom.varnish_port}/", method="BAN")
    request.add_header("X-Tags", ".*")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)
