"""The one writer of publications: an article's stretches of time, changed so that no two ever overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from articles import notices, projection
from articles.locking import lock
from articles.models import Article, Publication, Revision
from newsroom.core import surfaces
from newsroom.core.models import User

INSTANT = timedelta(microseconds=1)


@dataclass
class Timeline:
    """An article's standing publications, read under the article's lock; open it inside `atomic()`.

    `now` is the moment of the act: `at`, but never before the latest act on this article and always later than the
    beginning of whatever readers see, so that clocks of two hosts that differ cannot turn two acts around.
    """

    article: Article
    by: User | None
    now: datetime
    rows: list[Publication]
    # Ids of publications added or changed; their surfaces are bumped by `done`.
    touched: set[int] = field(default_factory=set)

    @classmethod
    def open(cls, article: Article, *, by: User | None, at: datetime) -> Timeline:
        """Lock the article and read its standing publications, earliest first."""
        lock(article)
        rows = list(Publication.objects.standing().filter(article=article).order_by("visible_from"))
        now = max([at, *(row.created_at for row in rows)])
        for row in rows:
            if row.visible_from <= now:
                now = max(now, row.visible_from + INSTANT)
        return cls(article, by, now, rows)

    # What stands

    def covering(self, moment: datetime) -> Publication | None:
        """Return what the article's address answers with at `moment`."""
        return next((row for row in self.rows if row.visible_from <= moment < row.visible_until), None)

    @property
    def current(self) -> Publication | None:
        """What readers see now: a story, a tombstone or nothing."""
        return self.covering(self.now)

    @property
    def live(self) -> Publication | None:
        """The story readers see now."""
        current = self.current
        return current if current and current.kind == Publication.Kind.STORY and not current.suppressed_at else None

    @property
    def planned(self) -> list[Publication]:
        """What will begin later, earliest first."""
        return [row for row in self.rows if row.visible_from > self.now]

    @property
    def is_killed(self) -> bool:
        """Whether the story was killed: nothing can follow."""
        return any(row.suppressed_at and row.kind == Publication.Kind.TOMBSTONE for row in self.rows)

    def story_before(self, moment: datetime) -> Publication | None:
        """Return the last story that began before `moment`, whether or not it still runs then."""
        stories = [row for row in self.rows if row.kind == Publication.Kind.STORY and row.visible_from < moment]
        return stories[-1] if stories else None

    # What changes

    def void(self, row: Publication, cause: Publication.VoidCause) -> None:
        """Take back a planned row; whatever it would have replaced goes on for as long as the row would have run.

        Void first, then reopen: the other way round the two would overlap for a statement.
        """
        row.voided_at, row.void_cause = self.now, cause
        row.save(update_fields=["voided_at", "void_cause"])
        projection.leave_lists([row.pk])
        self.touched.add(row.pk)
        self.rows.remove(row)
        for earlier in self.rows:
            if row.takes_over and earlier.visible_until == row.visible_from:
                self.end(earlier, row.visible_until)

    def void_planned(self, cause: Publication.VoidCause, *, since: datetime | None = None) -> list[Publication]:
        """Take back every planned row that begins at `since` or later (default: all); return them, latest first."""
        doomed = [row for row in reversed(self.planned) if since is None or row.visible_from >= since]
        for row in doomed:
            self.void(row, cause)
        return doomed

    def end(self, row: Publication, until: datetime) -> None:
        """Let a row last until `until`, sooner or later than it was to."""
        row.visible_until = until
        row.save(update_fields=["visible_until"])
        projection.move_lists(row.pk, until)
        self.touched.add(row.pk)

    def add(self, *, visible_from: datetime, visible_until: datetime, **facts: Any) -> Publication:
        """Insert a row where nothing stands any more."""
        row = Publication(
            article=self.article,
            visible_from=visible_from,
            visible_until=visible_until,
            by=self.by,
            created_at=self.now,
            **facts,
        )
        page = projection.page_of(row)
        for name, value in page.fields.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        projection.enter_lists(row, page)
        self.touched.add(row.pk)
        self.rows.append(row)
        self.rows.sort(key=lambda standing: standing.visible_from)
        return row

    def suppress_all(self) -> None:
        """Hide all there ever was, voided rows included, for good."""
        rows = Publication.objects.filter(article=self.article)
        ids = list(rows.values_list("pk", flat=True))
        rows.filter(suppressed_at__isnull=True).update(suppressed_at=self.now)
        projection.leave_lists(ids)
        self.touched.update(ids)

    def blank(self, revision: Revision) -> None:
        """Suppress what was published of `revision`, and empty it, since the record of it must go."""
        rows = Publication.objects.filter(article=self.article, revision=revision)
        ids = list(rows.values_list("pk", flat=True))
        rows.filter(suppressed_at__isnull=True).update(suppressed_at=self.now)
        projection.blank(ids)
        self.touched.update(ids)

    def done(self) -> None:
        """Write what each publication carries, and bump the surfaces of every row added or changed, lists included."""
        if self.touched:
            self.carry_notices()
            surfaces.bump(*projection.surfaces_of(self.touched))

    def carry_notices(self, *, with_past: bool = False) -> None:
        """Let every story that readers see or will see carry its own notices and all that came before it.

        `with_past`: also what ended, as far as the story's history shows it.
        """
        found = notices.carried(self.article)
        for row in self.rows:
            has_ended = row.visible_until <= self.now
            if row.kind != Publication.Kind.STORY or (has_ended and (row.suppressed_at or not with_past)):
                continue
            shown = notices.shown_on(row, found)
            if row.notices != shown:
                row.notices = shown
                row.save(update_fields=["notices"])
                self.touched.add(row.pk)
