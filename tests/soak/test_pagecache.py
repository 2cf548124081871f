"""The page cache at length: its model, a newsroom driven at random on both databases, and faults that must be noticed.

SOAK_CACHE_EXAMPLES (5000) for the model, SOAK_SECONDS (120) for each random run; SOAK_SEED, printed, makes the same.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests import machine
from tests.core.pagecache.model import INTERRUPTIONS, LIVES, STEPS, play
from tests.exactness.acts import ACTS
from tests.exactness.pages import at_moments
from tests.exactness.running import empty_newsroom, run
from tests.exactness.test_keys import Watched

EXAMPLES = int(os.environ.get("SOAK_CACHE_EXAMPLES", "5000"))
SEED = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
SECONDS = float(os.environ.get("SOAK_SECONDS", "120"))
# A fault shows within some rounds of a second or two each, and ends the run; a busy machine makes few.
FAULT_SECONDS = 300.0
# Left to chance among all acts and addresses, a comment below a page that is looked at is rare.
DRAWN = {"miss_a_bump": ("--pages=40", "--acts", "comment", "answer_comment", "approve", "remove")}


@seed(SEED)
@settings(
    max_examples=EXAMPLES, derandomize=False, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(steps=STEPS, interruptions=INTERRUPTIONS, lives=LIVES)
def test_no_stale_page_is_kept_or_given(steps: Any, interruptions: Any, lives: Any) -> None:
    play(steps, interruptions, lives)


@pytest.mark.django_db
def test_each_act_bumps_the_pages_it_changes_in_any_order() -> None:
    with at_moments():
        watched = Watched(SEED, most_pages=200)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            watched.act(watched.world.random.choice(sorted(ACTS)))
    print(f"{len(watched.world.steps)} acts, {watched.in_all} pages made anew, {watched.in_vain} of them unchanged")


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """Where each database is; SQLite needs no server."""
    with machine.postgres() as server:
        yield {"sqlite": "", "postgresql": server}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_processes_show_what_is_true(database: str, tmp_path: Path, servers: dict[str, str]) -> None:
    with empty_newsroom(tmp_path, servers[database]) as newsroom:
        code, said = run(newsroom, "drive", f"--seed={SEED}", f"--seconds={SECONDS}", "--pages=40")
    print(said)
    assert code == 0


@pytest.mark.parametrize(
    ("fault", "database"),
    [
        ("keep_what_is_old", "sqlite"),
        ("keep_what_is_old", "postgresql"),
        ("miss_a_bump", "sqlite"),
        ("poll_seldom", "sqlite"),
        ("read_by_id", "postgresql"),
    ],
)
def test_a_fault_is_noticed(fault: str, database: str, tmp_path: Path, servers: dict[str, str]) -> None:
    with empty_newsroom(tmp_path, servers[database]) as newsroom:
        code, said = run(newsroom, "drive", f"--seconds={FAULT_SECONDS}", *DRAWN.get(fault, ()), EXACTNESS_FAULT=fault)
    assert code == 1, f"Nobody noticed: {said}"
    assert "Asked at" in said, said


print(f"SOAK_SEED={SEED}")
