"""Tasks for tests. What they did can be read in the database, also from another process."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from django.db.models import F

from newsroom.core import tasks
from newsroom.core.models import RateCount


def count(name: str) -> int:
    """Return how often the task `name` got as far as its effect."""
    return sum(RateCount.objects.filter(scope="task", key=name).values_list("count", flat=True))


def note(name: str) -> None:
    """Count one effect of the task `name`."""
    row, _ = RateCount.objects.get_or_create(scope="task", key=name, window_start="2026-01-01T00:00Z")
    RateCount.objects.filter(pk=row.pk).update(count=F("count") + 1)


@tasks.task()
def work(name: str) -> None:
    """Succeed at once."""
    note(name)


@tasks.task(retries=2)
def fail(name: str) -> None:
    """Take effect, then fail."""
    note(name)
    raise ValueError(name)


@tasks.task(retries=0, deadline_seconds=1)
def dawdle() -> None:
    """Outlast the deadline."""
    time.sleep(10)


@tasks.task(retries=0)
def leave(name: str) -> None:
    """End the process, as a second SIGTERM does."""
    note(name)
    sys.exit(1)


@tasks.task(retries=1)
def linger(name: str, marker: str, seconds: float) -> None:
    """Take `seconds` the first time, no time once `marker` exists; take effect at the end."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        time.sleep(seconds)
    note(name)
