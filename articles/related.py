"""Which stories stand below a story as related."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery

from articles import teasers
from articles.models import Publication, PublicationTopic, Topic
from articles.teasers import Teaser
from newsroom.core.prepared import Prepared, Slot, moment

MOST = 3
# A story of more topics is asked for by the first ones, which matter most.
MOST_TOPICS = 6
SLUGS = [f"slug{place}" for place in range(MOST_TOPICS)]


def _sharing() -> QuerySet[Publication, tuple[Any, ...]]:
    """Return the question for the newest stories in `language` under the topics of these slugs, without `article`.

    Each topic gives its three newest, read from its index; sorting all stories of the topics took 39 ms at 20,000.
    """
    newest = (
        PublicationTopic.objects.live(moment("at"))
        .filter(topic=OuterRef("pk"))
        .newest(cast("str", Slot("language", CharField())))
        .exclude(publication__article_id=Slot("article", BigIntegerField()))
        .values("publication_id")
    )
    topics = Topic.objects.filter(slug__in=[Slot(slug, CharField()) for slug in SLUGS]).order_by()
    first, *others = [topics.values_list(Subquery(newest[place : place + 1]), flat=True) for place in range(MOST)]
    found = teasers.newest().filter(pk__in=first.union(*others))
    return found.values_list(*teasers.TOLD)[:MOST]


SHARING = Prepared(_sharing, Teaser)


def related_to(publication: Publication, *, at: datetime) -> list[Teaser]:
    """Return the newest stories readers may see at `at` that share a topic and the language; at most three.

    One query whatever the number of stories, none for a story without topics.
    """
    slugs = [topic["slug"] for topic in publication.topics][:MOST_TOPICS]
    if not slugs:
        return []
    # No topic has an empty slug.
    filled = slugs + [""] * (MOST_TOPICS - len(slugs))
    return SHARING.all(
        at=at, language=publication.language, article=publication.article_id, **dict(zip(SLUGS, filled, strict=True))
    )
