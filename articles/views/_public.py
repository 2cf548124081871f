"""What the public views of this app share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Publication, PublicationByline, PublicationTopic
from articles.models.publication import PublicationQuerySet
from newsroom.core import pagecache, surfaces

View = Callable[..., HttpResponseBase]

# What a story needs in a list: no text, sources, chronology or picture.
LISTED = (
    "article_id",
    "visible_from",
    "first_published_at",
    "substantive_at",
    "language",
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


# A page holds a form, whose token is good for three days: who opens it late has time to write.
LONGEST_LIFE = timedelta(hours=12)
# What stands on any page: each publication bumps the front page, whatever else it changes. No comment bumps these.
COMMON = (
    surfaces.site(),
    surfaces.home(),
    surfaces.corrections(),
    *(surfaces.every(kind) for kind in ("section", "topic", "contributor", "page")),
)


def public_page(view: View) -> View:
    """Mark a page that is the same for every reader: safe methods only, no session, revalidated at each visit.

    The page cache may keep it, until one of its surfaces is bumped or its time is over.
    """

    @pagecache.kept
    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Before the view takes its own moment, so that no boundary falls between the two.
        at = timezone.now()
        response = view(request, *args, **kwargs)
        patch_cache_control(response, max_age=0, must_revalidate=True)
        if response.status_code == 200 and pagecache.is_listening():
            say_what_it_shows(kwargs.get("article_id"), at=at)
        return response

    return inner


def say_what_it_shows(article_id: str | None, *, at: datetime) -> None:
    """Tell the page cache what a page stands on: a story on its own surfaces, a list on all stories. Two queries.

    It is true until something is published or ends, and until midnight, when licences of pictures end.
    """
    if article_id is None:
        pagecache.shows(*COMMON, surfaces.every("article"))
    else:
        pagecache.shows(*COMMON, surfaces.article(int(article_id)), surfaces.thread(int(article_id)))
        pagecache.counts_for(surfaces.article(int(article_id)))
    pagecache.true_until(at + LONGEST_LIFE)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    pagecache.true_until(midnight)
    pagecache.true_until(Publication.objects.all().next_boundary(at))


def listed(stories: PublicationQuerySet, *more: str) -> PublicationQuerySet:
    """Put stories in the order of news, newest first, and load only what a list shows, and the fields in `more`."""
    return stories.only(*LISTED, *more).order_by("-first_published_at", "-pk")


def stories_of(rows: Iterable[PublicationTopic | PublicationByline], *, at: datetime) -> list[Publication]:
    """Return the stories of rows of a list, in their order. One query.

    A list is read from its own narrow rows first: left to choose, SQLite sorts all of a topic's stories (24 ms at
    20,000, against 0.2).
    """
    keys = [row.publication_id for row in rows]
    found = Publication.objects.live(at).only(*LISTED).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def page_language() -> str:
    """Return the language of the address at hand: "id" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "id"


def address(name: str, *args: object) -> str:
    """Return the address of a page of this app in the language of the address at hand."""
    return reverse(f"{'en' if page_language() == 'en' else 'articles'}:{name}", args=args)


def in_other_language(name: str, *args: object) -> str:
    """Return the address of the same kind of page in the language this one is not in."""
    return reverse(f"{'articles' if page_language() == 'en' else 'en'}:{name}", args=args)
