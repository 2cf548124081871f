"""No stale page is kept or given, whatever happens in the middle of a render."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from tests.core.pagecache.model import INTERRUPTIONS, LIVES, STEPS, play


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, interruptions=INTERRUPTIONS, lives=LIVES)
def test_no_stale_page_is_kept_or_given(steps: Any, interruptions: Any, lives: Any) -> None:
    play(steps, interruptions, lives)
