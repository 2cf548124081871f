"""Stories that stand beside a story: its translations, and the stories of those who replied to it.

A page names them only while they are live, so it changes when they do. Publishing, ending and withdrawing one therefore
bumps the surfaces of the others (`articles.projection.surfaces_of`). What begins or ends at a moment to come was bumped
when it was planned; a page kept since then knows that moment all the same, since an entry lives at most until the next
boundary of any publication (`PublicationQuerySet.next_boundary`), not of its own story's alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from articles.models import Article, Notice, Publication
from articles.models.publication import PublicationQuerySet


@dataclass(frozen=True)
class Companions:
    """The live companions of one story."""

    # [{"language", "path", "title"}] of the story itself and of its translations, by language; empty when it has none.
    translations: list[Publication] = field(default_factory=list)
    # What readers get who speak neither of these languages; "" when there are no translations.
    default_path: str = ""
    # The translation that the masthead's switch of language leads to; "" for none.
    other_path: str = ""
    # Article id -> where a reply's own story stands.
    replies: dict[int, Publication] = field(default_factory=dict)
    # The stories that this one replies to, by title.
    answered: list[Publication] = field(default_factory=list)


def expected(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Annotate whether there may be companions, live or not: a story without them then costs no query of its own."""
    group = Article.objects.filter(
        Q(translation_of=OuterRef("article")) | Q(pk=OuterRef("article"), translation_of__isnull=False)
    )
    answered = Notice.objects.filter(reply_article=OuterRef("article"))
    return publications.annotate(has_companions=Exists(group) | Exists(answered))


def of(publication: Publication, *, at: datetime) -> Companions:
    """Return what stands beside a story at `at`: one query, however many there are, and none where `expected` said so.

    The page itself is among its translations, as search engines want it. Without a live translation there are none.
    """
    replies = {row["reply_article"] for row in publication.notices if row["reply_article"]}
    if not replies and not getattr(publication, "has_companions", True):
        return Companions()
    root = getattr(publication, "root_id", None) or _root(publication.article_id)
    group = Q(article_id=root) | Q(article__translation_of_id=root)
    answered = Notice.objects.public(at).filter(reply_article=publication.article_id).values("article")
    live = Publication.objects.live(at).filter(group | Q(article_id__in=replies) | Q(article_id__in=answered))
    rows = list(
        live.exclude(article=publication.article_id)
        .select_related("article")
        .only("language", "path", "title", "notices", "article__translation_of_id")
    )
    others = [row for row in rows if root in (row.article_id, row.article.translation_of_id)]
    group_rows = sorted([publication, *others], key=lambda row: row.language) if others else []
    return Companions(
        translations=group_rows,
        default_path=_default(group_rows, root).path if others else "",
        other_path=next((row.path for row in group_rows if row is not publication), ""),
        replies={row.article_id: row for row in rows if row.article_id in replies},
        answered=sorted((row for row in rows if _is_answered(row, publication)), key=lambda row: row.title),
    )


def _is_answered(row: Publication, reply: Publication) -> bool:
    """Whether a story carries a notice whose reply is this story."""
    return any(notice["reply_article"] == reply.article_id for notice in row.notices)


def _root(article_id: int) -> int:
    """Return the id of the story that was written first."""
    source = Article.objects.filter(pk=article_id).values_list("translation_of_id", flat=True).first()
    return source or article_id


def _default(rows: list[Publication], root: int) -> Publication:
    """Return the story written first if it is live, else the one in the paper's own language, else any."""
    return min(rows, key=lambda row: (row.article_id != root, row.language != settings.LANGUAGE_CODE, row.article_id))


def beside(article_ids: Collection[int]) -> set[int]:
    """Return the stories whose pages name any of these, live or not: four queries at most."""
    found = Article.objects.filter(Q(pk__in=article_ids) | Q(translation_of__in=article_ids))
    pairs = list(found.filter(translation_of__isnull=False).values_list("pk", "translation_of_id"))
    roots = {source for pair in pairs for source in pair if source}
    siblings = Article.objects.filter(translation_of__in=roots).values_list("pk", flat=True) if roots else ()
    replied = Notice.objects.filter(reply_article__isnull=False)
    pairs_of_replies = replied.filter(Q(reply_article__in=article_ids) | Q(article__in=article_ids))
    replies = {pk for pair in pairs_of_replies.values_list("article_id", "reply_article_id") for pk in pair if pk}
    return (roots | set(siblings) | replies) - set(article_ids)
