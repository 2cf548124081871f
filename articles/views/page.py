"""A standing page of the paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from articles.addresses import page_language
from articles.models import Page
from articles.seo import namespace
from articles.views._public import public_page, stands_on
from newsroom.core import richtext, surfaces


@dataclass(frozen=True)
class Text:
    """What the partial of texts takes: a clean text without dateline, figures and notices."""

    body_html: str
    dateline: str = ""
    images: dict[str, Any] = field(default_factory=dict)


@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a standing page in the language of the address; one that exists in Indonesian alone is read there."""
    found, language = get_object_or_404(Page.objects.public(), slug=slug), page_language()
    if not found.speaks(language):
        if not found.speaks("id"):
            raise Http404
        return HttpResponseRedirect(reverse("articles:page", args=[slug]))
    other = "id" if language == "en" else "en"
    context = {
        "page": found,
        "title": found.title_in(language),
        "text": Text(richtext.sanitize(found.body_in(language))),
        "other_url": reverse(f"{namespace(other)}:page", args=[slug]) if found.speaks(other) else "",
    }
    return stands_on(render(request, "articles/page.html", context), surfaces.page(found.pk))
