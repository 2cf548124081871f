"""`python -m benchmarks.peers URL NAME`: a page of any other site beside ours, in interleaved pairs.

Both are asked by the same wrk with the same headers, one after the other, the first of each pair in turn. Ours is a
story with fifty comments and its form, served as `make run` serves it; `--ours URL` takes a Newsroom that runs already.
`benchmarks/README.md` says how to set up peers whose pages can be compared.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from benchmarks.load import Load, wrk
from tests.journeys.newsroom_process import NewsroomProcess

COMMENTS = 50
# So many requests first: caches fill, processes load what they need.
WARM = 20


@dataclass(frozen=True)
class Page:
    """What one request showed: bytes as they were sent, and how they were packed."""

    size: int
    encoding: str


def ask(url: str, headers: dict[str, str]) -> Page:
    """Ask for a page. Raises RuntimeError when it is not there, or is somewhere else."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            if answer.url != url:
                raise RuntimeError(f"{url} leads to {answer.url}; give that address.")
            return Page(len(answer.read()), answer.headers.get("Content-Encoding", "identity"))
    except OSError as error:
        raise RuntimeError(f"{url}: {error}") from error


def compare(
    ours: str, theirs: str, name: str, *, pairs: int, seconds: float, connections: int, encoding: str
) -> Chapter:
    """Load both in pairs and return what came of it."""
    headers = {"Accept-Encoding": encoding}
    for _ in range(WARM):
        pages = {url: ask(url, headers) for url in (ours, theirs)}
    for url in (ours, theirs):
        wrk(url, seconds=2, connections=connections, headers=headers)
    found: list[tuple[Load, Load]] = []
    for number in range(pairs):
        loads = {}
        for url in (ours, theirs) if number % 2 == 0 else (theirs, ours):
            loads[url] = wrk(url, seconds=seconds, connections=connections, headers=headers)
            if loads[url].errors:
                raise RuntimeError(f"{url}: {loads[url].errors} of {loads[url].requests} requests failed.")
        found.append((loads[ours], loads[theirs]))
        print(f"pair {number + 1} of {pairs}: {found[-1][0].per_second:,.0f} and {found[-1][1].per_second:,.0f}/s")
    lines = [f"Bytes as sent: {pages[ours].size:,} ({pages[ours].encoding}) and, {name}, "]
    lines[0] += f"{pages[theirs].size:,} ({pages[theirs].encoding}); {connections} connections that stay open."
    return Chapter(f"Newsroom beside {name}", figures(found, name), lines)


def figures(found: list[tuple[Load, Load]], name: str) -> list[Figure]:
    """Return speed and latency."""
    speeds = [(ours.per_second, theirs.per_second) for ours, theirs in found]
    slowest = [(ours.p99, theirs.p99) for ours, theirs in found]
    return [
        figure("story with fifty comments", speeds, beside_name=name, unit="requests/s"),
        figure("the same, the slowest of 100", slowest, beside_name=name, unit="ms"),
    ]


def figure(name: str, found: list[tuple[float, float]], *, beside_name: str, unit: str) -> Figure:
    """Return one figure from its pairs, ours first."""
    ours, theirs = zip(*found, strict=True)
    return Figure(
        name=name,
        ours=statistics.median(ours),
        beside=statistics.median(theirs),
        beside_name=beside_name,
        unit=unit,
        ratios=tuple(mine / its for mine, its in found),
    )


@contextlib.contextmanager
def own_story(cache_mib: int) -> Iterator[str]:
    """Serve a newsroom of its own while the block runs; yields the address of its story."""
    with tempfile.TemporaryDirectory(prefix="newsroom-peers-") as folder:
        os.environ["PAGE_CACHE_MIB"] = str(cache_mib)
        newsroom = NewsroomProcess(Path(folder))
        scene.lay_out(newsroom)
        path = scene.story_with_comments(newsroom, COMMENTS)
        newsroom.start()
        try:
            yield newsroom.url + path
        finally:
            newsroom.stop()


def main(arguments: list[str]) -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description="Another site beside Newsroom.")
    parser.add_argument("url", help="a page of the other site, without redirect")
    parser.add_argument("name", help="what it is")
    parser.add_argument("--ours", default="", help="a page of a running Newsroom (default: one is made and served)")
    parser.add_argument("--without-cache", action="store_true", help="ours without its page cache")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--encoding", default="gzip", help="what both are asked for (gzip)")
    asked = parser.parse_args(arguments)
    options = {name: getattr(asked, name) for name in ("pairs", "seconds", "connections", "encoding")}
    story = contextlib.nullcontext(asked.ours) if asked.ours else own_story(0 if asked.without_cache else 64)
    try:
        with story as ours:
            found = compare(ours, asked.url, asked.name, **options)
    except RuntimeError as error:
        print(f"newsroom: {error}", file=sys.stderr)
        return 1
    print("\n".join(["", *table(found.figures), "", *found.lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
