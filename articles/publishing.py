"""What readers get to see, and when: publish, schedule, cancel, expire, withdraw, kill.

Each service locks the article, changes its timeline, records the act and bumps the surfaces, in one transaction. None
reads the clock: `at` is the moment of the act, and may lie in the past when a history is written (an import, a demo).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from articles import approval, checklist, notices, payloads, permissions, refusals, revisions
from articles.models import FAR_FUTURE, Article, Notice, Publication, Revision
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User

Cause = Publication.VoidCause


@dataclass(frozen=True)
class Outcome:
    """What a service did, for the desk to be told."""

    # The row that was added, or whose end was moved.
    publication: Publication
    # A planned update that stays as it was planned.
    kept: Publication | None = None
    # Planned rows that will not come.
    voided: tuple[Publication, ...] = ()
    # Corrections that were planned, and come with the new row instead.
    moved: tuple[Notice, ...] = ()
    # Corrections that were planned and will not come.
    dropped: tuple[Notice, ...] = ()


@transaction.atomic
def publish(
    article: Article,
    *,
    revision: int,
    by: User | None,
    at: datetime,
    change_note: str = "",
    notice: notices.Draft | None = None,
) -> Outcome:
    """Show a revision to readers from now on.

    A planned update and a planned end stay (`kept`), unless the plan was to show this very revision: that is brought
    forward with its corrections, and its planned end with it. A change note tells readers what changed and moves the
    time of the last update; without one (a typo) neither moves. A notice does so if it is substantive, and may come
    with the revision that readers see already. Raises Killed, Held, Embargoed, NotApproved, ChecklistFailed,
    AlreadyPublic, NoSuchRevision, RevisionPurged, and what `notices.check` raises.
    """
    timeline = Timeline.open(article, by=by, at=at)
    shown = _admit(timeline, revision, visible_from=timeline.now, notice=notice)
    pending = next(iter(timeline.planned), None)
    is_live = timeline.live is not None and timeline.live.revision_id == shown.pk
    # After a planned end the same revision is a return, and stays.
    comes_now = pending and pending.revision_id == shown.pk and (pending.takes_over or not timeline.current)
    if is_live and notice is None and not comes_now:
        raise refusals.AlreadyPublic(number=revision)
    if pending and comes_now and not (is_live and notice):
        timeline.void(pending, Cause.BROUGHT_FORWARD)
        planned = notices.brought_by([pending])
        row = _take_over(
            timeline,
            timeline.now,
            revision=shown,
            note=change_note,
            notice=notice,
            moved=() if notice else planned,
            otherwise=pending.visible_until,
        )
        outcome = _settle(Outcome(row, voided=(pending,)), planned, is_moved=notice is None)
    else:
        bound = pending.visible_from if pending else FAR_FUTURE
        row = _take_over(timeline, timeline.now, revision=shown, note=change_note, notice=notice, otherwise=bound)
        outcome = Outcome(row, kept=_replan(timeline, pending, after=row) if pending else None)
    audit.record("article.publish", article, by=by, at=at, revision=revision, publication=row.pk)
    timeline.done()
    return outcome


@transaction.atomic
def schedule(
    article: Article,
    *,
    revision: int,
    visible_from: datetime,
    by: User | None,
    at: datetime,
    visible_until: datetime | None = None,
    change_note: str = "",
    notice: notices.Draft | None = None,
) -> Outcome:
    """Show a revision from `visible_from` on: a first publication, or an update of what readers see by then.

    An article has one plan at a time: what was planned before is voided. If that was to show the same revision, it is
    moved, and its corrections with it unless `notice` takes their place. Without `visible_until` the row lasts as long
    as what it takes over from. Raises as `publish` does, and MomentPassed, EndsBeforeItBegins.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if visible_from <= timeline.now:
        raise refusals.MomentPassed
    if visible_until is not None and visible_until <= visible_from:
        raise refusals.EndsBeforeItBegins
    shown = _admit(timeline, revision, visible_from=visible_from, notice=notice)
    voided = timeline.void_planned(Cause.REPLANNED)
    planned = notices.brought_by(voided)
    is_moved = notice is None and any(row.revision_id == shown.pk for row in voided)
    covering = timeline.covering(visible_from)
    if covering and covering.revision_id == shown.pk and notice is None and not (is_moved and planned):
        raise refusals.AlreadyPublic(number=revision)
    row = _take_over(
        timeline,
        visible_from,
        revision=shown,
        note=change_note,
        notice=notice,
        moved=planned if is_moved else (),
        until=visible_until,
    )
    audit.record("article.schedule", article, by=by, at=at, revision=revision, publication=row.pk, moment=visible_from)
    timeline.done()
    return _settle(Outcome(row, voided=tuple(voided)), planned, is_moved=is_moved)


