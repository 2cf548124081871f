"""Feeds of the newest stories, as RSS 2.0 and Atom (RFC 4287): standfirst and corrections, the text at the site.

The bytes depend on what is published alone, so an unchanged feed is an unchanged answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import feedgenerator, translation
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles import seo
from articles.models import Notice
from articles.teasers import Teaser
from newsroom.core.templatetags.newsroom_time import moment

# Stories of a feed; readers of feeds ask every hour or so.
SIZE = 30
# What XML 1.0 (2.2) cannot hold, in any spelling.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(words: str) -> str:
    """Return `words` without what XML cannot hold."""
    return NOT_XML.sub("", words)


class Rss(feedgenerator.Rss201rev2Feed):
    """RSS 2.0 with the time of the last update, which RSS itself does not know."""

    content_type = "application/rss+xml; charset=utf-8"

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", feedgenerator.rfc3339_date(item["updateddate"]))


class Atom(feedgenerator.Atom1Feed):
    """Atom; a summary is text, not markup."""

    content_type = "application/atom+xml; charset=utf-8"


def build(
    kind: Callable[..., feedgenerator.SyndicationFeed],
    stories: Sequence[Teaser],
    *,
    title: str,
    description: str,
    language: str,
    path: str,
    feed_path: str,
    base: str,
    at: datetime,
) -> bytes:
    """Return a feed of `stories` in their order; `path` is the page it follows, `base` scheme and host of the site.

    A story is known by its permanent address, whatever becomes of its title; `updated` moves with substantive updates.
    """
    feed = kind(
        title=clean(title),
        link=seo.absolute(base, path),
        description=clean(description),
        language=language,
        author_name=settings.SITE_NAME,
        feed_url=seo.absolute(base, feed_path),
        feed_guid=seo.absolute(base, path),
    )
    with translation.override(language):
        for story in stories:
            feed.add_item(**item(story, base, at=at))
    # Without a story the generator would take the time of asking.
    newest = max((seo.modified_at(story) for story in stories), default=datetime.fromisoformat("1970-01-01T00:00Z"))
    feed.latest_post_date = lambda: newest  # type: ignore[method-assign]
    return feed.writeString("utf-8").encode()


def item(story: Teaser, base: str, *, at: datetime) -> dict[str, Any]:
    """Return one story as the generators take it."""
    picture = seo.preview_picture(story, base, at=at)
    # The length of a file is asked for and not known here; zero is what RSS advises then.
    enclosures = [feedgenerator.Enclosure(picture["url"], "0", "image/jpeg")] if picture else []
    names = [byline["name"] for byline in story.bylines]
    return {
        "title": clean(story.title),
        "link": seo.absolute(base, story.path),
        "description": clean("\n\n".join([story.standfirst, *map(correction, story.notices)])),
        "unique_id": seo.absolute(base, seo.permanent_path(story.article_id)),
        "unique_id_is_permalink": False,
        "author_name": clean(", ".join(names)) or settings.SITE_NAME,
        "pubdate": story.first_published_at,
        "updateddate": seo.modified_at(story),
        "categories": [
            clean(name) for name in (story.section_name, *(topic["name"] for topic in story.topics)) if name
        ],
        "enclosures": enclosures,
    }


def correction(notice: dict[str, Any]) -> str:
    """Return one notice of a story as a paragraph: "Koreksi, 12 Agustus 2026, 14.05 WIB: ...".

    Of one that was taken back, that it was, and why.
    """
    kind = Notice.Kind(notice["kind"]).label
    said = f"{kind}, {moment(datetime.fromisoformat(notice['at']))}: {notice['text']}"
    if "taken_back_at" not in notice:
        return said
    end = _("Taken back, %(at)s: %(reason)s") % {
        "at": moment(datetime.fromisoformat(notice["taken_back_at"])),
        "reason": notice["taken_back_reason"],
    }
    return f"{said} [{end}]"
