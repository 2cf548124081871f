"""What readers may look back at: the versions of a story that changed it in substance, and what each changed.

Made of publications alone, never of revisions: what readers never saw cannot stand here. Sources are left out, since
one that is confidential today may have been named in an earlier version. What was suppressed, purged or withdrawn is no
version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles import diffing, notices
from articles.models import Publication

# The newest versions shown; a story that changes in substance more often is a thread of stories.
SHOWN = 50


@dataclass(frozen=True)
class Version:
    """One version, numbered from 1."""

    number: int
    publication: Publication

    @property
    def at(self) -> datetime:
        """When readers got it."""
        return self.publication.visible_from

    @property
    def is_first(self) -> bool:
        """Whether readers first saw the story with it; version 1 may also be a return from a withdrawal."""
        return self.publication.visible_from == self.publication.first_published_at

    @property
    def reasons(self) -> list[str]:
        """Why it came, as the newsroom told readers; empty for the first."""
        return list(notices.reasons(self.publication))


@dataclass(frozen=True)
class Change:
    """One part of the story that a version changed; `html` is safe to print."""

    label: str | Promise
    html: SafeString


def versions(article_id: int, *, at: datetime) -> list[Version]:
    """Return the versions of a story up to `at`, the newest first. One query."""
    rows = Publication.objects.versions(at).filter(article=article_id).order_by("visible_from")
    found = [Version(number, row) for number, row in enumerate(rows, start=1)]
    return found[::-1][:SHOWN]


def changes(before: Publication, after: Publication) -> list[Change]:
    """Return what differs between two versions as readers saw them, words marked."""
    lines = (
        (_("Title"), before.title, after.title),
        (_("Standfirst"), before.standfirst, after.standfirst),
        (_("Key points"), "\n".join(before.key_points), "\n".join(after.key_points)),
        (_("Chronology"), milestones(before), milestones(after)),
    )
    found = [Change(label, diffing.line(old, new)) for label, old, new in lines if old != new]
    if before.body_html != after.body_html:
        found.append(Change(_("Text"), diffing.words(before.body_html, after.body_html)))
    return found


def milestones(publication: Publication) -> str:
    """Return the chronology as text, one entry a line."""
    return "\n".join(f"{row['moment']}: {row['text']}" for row in publication.milestones)
