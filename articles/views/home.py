"""The front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any, cast

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import pictures, teasers
from articles.addresses import page_language
from articles.models import Contributor, Image, PublicationTopic, Topic, TopicMilestone
from articles.models.article import ArticleKind
from articles.teasers import Teaser
from articles.views._public import public_page
from newsroom.core.prepared import Prepared, Slot, moment

# The front page looks this far back; what is older stands in its section.
FRONT_DEPTH = 120
BLOCKS = 6
BLOCK_SIZE = 6
# Sections with fewer stories share a row.
FULL_BLOCK = 3
SHARING_BLOCKS = 4
# Fewer opinions stand among the news.
FEWEST_OPINIONS, MOST_OPINIONS = 2, 4
# The stretch of a dossier's chronology that the front page tells.
DOSSIER_EVENTS = 4
# A dossier counts no further.
MOST_COUNTED = 999

STORIES = Prepared(lambda: teasers.newest().values_list(*teasers.TOLD)[:FRONT_DEPTH], Teaser)


def marked_topics() -> QuerySet[Topic]:
    """Return the topics marked for the front page, the one with the newest story first."""
    at = moment("at")
    newest = PublicationTopic.objects.live(at).filter(topic=OuterRef("pk")).order_by("-first_published_at", "-pk")
    marked = Topic.objects.filter(is_on_front=True, archived_at__isnull=True, merged_into__isnull=True)
    dated = marked.annotate(newest_at=Subquery(newest.values("first_published_at")[:1])).exclude(newest_at=None)
    return dated.order_by("-newest_at", "pk")


TOPIC = Slot("topic", BigIntegerField())
TOPIC_FIELDS = ("pk", "name", "name_en", "slug", "description", "description_en", "kind")
DOSSIER = Prepared(
    lambda: marked_topics().values_list(*TOPIC_FIELDS)[:1],
    lambda *row: Topic(**dict(zip(TOPIC_FIELDS, row, strict=True))),
)
DOSSIER_STORIES = Prepared(
    lambda: (
        PublicationTopic.objects.live(moment("at"))
        .filter(topic=TOPIC)
        .newest(cast("str", Slot("language", CharField())))
        .order_by()
        .values_list("pk")[:MOST_COUNTED]
    ),
    int,
)
MILESTONE_FIELDS = ("moment", "moment_en", "text", "text_en", "is_certain")
MILESTONES = Prepared(
    lambda: (
        TopicMilestone.objects.filter(topic=TOPIC)
        .order_by("-position", "-pk")
        .values_list(*MILESTONE_FIELDS)[:DOSSIER_EVENTS]
    ),
    lambda *row: TopicMilestone(**dict(zip(MILESTONE_FIELDS, row, strict=True))),
)
AUTHORS = [f"slug{number}" for number in range(MOST_OPINIONS)]
PORTRAITS = Prepared(
    lambda: Contributor.objects.filter(
        slug__in=[Slot(name, CharField()) for name in AUTHORS], portrait__isnull=False
    ).values_list("slug", "portrait"),
    lambda slug, portrait: (slug, portrait),
)


@dataclass
class Block:
    """One section's part of the front page."""

    name: str
    slug: str
    stories: list[Teaser] = field(default_factory=list)


