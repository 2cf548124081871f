"""Surfaces: the names of what readers see, and the log of writes that change it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsroom.core.models import SurfaceLog


def home() -> str:
    """Name the front page."""
    return "home"


def site() -> str:
    """Name what stands on every page: the paper's name, its sections, its footer."""
    return "site"


def article(article_id: int) -> str:
    """Name one story's page, in whatever state."""
    return f"article:{article_id}"


def section(section_id: int) -> str:
    """Name the list of one section."""
    return f"section:{section_id}"


def topic(topic_id: int) -> str:
    """Name the list of one topic."""
    return f"topic:{topic_id}"


def topics() -> str:
    """Name the table of topics: which there are, under which address, and what was merged into what."""
    return "topics"


def contributor(contributor_id: int) -> str:
    """Name the list of one contributor's stories."""
    return f"contributor:{contributor_id}"


def corrections() -> str:
    """Name the log of corrections and withdrawals, and its feed."""
    return "corrections"


def page(page_id: int) -> str:
    """Name one standing page."""
    return f"page:{page_id}"


def thread(article_id: int) -> str:
    """Name the comment thread below one story."""
    return f"thread:{article_id}"


def every(kind: str) -> str:
    """Name all surfaces of one kind ("article"), for a page that shows many. Not to be bumped: each of them is."""
    return f"{kind}:*"


def bump(*keys: str) -> None:
    """Say, in the transaction that changes them, that these surfaces change.

    One row for each call and no counters: two transactions raising two counters in opposite order would deadlock.
    Raises TransactionManagementError outside `atomic()`: the row must commit with the change or not at all.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("surfaces.bump must stand in the transaction of the change.")
    if keys:
        SurfaceLog.objects.create(keys=sorted(set(keys)))


def prune(*, before: datetime) -> int:
    """Delete rows written before `before`; return how many. Every page cache has read them long since."""
    deleted, _ = SurfaceLog.objects.filter(created_at__lt=before).delete()
    return deleted
