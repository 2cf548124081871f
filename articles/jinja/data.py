"""A story as data for machines: schema.org records, and its picture for previews elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles import seo
from articles.models import Publication


def article_data(request: HttpRequest, publication: Publication, url: str) -> SafeString:
    """Return data blocks (never executed) that say what the page shows, and nothing it does not: story and way to it.

    Our policy lets them stand: a browser takes no script for what has a type of data (HTML, "prepare the script").
    """
    base = seo.origin(request)
    story = seo.news_article(publication, url, base, at=timezone.now())
    return data_blocks(story, seo.breadcrumbs(seo.way_to(publication), base))


def data_blocks(*records: dict[str, Any]) -> SafeString:
    """Return records as script elements of type application/ld+json."""
    blocks = [f'<script type="application/ld+json">{seo.data_block(record)}</script>' for record in records]
    # Escaped by `seo.data_block`.
    return mark_safe("\n".join(blocks))


def preview_picture(request: HttpRequest, publication: Publication) -> dict[str, Any]:
    """Return {"url", "width", "height", "alt"} of the story's picture for previews elsewhere; {} when it has none."""
    return seo.preview_picture(publication, seo.origin(request), at=timezone.now())
