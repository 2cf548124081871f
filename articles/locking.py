"""The first lock of every service here: the article's row."""

from __future__ import annotations

from articles.models import Article


def lock(article: Article) -> None:
    """Lock the article's row until the transaction ends, and read it anew into `article`.

    Everything that writes an article's revisions or publications does this first, so two such writers stand in line
    and the second decides on what the first left. SQLite has no row locks; there BEGIN IMMEDIATE lets in one writer.
    """
    article.refresh_from_db(from_queryset=Article.objects.select_for_update())
