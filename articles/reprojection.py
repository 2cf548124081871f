"""Rebuilding what readers see, or will see, when something it names has changed. The past stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles import projection
from articles.locking import lock
from articles.models import Article, Publication
from newsroom.core import surfaces, tasks


def reproject(kind: str, object_id: int, *, at: datetime) -> int:
    """Rebuild the live and future publications that name the object (PublicationRef.Kind); return how many changed.

    Each in a transaction of its own, so that no story waits for a topic of thousands; running it again does no harm.
    """
    return sum(rebuild(pk, at=at) for pk in list(_naming(kind, object_id, at=at).values_list("pk", flat=True)))


def lock_named_in(kind: str, object_id: int, *, at: datetime) -> None:
    """Lock the stories that `reproject` would rebuild, before the object itself is changed in this transaction.

    A publication locks its story first and keeps what it names afterwards; the other way round the two would deadlock.
    """
    stories = Article.objects.filter(pk__in=_naming(kind, object_id, at=at).values("article_id"))
    list(stories.select_for_update().order_by("pk").values_list("pk"))


def _naming(kind: str, object_id: int, *, at: datetime) -> QuerySet[Publication]:
    """Return the live and future publications that name the object, by story."""
    named = Publication.objects.unfinished(at).filter(refs__kind=kind, refs__object_id=object_id)
    return named.order_by("article_id", "pk")


def reproject_outdated(*, at: datetime) -> int:
    """Rebuild live and future publications that an older renderer made; return how many changed."""
    outdated = Publication.objects.unfinished(at).filter(renderer_version__lt=projection.RENDERER_VERSION)
    return sum(rebuild(pk, at=at) for pk in list(outdated.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def rebuild(publication_id: int, *, at: datetime) -> bool:
    """Rebuild one projection from its revision; True when readers get something else than before.

    Does nothing for what ended, was voided or was suppressed by the time the article is locked.
    """
    lock(Publication.objects.select_related("article").get(pk=publication_id).article)
    publication = Publication.objects.unfinished(at).filter(pk=publication_id).first()
    if publication is None:
        return False
    page = projection.page_of(publication)
    if all(getattr(publication, name) == value for name, value in page.fields.items()):
        return False
    keys = projection.surfaces_of([publication_id])
    for name, value in page.fields.items():
        setattr(publication, name, value)
    publication.save(update_fields=list(page.fields))
    projection.leave_lists([publication_id])
    publication.refs.all().delete()
    projection.enter_lists(publication, page)
    surfaces.bump(*(keys | projection.surfaces_of([publication_id])))
    return True


@tasks.task(deadline_seconds=600)
def reproject_task(kind: str, object_id: int) -> int:
    """Run `reproject` in the background; return how many publications changed."""
    return reproject(kind, object_id, at=timezone.now())


@tasks.task(deadline_seconds=600)
def reproject_outdated_task() -> int:
    """Run `reproject_outdated` in the background; return how many publications changed."""
    return reproject_outdated(at=timezone.now())
