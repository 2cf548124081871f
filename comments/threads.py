"""The conversation under a story as a whole: whether it is open, and how the desk keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, OuterRef, QuerySet, Subquery

from articles.models import Article, Publication
from comments import paths
from comments.models import RuleBook, Thread
from newsroom.core import audit, surfaces
from newsroom.core.models import User
from newsroom.core.prepared import Prepared, Slot, moment

# What of a thread says how it stands.
KEPT = ("mode", "closes_at", "ignores_age", "visible_count")


@dataclass(frozen=True)
class Standing:
    """How a story's conversation stands at a moment."""

    article_id: int
    # NULL: nobody has commented or set anything yet.
    thread_id: int | None
    mode: str
    # When it closes by itself, as set for the story or by its age; NULL: never. An entry of the page cache that shows
    # the form must not outlive it.
    closes_at: datetime | None
    visible_count: int
    # Whether readers may see the story at all.
    is_live: bool
    # Whether comments are taken.
    is_open: bool


def _standing() -> QuerySet[Article, Any]:
    """Return the question how a story's conversation stands at a moment."""
    live = Publication.objects.live(moment("at")).filter(article_id=OuterRef("pk"))
    return (
        Article.objects.filter(pk=Slot("article", BigAutoField()))
        .annotate(
            first_published_at=Subquery(live.values("first_published_at")[:1]),
            days=Subquery(RuleBook.objects.values("close_after_days")[:1]),
        )
        .values_list("thread__pk", "first_published_at", "days", *(f"thread__{name}" for name in KEPT))
    )


STANDING = Prepared(_standing, lambda *row: row)


def standing(article_id: int, *, at: datetime) -> Standing | None:
    """Return how the conversation under a story stands at `at`, in one query; None when there is no such story."""
    if not 0 < article_id <= paths.MAX_ID:
        return None
    row = STANDING.first(article=article_id, at=at)
    if row is None:
        return None
    thread_id, first_published_at, days, *values = row
    kept = dict(zip(KEPT, values, strict=True)) if thread_id else {}
    thread = Thread(article_id=article_id, **kept)
    closing = thread.closing(first_published_at, days)
    is_live = first_published_at is not None
    return Standing(
        article_id=article_id,
        thread_id=thread_id,
        mode=thread.mode,
        closes_at=closing,
        visible_count=thread.visible_count,
        is_live=is_live,
        is_open=is_live and thread.is_open(at, closing),
    )


def ensure(article_id: int) -> Thread:
    """Return the story's thread, made with the defaults by whoever comes first."""
    Thread.objects.bulk_create([Thread(article_id=article_id)], ignore_conflicts=True)
    return Thread.objects.get(article_id=article_id)


def keep(
    article_id: int, *, mode: str, closes_at: datetime | None, ignores_age: bool = False, by: User, at: datetime
) -> Thread:
    """Set whether and how comments are taken under a story. Surfaces: the thread."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update().get(pk=ensure(article_id).pk)
        former, thread.mode, thread.closes_at = thread.mode, Thread.Mode(mode), closes_at
        thread.ignores_age = ignores_age
        thread.save(update_fields=["mode", "closes_at", "ignores_age"])
        facts = {"former": former, "mode": thread.mode, "closes_at": closes_at, "ignores_age": ignores_age}
        audit.record("thread.keep", thread, by=by, at=at, **facts)
        surfaces.bump(surfaces.thread(article_id))
    return thread
