"""Sitemaps (sitemaps.org): what stands at the site, a page of stories at a time, and the news of two days.

A page holds the stories whose ids lie in one range, so a story never moves from page to page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import F, Max, Min, Q
from django.db.models.functions import Coalesce

from articles import feeds, seo
from articles.models import Publication

# Ids of one page: at most one live publication each.
PAGE_SIZE = 5000
# No id has a longer one; asked for more, a database fails.
LAST_PAGE = (2**63 - 1) // PAGE_SIZE - 1
# Google's limits for news.
NEWS_SPAN = timedelta(hours=48)
NEWS_MOST = 1000

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True)
class Entry:
    """One address of a sitemap."""

    path: str
    # None: not known.
    changed_at: datetime | None = None
    # {language, or "x-default": path} of the same thing, this address among them.
    alternates: dict[str, str] = field(default_factory=dict)


def numbers(*, at: datetime) -> list[tuple[int, datetime]]:
    """Return the pages of stories that are not empty as (number, last substantive change). One query."""
    live = Publication.objects.live(at).order_by().annotate(number=F("article_id") / PAGE_SIZE)
    changed = Max(Coalesce("substantive_at", "first_published_at"))
    rows = live.values_list("number").annotate(changed=changed).order_by("number")
    return [(int(number), moment) for number, moment in rows]


def stories(number: int, *, at: datetime) -> list[Entry]:
    """Return page `number` of the stories; there are none on pages beyond all ids. Two queries."""
    if number > LAST_PAGE:
        return []
    within = {"article_id__gte": number * PAGE_SIZE, "article_id__lt": (number + 1) * PAGE_SIZE}
    rows = Publication.objects.live(at).filter(**within).order_by("article_id")
    groups = translations(Q(article__translation_of__isnull=False), at=at)
    return [
        Entry(path, substantive or published, groups.get(root or article, {}))
        for article, root, path, published, substantive in rows.values_list(
            "article_id", "article__translation_of_id", "path", "first_published_at", "substantive_at"
        )
    ]


def translations(translated: Q, *, at: datetime) -> dict[int, dict[str, str]]:
    """Return {id of the story written first: {language: path}} of the stories live in two languages. One query."""
    either = translated | Q(article__translations__isnull=False)
    rows = Publication.objects.live(at).filter(either).distinct().order_by("article_id")
    groups: dict[int, dict[str, str]] = defaultdict(dict)
    for article, root, language, path in rows.values_list(
        "article_id", "article__translation_of_id", "language", "path"
    ):
        groups[root or article][language] = path
        if root is None:
            groups[article]["x-default"] = path
    return {root: with_default(paths) for root, paths in groups.items() if len(paths.keys() - {"x-default"}) > 1}


def with_default(paths: dict[str, str]) -> dict[str, str]:
    """Return the paths with the one for readers of other languages: the story written first, else the English one."""
    return {"x-default": paths.get("en") or next(iter(paths.values()))} | paths


def index(paths: Iterable[tuple[str, datetime | None]], base: str) -> Iterator[str]:
    """Yield the lines of an index of sitemaps."""
    yield f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n'
    for path, changed_at in paths:
        yield f"<sitemap>{location(path, base)}{last_change(changed_at)}</sitemap>\n"
    yield "</sitemapindex>\n"


def urlset(entries: Iterable[Entry], base: str) -> Iterator[str]:
    """Yield the lines of one sitemap."""
    yield f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n'
    for entry in entries:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{address(path, base)}"/>'
            for language, path in sorted(entry.alternates.items())
        )
        yield f"<url>{location(entry.path, base)}{last_change(entry.changed_at)}{links}</url>\n"
    yield "</urlset>\n"


def news(*, at: datetime, name: str, base: str) -> Iterator[str]:
    """Yield the lines of the sitemap of what was first published within two days, at most 1,000. One query."""
    recent = Publication.objects.live(at).filter(first_published_at__gt=at - NEWS_SPAN)
    rows = recent.order_by("-first_published_at", "-pk").values_list("path", "language", "first_published_at", "title")
    yield f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}">\n'
    for path, language, published, title in rows[:NEWS_MOST]:
        publication = f"<news:publication>{element('name', name)}{element('language', language)}</news:publication>"
        facts = f"{publication}{element('publication_date', seo.stamp(published))}{element('title', title)}"
        yield f"<url>{location(path, base)}<news:news>{facts}</news:news></url>\n"
    yield "</urlset>\n"


def news_until(*, at: datetime) -> datetime | None:
    """Return when the oldest news of `news` is two days old and leaves it; None for none. One query."""
    recent = Publication.objects.live(at).filter(first_published_at__gt=at - NEWS_SPAN).order_by()
    oldest = recent.aggregate(moment=Min("first_published_at"))["moment"]
    return oldest + NEWS_SPAN if oldest else None


def element(tag: str, words: Any) -> str:
    """Return one element of the news namespace."""
    return f"<news:{tag}>{escape(feeds.clean(str(words)))}</news:{tag}>"


def address(path: str, base: str) -> str:
    """Return an absolute address as XML holds it."""
    return escape(seo.absolute(base, path), {'"': "&quot;"})


def location(path: str, base: str) -> str:
    """Return where something stands."""
    return f"<loc>{address(path, base)}</loc>"


def last_change(changed_at: datetime | None) -> str:
    """Return when it last changed in substance; nothing where that is not known."""
    return f"<lastmod>{seo.stamp(changed_at)}</lastmod>" if changed_at else ""
