"""The story a comment is about, as far as readers may know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import BigAutoField

from articles.models import Article, Publication
from articles.states import PublicState, public_state
from newsroom.core.prepared import Prepared, Slot, moment


@dataclass(frozen=True)
class Story:
    """What a page about comments says of its story; title and path only while readers may see it."""

    article_id: int
    language: str
    is_live: bool
    title: str = ""
    path: str = ""
    # What the story's own address answers: 200, 404 or 410.
    status: int = 200


LIVE = Prepared(
    lambda: (
        Publication.objects.live(moment("at"))
        .filter(article_id=Slot("article", BigAutoField()))
        .values_list("article_id", "language", "title", "path")
    ),
    lambda article_id, language, title, path: Story(article_id, language, is_live=True, title=title, path=path),
)


def story(article_id: int, *, at: datetime) -> Story:
    """Return the story at `at`; stories to come look like missing ones."""
    if article_id < 2**63:
        if live := LIVE.first(article=article_id, at=at):
            return live
        article = Article.objects.filter(pk=article_id).only("language").first()
        if article is not None and public_state(article, at) in (PublicState.WITHDRAWN, PublicState.EXPIRED):
            return Story(article_id, article.language, is_live=False, status=410)
    return Story(article_id, settings.LANGUAGE_CODE, is_live=False, status=404)
