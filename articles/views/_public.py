"""What the public views of this app share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.models.publication import PublicationQuerySet

View = Callable[..., HttpResponseBase]

# What a story needs in a list: no text, sources or chronology.
LISTED = (
    "article_id",
    "visible_from",
    "first_published_at",
    "substantive_at",
    "story_kind",
    "section_id",
    "section_name",
    "section_slug",
    "path",
    "kicker",
    "title",
    "standfirst",
    "key_points",
    "bylines",
)


def public_page(view: View) -> View:
    """Mark a page that is the same for every reader: safe methods only, no session, revalidated at each visit."""

    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, max_age=0, must_revalidate=True)
        return response

    return inner


def listed(stories: PublicationQuerySet) -> PublicationQuerySet:
    """Put stories in the order of news, newest first, and load only what a list shows."""
    return stories.only(*LISTED).order_by("-first_published_at", "-pk")
