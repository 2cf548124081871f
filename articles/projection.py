"""Projections: what a publication shows, rebuilt from its revision at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation

from articles import companions, payloads, pictures
from articles.locking import keep
from articles.models import (
    Contributor,
    Image,
    Publication,
    PublicationByline,
    PublicationRef,
    PublicationTopic,
    Section,
    Source,
    Topic,
)
from articles.search import entries
from newsroom.core import richtext, surfaces, text

# Raise it when the same payload would come out differently; `reproject_outdated` then rebuilds what readers see.
RENDERER_VERSION = 1


@dataclass
class Page:
    """One projection: the fields of Publication it fills, and the objects it resolved."""

    fields: dict[str, Any]
    section_id: int | None = None
    topic_ids: list[int] = field(default_factory=list)
    contributor_ids: list[int] = field(default_factory=list)
    image_ids: list[int] = field(default_factory=list)


def page_of(publication: Publication) -> Page:
    """Return the projection of a publication. A tombstone has no title, text or topics; it keeps its language."""
    if publication.revision is None:
        language = publication.article.language
        return Page({"language": language, "renderer_version": RENDERER_VERSION})
    payload = payloads.read(publication.revision)
    keep_named(payload)
    return project(payload, publication.article_id)


def keep_named(payload: payloads.Payload) -> None:
    """Let nobody change what `payload` names until the transaction ends.

    Whoever changes one of these rebuilds the publications that name it, and cannot see one that is not committed yet.
    Always in this order, after the article; what only shares a lock waits for no other publication.
    """
    keep(Section, [payload["section"]["id"]] if payload["section"] else [])
    kept: set[int] = set()
    while found := with_targets(topic["id"] for topic in payload["topics"]) - kept:
        keep(Topic, found)
        kept |= found
    keep(Contributor, {byline["contributor"]["id"] for byline in payload["bylines"]})
    keep(Image, pictures.named_by(payload))


def with_targets(ids: Iterable[int]) -> set[int]:
    """Return the ids of topics and of all they were merged into, one after the other."""
    found: set[int] = set()
    ahead = set(ids)
    while ahead:
        found |= ahead
        merged = Topic.objects.filter(pk__in=ahead, merged_into__isnull=False)
        ahead = set(merged.values_list("merged_into_id", flat=True)) - found
    return found


def project(payload: payloads.Payload, article_id: int) -> Page:
    """Return what readers get to see of `payload`: names resolved, text sanitised, confidential sources left out."""
    language = payload["language"]
    section = Section.objects.filter(pk=payload["section"]["id"]).first() if payload["section"] else None
    topics = resolve_topics([topic["id"] for topic in payload["topics"]])
    people = Contributor.objects.in_bulk([byline["contributor"]["id"] for byline in payload["bylines"]])
    bylines = [
        (people[byline["contributor"]["id"]], byline)
        for byline in payload["bylines"]
        if byline["contributor"]["id"] in people
    ]
    copied = {name: payload[name] for name in ("language", "kicker", "title", "standfirst", "dateline")}
    body = richtext.sanitize(payload["body"])
    lead, figures = pictures_of(payload["lead_image"], payload["lead_caption"], body, language)
    fields = {
        **copied,
        "renderer_version": RENDERER_VERSION,
        "story_kind": payload["kind"],
        "section_id": section.pk if section else None,
        "section_name": section.display_name(language) if section else "",
        "section_slug": section.slug if section else "",
        "path": path_of(payload, section, article_id),
        "body_html": body,
        "key_points": lines(payload["key_points"]),
        "bylines": [
            {"name": person.name, "slug": person.slug, "role": byline["role"] or person.role, "place": byline["place"]}
            for person, byline in bylines
        ],
        "topics": [{"name": topic.display_name(language), "slug": topic.slug} for topic in topics],
        "sources": public_sources(payload["sources"], language),
        "lead_image": lead,
        "images": figures,
        "milestones": [
            {name: milestone[name] for name in ("moment", "text", "is_certain")} for milestone in payload["milestones"]
        ],
    }
    return Page(
        fields,
        section_id=section.pk if section else None,
        topic_ids=[topic.pk for topic in topics],
        contributor_ids=[person.pk for person, _ in bylines],
        image_ids=[found["id"] for found in {data["id"]: data for data in [lead, *figures.values()] if data}.values()],
    )


def pictures_of(
    referent: dict[str, Any] | None, lead_caption: str, body: str, language: str
) -> tuple[pictures.Data, dict[str, pictures.Data]]:
    """Return the data of the lead picture, {} for none, and {id: data} of those in the text."""
    in_text = pictures.figure_ids(body)
    lead_id = referent["id"] if referent else None
    shown = pictures.shown([*in_text, *([lead_id] if lead_id else [])])
    found = pictures.data_of(shown.values(), language)
    lead = found.get(lead_id, {}) if lead_id else {}
    if lead and lead_caption:
        lead = {**lead, "caption": lead_caption}
    return lead, {str(pk): found[pk] for pk in in_text if pk in found}


def path_of(payload: payloads.Payload, section: Section | None, article_id: int) -> str:
    """Return `/<section>/<slug>-<id>/`, below `/en/` in English. Only the id counts; the rest is for people."""
    slug = payload["slug"] or text.slugify(payload["title"]) or payload["kind"]
    prefix = "/en" if payload["language"] == "en" else ""
    return f"{prefix}/{section.slug if section else '-'}/{slug}-{article_id}/"


def lines(block: str) -> list[str]:
    """Return the lines of `block` that say something, without bullets typed in front of them."""
    return [line for line in (row.strip().lstrip("-•*–").strip() for row in block.splitlines()) if line]


def public_sources(sources: Iterable[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """Return the sources readers may know of, in order; kinds in the story's language."""
    with translation.override(language):
        return [
            {
                "title": source["title"],
                "kind": source["kind"],
                "kind_label": str(Source.Kind(source["kind"]).label),
                "publisher": source["publisher"],
                "url": source["url"],
                "date": source["published_on"] or "",
            }
            for source in sources
            if not source["is_confidential"]
        ]


