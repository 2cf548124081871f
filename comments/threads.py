"""The conversation under a story as a whole: whether it is open, and how the desk keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from articles.models import Article, Publication
from comments import paths
from comments.models import Thread
from newsroom.core import audit, surfaces
from newsroom.core.models import User


@dataclass(frozen=True)
class Standing:
    """How a story's conversation stands at a moment."""

    article_id: int
    # NULL: nobody has commented or set anything yet.
    thread_id: int | None
    mode: str
    # NULL: stays open. An entry of the page cache that shows the form must not outlive it.
    closes_at: datetime | None
    visible_count: int
    # Whether readers may see the story at all.
    is_live: bool
    # Whether comments are taken.
    is_open: bool


def standing(article_id: int, *, at: datetime) -> Standing | None:
    """Return how the conversation under a story stands at `at`, in one query; None when there is no such story."""
    if not 0 < article_id <= paths.MAX_ID:
        return None
    live = Publication.objects.live(at).filter(article_id=OuterRef("pk"))
    row = (
        Article.objects.filter(pk=article_id)
        .annotate(is_live=Exists(live))
        .values_list("thread__pk", "thread__mode", "thread__closes_at", "thread__visible_count", "is_live")
        .first()
    )
    if row is None:
        return None
    thread_id, mode, closes_at, visible_count, is_live = row
    thread = Thread(article_id=article_id, closes_at=closes_at)
    thread.mode = mode or thread.mode
    return Standing(
        article_id=article_id,
        thread_id=thread_id,
        mode=thread.mode,
        closes_at=closes_at,
        visible_count=visible_count or 0,
        is_live=is_live,
        is_open=is_live and thread.is_open(at),
    )


def ensure(article_id: int) -> Thread:
    """Return the story's thread, made with the defaults by whoever comes first."""
    Thread.objects.bulk_create([Thread(article_id=article_id)], ignore_conflicts=True)
    return Thread.objects.get(article_id=article_id)


def keep(article_id: int, *, mode: str, closes_at: datetime | None, by: User, at: datetime) -> Thread:
    """Set whether and how comments are taken under a story. Surfaces: the story's page, its thread."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update().get(pk=ensure(article_id).pk)
        former, thread.mode, thread.closes_at = thread.mode, Thread.Mode(mode), closes_at
        thread.save(update_fields=["mode", "closes_at"])
        audit.record("thread.keep", thread, by=by, at=at, former=former, mode=thread.mode, closes_at=closes_at)
        surfaces.bump(surfaces.article(article_id), surfaces.thread(article_id))
    return thread
