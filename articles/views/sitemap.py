"""Sitemaps and robots.txt. They exist once for both languages."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from articles import seo, sitemaps
from articles.models import Page, Publication, Section
from articles.sitemaps import Entry
from articles.views._public import public_page
from newsroom.core import pagecache

# Kept from search engines: the desk, forms, and lists that answer to whatever is typed. Drafts have no public address.
SET_ASIDE = ("/admin/", "/accounts/", "/komentar/", "/cari/", "/en/cari/")


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name all sitemaps. One query."""
    pages = sitemaps.numbers(at=timezone.now())
    numbered = [(reverse("sitemap_stories", args=[number]), changed_at) for number, changed_at in pages]
    others = [(reverse("sitemap_pages"), None), (reverse("sitemap_news"), None)]
    return xml(sitemaps.index([*others, *numbered], seo.origin(request)))


@public_page
def sitemap_stories(request: HttpRequest, number: int) -> HttpResponse:
    """Answer with one page of stories. Two queries; an empty page does not exist."""
    entries = sitemaps.stories(number, at=timezone.now())
    if not entries:
        raise Http404
    return xml(sitemaps.urlset(entries, seo.origin(request)))


@public_page
def sitemap_news(request: HttpRequest) -> HttpResponse:
    """Answer with what was first published within two days. One query."""
    at, base = timezone.now(), seo.origin(request)
    if pagecache.is_listening():
        pagecache.true_until(sitemaps.news_until(at=at))
    return xml(sitemaps.news(at=at, name=settings.SITE_NAME, base=base))


@public_page
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Answer with the front pages, sections, topics, contributors and standing pages. Four queries."""
    live = Publication.objects.live(timezone.now()).order_by()
    sections = Section.objects.filter(archived_at__isnull=True).order_by("position", "pk")
    entries = in_both("home")
    for slug in sections.values_list("slug", flat=True):
        entries += in_both("section", slug)
    for name, slugs in (("topic", "topic_rows__topic__slug"), ("contributor", "byline_rows__contributor__slug")):
        rows = live.filter(**{f"{slugs}__isnull": False}).values_list("language", slugs).distinct()
        entries += [Entry(address(language, name, slug)) for language, slug in sorted(rows)]
    for page in Page.objects.public().order_by("position", "pk"):
        paths = {spoken: address(spoken, "page", page.slug) for spoken in ("id", "en") if page.speaks(spoken)}
        both = {"x-default": paths["id"], **paths} if len(paths) > 1 else {}
        entries += [Entry(path, page.updated_at, both) for path in paths.values()]
    return xml(sitemaps.urlset(entries, seo.origin(request)))


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone, and where the sitemaps are (RFC 9309). No query."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in SET_ASIDE), ""]
    lines += [f"Sitemap: {seo.absolute(seo.origin(request), reverse(name))}" for name in ("sitemap", "sitemap_news")]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def address(language: str, name: str, *args: str) -> str:
    """Return the address of a page in `language`."""
    return reverse(f"{seo.namespace(language)}:{name}", args=args)


def in_both(name: str, *args: str) -> list[Entry]:
    """Return a page that exists in both languages as two entries which name each other."""
    paths = {language: address(language, name, *args) for language in ("id", "en")}
    return [Entry(path, None, {"x-default": paths["id"], **paths}) for path in paths.values()]


def xml(lines: Iterable[str]) -> HttpResponse:
    """Return lines of XML as an answer."""
    return HttpResponse("".join(lines), content_type="application/xml; charset=utf-8")
