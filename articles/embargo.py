"""Embargoes: a story may not become public before a moment agreed with its source."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles.models import Article, Publication
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User


@transaction.atomic
def set_embargo(article: Article, *, until: datetime | None, by: User | None, at: datetime) -> list[Publication]:
    """Set the embargo, move it, or lift it (`until=None`); return what was planned before `until` and is voided.

    What readers see already stays: an embargo does not take back.
    """
    Timeline.open(article, by=by, at=at)
    article.embargo_until = until
    article.save(update_fields=["embargo_until"])
    audit.record("article.embargo", article, by=by, at=at, until=until)
    return enforce(article, by=by, at=at)


@transaction.atomic
def enforce(article: Article, *, by: User | None, at: datetime) -> list[Publication]:
    """Void what is planned before the article's embargo ends; return it. Does nothing without an embargo."""
    if article.embargo_until is None:
        return []
    timeline = Timeline.open(article, by=by, at=at)
    until = article.embargo_until
    early = [row for row in reversed(timeline.planned) if row.visible_from < until]
    for row in early:
        timeline.void(row, Publication.VoidCause.EMBARGOED)
    if early:
        audit.record("article.embargo_voids", article, by=by, at=at, voided=[row.pk for row in early])
    timeline.done()
    return early
