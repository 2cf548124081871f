"""What machines are told about pages: absolute addresses, schema.org records, pictures for previews."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from articles import pictures as picture_data
from articles.models import Notice, Publication
from articles.teasers import Teaser
from newsroom.core import http

Record = dict[str, Any]

# schema.org has no type of its own for explainers.
TYPES = {"analysis": "AnalysisNewsArticle", "opinion": "OpinionNewsArticle", "explainer": "BackgroundNewsArticle"}
# Inside a script element only these can end it or break old parsers; as escapes they mean the same to JSON.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# A picture for previews: the widest JPEG of this shape.
PREVIEW_SHAPE = "wide"


def origin(request: HttpRequest) -> str:
    """Return scheme and host of SITE_URL. Without one, those of the request, which ALLOWED_HOSTS has vouched for."""
    return http.site_origin() or f"{request.scheme}://{request.get_host()}"


def absolute(base: str, path: str) -> str:
    """Return `path` below scheme and host `base`, as an address may be written; a full address stays as it is."""
    return path if path.startswith(("http://", "https://")) else base + quote(path, safe="/?=&%#:@")


def namespace(language: str) -> str:
    """Return the URL namespace of the pages in `language`."""
    return "en" if language == "en" else "articles"


def permanent_path(article_id: int) -> str:
    """Return the address of a story that no change of title or section touches; it leads to the current one."""
    return f"/-/tulisan-{article_id}/"


def modified_at(publication: Publication | Teaser) -> datetime:
    """Return when a story last changed in substance, or was first published."""
    return publication.substantive_at or publication.first_published_at


def stamp(at: datetime) -> str:
    """Return a moment as machines write it, in UTC."""
    return at.isoformat(timespec="seconds")


def data_block(record: Record) -> str:
    """Return a record as the text of a script element of type application/ld+json, which nothing in it can end."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)


# Pictures


def lead_shapes(publication: Publication | Teaser, at: datetime) -> dict[str, Any]:
    """Return the shapes of the lead picture; none once its licence is over, when its files answer 410."""
    picture = publication.lead_image or {}
    return {} if picture_data.has_ended(picture, at) else picture.get("shapes") or {}


def preview_picture(publication: Publication | Teaser, base: str, *, at: datetime) -> dict[str, Any]:
    """Return {"url", "width", "height", "alt"} of a story's picture for previews elsewhere; {} when it has none."""
    shapes = lead_shapes(publication, at)
    shape = shapes.get(PREVIEW_SHAPE) or shapes.get("full")
    if not shape or not shape.get("src"):
        return {}
    return {
        "url": absolute(base, shape["src"]),
        "width": shape.get("width"),
        "height": shape.get("height"),
        "alt": publication.lead_image.get("alt", ""),
    }


def pictures(publication: Publication, base: str, *, at: datetime) -> list[str]:
    """Return the addresses of the lead picture in every shape there is, the wide one first."""
    shapes = lead_shapes(publication, at)
    order = sorted(shapes, key=lambda name: (name != PREVIEW_SHAPE, name))
    return [absolute(base, shapes[name]["src"]) for name in order if shapes[name].get("src")]


# Records


def news_article(publication: Publication, url: str, base: str, *, at: datetime) -> Record:
    """Return the schema.org record of a story at `at`: what the page shows, and nothing it does not.

    `dateModified` moves with substantive updates only.
    """
    record: Record = {
        "@context": "https://schema.org",
        "@type": TYPES.get(publication.story_kind, "NewsArticle"),
        "@id": absolute(base, permanent_path(publication.article_id)),
        "mainEntityOfPage": url,
        "url": url,
        "headline": publication.title,
        "description": publication.standfirst,
        "inLanguage": publication.language,
        "articleSection": publication.section_name,
        "datePublished": stamp(publication.first_published_at),
        "dateModified": stamp(modified_at(publication)),
        "author": [author(byline, publication.language, base) for byline in publication.bylines],
        "publisher": publisher(base),
        "isPartOf": {"@type": "WebSite", "name": settings.SITE_NAME, "url": base + "/"},
        "image": pictures(publication, base, at=at),
        "keywords": [topic["name"] for topic in publication.topics],
        "locationCreated": {"@type": "Place", "name": publication.dateline} if publication.dateline else None,
        "citation": [citation(source) for source in publication.sources],
        "correction": [correction(notice) for notice in publication.notices if "taken_back_at" not in notice],
    }
    return {name: value for name, value in record.items() if value not in ("", [], None)}


def author(byline: dict[str, str], language: str, base: str) -> Record:
    """Return a name over a story, with the address of that person's page."""
    path = reverse(f"{namespace(language)}:contributor", args=[byline["slug"]]) if byline.get("slug") else ""
    person: Record = {"@type": "Person", "name": byline["name"]}
    return person | ({"url": absolute(base, path)} if path else {}) | _some(jobTitle=byline.get("role", ""))


def publisher(base: str) -> Record:
    """Return the paper."""
    return {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME, "url": base + "/"}


def citation(source: dict[str, str]) -> Record:
    """Return one source as the page names it."""
    url = source["url"] if source["url"].startswith(("http://", "https://")) else ""
    return {"@type": "CreativeWork", "name": source["title"]} | _some(
        url=url, publisher=source["publisher"], datePublished=source["date"]
    )


def correction(notice: dict[str, Any]) -> Record:
    """Return one notice of a story (Publication.notices)."""
    kind = str(Notice.Kind(notice["kind"]).label)
    return {"@type": "CorrectionComment", "name": kind, "text": notice["text"], "datePublished": notice["at"]}


def breadcrumbs(steps: Sequence[tuple[str, str]], base: str) -> Record:
    """Return the way to a page, from the front page down, as a schema.org list; `steps` are (name, path)."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(base, path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def way_to(publication: Publication) -> list[tuple[str, str]]:
    """Return the way to a story: paper, section, story."""
    space = namespace(publication.language)
    steps = [(settings.SITE_NAME, reverse(f"{space}:home"))]
    if publication.section_slug:
        steps.append((publication.section_name, reverse(f"{space}:section", args=[publication.section_slug])))
    return [*steps, (publication.title, publication.path)]


def _some(**values: str) -> Record:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value}
