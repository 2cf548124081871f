"""Who waits for whom: first the stories, in the order of their ids, then what they name."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection, models

from articles.models import Article


def lock(article: Article) -> None:
    """Lock the article's row until the transaction ends, and read it anew into `article`.

    Everything that writes an article's revisions or publications does this first, so two such writers stand in line
    and the second decides on what the first left. SQLite has no row locks; there BEGIN IMMEDIATE lets in one writer.
    """
    article.refresh_from_db(from_queryset=Article.objects.select_for_update())


def keep(model: type[models.Model], ids: Collection[int]) -> None:
    """Keep rows as they are until the transaction ends: many may keep them at once, and whoever changes one waits.

    Django knows no FOR SHARE. A lock that one at a time can have would let stories of one section wait for each other,
    and deadlock where one transaction rebuilds several stories.
    """
    if not ids or not connection.features.has_select_for_update:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM {table} WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(ids)])