@transaction.atomic
def cancel(article: Article, *, by: User | None, at: datetime) -> tuple[Publication, ...]:
    """Take back what is scheduled; what readers see now goes on. Raises NothingPlanned."""
    timeline = Timeline.open(article, by=by, at=at)
    voided = timeline.void_planned(Cause.CANCELLED)
    if not voided:
        raise refusals.NothingPlanned
    audit.record("article.cancel", article, by=by, at=at, voided=[row.pk for row in voided])
    timeline.done()
    return tuple(voided)


@transaction.atomic
def expire(article: Article, *, by: User | None, at: datetime, visible_until: datetime | None = None) -> Outcome:
    """End a story, now or at `visible_until`; what is planned to begin then or later is voided.

    Moves an end that was planned before. Raises NothingPublic, MomentPassed, EndsBeforeItBegins.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if visible_until is not None and visible_until <= timeline.now:
        raise refusals.MomentPassed
    until = visible_until or timeline.now
    last = _last_story(timeline, before=until)
    voided = timeline.void_planned(Cause.EXPIRED, since=until)
    timeline.end(last, until)
    audit.record("article.expire", article, by=by, at=at, publication=last.pk, moment=until)
    timeline.done()
    return Outcome(last, voided=tuple(voided))


@transaction.atomic
def cancel_expiry(article: Article, *, by: User | None, at: datetime) -> Outcome:
    """Take back a planned end: the story stays until further notice. Raises NothingPlanned."""
    timeline = Timeline.open(article, by=by, at=at)
    last = timeline.rows[-1] if timeline.rows else None
    if last is None or not timeline.now < last.visible_until < FAR_FUTURE:
        raise refusals.NothingPlanned
    timeline.end(last, FAR_FUTURE)
    audit.record("article.cancel_expiry", article, by=by, at=at, publication=last.pk)
    timeline.done()
    return Outcome(last)


@transaction.atomic
def withdraw(article: Article, *, ground: str, public_reason: str, by: User | None, at: datetime) -> Outcome:
    """Put a notice in the place of a story that readers saw; what is planned is voided, the approval is withdrawn.

    The address answers 410 with ground and reason, without title or text. Raises NothingPublic, GroundMissing,
    ReasonMissing, Killed.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if timeline.is_killed:
        raise refusals.Killed
    if timeline.story_before(timeline.now) is None or _is_tombstone(timeline.current):
        raise refusals.NothingPublic
    outcome = _bury(timeline, Cause.WITHDRAWN, ground=ground, public_reason=public_reason)
    audit.record("article.withdraw", article, by=by, at=at, publication=outcome.publication.pk, ground=ground)
    timeline.done()
    return outcome


