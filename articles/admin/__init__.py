"""The desk's screens for stories and what they refer to, on the one admin site."""

from articles.admin import article, corrections, media, standing_pages, taxonomy

__all__ = ["article", "corrections", "media", "standing_pages", "taxonomy"]
