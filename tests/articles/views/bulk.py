"""Many published stories at once, as the services would leave them; for counting queries."""

from __future__ import annotations

from datetime import datetime, timedelta

from articles.models import Article, Publication, PublicationByline, PublicationTopic, Revision
from tests.factories import AT, live_publication, make_live


def publish_many(count: int, *, at: datetime = AT) -> None:
    """Publish `count` stories like the one the services publish first, a minute apart, the newest at `at`."""
    model = live_publication(make_live(at=at - timedelta(days=30)), at)
    assert model is not None
    articles = Article.objects.bulk_create(
        Article(title=f"Cerita {number}", section=model.section, created_at=at, updated_at=at)
        for number in range(count)
    )
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, created_at=at, schema=1, payload={}) for article in articles
    )
    rows = []
    for number, (article, revision) in enumerate(zip(articles, revisions, strict=True)):
        row = Publication.objects.get(pk=model.pk) if number == 0 else _copy(rows[0])
        row.pk = None
        row._state.adding = True
        row.article, row.revision = article, revision
        row.visible_from = row.first_published_at = at - timedelta(minutes=number)
        row.title = article.title
        row.path = f"/{row.section_slug}/cerita-{article.pk}/"
        rows.append(row)
    Publication.objects.bulk_create(rows)
    for through, name in ((PublicationTopic, "topic_id"), (PublicationByline, "contributor_id")):
        for referent in through.objects.filter(publication=model).values_list(name, flat=True):
            through.objects.bulk_create(
                through(
                    publication=row,
                    first_published_at=row.first_published_at,
                    visible_from=row.visible_from,
                    visible_until=row.visible_until,
                    **{name: referent},
                )
                for row in rows
            )


def _copy(row: Publication) -> Publication:
    """Return an unsaved row with the same values."""
    return Publication(**{field.attname: getattr(row, field.attname) for field in Publication._meta.concrete_fields})
