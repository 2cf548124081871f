"""Random writes, polls, faults and reads, also in the middle of renders, against what must hold of every answer."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.core.pagecache.scene import PAGES, SURFACES, Site

ACTS = st.one_of(
    st.tuples(st.just("commit"), st.lists(st.sampled_from(SURFACES), min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("poll"), st.none()),
    st.tuples(st.just("get"), st.sampled_from(list(PAGES))),
    st.tuples(st.just("fault"), st.sampled_from(["down", "up", "other"])),
    st.tuples(st.just("pass"), st.sampled_from([1.0, 30.0])),
)
STEPS = st.lists(ACTS, min_size=1, max_size=12)
# What happens inside each render, one list taken after the other at every place where it can.
INTERRUPTIONS = st.lists(st.lists(ACTS, max_size=3), max_size=12)
LIVES = st.lists(st.sampled_from([None, 5.0, 40.0]), max_size=6)
# Renders inside renders end here.
DEEPEST = 3


class Play:
    """One run."""

    def __init__(self, interruptions: list[list[tuple[str, Any]]], lives: list[float | None]) -> None:
        self.site = Site(patience_seconds=0.0)
        self.site.between = self.between
        self.interruptions = list(interruptions)
        self.lives = list(lives)
        self.depth = 0

    def between(self, path: str, position: int) -> None:
        life = self.lives.pop() if self.lives else None
        self.site.until = None if life is None else self.site.now + life
        if self.interruptions and self.depth < DEEPEST:
            for act in self.interruptions.pop():
                self.do(act)

    def do(self, act: tuple[str, Any]) -> None:
        kind, what = act
        if kind == "commit":
            self.site.database.commit(*what)
        elif kind == "poll":
            self.site.cache.watch.force_poll()
        elif kind == "pass":
            self.site.now += what
        elif kind == "fault":
            self.site.database.is_down = what == "down"
            self.site.database.is_other = self.site.database.is_other or what == "other"
        else:
            self.get(what)
        self.check()

    def get(self, path: str) -> None:
        """Read a page: it shows at least what was applied when the reader came."""
        known = self.applied(PAGES[path])
        self.depth += 1
        shown = self.site.get(path).json()
        self.depth -= 1
        assert all(shown[key] >= known[key] for key in shown), (path, shown, known)

    def check(self) -> None:
        """Every kept page shows all that was applied, and its time is not over when it is given."""
        for path, shown in self.site.kept().items():
            known = self.applied(PAGES[path])
            assert all(shown[key] >= known[key] for key in shown), (path, shown, known)

    def applied(self, keys: list[str]) -> dict[str, int]:
        versions = self.site.reader.applied
        return {
            key: sum(n for name, n in versions.items() if name == key or (key[-1] == "*" and name.startswith(key[:-1])))
            for key in keys
        }


def play(steps: list[tuple[str, Any]], interruptions: list[list[tuple[str, Any]]], lives: list[float | None]) -> None:
    """Run one example; in the end, with all in order, every page shows what is committed."""
    run = Play(interruptions, lives)
    for step in steps:
        run.do(step)
    run.interruptions.clear()
    run.do(("fault", "up"))
    run.do(("poll", None))
    for path, keys in PAGES.items():
        assert run.site.get(path).json() == {key: run.site.database.version(key) for key in keys}
