"""The page of one section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import CharField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import teasers
from articles.addresses import page_language
from articles.models import Section
from articles.teasers import Teaser
from articles.views._paging import PAGE_SIZE, page_of
from articles.views._public import in_other_language, public_page, stands_on, turned_by
from newsroom.core import surfaces
from newsroom.core.prepared import Prepared, Slot

TOPICS = 12


class Stories:
    """The stories of a section in one language at one moment, newest first, as a paginator cuts them."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def __getitem__(self, cut: slice) -> list[Teaser]:
        return page_from(cut.start).all(**self.values)

    def count_to(self, most: int) -> int:
        """Return how many there are, counting no further than `most`."""
        return len(first(most).all(**self.values))


@cache
def page_from(start: int) -> Prepared[Teaser]:
    """Return the query of one page; nobody can ask for more than a hundred."""
    return Prepared(lambda: teasers.of_section().values_list(*teasers.WHOLE)[start : start + PAGE_SIZE], Teaser)


@cache
def first(most: int) -> Prepared[int]:
    """Return the query of the first ids; a database counts them no faster than it names them."""
    return Prepared(lambda: teasers.of_section().values_list("pk")[:most], int)


SECTION_FIELDS = ("pk", "slug", "name", "name_en", "description", "description_en")
SECTION = Prepared(
    lambda: Section.objects.filter(slug=Slot("slug", CharField())).values_list(*SECTION_FIELDS),
    lambda *row: Section(**dict(zip(SECTION_FIELDS, row, strict=True))),
)


def section_of(slug: str) -> Section:
    """Return the section at an address. Raises Http404."""
    found = SECTION.first(slug=slug)
    if found is None:
        raise Http404
    return found


@public_page
@turned_by("page")
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Show a section's stories, newest first, a page at a time (`?page=2`). Stands on `surfaces.section`."""
    department = section_of(section)
    language = page_language()
    page = page_of(request, Stories(section=department.pk, language=language, at=timezone.now()))
    stories, is_first = list(page), page.number == 1
    response = render(
        request,
        "articles/section.html",
        {
            "section": department,
            "name": department.display_name(language),
            "description": department.about(language),
            "page": page,
            # Only the first page has a top; the rest is one list.
            "lead": stories[0] if is_first and stories else None,
            "seconds": stories[1:5] if is_first else [],
            "list": stories[5:] if is_first else stories,
            "topics": topics_of(stories),
            "other_url": in_other_language("section", department.slug),
        },
    )
    return stands_on(response, surfaces.section(department.pk))


def topics_of(stories: Iterable[Teaser]) -> list[dict[str, str]]:
    """Return the topics of these stories ({"name", "slug"}), the most frequent first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for story in stories:
        for topic in story.topics:
            names.setdefault(topic["slug"], topic["name"])
            counts[topic["slug"]] += 1
    return [{"name": names[slug], "slug": slug} for slug, _ in counts.most_common(TOPICS)]
