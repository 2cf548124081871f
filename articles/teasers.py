"""Stories as lists tell them: no text, no sources, and the rest only where a list asks for it.

Lists are asked for again and again and differ in values alone, so their queries are prepared, and their rows become
something lighter than the model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField

from articles.models import Publication
from articles.models.article import ArticleKind
from articles.models.publication import PublicationQuerySet
from newsroom.core.prepared import Prepared, Slot, moment

# What every list says of a story, in the order of Teaser's fields. What else some say stands behind the text in a row,
# so a database takes longer to get it.
TOLD = (
    "pk",
    "article_id",
    "path",
    "title",
    "first_published_at",
    "substantive_at",
    "visible_from",
    "story_kind",
    "section_name",
    "section_slug",
    "kicker",
    "standfirst",
)
# All fields of Teaser, in their order.
WHOLE = (*TOLD, "bylines", "topics", "key_points", "lead_image", "notices")


@dataclass(slots=True)
class Teaser:
    """A published story in a list. Its fields are those of Publication; who made it says which details it has."""

    pk: int = 0
    article_id: int = 0
    path: str = ""
    title: str = ""
    first_published_at: datetime = datetime.min
    substantive_at: datetime | None = None
    visible_from: datetime = datetime.min
    story_kind: str = ArticleKind.NEWS
    section_name: str = ""
    section_slug: str = ""
    kicker: str = ""
    standfirst: str = ""
    bylines: list[dict[str, str]] = field(default_factory=list)
    topics: list[dict[str, str]] = field(default_factory=list)
    key_points: list[str] = field(default_factory=list)
    lead_image: dict[str, Any] = field(default_factory=dict)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def get_story_kind_display(self) -> str:
        """Return the name of its kind in the language of the page."""
        return str(ArticleKind(self.story_kind).label)


def newest() -> PublicationQuerySet:
    """Return what a prepared query of stories begins with: those live at `at` in `language`, in the order of news."""
    live = Publication.objects.live(moment("at")).filter(language=Slot("language", CharField()))
    return live.order_by("-first_published_at", "-pk")


def of_section() -> PublicationQuerySet:
    """Return the same for the stories of `section`, an id."""
    return newest().filter(section=Slot("section", BigIntegerField()))


# How many stories have their details put in by one query.
MOST_DETAILED = 24
DETAILS_OF = Prepared(
    lambda: Publication.objects.filter(
        pk__in=[Slot(f"pk{number}", BigIntegerField()) for number in range(MOST_DETAILED)]
    ).values_list("pk", "bylines", "key_points", "lead_image"),
    lambda *row: row,
)


def put_details(teasers: Iterable[Teaser]) -> None:
    """Load names, key points and lead picture of these stories alone. One query for each 24."""
    waiting = list(teasers)
    for start in range(0, len(waiting), MOST_DETAILED):
        some = {teaser.pk: teaser for teaser in waiting[start : start + MOST_DETAILED]}
        # No row has the id 0.
        keys = [*some, *[0] * (MOST_DETAILED - len(some))]
        for pk, *details in DETAILS_OF.all(**{f"pk{number}": key for number, key in enumerate(keys)}):
            some[pk].bylines, some[pk].key_points, some[pk].lead_image = details