@dataclass
class Front:
    """The front page as the template draws it. Each story stands in one place only."""

    lead: Teaser | None
    seconds: Sequence[Teaser]
    newest: Sequence[Teaser]
    row: Sequence[Teaser]
    lines: Sequence[Teaser]
    blocks: Sequence[Block]
    # Sections of one or two stories, side by side.
    sharing: Sequence[Block]
    opinions: Sequence[Teaser]
    # None: nothing is published yet. Printed instead of the time of reading, so that a cached page stays true.
    changed_at: datetime | None

    @property
    def pictured(self) -> list[Teaser]:
        """Return the stories that stand there with their picture, if they have one."""
        leads = [block.stories[0] for block in self.blocks]
        return [story for story in [self.lead, *self.row, *leads] if story]


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest stories in the language of the address. Stands on `surfaces.home`."""
    language, at = page_language(), timezone.now()
    front = arrange(STORIES.all(at=at, language=language))
    if front.pictured:
        teasers.put_details([*front.pictured, *front.seconds, *front.opinions])
        # A picture heads the row: between two stories without, it would look like a gap on either side.
        front.row = [*sorted(front.row[:3], key=lambda story: not story.lead_image), *front.row[3:]]
    context = {
        "front": front,
        "dossier": dossier(language, at=at) if front.lead else None,
        "portraits": portraits(front.opinions, language),
    }
    return render(request, "articles/home.html", context)


def arrange(stories: list[Teaser]) -> Front:
    """Give each of `stories`, newest first, its place: a few fill the top, a full edition every part."""
    changed_at = max((story.visible_from for story in stories), default=None)
    opinions, news = set_apart(stories)
    lead, seconds, rest = (news[0] if news else None), news[1:3], news[3:]
    # Too few for another row: they all go on the meridian.
    newest, rest = (rest, []) if len(rest) <= 7 else (rest[:5], rest[5:])
    row, rest = rest[:4], rest[4:]
    lines, rest = rest[:3], rest[3:]
    found = blocks(rest)
    full = [block for block in found if len(block.stories) >= FULL_BLOCK][:BLOCKS]
    sharing = [block for block in found if len(block.stories) < FULL_BLOCK][:SHARING_BLOCKS]
    return Front(lead, seconds, newest, row, lines, full, sharing, opinions, changed_at)


def set_apart(stories: list[Teaser]) -> tuple[list[Teaser], list[Teaser]]:
    """Divide into the newest opinions, which have a place of their own, and the news; older opinions are left out.

    A single opinion, or opinions that would leave no news for the top of the page, stay among the news.
    """
    opinions = [story for story in stories if story.story_kind == ArticleKind.OPINION]
    if len(opinions) < FEWEST_OPINIONS or len(stories) - len(opinions) < 3:
        return [], stories
    return opinions[:MOST_OPINIONS], [story for story in stories if story.story_kind != ArticleKind.OPINION]


def blocks(stories: Sequence[Teaser]) -> list[Block]:
    """Group what the top of the page left by section, the section with the newest story first."""
    found: dict[str, Block] = {}
    for story in stories:
        block = found.setdefault(story.section_slug, Block(story.section_name, story.section_slug))
        if len(block.stories) < BLOCK_SIZE:
            block.stories.append(story)
    return list(found.values())


def dossier(language: str, *, at: datetime) -> dict[str, Any] | None:
    """Return the dossier of the front page: of those marked for it, the one with the newest story. Three queries.

    {"name", "slug", "description", "count" of its stories, "milestones" in the order of events}
    """
    topic = DOSSIER.first(at=at)
    if topic is None:
        return None
    return {
        "name": topic.display_name(language),
        "slug": topic.slug,
        "description": topic.about(language),
        "kind": topic.get_kind_display(),
        "count": len(DOSSIER_STORIES.all(at=at, language=language, topic=topic.pk)),
        "milestones": [milestone.words(language) for milestone in reversed(MILESTONES.all(topic=topic.pk))],
    }


def portraits(opinions: Sequence[Teaser], language: str) -> dict[str, pictures.Data]:
    """Return {slug: picture data} of those who wrote these and have a portrait. At most three queries, none without
    opinions.
    """
    slugs = [byline["slug"] for story in opinions for byline in story.bylines[:1]]
    if not slugs:
        return {}
    shown = dict(PORTRAITS.all(**dict(zip_longest(AUTHORS, slugs, fillvalue=""))))
    images = Image.objects.filter(pk__in=shown.values()) if shown else []
    data = pictures.data_of(images, language)
    return {slug: data[image] for slug, image in shown.items() if image in data}
