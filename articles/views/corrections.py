"""The public log of corrections and withdrawals, and its feed."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles import corrections as log
from articles import feeds, seo
from articles.addresses import address, page_language
from articles.views._paging import page_of
from articles.views._public import in_other_language, public_page, turned_by

PAGE_SIZE = 25


@public_page
@turned_by("page")
def corrections(request: HttpRequest) -> HttpResponse:
    """Show what was put right and what was withdrawn, newest first, a page at a time. Six queries at most."""
    return log_page(request, "corrections", withdrawals_only=False)


@public_page
@turned_by("page")
def withdrawals(request: HttpRequest) -> HttpResponse:
    """Show the withdrawals alone."""
    return log_page(request, "withdrawals", withdrawals_only=True)


def log_page(request: HttpRequest, name: str, *, withdrawals_only: bool) -> HttpResponse:
    """Render the log, or its part about withdrawals."""
    at = timezone.now()
    page = page_of(request, log.log(page_language(), at=at, withdrawals_only=withdrawals_only), size=PAGE_SIZE)
    context = {
        "page": page,
        "entries": log.entries(page.object_list, at=at),
        "withdrawals_only": withdrawals_only,
        "path": address(name),
        "feed_path": address("corrections_feed"),
        "other_url": in_other_language(name),
    }
    return render(request, "articles/corrections_log.html", context)


@public_page
def corrections_feed(request: HttpRequest) -> HttpResponseBase:
    """Answer with the newest lines of the log as Atom, or 304 to who has them already."""
    at, language = timezone.now(), page_language()
    body = log.feed(
        log.entries(log.log(language, at=at)[: log.FEED_SIZE], at=at),
        language=language,
        path=address("corrections"),
        feed_path=request.path,
        base=seo.origin(request),
    )
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=feeds.Atom.content_type, headers={"ETag": tag})
    found = get_conditional_response(request, etag=tag, response=response)
    return found if found is not None else response
