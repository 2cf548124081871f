"""What was brought in so far, while the demo is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from articles.models import Article, Contributor, Image, Section, Topic
from newsroom.core.models import User
from newsroom.demo import content
from newsroom.demo.models import DemoRow


@dataclass
class Scene:
    """The paper in the making: everything by the name that the content knows it by."""

    # The moment of loading, from which all others are counted.
    at: datetime
    staff: dict[str, User] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    contributors: dict[str, Contributor] = field(default_factory=dict)
    pictures: dict[str, Image] = field(default_factory=dict)
    stories: dict[str, Article] = field(default_factory=dict)
    # (story, key) -> id of the comment
    remarks: dict[tuple[str, str], int] = field(default_factory=dict)

    def moment(self, words: str) -> datetime:
        """Return the moment that `words` name."""
        return content.moment(words, at=self.at)


def register(rows: Iterable[models.Model]) -> None:
    """Note that these rows belong to the demo."""
    DemoRow.objects.bulk_create(DemoRow(model=row._meta.label_lower, object_id=row.pk) for row in rows)
