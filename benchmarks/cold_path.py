"""Pages that no cache holds: Newsroom with its page cache off beside a bare Django view, under the same web server.

The bare view (benchmarks.bare) answers with as many bytes as the page has. `python -m benchmarks.cold_path` measures
all pages; names after it (`article`, `home`, `--pairs 3`) some of them.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from benchmarks.load import wrk
from newsroom.serving import plan
from tests.journeys.newsroom_process import ROOT, NewsroomProcess
from tests.machine import free_port

WORKERS = 2
STORIES = 60
START_SECONDS = 20
STOP_SECONDS = 10
# Of the bare view, at least.
GOALS = {"article": 0.06, "home": 0.10, "section": 0.10, "feed": 0.10}
# The time of the story with 5,000 comments, beside that of the one with 50, at most.
LONG_THREAD = 1.3


@dataclass(frozen=True)
class Site:
    """A site that answers under one web server."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it by its process id."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def gunicorn(application: str, port: int) -> list[str]:
    """Return the command line of gunicorn with its plainest workers."""
    return [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--worker-class", "sync", "--log-level", "error"),
    ]


def web(application: str, port: int) -> list[str]:
    """Return the command line of our own server as `manage.py serve` runs it."""
    command = plan.web_command("127.0.0.1", port, workers=WORKERS, threads=plan.WEB_THREADS)
    return [application if part == "newsroom.wsgi:application" else part for part in command]


SERVERS = {"gunicorn": gunicorn, "web": web}


@contextlib.contextmanager
def serving(server: str, application: str, *, environment: dict[str, str], ready: str) -> Iterator[Site]:
    """Serve a WSGI application on a free port until the block ends. Raises AssertionError when it does not answer."""
    port = free_port()
    log = Path(environment["NEWSROOM_VAR"], "cold.log")
    with log.open("ab") as written:
        process = subprocess.Popen(
            SERVERS[server](application, port), cwd=ROOT, env=environment, stdout=written, stderr=written
        )
    site = Site(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(site.url + ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{application} did not start:\n{log.read_text()}")
            time.sleep(0.05)
        yield site
    finally:
        site.stop()


def answers(url: str) -> bool:
    """Whether something at the address answers."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def size_of(url: str) -> int:
    """Return how many bytes a page has; asked a few times, so that both workers have loaded what they need."""
    for _ in range(6 * WORKERS):
        with urllib.request.urlopen(url, timeout=20) as answer:
            page = answer.read()
    return len(page)


def pairs(name: str, url: str, other: str, *, rounds: int, seconds: float, **goal: object) -> Figure:
    """Measure two addresses by turns, the first of each round changing, and return the figure of the first."""
    ours: list[float] = []
    beside: list[float] = []
    for number in range(rounds):
        turns = [(url, ours), (other, beside)]
        for address, kept in reversed(turns) if number % 2 else turns:
            load = wrk(address, seconds=seconds)
            assert not load.errors, f"{address}: {load.errors} errors"
            kept.append(load.per_second)
    return Figure(
        name,
        statistics.median(ours),
        statistics.median(beside),
        "bare Django view",
        "requests/s",
        ratios=tuple(mine / its for mine, its in zip(ours, beside, strict=True)),
        **goal,  # type: ignore[arg-type]
    )


def pages(newsroom: NewsroomProcess) -> dict[str, str]:
    """Fill an empty newsroom; return its pages by name."""
    scene.lay_out(newsroom)
    listed = scene.stories(newsroom, STORIES)
    return {
        "article": scene.story_with_comments(newsroom, 50),
        "article, 5,000 comments": scene.story_with_comments(newsroom, 5_000),
        "home": "/",
        "section": listed[0].rsplit("/", 2)[0] + "/",
        "feed": "/feed/rss/",
    }


def compare(
    server: str, newsroom: NewsroomProcess, chosen: dict[str, str], rounds: int, seconds: float
) -> list[Figure]:
    """Return the figures of pages under one web server, each beside the bare view."""
    environment = newsroom.environment | {"PAGE_CACHE_MIB": "0"}
    figures = []
    with (
        serving(server, "newsroom.wsgi:application", environment=environment, ready="/healthz") as ours,
        serving(server, "benchmarks.bare.wsgi:application", environment=environment, ready="/10/") as bare,
    ):
        for name, path in chosen.items():
            size = size_of(ours.url + path)
            size_of(f"{bare.url}/{size}/")
            goal = {"goal": GOALS[name]} if server == "gunicorn" and name in GOALS else {}
            label = f"{name}, {size / 1000:.0f} kB, {server}"
            figures.append(pairs(label, ours.url + path, f"{bare.url}/{size}/", rounds=rounds, seconds=seconds, **goal))
    return figures


def long_thread(figures: list[Figure]) -> list[Figure]:
    """Return how the story with the long thread stands beside the one with 50 comments, where both were measured."""
    named = {
        figure.name.partition(", ")[2][:5] == "5,000": figure for figure in figures if figure.name[:7] == "article"
    }
    if len(named) < 2:
        return []
    milliseconds = {is_long: 1000 / figure.ours for is_long, figure in named.items()}
    return [
        Figure(
            "article with 5,000 comments",
            milliseconds[True],
            milliseconds[False],
            "article with 50",
            "ms a request, two at once",
            ratios=tuple(short / long for short, long in zip(named[False].ratios, named[True].ratios, strict=True)),
            goal=LONG_THREAD,
            kind="most",
        )
    ]


def measure(
    *, names: tuple[str, ...] = (), servers: tuple[str, ...] = tuple(SERVERS), rounds: int = 3, seconds: float = 4
) -> Chapter:
    """Return the figures of all pages, or of those whose name begins with one of `names`."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="newsroom-cold-") as folder:
        newsroom = NewsroomProcess(Path(folder))
        chosen = {name: path for name, path in pages(newsroom).items() if name.startswith(names or "")}
        for server in servers:
            found = compare(server, newsroom, chosen, rounds, seconds)
            figures += found + (long_thread(found) if server == "gunicorn" else [])
    return Chapter(
        "Cold pages",
        figures,
        [
            f"Page cache off, {WORKERS} processes, wrk with 16 connections for {seconds:g} s, {rounds} pairs by turns; "
            f"{STORIES} stories of the demo's words, SQLite."
        ],
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="article, home, section, feed; all without any")
    parser.add_argument("--server", choices=SERVERS, action="append", help="both without any")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    given = parser.parse_args()
    chapter = measure(
        names=tuple(given.names),
        servers=tuple(given.server or SERVERS),
        rounds=given.pairs,
        seconds=given.seconds,
    )
    print("\n".join([f"## {chapter.title}", "", *chapter.lines, "", *table(chapter.figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
