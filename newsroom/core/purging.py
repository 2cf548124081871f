"""Telling the shared cache in front what changed: a chore of the worker.

Every kept page carries its surfaces as tags; every write stands in the log with the surfaces it changes. What is found
there is sent to the cache some seconds later, and its rows are marked. Sent again when in doubt: to forget a page
twice does no harm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from newsroom.core.cdn import Cdn, Refused
from newsroom.core.models import SurfaceLog

logger = logging.getLogger(__name__)

# A web process may show what was there before for a second after a commit; a cache that asked just then keeps that.
# Counted from when the row was first seen: `created_at` is when its transaction began, which may be long before.
SETTLE_SECONDS = 2.0
# After a refusal: doubled each time, up to the longest. Cheap plans allow few calls a minute; meanwhile rows gather.
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
# Rows of the log read at once.
MOST_ROWS = 1000


class Purger:
    """A chore of the worker: tells the cache what changed. `clock` is time.monotonic or like it."""

    def __init__(self, cdn: Cdn, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._cdn = cdn
        self._clock = clock
        # Row -> when it was first seen here.
        self._seen: dict[int, float] = {}
        self._not_before = float("-inf")
        self._pause = FIRST_PAUSE_SECONDS

    def __call__(self, at: datetime) -> int:
        """Send what has settled; return how many rows of the log that was."""
        now = self._clock()
        rows = dict(waiting())
        self._seen = {id: self._seen.get(id, now) for id in rows}
        settled = [id for id, since in self._seen.items() if now - since >= SETTLE_SECONDS]
        if not settled or now < self._not_before:
            return 0
        try:
            self._cdn.forget({surface for id in settled for surface in rows[id]})
        except Refused as refused:
            logger.warning("The cache in front was not told of %d changes: %s.", len(settled), refused)
            self._not_before = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            return 0
        self._pause = FIRST_PAUSE_SECONDS
        SurfaceLog.objects.filter(pk__in=settled, purged_at=None).update(purged_at=at)
        return len(settled)


def waiting() -> Iterator[tuple[int, list[str]]]:
    """Return the rows of the log the cache was not told of, oldest first, with their surfaces."""
    rows = SurfaceLog.objects.filter(purged_at=None).order_by("pk").values_list("pk", "keys")
    return iter(rows[:MOST_ROWS])
