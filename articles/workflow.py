"""The desk's way with a story: saved, submitted, approved, sent back, held."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from articles import approval, embargo, permissions, refusals, revisions
from articles.locking import lock
from articles.models import Article, DeskState, Publication, Revision
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User

OPEN = (DeskState.DRAFT, DeskState.CHANGES_REQUESTED)


def claim_version(article_id: int, seen: int) -> bool:
    """Take the working copy's version from `seen` to the next; False when somebody saved since `seen` was read.

    Call it in the transaction of the save and before any form is bound: the row stays locked until the commit, so of
    two saves that saw the same version one gets False.
    """
    return bool(Article.objects.filter(pk=article_id, version=seen).update(version=F("version") + 1))


@transaction.atomic
def working_copy_saved(article: Article, *, by: User | None, at: datetime, note: str = "") -> Revision | None:
    """Finish a save of the working copy, once, after its inlines are written; return the new revision.

    None: the save changed no content. A form that moved the embargo takes back what is planned before it.
    """
    revision = revisions.record_save(article, by=by, at=at, note=note)
    embargo.enforce(article, by=by, at=at)
    return revision


@transaction.atomic
def submit(article: Article, *, by: User | None, at: datetime, note: str = "") -> None:
    """Hand a story in for review, with a word to the editor if there is one. Raises WrongDeskState."""
    lock(article)
    _require(article, *OPEN)
    newest = revisions.latest(article)
    _move(article, DeskState.IN_REVIEW, note=note)
    audit.record("article.submit", article, by=by, at=at, revision=newest.number if newest else None)


@transaction.atomic
def approve(article: Article, *, revision: int, by: User | None, at: datetime) -> None:
    """Approve the revision the editor read. Raises StaleRevision when a newer one was saved since."""
    lock(article)
    approved = revisions.numbered(article, revision)
    newest = revisions.latest(article)
    if newest and newest.number != revision:
        raise refusals.StaleRevision(number=revision, newest=newest.number)
    article.approved_revision = approved
    article.save(update_fields=["approved_revision"])
    _move(article, DeskState.APPROVED)
    audit.record("article.approve", article, by=by, at=at, revision=revision)


@transaction.atomic
def send_back(article: Article, *, by: User | None, at: datetime, note: str) -> list[Publication]:
    """Ask for changes, saying which; from approved it withdraws the approval, and what was planned on it is voided.

    It also puts a draft that readers once saw back into its reporter's hands. Returns the voided publications. Raises
    WrongDeskState, and ReasonMissing for a blank note.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if not permissions.is_with_editors(article):
        _require(article, DeskState.IN_REVIEW, DeskState.APPROVED)
    if not note.strip():
        raise refusals.ReasonMissing
    voided: list[Publication] = []
    if article.desk_state != DeskState.IN_REVIEW:
        approval.withdraw(article)
        voided = timeline.void_planned(Publication.VoidCause.UNAPPROVED)
    _move(article, DeskState.CHANGES_REQUESTED, note=note)
    audit.record("article.send_back", article, by=by, at=at, voided=[row.pk for row in voided])
    timeline.done()
    return voided


@transaction.atomic
def hold(article: Article, *, by: User | None, at: datetime, reason: str) -> list[Publication]:
    """Keep a story from being published until the hold is lifted; what is planned is voided, what is live stays.

    Returns the voided publications; lifting the hold does not bring them back. Raises AlreadyHeld, ReasonMissing.
    """
    timeline = Timeline.open(article, by=by, at=at)
    if article.held_at:
        raise refusals.AlreadyHeld
    if not reason.strip():
        raise refusals.ReasonMissing
    article.held_at, article.hold_reason = at, reason
    article.save(update_fields=["held_at", "hold_reason"])
    voided = timeline.void_planned(Publication.VoidCause.HELD)
    audit.record("article.hold", article, by=by, at=at, voided=[row.pk for row in voided])
    timeline.done()
    return voided


@transaction.atomic
def lift_hold(article: Article, *, by: User | None, at: datetime) -> None:
    """Let a story be published again. Nothing that the hold voided comes back. Raises NotHeld."""
    lock(article)
    if not article.held_at:
        raise refusals.NotHeld
    article.held_at, article.hold_reason = None, ""
    article.save(update_fields=["held_at", "hold_reason"])
    audit.record("article.lift_hold", article, by=by, at=at)


def _require(article: Article, *states: DeskState) -> None:
    """Refuse unless the story is in one of these states."""
    if article.desk_state not in states:
        raise refusals.WrongDeskState(state=DeskState(article.desk_state).label)


def _move(article: Article, state: DeskState, *, note: str = "") -> None:
    """Put the story into `state`, with the desk's last word."""
    article.desk_state, article.desk_note = state, note.strip()
    article.save(update_fields=["desk_state", "desk_note"])
