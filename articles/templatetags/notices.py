"""What pages ask about corrections: those a publication carries, as they are printed."""

from __future__ import annotations

from django import template

from articles import notices
from articles.models import Publication

register = template.Library()


@register.filter
def notices_on(publication: Publication) -> list[notices.Shown]:
    """Return the notices that a publication carries, oldest first."""
    return notices.on(publication)


@register.filter
def grave(found: list[notices.Shown]) -> list[notices.Shown]:
    """Keep those that stand above the text as well."""
    return [notice for notice in found if notice.is_grave]


@register.filter
def item(found: dict[int, Publication], key: int | None) -> Publication | None:
    """Return what a dictionary holds under `key`; None for nothing."""
    return found.get(key) if key is not None else None
