"""Standing pages: written, shown, taken off. Every save is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from articles import refusals
from articles.models import Page, PageRevision
from articles.models.page import KEPT, REQUIRED_SLUGS
from newsroom.core import audit, richtext, surfaces
from newsroom.core.models import User

WORDS = frozenset({"title", "title_en", "body", "body_en"})


@transaction.atomic
def save(page: Page, *, seen: int | None, by: User | None, at: datetime) -> bool:
    """Keep what `page` says now as its next version; False when it says nothing new. `seen` None: a new page.

    Compare and swap on the version that was seen: raises PageChanged, and writes nothing, when somebody saved since.
    Raises PageEmpty when readers see the page and no text would be left.
    """
    page.body, page.body_en = richtext.sanitize(page.body), richtext.sanitize(page.body_en)
    if page.published_at and not page.body:
        raise refusals.PageEmpty
    if seen is None:
        page.version, page.updated_at = 1, at
        page.save(force_insert=True)
        changed, line = set(KEPT), None
    else:
        before = Page.objects.select_for_update().get(pk=page.pk)
        line, page.published_at = _line(before), before.published_at
        changed = {name for name in KEPT if getattr(before, name) != getattr(page, name)}
        if before.version != seen:
            raise refusals.PageChanged
        if not changed:
            return False
        page.version = seen + 1
        values: dict[str, Any] = {name: getattr(page, name) for name in changed}
        if changed & WORDS:
            page.updated_at = values["updated_at"] = at
        Page.objects.filter(pk=page.pk).update(version=F("version") + 1, **values)
    payload = {name: getattr(page, name) for name in KEPT}
    PageRevision.objects.create(page=page, version=page.version, payload=payload, by=by, saved_at=at)
    audit.record("page.save", page, by=by, at=at, version=page.version, fields=sorted(changed))
    _bump(page, in_footer=_line(page) != line)
    return True


@transaction.atomic
def publish(page: Page, *, by: User | None, at: datetime) -> None:
    """Show the page to readers; twice does no more. Raises PageEmpty."""
    if not page.body:
        raise refusals.PageEmpty
    if Page.objects.filter(pk=page.pk, published_at__isnull=True).update(published_at=at):
        page.published_at = at
        audit.record("page.publish", page, by=by, at=at, version=page.version)
        _bump(page, in_footer=True)


@transaction.atomic
def take_off(page: Page, *, by: User | None, at: datetime) -> None:
    """Take the page from readers; its text stays at the desk. Twice does no more."""
    if Page.objects.filter(pk=page.pk, published_at__isnull=False).update(published_at=None):
        page.published_at = None
        audit.record("page.take_off", page, by=by, at=at)
        _bump(page, in_footer=True)


def missing() -> list[str]:
    """Return the slugs of the pages that readers must find by law and guideline, and do not. One query."""
    public = set(Page.objects.public().filter(slug__in=REQUIRED_SLUGS).values_list("slug", flat=True))
    return [slug for slug in REQUIRED_SLUGS if slug not in public]


def _line(page: Page) -> tuple[Any, ...] | None:
    """Return what every page of the site shows of this one: its line in the footer; None where it has none.

    Where there is an English text the line leads there.
    """
    if not (page.is_in_footer and page.published_at):
        return None
    return page.slug, page.title, page.title_en, page.position, bool(page.body_en)


def _bump(page: Page, *, in_footer: bool) -> None:
    """Say that the page changes, and the footer of every page where its line does."""
    surfaces.bump(surfaces.page(page.pk), *([surfaces.site()] if in_footer else []))
