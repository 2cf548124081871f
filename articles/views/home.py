"""The front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import pictures
from articles.addresses import page_language
from articles.models import Contributor, Publication, PublicationTopic, Topic, TopicMilestone
from articles.models.article import ArticleKind
from articles.views._public import listed, public_page

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


@dataclass
class Block:
    """One section's part of the front page."""

    name: str
    slug: str
    stories: list[Publication] = field(default_factory=list)


@dataclass
class Front:
    """The front page as the template draws it. Each story stands in one place only."""

    lead: Publication | None
    seconds: Sequence[Publication]
    newest: Sequence[Publication]
    row: Sequence[Publication]
    lines: Sequence[Publication]
    blocks: Sequence[Block]
    # Sections of one or two stories, side by side.
    sharing: Sequence[Block]
    opinions: Sequence[Publication]
    # None: nothing is published yet. Printed instead of the time of reading, so that a cached page stays true.
    changed_at: datetime | None

    @property
    def pictured(self) -> list[Publication]:
        """Return the stories that stand there with their picture, if they have one."""
        leads = [block.stories[0] for block in self.blocks]
        return [story for story in [self.lead, *self.row, *leads] if story]


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest stories in the language of the address. Stands on `surfaces.home`."""
    language, at = page_language(), timezone.now()
    live = Publication.objects.live(at).filter(language=language)
    front = arrange(list(listed(live)[:FRONT_DEPTH]))
    if front.pictured:
        hang_pictures(front.pictured)
        # A picture heads the row: between two stories without, it would look like a gap on either side.
        front.row = [*sorted(front.row[:3], key=lambda story: not story.lead_image), *front.row[3:]]
    context = {
        "front": front,
        "dossier": dossier(language, at=at) if front.lead else None,
        "portraits": portraits(front.opinions, language),
    }
    return render(request, "articles/home.html", context)


def arrange(stories: list[Publication]) -> Front:
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


def set_apart(stories: list[Publication]) -> tuple[list[Publication], list[Publication]]:
    """Divide into the newest opinions, which have a place of their own, and the news; older opinions are left out.

    A single opinion, or opinions that would leave no news for the top of the page, stay among the news.
    """
    opinions = [story for story in stories if story.story_kind == ArticleKind.OPINION]
    if len(opinions) < FEWEST_OPINIONS or len(stories) - len(opinions) < 3:
        return [], stories
    return opinions[:MOST_OPINIONS], [story for story in stories if story.story_kind != ArticleKind.OPINION]


def blocks(stories: Sequence[Publication]) -> list[Block]:
    """Group what the top of the page left by section, the section with the newest story first."""
    found: dict[str, Block] = {}
    for story in stories:
        block = found.setdefault(story.section_slug, Block(story.section_name, story.section_slug))
        if len(block.stories) < BLOCK_SIZE:
            block.stories.append(story)
    return list(found.values())


def hang_pictures(stories: Sequence[Publication]) -> None:
    """Load the lead pictures of these stories alone; a page of a hundred titles needs a few. One query."""
    wanted = Publication.objects.filter(pk__in=[story.pk for story in stories])
    pictures = dict(wanted.values_list("pk", "lead_image"))
    for story in stories:
        story.lead_image = pictures.get(story.pk, {})


def dossier(language: str, *, at: datetime) -> dict[str, Any] | None:
    """Return the dossier of the front page: of those marked for it, the one with the newest story. Three queries.

    {"name", "slug", "description", "count" of its stories, "milestones" in the order of events}
    """
    newest = PublicationTopic.objects.live(at).filter(topic=OuterRef("pk")).order_by("-first_published_at", "-pk")
    marked = (
        Topic.objects.filter(is_on_front=True, archived_at__isnull=True, merged_into__isnull=True)
        .annotate(newest_at=Subquery(newest.values("first_published_at")[:1]))
        .exclude(newest_at=None)
        .order_by("-newest_at", "pk")
    )
    topic = marked.first()
    if topic is None:
        return None
    milestones = TopicMilestone.objects.filter(topic=topic).order_by("-position", "-pk")[:DOSSIER_EVENTS]
    stories = PublicationTopic.objects.live(at).filter(topic=topic).newest(language).order_by()
    return {
        "name": topic.display_name(language),
        "slug": topic.slug,
        "description": topic.about(language),
        "kind": topic.get_kind_display(),
        "count": stories[:MOST_COUNTED].count(),
        "milestones": [milestone.words(language) for milestone in reversed(milestones)],
    }


def portraits(opinions: Sequence[Publication], language: str) -> dict[str, pictures.Data]:
    """Return {slug: picture data} of those who wrote these and have a portrait. Two queries, none without opinions."""
    slugs = {byline["slug"] for story in opinions for byline in story.bylines[:1]}
    if not slugs:
        return {}
    people = Contributor.objects.select_related("portrait").filter(slug__in=slugs, portrait__isnull=False)
    shown = {person.slug: person.portrait for person in people if person.portrait}
    data = pictures.data_of(shown.values(), language)
    return {slug: data[image.pk] for slug, image in shown.items() if image.pk in data}
