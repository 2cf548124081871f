"""The page of one contributor: who they are, and what stands under their name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from articles import pictures
from articles.models import Contributor, Publication
from articles.views._paging import page_of
from articles.views._public import LISTED, in_other_language, page_language, public_page


@public_page
def contributor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a contributor and their stories in the language of the address, newest first, a page at a time.

    Stands on `surfaces.contributor`.
    """
    person = get_object_or_404(Contributor.objects.select_related("portrait"), slug=slug)
    language = page_language()
    stories = Publication.objects.live(timezone.now()).signed_by(person.pk).filter(language=language).only(*LISTED)
    return render(
        request,
        "articles/contributor.html",
        {
            "contributor": person,
            "about": person.about(language),
            "portrait": pictures.data(person.portrait, language),
            "page": page_of(request, stories),
            "other_url": in_other_language("contributor", person.slug),
        },
    )
