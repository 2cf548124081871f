"""What a search finds, as titles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from articles.models import Publication
from articles.search import finding
from articles.search.finding import Wish
from tests.articles.acts import HOUR
from tests.factories import AT

LATER = AT + HOUR


def found(words: str, *, at: datetime = LATER, **wish: Any) -> list[str]:
    """Return the titles found, in order."""
    ids = finding.page_of(Wish(words, **wish), 1, at=at)
    titles = dict(Publication.objects.filter(pk__in=ids).values_list("pk", "title"))
    return [titles[pk] for pk in ids]