@transaction.atomic
def kill(article: Article, *, ground: str, public_reason: str, by: User | None, at: datetime) -> Outcome:
    """Withdraw a story for good: nothing of it is shown again, at no address, and nothing can be published after it.

    Also before anybody saw it: its address may be known. Raises Killed, GroundMissing, ReasonMissing.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if timeline.is_killed:
        raise refusals.Killed
    outcome = _bury(timeline, Cause.KILLED, ground=ground, public_reason=public_reason)
    timeline.suppress_all()
    audit.record("article.kill", article, by=by, at=at, publication=outcome.publication.pk, ground=ground)
    timeline.done()
    return outcome


@transaction.atomic
def take_back_notice(notice: Notice, *, reason: str, by: User | None, at: datetime) -> None:
    """Mark a notice that was wrong itself wherever readers find it; `reason` is told to them.

    It stays where it stands: what readers were told once is not unsaid. Raises what `notices.take_back` raises.
    """
    timeline = Timeline.open(notice.article, by=by, at=at)
    notices.take_back(notice, reason=reason, by=by, at=timeline.now)
    timeline.carry_notices(with_past=True)
    timeline.done()


# What the services share


def _admit(timeline: Timeline, number: int, *, visible_from: datetime, notice: notices.Draft | None) -> Revision:
    """Return the revision to be shown from `visible_from`, or raise the first reason against it or its notice."""
    article, by = timeline.article, timeline.by
    if timeline.is_killed:
        raise refusals.Killed
    if article.held_at:
        raise refusals.Held
    if article.embargo_until and visible_from < article.embargo_until:
        moment = timezone.localtime(article.embargo_until)
        raise refusals.Embargoed(until=formats.date_format(moment, "DATETIME_FORMAT"))
    revision = revisions.numbered(article, number)
    if revision.pk != article.approved_revision_id and not (by and permissions.can_approve(by, article)):
        raise refusals.NotApproved(number=number)
    failed = checklist.failed(checklist.run(payloads.read(revision), at=visible_from))
    if failed:
        raise refusals.ChecklistFailed(items=failed, missing=" ".join(str(item.message) for item in failed))
    if notice is not None:
        notices.check(notice, article, corrected=timeline.story_before(timeline.now))
    return revision


def _take_over(
    timeline: Timeline,
    moment: datetime,
    *,
    revision: Revision,
    note: str,
    notice: notices.Draft | None = None,
    moved: Sequence[Notice] = (),
    until: datetime | None = None,
    otherwise: datetime = FAR_FUTURE,
) -> Publication:
    """Add a story from `moment`, ending what stands then, with its own notice or with those of a plan that was moved.

    It lasts until `until`; without one as long as what it ends would have, or until `otherwise` if nothing stood there.
    """
    covering = timeline.covering(moment)
    inherited = covering.visible_until if covering else otherwise
    corrected = timeline.story_before(timeline.now)
    is_substantive = notice.is_substantive if notice else any(found.is_substantive for found in moved)
    if covering:
        timeline.end(covering, moment)
    row = timeline.add(
        visible_from=moment,
        visible_until=until or inherited,
        revision=revision,
        takes_over=covering is not None,
        **_history(timeline, moment, note, is_substantive=is_substantive),
    )
    notices.follow(moved, row)
    if notice is not None and corrected is not None:
        notices.bring(notice, carrier=row, corrected=corrected, by=timeline.by, at=timeline.now)
    return row


def _settle(outcome: Outcome, planned: Sequence[Notice], *, is_moved: bool) -> Outcome:
    """Return `outcome` with what became of the corrections that were planned."""
    found = tuple(planned)
    return replace(outcome, moved=found) if is_moved else replace(outcome, dropped=found)


def _replan(timeline: Timeline, pending: Publication, *, after: Publication) -> Publication:
    """Return the planned row that follows `after`: the same, or a new one where its facts no longer hold.

    Before the story was first published, the plan was its first publication; now it takes over from `after`, and
    readers first saw the story with that.
    """
    takes_over = after.visible_until == pending.visible_from and (pending.takes_over or not after.takes_over)
    is_substantive = pending.substantive_at == pending.visible_from
    history = _history(timeline, pending.visible_from, pending.change_note, is_substantive=is_substantive)
    facts = {"takes_over": takes_over, **history}
    if all(getattr(pending, name) == value for name, value in facts.items()):
        return pending
    planned = notices.brought_by([pending])
    timeline.void(pending, Cause.REPLANNED)
    if after.visible_until > pending.visible_from:
        timeline.end(after, pending.visible_from)
    assert pending.revision is not None
    row = timeline.add(
        visible_from=pending.visible_from, visible_until=pending.visible_until, revision=pending.revision, **facts
    )
    notices.follow(planned, row)
    return row


def _history(timeline: Timeline, moment: datetime, change_note: str, *, is_substantive: bool) -> dict[str, Any]:
    """Return when readers first saw the story, when it last changed in substance, and how, for a row from `moment`.

    A change note makes an update substantive, and so may the notice that comes with it.
    """
    before = timeline.story_before(moment)
    if before is None:
        return {"first_published_at": moment, "substantive_at": None, "change_note": ""}
    note = change_note.strip()
    return {
        "first_published_at": before.first_published_at,
        "substantive_at": moment if note or is_substantive else before.substantive_at,
        "change_note": note,
    }


def _last_story(timeline: Timeline, *, before: datetime) -> Publication:
    """Return the story row that an end at `before` (now or later) would end."""
    begun = [row for row in timeline.rows if row.visible_from < before]
    last = begun[-1] if begun else None
    if last is not None and last.visible_until > timeline.now and not _is_tombstone(last):
        return last
    if before > timeline.now and timeline.planned and not _is_tombstone(last):
        raise refusals.EndsBeforeItBegins
    raise refusals.NothingPublic


def _bury(timeline: Timeline, cause: Cause, *, ground: str, public_reason: str) -> Outcome:
    """Put a tombstone up from now on, in the place of all that stands or is planned, and withdraw the approval."""
    if ground not in Publication.Ground.values:
        raise refusals.GroundMissing
    if not public_reason.strip():
        raise refusals.ReasonMissing
    article, now = timeline.article, timeline.now
    voided = timeline.void_planned(cause)
    first = timeline.story_before(now)
    current = timeline.current
    if current:
        timeline.end(current, now)
    tombstone = timeline.add(
        visible_from=now,
        visible_until=FAR_FUTURE,
        kind=Publication.Kind.TOMBSTONE,
        first_published_at=first.first_published_at if first else now,
        ground=ground,
        public_reason=public_reason.strip(),
    )
    approval.withdraw(article)
    return Outcome(tombstone, voided=tuple(voided))


def _is_tombstone(row: Publication | None) -> bool:
    """Whether readers get a notice there."""
    return row is not None and row.kind == Publication.Kind.TOMBSTONE
