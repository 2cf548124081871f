"""Which stories stand below a story as related."""

from __future__ import annotations

from datetime import datetime

from articles.models import Publication

MOST = 3
# A story of more topics is asked for by the first ones, which matter most.
MOST_TOPICS = 6


def related_to(publication: Publication, *, at: datetime, only: tuple[str, ...]) -> list[Publication]:
    """Return the newest stories readers may see at `at` that share a topic and the language; at most three.

    One query whatever the number of stories, none for a story without topics. `only` names the fields to load.
    """
    slugs = [topic["slug"] for topic in publication.topics][:MOST_TOPICS]
    if not slugs:
        return []
    sharing = (
        Publication.objects.live(at)
        .filter(language=publication.language, topic_rows__topic__slug__in=slugs)
        .exclude(article_id=publication.article_id)
        .only(*only)
        .order_by("-topic_rows__first_published_at", "-topic_rows__pk")
    )
    # One that shares several topics comes once for each of them.
    found = {story.pk: story for story in sharing[: MOST * len(slugs)]}
    return list(found.values())[:MOST]
