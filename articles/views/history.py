"""The public history of a story: its versions, and what each changed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from articles import history as past
from articles.models import Publication
from articles.views._public import public_page, stands_on
from articles.views.article import ended, gone
from newsroom.core import pagecache, surfaces

TAIL = "riwayat/"
PARAMETER = "versi"


@public_page
def history(request: HttpRequest, section: str, slug: str, article_id: str) -> HttpResponse:
    """Show the versions of a live story, and what the chosen one (`?versi=2`, by default the newest) changed.

    Where the story itself answers that it is gone, so does its history.
    """
    at = timezone.now()
    publication = Publication.objects.at(at).filter(article_id=article_id).first()
    if publication is None:
        return unindexed(ended(request, int(article_id), at=at))
    if publication.kind == Publication.Kind.TOMBSTONE or publication.suppressed_at:
        return unindexed(gone(request, int(article_id), publication))
    path = publication.path + TAIL
    if request.path != path:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    versions = past.versions(publication.article_id, at=at)
    chosen = chosen_version(request, versions)
    before = next((version for version in versions if chosen and version.number == chosen.number - 1), None)
    context = {
        "publication": publication,
        "versions": versions,
        "chosen": chosen,
        "before": before,
        "changes": past.changes(before.publication, chosen.publication) if before and chosen else [],
        "path": path,
    }
    own = surfaces.article(publication.article_id)
    pagecache.counts_for(own)
    return stands_on(unindexed(render(request, "articles/history.html", context)), own)


def chosen_version(request: HttpRequest, versions: list[past.Version]) -> past.Version | None:
    """Return the version the address names, by default the newest; None when there is none. Raises Http404."""
    number = request.GET.get(PARAMETER, "")
    if not number:
        return versions[0] if versions else None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


def unindexed(response: HttpResponse) -> HttpResponse:
    """Keep a page out of search engines: the story's own address is what they should know."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
