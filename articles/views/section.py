"""The page of one section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from articles.addresses import page_language
from articles.models import Publication, Section
from articles.views._paging import page_of
from articles.views._public import in_other_language, listed, public_page, stands_on
from newsroom.core import surfaces

TOPICS = 12


@public_page
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Show a section's stories, newest first, a page at a time (`?page=2`). Stands on `surfaces.section`."""
    department = get_object_or_404(Section, slug=section)
    language = page_language()
    live = Publication.objects.live(timezone.now()).filter(section=department, language=language)
    page = page_of(request, listed(live, "topics", "lead_image"))
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


def topics_of(stories: Iterable[Publication]) -> list[dict[str, str]]:
    """Return the topics of these stories ({"name", "slug"}), the most frequent first."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for story in stories:
        for topic in story.topics:
            names.setdefault(topic["slug"], topic["name"])
            counts[topic["slug"]] += 1
    return [{"name": names[slug], "slug": slug} for slug, _ in counts.most_common(TOPICS)]
