"""Searching the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.addresses import page_language
from articles.models import Publication, PublicationTopic, Section, Topic
from articles.search import finding, marks, query
from articles.search.finding import Findings, Wish
from articles.views._public import LISTED, public_page, turned_by
from newsroom.core import richtext

# Topics offered beside the results, and the newest stories they are taken from when nothing was found.
TOPICS = 8
RECENT = 40


@dataclass(frozen=True)
class Chip:
    """One filter: a link to the same search with one thing changed."""

    label: str
    url: str
    is_current: bool
    # None: not counted.
    count: int | None = None


@dataclass(frozen=True)
class Result:
    """One story found, with its words marked."""

    story: Publication
    title: marks.Marked
    passage: marks.Marked


@public_page
@turned_by("page")
def search(request: HttpRequest) -> HttpResponse:
    """Show what answers `?q=`, ten stories a page; without words, the empty field. Takes at most 7 queries."""
    at = timezone.now()
    wish = wish_of(request)
    findings = Findings() if wish.is_empty else finding.count(wish, at=at)
    page = page_number(request, findings)
    results = results_of(wish, page.number, at=at) if findings.total else []
    language = page_language()
    context = {
        "wish": wish,
        "typed": wish.words,
        "is_asked": bool(request.GET.get("q", "").strip()),
        "total": findings.total,
        "page": page,
        "rest": address_part(wish),
        "results": results,
        "groups": filters(wish, findings) if findings.total or is_narrowed(wish) else [],
        "both_url": link(replace(wish, language="")) if wish.language else "",
        "topics": topics_beside(wish, results, at=at),
        "longest": query.LONGEST,
        "other_url": reverse("articles:search" if language == "en" else "en:search"),
    }
    return render(request, "articles/search.html", context)


def wish_of(request: HttpRequest) -> Wish:
    """Read what the address asks for; what is not on offer counts as not asked."""
    given = request.GET
    section = given.get("section", "")
    kind, period, language = given.get("kind", ""), given.get("period", ""), given.get("language", "")
    return Wish(
        query.clean(given.get("q", "")),
        language="" if language == "all" else page_language(),
        section_id=int(section) if section.isascii() and section.isdigit() and len(section) <= 9 else None,
        kind=kind if kind in dict(finding.kinds()) else "",
        period=period if period in finding.PERIODS else "",
        is_newest_first=given.get("order") == "newest",
    )


def address_part(wish: Wish) -> str:
    """Return the wish as the query of an address, without the page: "q=natuna&period=year"."""
    given = {
        "q": wish.words,
        "language": "" if wish.language else "all",
        "section": wish.section_id or "",
        "kind": wish.kind,
        "period": wish.period,
        "order": "newest" if wish.is_newest_first else "",
    }
    return urlencode({name: value for name, value in given.items() if value})


def page_number(request: HttpRequest, findings: Findings) -> Any:
    """Return the page asked for, of those on offer. Raises Http404 for others."""
    paginator = Paginator(range(min(findings.total, finding.PAGES * finding.PAGE_SIZE)), finding.PAGE_SIZE)
    try:
        return paginator.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None


def results_of(wish: Wish, number: int, *, at: datetime) -> list[Result]:
    """Return one page of stories with their words marked. Two queries."""
    ids = finding.page_of(wish, number, at=at)
    stories = Publication.objects.live(at).only(*LISTED, "language", "topics", "body_html").in_bulk(ids)
    return [result_of(stories[pk], wish) for pk in ids if pk in stories]


def result_of(story: Publication, wish: Wish) -> Result:
    """Return a story as found: its standfirst, or where in the text the words stand when it has none of them."""
    finds, language = wish.queries[story.language].finds, story.language
    title = marks.mark(story.title, finds, language)
    passage = marks.mark(story.standfirst, finds, language)
    if not passage.is_found and not title.is_found:
        text = " ".join([*story.key_points, *richtext.plain_text(story.body_html).split("\n")])
        found = marks.excerpt(text, finds, language)
        passage = found if found.is_found else passage
    return Result(story, title, passage)


def is_narrowed(wish: Wish) -> bool:
    """Say whether a filter is on that could be taken off."""
    return not wish.is_empty and bool(wish.section_id or wish.kind or wish.period)


def filters(wish: Wish, findings: Findings) -> list[tuple[str, list[Chip]]]:
    """Return the groups of filters as (name, chips): what would find nothing is not offered. One query."""
    groups = [
        (_("Sections and kinds"), by_section(wish, findings) + by_kind(wish, findings)),
        (_("Time"), by_period(wish)),
        (_("Order and language"), by_order(wish)),
    ]
    return [(name, chips) for name, chips in groups if chips]


def by_section(wish: Wish, findings: Findings) -> list[Chip]:
    """Offer all sections together, and each that holds an answer."""
    language = page_language()
    everything = replace(wish, section_id=None, kind="")
    is_all = wish.section_id is None and not wish.kind
    chips = [Chip(_("All"), link(everything), is_all, findings.total if is_all else None)]
    for section in Section.objects.filter(pk__in=list(findings.sections)).order_by("position", "pk"):
        number, is_current = findings.sections[section.pk], section.pk == wish.section_id
        if number or is_current:
            target = replace(wish, section_id=None if is_current else section.pk)
            chips.append(Chip(section.display_name(language), link(target), is_current, number))
    return chips


def by_kind(wish: Wish, findings: Findings) -> list[Chip]:
    """Offer the kinds that hold an answer; news alone is no choice."""
    offered = [(value, label) for value, label in finding.kinds() if findings.kinds[value] or value == wish.kind]
    if not wish.kind and [value for value, _label in offered] == ["news"]:
        return []
    return [
        Chip(label, link(replace(wish, kind="" if value == wish.kind else value)), value == wish.kind, number)
        for value, label in offered
        for number in [findings.kinds[value]]
    ]


def by_period(wish: Wish) -> list[Chip]:
    """Offer the spans of time; the current one leads back to all of it."""
    labels = {"week": _("Past 7 days"), "month": _("Past 30 days"), "year": _("Past 12 months")}
    return [
        Chip(label, link(replace(wish, period="" if wish.period == name else name)), wish.period == name)
        for name, label in labels.items()
    ]


def by_order(wish: Wish) -> list[Chip]:
    """Offer the other order, and the stories in the other language."""
    newest = replace(wish, is_newest_first=not wish.is_newest_first)
    both = replace(wish, language="" if wish.language else page_language())
    return [
        Chip(_("Newest first"), link(newest), wish.is_newest_first),
        Chip(_("In both languages"), link(both), not wish.language),
    ]


def link(wish: Wish) -> str:
    """Return the address of a search on this page."""
    return f"?{address_part(wish)}"


def topics_beside(wish: Wish, results: list[Result], *, at: datetime) -> list[dict[str, str]]:
    """Return topics worth a look as [{"name", "slug"}]: those named like the words, then those of the results.

    Without results, those of the newest stories take their place. At most two queries.
    """
    language = page_language()
    stories = [result.story for result in results]
    if not stories:
        newest = Publication.objects.live(at).filter(language=language).only("topics", "language")
        stories = list(newest.order_by("-first_published_at", "-pk")[:RECENT])
    found = {topic.slug: topic.display_name(language) for topic in named_like(wish.words, at=at)}
    counted: dict[str, int] = {}
    for story in stories:
        for topic in story.topics if story.language == language else []:
            counted[topic["slug"]] = counted.get(topic["slug"], 0) + 1
            found.setdefault(topic["slug"], topic["name"])
    order = sorted(found, key=lambda slug: -counted.get(slug, len(stories) + 1))
    return [{"slug": slug, "name": found[slug]} for slug in order[:TOPICS]]


def named_like(typed: str, *, at: datetime) -> list[Topic]:
    """Return topics in use whose name holds one of the longer words typed; those of drafts alone are nobody's yet."""
    condition = Q()
    for word in [word for word in typed.split() if len(word) > 3][: query.TERMS]:
        condition |= Q(name__icontains=word) | Q(name_en__icontains=word)
    if not condition:
        return []
    live = PublicationTopic.objects.live(at).filter(topic=OuterRef("pk"))
    found = Topic.objects.filter(condition, Exists(live), archived_at__isnull=True)
    return list(found.order_by("name", "pk")[:TOPICS])
