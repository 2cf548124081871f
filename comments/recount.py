"""Counting again what the services keep in step, so that a drift is an alarm and not a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comments import paths
from comments.models import Comment, Status, Thread
from comments.moderation import desk
from newsroom.core import audit, surfaces
from newsroom.core.models import User


@dataclass(frozen=True)
class Counted:
    """What is kept of a comment and follows from the states in its branch."""

    hidden_ancestors: int
    visible: bool
    visible_below: int


@dataclass(frozen=True)
class Drift:
    """A stored figure that differs from what the comments say."""

    thread_id: int
    # None: the thread's own count.
    comment_id: int | None
    stored: Counted | int
    counted: Counted | int

    def __str__(self) -> str:
        where = f"comment {self.comment_id}" if self.comment_id else "the thread"
        return f"Thread {self.thread_id}: {where} has {self.stored}, should have {self.counted}"


def drifts() -> Iterator[Drift]:
    """Yield every stored figure that is wrong, thread by thread; writers wait for one thread at a time at most."""
    for thread_id in Thread.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # No decision can commit while the thread is locked, so the count and the rows are of one moment.
            found = list(_compare(_lock(thread_id)))
        yield from found


def repair(thread_id: int, *, by: User | None, at: datetime) -> int:
    """Correct a thread's figures; return how many were wrong. Surfaces: the thread."""
    with transaction.atomic():
        desk.lock_roots(Comment.objects.filter(thread_id=thread_id, depth=0).values_list("pk", flat=True))
        thread = _lock(thread_id)
        found = list(_compare(thread))
        for drift in found:
            if drift.comment_id is not None and isinstance(drift.counted, Counted):
                Comment.objects.filter(pk=drift.comment_id).update(**vars(drift.counted))
            elif isinstance(drift.counted, int):
                Thread.objects.filter(pk=thread_id).update(visible_count=drift.counted)
        if found:
            audit.record("thread.repair", thread, by=by, at=at, figures=len(found))
            surfaces.bump(surfaces.thread(thread.article_id))
    return len(found)


def _lock(thread_id: int) -> Thread:
    return Thread.objects.select_for_update(no_key=True).get(pk=thread_id)


def _compare(thread: Thread) -> Iterator[Drift]:
    """Yield what is wrong in one thread. Believes paths, statuses and hides_replies, and nothing that is counted."""
    rows = list(Comment.objects.filter(thread=thread).order_by("path").defer("text", "findings"))
    hides = {row.pk: row.hides_replies for row in rows}
    hidden = {row.pk: sum(hides[above] for above in paths.ids(row.path)[:-1]) for row in rows}
    visible = {row.pk: row.status == Status.APPROVED and not hidden[row.pk] for row in rows}
    below = Counter(row.root_id for row in rows if visible[row.pk] and not row.is_root)
    for row in rows:
        stored = Counted(row.hidden_ancestors, row.visible, row.visible_below)
        counted = Counted(hidden[row.pk], visible[row.pk], below[row.pk] if row.is_root else 0)
        if stored != counted:
            yield Drift(thread.pk, row.pk, stored, counted)
    total = sum(visible.values())
    if thread.visible_count != total:
        yield Drift(thread.pk, None, thread.visible_count, total)
