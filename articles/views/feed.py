"""Feeds of the site and of its sections."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from articles import feeds, seo
from articles.addresses import page_language
from articles.models import Publication, Section
from articles.models.publication import PublicationQuerySet
from articles.views._public import listed, public_page, stands_on
from newsroom.core import surfaces

FORMATS: dict[str, type[feeds.Rss | feeds.Atom]] = {"rss": feeds.Rss, "atom": feeds.Atom}


@public_page
def feed(request: HttpRequest, form: str) -> HttpResponseBase:
    """Answer with the newest stories in the language of the address. One query."""
    language = page_language()
    return answer(
        request,
        form,
        Publication.objects.live(timezone.now()).filter(language=language),
        title=settings.SITE_NAME,
        description=str(settings.SITE_MOTTO),
        path=reverse(f"{seo.namespace(language)}:home"),
    )


@public_page
def section_feed(request: HttpRequest, section: str, form: str) -> HttpResponseBase:
    """Answer with the newest stories of a section. Two queries."""
    department, language = get_object_or_404(Section, slug=section), page_language()
    name = department.display_name(language)
    response = answer(
        request,
        form,
        Publication.objects.live(timezone.now()).filter(language=language, section=department),
        title=f"{name} · {settings.SITE_NAME}",
        description=department.about(language) or name,
        path=reverse(f"{seo.namespace(language)}:section", args=[department.slug]),
    )
    return stands_on(response, surfaces.section(department.pk))


def answer(
    request: HttpRequest, form: str, stories: PublicationQuerySet, *, title: str, description: str, path: str
) -> HttpResponseBase:
    """Return the feed, or 304 to who has it already (RFC 9110, 13)."""
    kind = FORMATS[form]
    body = feeds.build(
        kind,
        list(listed(stories, "topics", "notices", "lead_image")[: feeds.SIZE]),
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
