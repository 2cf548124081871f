"""A story as data for machines: schema.org NewsArticle."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from articles.models import Publication

register = template.Library()

# Inside a script element only these can end it or break old parsers; as escapes they mean the same to JSON.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
TYPES = {"analysis": "AnalysisNewsArticle", "opinion": "OpinionNewsArticle"}


@register.simple_tag
def article_data(publication: Publication, url: str) -> SafeString:
    """Return a data block (never executed) that says what the page shows, and nothing it does not."""
    words = json.dumps(news_article(publication, url), ensure_ascii=False, separators=(",", ":"))
    block = f'<script type="application/ld+json">{words.translate(ESCAPES)}</script>'
    # Escaped above.
    return mark_safe(block)


def news_article(publication: Publication, url: str) -> dict[str, Any]:
    """Return the schema.org record of a story; `dateModified` moves with substantive updates only."""
    modified = publication.substantive_at or publication.first_published_at
    return {
        "@context": "https://schema.org",
        "@type": TYPES.get(publication.story_kind, "NewsArticle"),
        "mainEntityOfPage": url,
        "headline": publication.title,
        "description": publication.standfirst,
        "inLanguage": publication.language,
        "articleSection": publication.section_name,
        "datePublished": publication.first_published_at.isoformat(timespec="seconds"),
        "dateModified": modified.isoformat(timespec="seconds"),
        "author": [{"@type": "Person", "name": byline["name"]} for byline in publication.bylines],
        "publisher": {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME},
    }
