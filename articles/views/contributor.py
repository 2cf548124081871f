"""The page of one contributor: who they are, and what stands under their name."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from articles import pictures
from articles.addresses import page_language
from articles.models import Contributor, PublicationByline
from articles.views._paging import page_of
from articles.views._public import in_other_language, public_page, stands_on, stories_of, turned_by
from newsroom.core import surfaces


@public_page
@turned_by("page")
def contributor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a contributor and their stories in the language of the address, newest first, a page at a time.

    Raises Http404 while readers see nothing of theirs in either language.
    Stands on `surfaces.contributor`.
    """
    person = get_object_or_404(Contributor.objects.select_related("portrait"), slug=slug)
    language = page_language()
    at = timezone.now()
    signed = PublicationByline.objects.live(at).filter(contributor=person)
    page = page_of(request, signed.newest(language))
    if not page.object_list and not signed.exists():
        # Whoever writes a first story, perhaps under a name of care, is nobody to readers before it.
        raise Http404
    response = render(
        request,
        "articles/contributor.html",
        {
            "contributor": person,
            "about": person.about(language),
            "portrait": pictures.data(person.portrait, language),
            "page": page,
            "stories": stories_of(page, at=at),
            "other_url": in_other_language("contributor", person.slug),
        },
    )
    return stands_on(response, surfaces.contributor(person.pk))
