"""The front page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from articles.models import Publication
from articles.views._public import listed, public_page

# The front page looks this far back; what is older stands in its section.
FRONT_DEPTH = 120
BLOCKS = 6
BLOCK_SIZE = 6


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
    # None: nothing is published yet. Printed instead of the time of reading, so that a cached page stays true.
    changed_at: datetime | None


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the newest stories in the language of the address."""
    stories = Publication.objects.live(timezone.now()).filter(language=get_language())
    front = arrange(list(listed(stories)[:FRONT_DEPTH]))
    return render(request, "articles/home.html", {"front": front})


def arrange(stories: list[Publication]) -> Front:
    """Give each of `stories`, newest first, its place: a few fill the top, a full edition every part."""
    lead, seconds, rest = (stories[0] if stories else None), stories[1:3], stories[3:]
    # Too few for another row: they all go on the meridian.
    newest, rest = (rest, []) if len(rest) <= 7 else (rest[:5], rest[5:])
    row, rest = rest[:4], rest[4:]
    lines, rest = rest[:3], rest[3:]
    changed_at = max((story.visible_from for story in stories), default=None)
    return Front(lead, seconds, newest, row, lines, blocks(rest), changed_at)


def blocks(stories: Sequence[Publication]) -> list[Block]:
    """Group what the top of the page left by section, the section with the newest story first."""
    found: dict[str, Block] = {}
    for story in stories:
        block = found.setdefault(story.section_slug, Block(story.section_name, story.section_slug))
        if len(block.stories) < BLOCK_SIZE:
            block.stories.append(story)
    return list(found.values())[:BLOCKS]
