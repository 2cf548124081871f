"""A story's own address: the story, the way to it, or the notice that it was withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from articles import companions
from articles.models import Article, Publication, Topic
from articles.related import related_to
from articles.states import PublicState, public_state
from articles.views._public import public_page, stands_on, turned_by
from newsroom.core import pagecache, surfaces
from newsroom.core.prepared import Prepared, Slot, moment

# No id has more.
MAX_ID_DIGITS = 18
COLUMNS = [column.attname for column in Publication._meta.concrete_fields]
SURROUNDINGS = ("version_count", "root_id", "has_companions")


def page_of() -> QuerySet[Publication, tuple[Any, ...]]:
    """Return the question what stands at the address of `article` at a moment."""
    answering = Publication.objects.at(moment("at")).filter(article=Slot("article", BigIntegerField()))
    asked = companions.expected(answering.for_page(moment("at")))
    return asked.values_list(*COLUMNS, *SURROUNDINGS)


def publication_of(*row: Any) -> Publication:
    """Return a row of `page_of` as a publication that knows its surroundings."""
    found = Publication.from_db(Publication.objects.db, COLUMNS, row[: len(COLUMNS)])
    for name, value in zip(SURROUNDINGS, row[len(COLUMNS) :], strict=True):
        setattr(found, name, value)
    return found


PAGE = Prepared(page_of, publication_of)


@public_page
@turned_by("after")
def article(request: HttpRequest, section: str, slug: str, article_id: str) -> HttpResponse:
    """Answer a story's address; section and slug only have to be right to be spared the redirect."""
    return answer(request, int(article_id), at=timezone.now())


def answer(request: HttpRequest, article_id: int, *, at: datetime) -> HttpResponse:
    """Return what stands at the article's address at `at`: 200, 301 to its one true spelling, or 410.

    Raises Http404 for what no reader ever saw; scheduled stories do not tell themselves from missing ones.
    """
    publication = PAGE.first(article=article_id, at=at)
    if publication is None:
        return ended(request, article_id, at=at)
    if publication.kind == Publication.Kind.TOMBSTONE or publication.suppressed_at:
        return gone(request, article_id, publication)
    if request.path != publication.path:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{publication.path}?{query}" if query else publication.path)
    context = {
        "publication": publication,
        "at": at,
        "canonical_path": canonical_path(request, publication),
        "companions": companions.of(publication, at=at),
        "related": related_to(publication, at=at),
    }
    response = render(request, "articles/article.html", context)
    return stands_on(response, *surfaces_of(publication)) if pagecache.is_listening() else response


def surfaces_of(publication: Publication) -> list[str]:
    """Return what a story's page stands on: itself, its thread, and the topics that its related stories share.

    Its companions bump it (`companions.beside`). Topics are known by their addresses here, as `related_to` finds them;
    which topic has which address is a surface of its own.
    """
    slugs = [topic["slug"] for topic in publication.topics]
    topics = Topic.objects.filter(slug__in=slugs).order_by("pk").values_list("pk", flat=True) if slugs else ()
    own = surfaces.article(publication.article_id)
    pagecache.counts_for(own)
    return [own, surfaces.thread(publication.article_id), surfaces.topics(), *map(surfaces.topic, topics)]


def canonical_path(request: HttpRequest, publication: Publication) -> str:
    """Return the story's address; a further page of its comments (`?after=<id>`) is a page of its own."""
    after = request.GET.get("after", "")
    is_further_page = after.isascii() and after.isdigit() and len(after) <= MAX_ID_DIGITS
    return f"{publication.path}?after={after}" if is_further_page else publication.path


def ended(request: HttpRequest, article_id: int, *, at: datetime) -> HttpResponse:
    """Say 410 for a story whose time is over, raise Http404 for one that never had any."""
    story = Article.objects.filter(pk=article_id).first()
    if story is None or public_state(story, at) != PublicState.EXPIRED:
        raise Http404
    return gone(request, article_id, None)


def gone(request: HttpRequest, article_id: int, tombstone: Publication | None) -> HttpResponse:
    """Say that something stood here and why it does not any more. No old title, no old text."""
    return render(request, "410.html", {"tombstone": tombstone, "article_id": article_id}, status=410)
