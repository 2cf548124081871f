"""Licences that end: what is planned for later will not come; what readers see loses the picture at that moment.

The latter needs nobody to act: the data on the page holds the moment, and so does the picture's address.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles import pictures
from articles.models import Image, Publication, PublicationRef
from articles.payloads import Payload
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User


def named_by(payload: Payload) -> list[int]:
    """Return the ids of all pictures a payload names, the lead picture first."""
    lead = [payload["lead_image"]["id"]] if payload["lead_image"] else []
    return list(dict.fromkeys([*lead, *pictures.figure_ids(payload["body"])]))


def ended(payload: Payload, at: datetime) -> Image | None:
    """Return the first picture of a payload that may no longer be shown at `at` because its licence is over."""
    ids = named_by(payload)
    found = Image.objects.in_bulk(ids) if ids else {}
    for image in (found[pk] for pk in ids if pk in found):
        if image.licence_ends_at is not None and image.licence_ends_at <= at:
            return image
    return None


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
