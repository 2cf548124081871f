"""What the public views of this app share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.addresses import address, page_language
from articles.models import Publication, PublicationByline, PublicationTopic
from newsroom.core import pagecache, surfaces

View = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)

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
# What a page stands on that does not say more: any story, list or name. No comment bumps these.
EVERYTHING = (
    surfaces.home(),
    surfaces.corrections(),
    surfaces.topics(),
    *(surfaces.every(kind) for kind in ("article", "section", "topic", "contributor", "page")),
)
# Attribute of a response, for `stands_on`.
MARK = "stands_on"
# Attribute of a view, for `turned_by`.
TURNED_BY = "turned_by"
# The parameters under which the page cache keeps pages of their own.
TURNING = frozenset({"page", "after"})


def public_page(view: View) -> View:
    """Mark a page that is the same for every reader: safe methods only, no session, revalidated at each visit.

    The page cache may keep it, until one of its surfaces is bumped or its time is over. A parameter that turns the
    pages of other lists leads back to the page without it: any number would be one more copy to keep.
    """
    strays = TURNING - {getattr(view, TURNED_BY, "")}

    @pagecache.kept
    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not strays.isdisjoint(request.GET):
            return without(request, strays)
        # Before the view takes its own moment, so that no boundary falls between the two.
        at = timezone.now()
        response = view(request, *args, **kwargs)
        patch_cache_control(response, max_age=0, must_revalidate=True)
        if response.status_code == 200 and pagecache.is_listening():
            pagecache.shows(surfaces.site(), *getattr(response, MARK, EVERYTHING))
            say_how_long(at=at)
        return response

    return inner


def turned_by(parameter: str) -> Callable[[View], View]:
    """Say which parameter turns the pages of a view; stands below `public_page`."""

    def mark(view: View) -> View:
        setattr(view, TURNED_BY, parameter)
        return view

    return mark


def without(request: HttpRequest, names: Iterable[str]) -> HttpResponseRedirect:
    """Return the way to the same page without these parameters. It may have pages one day: not for ever."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def stands_on(response: Response, *keys: str) -> Response:
    """Say that a page shows nothing but these surfaces, and what stands on every page.

    Only where that is sure: a page that says nothing of the kind stands on all there is but comments.
    """
    setattr(response, MARK, keys)
    return response


def say_how_long(*, at: datetime) -> None:
    """Tell the page cache until when a page is true that nobody changes. Two queries.

    Until something is published or ends, and until midnight, when licences of pictures end.
    """
    pagecache.true_until(at + LONGEST_LIFE)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    pagecache.true_until(midnight)
    pagecache.true_until(Publication.objects.all().next_boundary(at))


def stories_of(rows: Iterable[PublicationTopic | PublicationByline], *, at: datetime) -> list[Publication]:
    """Return the stories of rows of a list, in their order. One query.

    A list is read from its own narrow rows first: left to choose, SQLite sorts all of a topic's stories (24 ms at
    20,000, against 0.2).
    """
    keys = [row.publication_id for row in rows]
    found = Publication.objects.live(at).only(*LISTED).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def in_other_language(name: str, *args: str) -> str:
    """Return the address of the same kind of page in the language this one is not in."""
    return address(name, *args, language="id" if page_language() == "en" else "en")