def resolve_topics(ids: Iterable[int]) -> list[Topic]:
    """Return the topics with these ids, in order and once each; merged ones as what they were merged into."""
    found: dict[int, Topic] = {}
    for pk in ids:
        topic = Topic.objects.filter(pk=pk).first()
        while topic is not None and topic.merged_into is not None:
            topic = topic.merged_into
        if topic is not None:
            found.setdefault(topic.pk, topic)
    return list(found.values())


def blank(publication_ids: Collection[int]) -> None:
    """Empty the projections of publications whose revision is purged, and take them out of all lists."""
    words = ("section_name", "section_slug", "path", "kicker", "title", "standfirst", "dateline", "body_html")
    lists = ("key_points", "bylines", "topics", "sources", "milestones", "notices")
    empty: dict[str, Any] = {**dict.fromkeys(words, ""), **{name: [] for name in lists}, "section_id": None}
    empty |= {"lead_image": {}, "images": {}}
    Publication.objects.filter(pk__in=publication_ids).update(renderer_version=RENDERER_VERSION, **empty)
    leave_lists(publication_ids)


# Lists


def enter_lists(publication: Publication, page: Page) -> None:
    """Write the rows that place a publication in lists and in search, and the record of what it resolved."""
    times = {
        "publication": publication,
        "first_published_at": publication.first_published_at,
        "visible_from": publication.visible_from,
        "visible_until": publication.visible_until,
    }
    PublicationTopic.objects.bulk_create(PublicationTopic(topic_id=pk, **times) for pk in page.topic_ids)
    PublicationByline.objects.bulk_create(PublicationByline(contributor_id=pk, **times) for pk in page.contributor_ids)
    kinds = PublicationRef.Kind
    resolved = [
        *((kinds.SECTION, pk) for pk in [page.section_id] if pk),
        *((kinds.TOPIC, pk) for pk in page.topic_ids),
        *((kinds.CONTRIBUTOR, pk) for pk in page.contributor_ids),
        *((kinds.IMAGE, pk) for pk in page.image_ids),
    ]
    PublicationRef.objects.bulk_create(
        PublicationRef(publication=publication, kind=kind, object_id=pk) for kind, pk in resolved
    )
    entries.enter(publication)


def move_lists(publication_id: int, until: datetime) -> None:
    """Copy a publication's new end to its rows in lists; search asks the publication itself."""
    for through in (PublicationTopic, PublicationByline):
        through.objects.filter(publication_id=publication_id).update(visible_until=until)


def leave_lists(publication_ids: Collection[int]) -> None:
    """Take publications that were voided or suppressed out of all lists. What they resolved stays on record."""
    for through in (PublicationTopic, PublicationByline):
        through.objects.filter(publication_id__in=publication_ids).delete()
    entries.leave(publication_ids)


def surfaces_of(publication_ids: Collection[int]) -> set[str]:
    """Return the surfaces these publications stand on, stood on or will stand on."""
    rows = Publication.objects.filter(pk__in=publication_ids).values_list("article_id", "kind", "notices")
    articles = {article for article, _kind, _notices in rows}
    keys = {surfaces.home(), *(surfaces.article(pk) for pk in articles | companions.beside(articles))}
    if any(kind == Publication.Kind.TOMBSTONE or notices for _article, kind, notices in rows):
        keys.add(surfaces.corrections())
    makers = {
        PublicationRef.Kind.SECTION: surfaces.section,
        PublicationRef.Kind.TOPIC: surfaces.topic,
        PublicationRef.Kind.CONTRIBUTOR: surfaces.contributor,
    }
    for kind, pk in PublicationRef.objects.filter(publication_id__in=publication_ids).values_list("kind", "object_id"):
        # A picture has no page of its own.
        if kind in makers:
            keys.add(makers[PublicationRef.Kind(kind)](pk))
    return keys
