"""The model of the page cache, at length. SOAK_CACHE_EXAMPLES (5000); SOAK_SEED, printed, makes the same run."""

from __future__ import annotations

import os
import random
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from tests.core.pagecache.model import INTERRUPTIONS, LIVES, STEPS, play

EXAMPLES = int(os.environ.get("SOAK_CACHE_EXAMPLES", "5000"))
SEED = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))


@seed(SEED)
@settings(
    max_examples=EXAMPLES, derandomize=False, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(steps=STEPS, interruptions=INTERRUPTIONS, lives=LIVES)
def test_no_stale_page_is_kept_or_given(steps: Any, interruptions: Any, lives: Any) -> None:
    play(steps, interruptions, lives)


print(f"SOAK_SEED={SEED}")
