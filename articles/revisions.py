"""Adding to an article's revisions, and finding one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles import payloads, refusals
from articles.locking import lock
from articles.models import Article, Revision
from newsroom.core import audit
from newsroom.core.models import User


@transaction.atomic
def append(article: Article, *, by: User | None, at: datetime, note: str = "") -> Revision | None:
    """Append the working copy as a new revision; return it, or None when nothing changed since the last one.

    Call it once a save, after the inlines are written. The lock on the article makes two saves number in turn.
    """
    lock(article)
    content = payloads.build(article)
    last = latest(article)
    if last and not last.purged_at and payloads.digest(payloads.read(last)) == payloads.digest(content):
        return None
    revision = Revision.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        author=by,
        created_at=at,
        note=note,
        schema=payloads.SCHEMA,
        payload=content,
    )
    audit.record("article.save", article, by=by, at=at, revision=revision.number)
    return revision


def latest(article: Article) -> Revision | None:
    """Return the newest revision, purged or not; None before the first save."""
    return article.revisions.order_by("-number").first()


def numbered(article: Article, number: int) -> Revision:
    """Return the revision with that number. Raises NoSuchRevision, or RevisionPurged when its content is gone."""
    revision = article.revisions.filter(number=number).first()
    if revision is None:
        raise refusals.NoSuchRevision(number=number)
    if revision.purged_at:
        raise refusals.RevisionPurged(number=number)
    return revision
