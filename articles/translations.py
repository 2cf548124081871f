"""Stories in another language: linking them, beginning them, and knowing when their source has moved on.

A translation is a story of its own, with its own text, desk state and publications; the link says which story it was
written from (`translation_of`) and which version of it (`translated_revision`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from articles import companions, permissions, refusals, revisions, workflow
from articles.locking import lock
from articles.models import Article, ArticleTopic, Byline, Milestone, Publication, Source
from newsroom.core import audit, surfaces
from newsroom.core.models import User

# What a translation takes over from its source. Not the slug: it is made from the translated title.
COPIED = ("kind", "kicker", "title", "standfirst", "dateline", "key_points", "body", "section", "lead_image")
COPIED_ALSO = ("lead_caption", "embargo_until")


# Reading


def outdated(at: datetime) -> Exists:
    """Return, as an expression over Article, whether its source got a substantive update after the translated version.

    What is planned does not count before its moment; a spelling corrected never does.
    """
    newer = (
        Publication.objects.updates(at)
        .filter(article=OuterRef("translation_of"))
        .filter(revision__number__gt=OuterRef("translated_revision__number"))
    )
    return Exists(newer)


def is_outdated(article: Article, *, at: datetime) -> bool:
    """Whether the source of a translation was updated in substance since the version it renders."""
    return Article.objects.filter(pk=article.pk).filter(outdated(at)).exists()


def siblings(article: Article) -> QuerySet[Article]:
    """Return the other stories of the group: the one written first, then its translations by language."""
    root = article.translation_of_id or article.pk
    group = Article.objects.filter(Q(pk=root) | Q(translation_of=root)).exclude(pk=article.pk)
    return group.select_related("translated_revision").order_by(F("translation_of").asc(nulls_first=True), "language")


def source_version(article: Article, *, at: datetime) -> int | None:
    """Return the version of a story to translate: the one readers see, else the newest; None when it has none."""
    live = Publication.objects.live(at).filter(article=article).values_list("revision__number", flat=True).first()
    if live:
        return live
    newest = revisions.latest(article)
    return newest.number if newest and not newest.purged_at else None


# Linking


@transaction.atomic
def link(article: Article, *, source: Article, by: User | None, at: datetime, revision: int | None = None) -> None:
    """Say that `article` is a translation of version `revision` of `source` (default: see `source_version`).

    Raises TranslatesItself, SameLanguage, TranslationChain, HasTranslations, LanguageTaken, NothingToTranslate, and
    what `revisions.numbered` raises.
    """
    _lock_both(article, source)
    _require_linkable(article, source)
    number = revision or source_version(source, at=at)
    if number is None:
        raise refusals.NothingToTranslate
    _bump(article, source)
    article.translation_of, article.translated_revision = source, revisions.numbered(source, number)
    article.save(update_fields=["translation_of", "translated_revision"])
    _bump(article, source)
    audit.record("article.link_translation", article, by=by, at=at, source=source.pk, revision=number)


@transaction.atomic
def unlink(article: Article, *, by: User | None, at: datetime) -> None:
    """Take the link off a translation; both stories stay as they are. Raises NotATranslation."""
    lock(article)
    if article.translation_of is None:
        raise refusals.NotATranslation
    source = article.translation_of
    _bump(article, source)
    article.translation_of = article.translated_revision = None
    article.save(update_fields=["translation_of", "translated_revision"])
    audit.record("article.unlink_translation", article, by=by, at=at, source=source.pk)


@transaction.atomic
def mark_current(article: Article, *, revision: int, by: User | None, at: datetime) -> None:
    """Say that a translation is up to date with version `revision` of its source.

    Raises NotATranslation and what `revisions.numbered` raises.
    """
    lock(article)
    if article.translation_of is None:
        raise refusals.NotATranslation
    article.translated_revision = revisions.numbered(article.translation_of, revision)
    article.save(update_fields=["translated_revision"])
    audit.record("article.mark_translation_current", article, by=by, at=at, revision=revision)


@transaction.atomic
def start(source: Article, *, language: str, by: User, at: datetime) -> Article:
    """Begin a translation of `source` into `language`: a draft with all that need not be written anew.

    The embargo comes along, or a translation could be published before its source. Confidential sources come along
    only for whoever may know them. Raises SameLanguage, TranslationChain, LanguageTaken, NothingToTranslate.
    """
    lock(source)
    number = source_version(source, at=at)
    if number is None:
        raise refusals.NothingToTranslate
    if source.language == language:
        raise refusals.SameLanguage
    draft = Article(language=language, created_by=by, created_at=at, updated_at=at)
    _require_linkable(draft, source)
    for name in (*COPIED, *COPIED_ALSO):
        setattr(draft, name, getattr(source, name))
    draft.translation_of, draft.translated_revision = source, revisions.numbered(source, number)
    draft.save(force_insert=True)
    _copy_rows(source, draft, with_confidential=permissions.can_see_confidential(by, source))
    note = gettext("Translated from story %(source)s, version %(number)s") % {"source": source.pk, "number": number}
    workflow.working_copy_saved(draft, by=by, at=at, note=note)
    audit.record("article.start_translation", draft, by=by, at=at, source=source.pk, revision=number)
    return draft


def _copy_rows(source: Article, draft: Article, *, with_confidential: bool) -> None:
    """Give the draft the rows of its source, as the working copy has them now."""
    sources = source.sources.all() if with_confidential else source.sources.filter(is_confidential=False)
    rows: list[Any] = [
        *(Byline(contributor=row.contributor, role=row.role, place=row.place) for row in _in_order(source.bylines)),
        *(ArticleTopic(topic=row.topic) for row in _in_order(source.article_topics)),
        *(Source(**{name: getattr(row, name) for name in SOURCE_FIELDS}) for row in _in_order(sources)),
        *(
            Milestone(moment=row.moment, text=row.text, is_certain=row.is_certain)
            for row in _in_order(source.milestones)
        ),
    ]
    for position, row in enumerate(rows, start=1):
        row.article, row.position = draft, position
        row.save(force_insert=True)


SOURCE_FIELDS = ("kind", "title", "publisher", "url", "published_on", "is_checked", "is_confidential")


def _in_order(rows: Any) -> Any:
    """Return rows as the form shows them."""
    return rows.order_by("position", "pk")


def _lock_both(article: Article, source: Article) -> None:
    """Lock two stories in the order of their ids, so that two links made at once cannot wait for each other."""
    for story in sorted((article, source), key=lambda story: story.pk):
        lock(story)


def _require_linkable(article: Article, source: Article) -> None:
    """Refuse what would be no translation, or the second one into a language."""
    if article.pk == source.pk:
        raise refusals.TranslatesItself
    if article.language == source.language:
        raise refusals.SameLanguage
    if source.translation_of_id:
        raise refusals.TranslationChain(source=source.translation_of_id)
    if article.pk and article.translations.exists():
        raise refusals.HasTranslations
    taken = source.translations.filter(language=article.language).exclude(pk=article.pk).first()
    if taken:
        raise refusals.LanguageTaken(taken=taken.pk)


def _bump(*stories: Article) -> None:
    """Bump the pages of these stories and of all that name them."""
    ids = {story.pk for story in stories}
    surfaces.bump(*(surfaces.article(pk) for pk in ids | companions.beside(ids)))
