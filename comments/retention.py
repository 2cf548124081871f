"""Dropping what is kept for a time only."""

from __future__ import annotations

from datetime import datetime, timedelta

from comments.models import Comment

# Hashes of client addresses, and the keys by which a repeat is known.
KEEP_HASHES = timedelta(days=30)
# Rows in one update, so that no write lock is held for long.
BATCH = 1000


def drop_hashes(*, at: datetime) -> int:
    """Blank address hashes and idempotency keys of comments older than 30 days; return of how many.

    The worker calls it every hour. Nothing readers see changes, so no surface does. Each batch commits by itself: a
    kill loses at most one, and the next run goes on.
    """
    dropped = 0
    due = Comment.objects.filter(created_at__lt=at - KEEP_HASHES).exclude(address_hash="")
    while ids := list(due.order_by("created_at", "pk").values_list("pk", flat=True)[:BATCH]):
        dropped += Comment.objects.filter(pk__in=ids).update(address_hash="", network_hash="", idempotency_key=None)
    return dropped
