"""The page of one section."""

from __future__ import annotations

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from articles.models import Publication, Section
from articles.models.publication import PublicationQuerySet
from articles.views._public import listed, public_page

PAGE_SIZE = 20
# Counting all of a section's stories took 38 ms at 20,000; nobody leafs back further than this.
PAGES = 100


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than the last page it offers."""

    @cached_property
    def count(self) -> int:
        """Return how many stories the pages hold together."""
        stories: PublicationQuerySet = self.object_list  # type: ignore[assignment]
        return stories.order_by()[: PAGES * PAGE_SIZE].count()


@public_page
def section(request: HttpRequest, section: str) -> HttpResponse:
    """Show a section's stories, newest first, a page at a time (`?page=2`)."""
    department = get_object_or_404(Section, slug=section)
    language = get_language() or "id"
    live = Publication.objects.live(timezone.now()).filter(section=department, language=language)
    try:
        page = BoundedPaginator(listed(live), PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None
    stories, is_first = list(page), page.number == 1
    return render(
        request,
        "articles/section.html",
        {
            "section": department,
            "name": department.display_name(language),
            "description": department.description_en if language == "en" else department.description,
            "page": page,
            # Only the first page has a top; the rest is one list.
            "lead": stories[0] if is_first and stories else None,
            "seconds": stories[1:5] if is_first else [],
            "list": stories[5:] if is_first else stories,
            "other_url": other_address(department, language),
        },
    )


def other_address(department: Section, language: str) -> str:
    """Return the same section's address in the other language."""
    return reverse("articles:section" if language == "en" else "en:section", args=[department.slug])
