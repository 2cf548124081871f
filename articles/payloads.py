"""What a revision holds: all content of an article as JSON, and how older shapes are read."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from articles.models import Article, Revision

Payload = dict[str, Any]

# The shape that `build` makes. Raise it with every change of shape, add a lift from the old one to LIFTS, and store a
# payload of the old shape as tests/articles/payloads/schema_<n>.json, where a test restores it.
SCHEMA = 2


def with_pictures(payload: Payload) -> Payload:
    """Lift schema 1, which knew no pictures."""
    return {**payload, "lead_image": None, "lead_caption": ""}


# schema -> the function that turns a payload of that schema into one of the next
LIFTS: dict[int, Callable[[Payload], Payload]] = {1: with_pictures}

# Plain fields of Article, taken over as they stand.
FIELDS = ("language", "kind", "kicker", "title", "slug", "standfirst", "dateline", "key_points", "body", "lead_caption")

# What stands on Article and is no content: the desk's own state, which a restore must not turn back.
DESK_FIELDS = (
    "desk_state",
    "desk_note",
    "approved_revision",
    "held_at",
    "hold_reason",
    "embargo_until",
    "translation_of",
    "translated_revision",
    "version",
    "created_by",
    "created_at",
    "updated_at",
)


def build(article: Article) -> Payload:
    """Return the payload of the working copy as the database has it now.

    Lists stand in the order of the page. Sections, topics, contributors and pictures are `{"id", "name"}`: the id is
    what counts, the name tells people what it was called. Sources and milestones keep their own ids, which texts may
    refer to.
    """
    return {
        **{name: getattr(article, name) for name in FIELDS},
        "section": {"id": article.section.pk, "name": article.section.name} if article.section else None,
        "lead_image": {"id": article.lead_image.pk, "name": article.lead_image.title} if article.lead_image else None,
        "bylines": [
            {
                "contributor": {"id": byline.contributor_id, "name": byline.contributor.name},
                "role": byline.role,
                "place": byline.place,
            }
            for byline in article.bylines.select_related("contributor").order_by("position", "pk")
        ],
        "topics": [
            {"id": row.topic_id, "name": row.topic.name}
            for row in article.article_topics.select_related("topic").order_by("position", "pk")
        ],
        "sources": [
            {
                "id": source.pk,
                "kind": source.kind,
                "title": source.title,
                "publisher": source.publisher,
                "url": source.url,
                "published_on": source.published_on.isoformat() if source.published_on else None,
                "is_checked": source.is_checked,
                "is_confidential": source.is_confidential,
            }
            for source in article.sources.order_by("position", "pk")
        ],
        "milestones": [
            {
                "id": milestone.pk,
                "moment": milestone.moment,
                "text": milestone.text,
                "is_certain": milestone.is_certain,
            }
            for milestone in article.milestones.order_by("position", "pk")
        ],
    }


def digest(payload: Payload) -> str:
    """Return a fingerprint of what `payload` says; a section, topic or contributor renamed since does not change it."""
    nameless = copy.deepcopy(payload)
    for referent in (
        nameless["section"],
        nameless["lead_image"],
        *nameless["topics"],
        *(byline["contributor"] for byline in nameless["bylines"]),
    ):
        if referent:
            del referent["name"]
    text = json.dumps(nameless, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read(revision: Revision) -> Payload:
    """Return the payload of a revision that was not purged, in today's shape."""
    return lift(revision.payload, revision.schema)


def lift(
    payload: Payload,
    schema: int,
    *,
    lifts: Mapping[int, Callable[[Payload], Payload]] = LIFTS,
    target: int = SCHEMA,
) -> Payload:
    """Return `payload`, which has shape `schema`, in shape `target`; KeyError when a step is missing. Pure."""
    for step in range(schema, target):
        payload = lifts[step](payload)
    return payload
