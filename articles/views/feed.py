"""Feeds of the site and of its sections."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles import feeds, seo, teasers
from articles.addresses import address, page_language
from articles.teasers import Teaser
from articles.views._public import public_page, stands_on
from articles.views.section import section_of
from newsroom.core import surfaces
from newsroom.core.prepared import Prepared

NEWEST = Prepared(lambda: teasers.newest().values_list(*teasers.WHOLE)[: feeds.SIZE], Teaser)
NEWEST_OF_SECTION = Prepared(lambda: teasers.of_section().values_list(*teasers.WHOLE)[: feeds.SIZE], Teaser)
FORMATS: dict[str, type[feeds.Rss | feeds.Atom]] = {"rss": feeds.Rss, "atom": feeds.Atom}


@public_page
def feed(request: HttpRequest, form: str) -> HttpResponseBase:
    """Answer with the newest stories in the language of the address. One query."""
    language = page_language()
    return answer(
        request,
        form,
        NEWEST.all(at=timezone.now(), language=language),
        title=settings.SITE_NAME,
        description=str(settings.SITE_MOTTO),
        path=address("home"),
    )


@public_page
def section_feed(request: HttpRequest, section: str, form: str) -> HttpResponseBase:
    """Answer with the newest stories of a section. Two queries."""
    department, language = section_of(section), page_language()
    name = department.display_name(language)
    response = answer(
        request,
        form,
        NEWEST_OF_SECTION.all(at=timezone.now(), language=language, section=department.pk),
        title=f"{name} · {settings.SITE_NAME}",
        description=department.about(language) or name,
        path=address("section", department.slug),
    )
    return stands_on(response, surfaces.section(department.pk))


def answer(
    request: HttpRequest, form: str, stories: Sequence[Teaser], *, title: str, description: str, path: str
) -> HttpResponseBase:
    """Return the feed, or 304 to who has it already (RFC 9110, 13)."""
    kind = FORMATS[form]
    body = feeds.build(
        kind,
        stories,
        title=title,
        description=description,
        language=page_language(),
        path=path,
        feed_path=request.path,
        base=seo.origin(request),
        at=timezone.now(),
    )
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=kind.content_type, headers={"ETag": tag})
    found = get_conditional_response(request, etag=tag, response=response)
    return found if found is not None else response
