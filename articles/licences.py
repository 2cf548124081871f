"""Licences that end: what is planned for later will not come; what readers see loses the picture at that moment.

The latter needs nobody to act: the data on the page holds the moment, and so does the picture's address.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles.models import Image, Publication, PublicationRef
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User


@transaction.atomic
def enforce(image: Image, *, by: User | None, at: datetime) -> list[Publication]:
    """Void what is planned to begin with this picture after its licence ends; return it."""
    ends_at = image.licence_ends_at
    if ends_at is None:
        return []
    naming = Publication.objects.planned(at).filter(
        refs__kind=PublicationRef.Kind.IMAGE, refs__object_id=image.pk, visible_from__gte=ends_at
    )
    voided: list[Publication] = []
    for found in naming.select_related("article").order_by("article_id", "pk"):
        timeline = Timeline.open(found.article, by=by, at=at)
        for row in [row for row in timeline.planned if row.pk == found.pk]:
            timeline.void(row, Publication.VoidCause.UNLICENSED)
            audit.record("article.licence_voids", found.article, by=by, at=at, voided=[row.pk], image=image.pk)
            voided.append(row)
        timeline.done()
    return voided
