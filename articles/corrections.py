"""The public log: every correction that stands on a live story, and every withdrawal with its ground and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, QuerySet, Value
from django.utils import translation
from django.utils.translation import gettext as _

from articles import feeds, seo
from articles.models import FAR_FUTURE, Notice, Publication

FEED_SIZE = 50
Keys = QuerySet[Any, dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """One line of the log: a notice with the story it stands on, or a withdrawal, which names no story."""

    at: datetime
    notice: Notice | None = None
    # What readers see of the story now.
    story: Publication | None = None
    withdrawal: Publication | None = None

    @property
    def key(self) -> str:
        """What it is known by, in pages and feeds."""
        if self.notice is not None:
            return f"notice-{self.notice.pk}"
        return f"withdrawal-{self.withdrawal.pk}" if self.withdrawal else ""

    @property
    def changed_at(self) -> datetime:
        """When the line last said something new: when its notice was taken back, or else `at`."""
        return (self.notice and self.notice.taken_back_at) or self.at

    @property
    def returned_at(self) -> datetime | None:
        """When a withdrawn story was published again; None: it was not."""
        until = self.withdrawal.visible_until if self.withdrawal else FAR_FUTURE
        return until if until < FAR_FUTURE else None


def log(language: str, *, at: datetime, withdrawals_only: bool = False) -> Keys:
    """Return the keys of the log's lines in one language at `at`, newest first: {"moment", "what", "key"}."""
    taken = _keys(Publication.objects.withdrawals(at).filter(language=language), "visible_from", "withdrawal")
    if withdrawals_only:
        return taken.order_by("-moment", "-key")
    said = Notice.objects.public(at).filter(carrier__language=language)
    everything: Keys = _keys(said, "carrier__visible_from", "notice").union(taken, all=True).order_by("-moment", "-key")
    return everything


def _keys(rows: QuerySet[Any], moment_field: str, what: str) -> Keys:
    found = rows.annotate(moment=F(moment_field), what=Value(what, output_field=CharField()), key=F("pk"))
    keys: Keys = found.order_by().values("moment", "what", "key")
    return keys


def entries(keys: Iterable[dict[str, Any]], *, at: datetime) -> list[Entry]:
    """Return the lines behind these keys, in their order: three queries, however many they are."""
    rows = list(keys)
    notices = Notice.objects.in_bulk([row["key"] for row in rows if row["what"] == "notice"])
    taken = Publication.objects.in_bulk([row["key"] for row in rows if row["what"] == "withdrawal"])
    live = Publication.objects.live(at).filter(article__in={notice.article_id for notice in notices.values()})
    stories = {row.article_id: row for row in live.only("article_id", "title", "path", "section_name", "language")}
    found = []
    for row in rows:
        if row["what"] == "withdrawal":
            found.append(Entry(row["moment"], withdrawal=taken[row["key"]]))
        elif notices[row["key"]].article_id in stories:
            notice = notices[row["key"]]
            found.append(Entry(row["moment"], notice=notice, story=stories[notice.article_id]))
    return found


def feed(found: list[Entry], *, language: str, path: str, feed_path: str, base: str) -> bytes:
    """Return the log's newest lines as Atom; the bytes depend on the log alone.

    One that was taken back says so in its place: who reads the feed sees it while it is among the newest.
    """
    with translation.override(language):
        title = _("Corrections and withdrawals")
        atom = feeds.Atom(
            title=feeds.clean(f"{title} · {settings.SITE_NAME}"),
            link=seo.absolute(base, path),
            description=title,
            language=language,
            author_name=settings.SITE_NAME,
            feed_url=seo.absolute(base, feed_path),
            feed_guid=seo.absolute(base, path),
        )
        for entry in found:
            atom.add_item(**item(entry, base, path))
    newest = max((entry.changed_at for entry in found), default=datetime.fromisoformat("1970-01-01T00:00Z"))
    atom.latest_post_date = lambda: newest  # type: ignore[method-assign]
    return atom.writeString("utf-8").encode()


def item(entry: Entry, base: str, path: str) -> dict[str, Any]:
    """Return one line as the generator takes it. A withdrawal gives ground and reason, nothing of the story."""
    common = {
        "unique_id": seo.absolute(base, f"{path}#{entry.key}"),
        "pubdate": entry.at,
        "updateddate": entry.changed_at,
        "author_name": settings.SITE_NAME,
    }
    if entry.notice is not None and entry.story is not None:
        label = entry.notice.get_kind_display()
        link = f"{entry.story.path}#{entry.key}"
        text = entry.notice.text
        if entry.notice.taken_back_at:
            label = _("%(kind)s, taken back") % {"kind": label}
            why = _("Why it was taken back: %(reason)s") % {"reason": entry.notice.taken_back_reason}
            text = f"{why}\n\n{text}"
        said = {"title": f"{label}: {entry.story.title}", "description": text}
    else:
        assert entry.withdrawal is not None
        number = entry.withdrawal.article_id
        link = seo.permanent_path(number)
        reason = f"{entry.withdrawal.get_ground_display()}. {entry.withdrawal.public_reason}"
        said = {"title": _("Withdrawn: story number %(number)s") % {"number": number}, "description": reason}
    return {name: feeds.clean(words) for name, words in said.items()} | {"link": seo.absolute(base, link), **common}
