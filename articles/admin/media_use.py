"""Where a picture stands: which stories, topics and portraits would change with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from articles import access
from articles.models import Article, Contributor, Image, Publication, PublicationRef, Topic
from articles.permissions import Visitor
from articles.states import PublicState, with_public_state

# How many users of one picture a page lists; the rest is a number.
SHOWN = 12
FIGURE = re.compile(r'data-image-id="([1-9][0-9]{0,9})"')
ANY_FIGURE = 'data-image-id="'


@dataclass(frozen=True)
class Use:
    """One thing that shows the picture. `state` is a story's public state, "" for what is no story."""

    label: str
    url: str
    state: str = ""


def unused() -> Q:
    """Return the condition on pictures that nothing names, and that no publication ever showed.

    One query, for the texts that hold figures at all; what they name is read from them, not asked picture by picture.
    """
    texts = Article.objects.filter(body__contains=ANY_FIGURE).values_list("body", flat=True)
    in_texts = {int(number) for body in texts.iterator() for number in FIGURE.findall(body)}
    here = OuterRef("pk")
    shown = PublicationRef.objects.filter(kind=PublicationRef.Kind.IMAGE, object_id=here)
    return (
        ~Q(pk__in=in_texts)
        & ~Q(Exists(Article.objects.filter(lead_image=here)))
        & ~Q(Exists(Topic.objects.filter(image=here)))
        & ~Q(Exists(Contributor.objects.filter(portrait=here)))
        & ~Q(Exists(shown))
    )


def stories(image: Image) -> Any:
    """Return the stories whose working copy, or whose live or coming publication, shows the picture."""
    named = PublicationRef.objects.filter(kind=PublicationRef.Kind.IMAGE, object_id=image.pk)
    return Article.objects.filter(
        Q(lead_image=image)
        | Q(body__contains=f'{ANY_FIGURE}{image.pk}"')
        | Q(pk__in=Publication.objects.filter(refs__in=named).values("article"))
    )


def live_stories(image: Image, *, at: datetime) -> int:
    """Return how many stories that readers see now show the picture."""
    kind = PublicationRef.Kind.IMAGE
    return Publication.objects.live(at).filter(refs__kind=kind, refs__object_id=image.pk).distinct().count()


def uses(image: Image, user: Visitor, *, at: datetime) -> tuple[list[Use], int]:
    """Return what shows the picture, as far as `user` may know of it, and how many more there are than listed."""
    rows = with_public_state(access.readable(user).filter(pk__in=stories(image).values("pk")), at)
    found = [
        Use(row.title, reverse("admin:articles_article_change", args=[row.pk]), PublicState(row.public_state))
        for row in rows.order_by("-updated_at", "-pk")[: SHOWN + 1]
    ]
    more = max(rows.count() - SHOWN, 0) if len(found) > SHOWN else 0
    others: list[tuple[str, Any]] = [
        ("admin:articles_topic_change", Topic.objects.filter(image=image).order_by("name", "pk")[:SHOWN]),
        (
            "admin:articles_contributor_change",
            Contributor.objects.filter(portrait=image).order_by("name", "pk")[:SHOWN],
        ),
    ]
    linked = [Use(str(row), reverse(name, args=[row.pk])) for name, query in others for row in query]
    return found[:SHOWN] + linked, more
