"""The story a comment is about, as far as readers may know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from articles.models import Article, Publication
from articles.states import PublicState, public_state


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


def story(article_id: int, *, at: datetime) -> Story:
    """Return the story at `at`; stories to come look like missing ones."""
    if article_id < 2**63:
        live = Publication.objects.live(at).filter(article_id=article_id).only("language", "title", "path").first()
        if live is not None:
            return Story(article_id, live.language, is_live=True, title=live.title, path=live.path)
        article = Article.objects.filter(pk=article_id).only("language").first()
        if article is not None and public_state(article, at) in (PublicState.WITHDRAWN, PublicState.EXPIRED):
            return Story(article_id, article.language, is_live=False, status=410)
    return Story(article_id, settings.LANGUAGE_CODE, is_live=False, status=404)
