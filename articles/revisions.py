"""Revisions: every state the working copy ever had, to be compared, restored and, where the law asks it, purged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from articles import approval, comparison, payloads, refusals, restoration
from articles.comparison import Change
from articles.locking import lock
from articles.models import Article, Publication, Revision
from articles.restoration import Note
from articles.timeline import Timeline
from newsroom.core import audit
from newsroom.core.models import User


@dataclass(frozen=True)
class RestorePlan:
    """What restoring a revision would do to the working copy."""

    number: int
    changes: list[Change]
    notes: list[Note]

    @property
    def lost(self) -> list[Note]:
        """What cannot come back."""
        return [note for note in self.notes if note.is_lost]


# Adding and finding


@transaction.atomic
def append(article: Article, *, by: User | None, at: datetime, note: str = "") -> Revision | None:
    """Append the working copy as a new revision; return it, or None when nothing changed since the last one.

    Call it once a save, after the inlines are written. The lock on the article makes two saves number in turn.
    """
    lock(article)
    content = payloads.build(article)
    last = latest(article)
    if last and not last.purged_at and payloads.digest(payloads.read(last)) == payloads.digest(content):
        return None
    revision = Revision.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        author=by,
        created_at=at,
        note=note,
        schema=payloads.SCHEMA,
        payload=content,
    )
    audit.record("article.save", article, by=by, at=at, revision=revision.number)
    return revision


@transaction.atomic
def record_save(article: Article, *, by: User | None, at: datetime, note: str = "") -> Revision | None:
    """Do what follows every write to the working copy: its time, its revision, what that means for the approval."""
    lock(article)
    article.updated_at = at
    article.save(update_fields=["updated_at"])
    revision = append(article, by=by, at=at, note=note)
    if revision:
        approval.carry(article, revision, by=by)
    return revision


def latest(article: Article) -> Revision | None:
    """Return the newest revision, purged or not; None before the first save."""
    return article.revisions.order_by("-number").first()


def numbered(article: Article, number: int) -> Revision:
    """Return the revision with that number. Raises NoSuchRevision, or RevisionPurged when its content is gone."""
    revision = _found(article, number)
    if revision.purged_at:
        raise refusals.RevisionPurged(number=number)
    return revision


def _found(article: Article, number: int) -> Revision:
    """Return the revision with that number, purged or not. Raises NoSuchRevision."""
    revision = article.revisions.filter(number=number).first()
    if revision is None:
        raise refusals.NoSuchRevision(number=number)
    return revision


# Comparing and restoring


def compare(before: Revision, after: Revision, *, with_confidential: bool) -> list[Change]:
    """Return what differs between two revisions, field by field; confidential sources only `with_confidential`.

    Raises RevisionPurged when the content of either is gone.
    """
    for revision in (before, after):
        if revision.purged_at:
            raise refusals.RevisionPurged(number=revision.number)
    return comparison.compare(payloads.read(before), payloads.read(after), with_confidential=with_confidential)


def restore_plan(article: Article, number: int) -> RestorePlan:
    """Say what `restore` would change and what cannot come back. Writes nothing.

    Raises NoSuchRevision, RevisionPurged.
    """
    settled, notes = restoration.settle(payloads.read(numbered(article, number)))
    return RestorePlan(number, comparison.compare(payloads.build(article), settled, with_confidential=True), notes)


@transaction.atomic
def restore(article: Article, number: int, *, by: User | None, at: datetime) -> Revision | None:
    """Make the working copy say what a revision said, and append that as a new revision; return it.

    None: the working copy says so already. Like any save it may return an approved story to draft. Raises
    NoSuchRevision, RevisionPurged.
    """
    lock(article)
    settled, _notes = restoration.settle(payloads.read(numbered(article, number)))
    if payloads.digest(settled) == payloads.digest(payloads.build(article)):
        return None
    restoration.write(article, settled)
    note = gettext("Restored from version %(number)s") % {"number": number}
    revision = record_save(article, by=by, at=at, note=note)
    audit.record("article.restore", article, by=by, at=at, revision=number)
    return revision


# Purging


@transaction.atomic
def request_purge(article: Article, number: int, *, ground: str, by: User, at: datetime) -> None:
    """Ask for a revision to be purged, saying on what ground; another person confirms by `purge_revision`.

    Raises NoSuchRevision, RevisionPurged, ReasonMissing, and what would stand against the purge itself.
    """
    timeline = Timeline.open(article, by=by, at=at)
    revision = numbered(article, number)
    if not ground.strip():
        raise refusals.ReasonMissing
    _require_purgeable(article, revision, at=timeline.now)
    revision.purge_requested_at, revision.purge_requested_by, revision.purge_ground = at, by, ground.strip()
    revision.save(update_fields=["purge_requested_at", "purge_requested_by", "purge_ground"])
    audit.record("revision.request_purge", article, by=by, at=at, revision=number)


@transaction.atomic
def purge_revision(article: Article, number: int, *, by: User, at: datetime) -> None:
    """Blank a revision for good, on the request of somebody else; number, author, time and ground remain.

    What readers saw of it is suppressed and blanked as well. Raises NoSuchRevision, RevisionPurged, NotRequested,
    SecondPersonNeeded; NewestRevision and RevisionPublic while its text stands elsewhere.
    """
    timeline = Timeline.open(article, by=by, at=at)
    revision = numbered(article, number)
    if revision.purge_requested_by_id is None:
        raise refusals.NotRequested(number=number)
    if revision.purge_requested_by_id == by.pk:
        raise refusals.SecondPersonNeeded
    _require_purgeable(article, revision, at=timeline.now)
    if article.approved_revision_id == revision.pk:
        approval.withdraw(article)
    timeline.blank(revision)
    revision.payload, revision.note, revision.purged_at = {}, "", at
    revision.save(update_fields=["payload", "note", "purged_at"])
    audit.record("revision.purge", article, by=by, at=at, revision=number, first=revision.purge_requested_by_id)
    timeline.done()


def _require_purgeable(article: Article, revision: Revision, *, at: datetime) -> None:
    """Refuse to purge what the working copy or readers still show: it would be gone from the record alone."""
    newest = latest(article)
    if newest and newest.pk == revision.pk:
        raise refusals.NewestRevision(number=revision.number)
    if Publication.objects.unfinished(at).filter(revision=revision).exists():
        raise refusals.RevisionPublic(number=revision.number)
