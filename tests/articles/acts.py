"""The desk's acts on one story as short words, for tests that combine them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from articles import publishing, workflow
from articles.models import Article, Publication
from tests.factories import AT, make_approved, person, save_article

HOUR = timedelta(hours=1)
BURIAL = {"ground": Publication.Ground.ERROR, "public_reason": "Angka utamanya keliru."}

# Planned moments, counted from AT.
SCHEDULED, UPDATED, ENDED = AT + HOUR, AT + 2 * HOUR, AT + 4 * HOUR

Act = Callable[[Article, int, datetime], object]

ACTS: dict[str, Act] = {
    "publish": lambda story, number, at: publishing.publish(story, revision=number, by=person("ed"), at=at),
    "schedule": lambda story, number, at: publishing.schedule(
        story, revision=number, visible_from=SCHEDULED, by=person("ed"), at=at
    ),
    "update": lambda story, number, at: publishing.schedule(
        story, revision=number, visible_from=UPDATED, change_note="Angka baru", by=person("ed"), at=at
    ),
    "cancel": lambda story, number, at: publishing.cancel(story, by=person("ed"), at=at),
    "expire": lambda story, number, at: publishing.expire(story, by=person("ed"), at=at),
    "expire_later": lambda story, number, at: publishing.expire(story, visible_until=ENDED, by=person("ed"), at=at),
    "hold": lambda story, number, at: workflow.hold(story, reason="Menunggu bagian hukum", by=person("ed"), at=at),
    "withdraw": lambda story, number, at: publishing.withdraw(story, by=person("ed"), at=at, **BURIAL),
    "kill": lambda story, number, at: publishing.kill(story, by=person("cas"), at=at, **BURIAL),
}


def make_revised(revisions: int, *, at: datetime = AT) -> Article:
    """Return a story never published, with that many revisions, the first of them approved."""
    article = make_approved(at=at)
    for number in range(2, revisions + 1):
        save_article(article, at=at, title=f"Selat Hormuz dibuka lagi, versi {number}")
    return article
