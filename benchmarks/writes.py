"""Comments written: posts with all rules on, beside a bare Django view, on both databases.

Each post has words, a name and a client address of its own, told by one trusted proxy. The newsroom is served as `make
run` serves it, the bare view (benchmarks.bare) by gunicorn. `python -m benchmarks.writes` measures; `sqlite` or
`postgresql` after it measures one.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scene
from benchmarks.cold_path import serving, size_of
from benchmarks.figures import Chapter, Figure, table
from benchmarks.load import Load, wrk
from tests import machine
from tests.journeys.newsroom_process import NewsroomProcess

DATABASES = ("sqlite", "postgresql")
SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 16
# Posts a second, or the share of the bare view's answers: whichever is lower.
GOAL_PER_SECOND = 250
GOAL_SHARE = 0.04
# How much of the speed is left when so many comments stand in the thread.
LONG_THREAD = 6_000
FLAT = 0.9
BARE_PATH = "/1000/"
BARE_SECONDS = 2


class BehindProxy(NewsroomProcess):
    """A newsroom that believes one proxy in front of it."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command of this newsroom."""
        return super().environment | {"TRUSTED_PROXY_COUNT": "1"}


@dataclass
class Story:
    """A story that is commented on."""

    path: str
    acknowledged: int = 0

    @property
    def number(self) -> str:
        """Its id, with which its path ends."""
        return self.path.rstrip("/").rpartition("-")[2]

    def post(self, site: str, seconds: float) -> Load:
        """Send comments as fast as they are taken; raises AssertionError when one is not."""
        with urllib.request.urlopen(site + self.path) as answer:
            token = re.search(r'name="token" value="([^"]+)"', answer.read().decode())
        assert token, f"{self.path} has no form"
        form = {"SITE": site, "STORY": self.number, "TOKEN": token[1]}
        load = wrk(site + self.path, seconds=seconds, connections=CONNECTIONS, script=SCRIPT, environment=form)
        assert not load.errors, f"{load.errors} posts were not taken"
        self.acknowledged += load.requests
        return load


@contextlib.contextmanager
def laid_out(database: str) -> Iterator[BehindProxy]:
    """Yield an empty newsroom on a database of its own, durable as the product is."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-writes-")))
        url = ""
        if database == "postgresql":
            url = machine.create_database(stack.enter_context(machine.postgres(is_durable=True)), "writes")
        newsroom = BehindProxy(folder, url)
        scene.lay_out(newsroom)
        yield newsroom


def stored(newsroom: NewsroomProcess, story: Story) -> int:
    """Return how many comments a story has in the database."""
    count = f"Comment.objects.filter(thread__article_id={story.number}).count()"
    return int(newsroom.manage("shell", "--no-imports", "-c", f"from comments.models import Comment; print({count})"))


def by_turns(
    newsroom: NewsroomProcess, stories: dict[str, Story], rounds: int, seconds: float
) -> dict[str, list[Load]]:
    """Load the stories and the bare view by turns, the order changing; return the loads by name."""
    loads: dict[str, list[Load]] = {name: [] for name in ("bare", *stories)}
    with (
        newsroom_served(newsroom),
        serving("gunicorn", "benchmarks.bare.wsgi:application", environment=newsroom.environment, ready="/10/") as bare,
    ):
        size_of(bare.url + BARE_PATH)
        for story in stories.values():
            story.post(newsroom.url, 1)
        for number in range(rounds):
            for name in reversed(loads) if number % 2 else loads:
                if name in stories:
                    loads[name].append(stories[name].post(newsroom.url, seconds))
                else:
                    loads[name].append(wrk(bare.url + BARE_PATH, seconds=BARE_SECONDS, connections=CONNECTIONS))
    return loads


@contextlib.contextmanager
def newsroom_served(newsroom: NewsroomProcess) -> Iterator[None]:
    """Serve a newsroom until the block ends."""
    newsroom.start()
    try:
        yield
    finally:
        newsroom.stop()


def beside(name: str, ours: list[Load], theirs: list[Load], other: str, goal: float | None = None) -> Figure:
    """Return the figure of one load beside another."""
    mine, its = ([load.per_second for load in loads] for loads in (ours, theirs))
    return Figure(
        name,
        statistics.median(mine),
        statistics.median(its),
        other,
        "a second",
        ratios=tuple(one / another for one, another in zip(mine, its, strict=True)),
        goal=goal,
        note=f"half answered within {statistics.median(load.p50 for load in ours):.0f} ms, 99 of 100 within "
        f"{max(load.p99 for load in ours):.0f} ms.",
    )


def compare(database: str, rounds: int, seconds: float) -> tuple[list[Figure], str]:
    """Return the figures of one database, and what became of the comments."""
    with laid_out(database) as newsroom:
        stories = {"held": Story(scene.stories(newsroom, 1)[0])}
        stories["shown"] = Story(scene.story_with_comments(newsroom, 0))
        stories["long"] = Story(scene.story_with_comments(newsroom, LONG_THREAD))
        loads = by_turns(newsroom, stories, rounds, seconds)
        acknowledged = sum(story.acknowledged for story in stories.values())
        found = sum(stored(newsroom, story) for story in stories.values()) - LONG_THREAD
    goal = min(GOAL_SHARE, GOAL_PER_SECOND / statistics.median(load.per_second for load in loads["bare"]))
    return [
        beside(f"comments held, {database}", loads["held"], loads["bare"], "bare Django view", round(goal, 4)),
        beside(f"comments shown at once, {database}", loads["shown"], loads["bare"], "bare Django view"),
        beside(f"below {LONG_THREAD:,}, {database}", loads["long"], loads["shown"], "an empty thread", FLAT),
    ], (
        f"{database}: {acknowledged:,} comments were acknowledged, {found:,} are stored; of each run up to "
        f"{CONNECTIONS} were on their way when it ended."
    )


def measure(*, databases: tuple[str, ...] = DATABASES, rounds: int = 3, seconds: float = 4) -> Chapter:
    """Return the figures of posting on both databases."""
    found = [compare(database, rounds, seconds) for database in databases]
    return Chapter(
        "Comments written",
        [figure for figures, _line in found for figure in figures],
        [
            f"All rules and limits as shipped, durable commits, {CONNECTIONS} connections, {rounds} rounds of "
            f"{seconds:g} s by turns; each comment differs, and comes from another address.",
            *(line for _figures, line in found),
        ],
    )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="*", help=f"{' or '.join(DATABASES)}; both without any")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    given = parser.parse_args()
    chapter = measure(databases=tuple(given.database or DATABASES), rounds=given.rounds, seconds=given.seconds)
    print("\n".join([f"## {chapter.title}", "", *chapter.lines, "", *table(chapter.figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
