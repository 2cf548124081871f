"""Sections, topics and contributors: renamed, archived, merged. Never deleted, since old revisions name them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles import refusals
from articles.models import Contributor, PublicationRef, Section, Topic
from articles.reprojection import reproject_task
from newsroom.core import audit, surfaces, tasks
from newsroom.core.models import User

Referent = Section | Topic | Contributor
Kind = PublicationRef.Kind


def kind_of(referent: Referent) -> Kind:
    """Return under which kind publications keep that they name it."""
    return {Section: Kind.SECTION, Topic: Kind.TOPIC, Contributor: Kind.CONTRIBUTOR}[type(referent)]


@transaction.atomic
def saved(referent: Referent, *, by: User | None, at: datetime) -> None:
    """Do what follows a save of a section, topic or contributor: stories that name it are rebuilt in the background.

    Call it in the transaction of the save. Its own page, and for a section the list of sections on every page, change
    at once; the stories a moment later.
    """
    audit.record(f"{kind_of(referent)}.save", referent, by=by, at=at)
    _changed(referent)


@transaction.atomic
def archive(referent: Referent, *, by: User | None, at: datetime) -> None:
    """Take it out of use: it can no longer be chosen, and stays readable where it stands. Twice does no more."""
    if _mark(referent, at):
        audit.record(f"{kind_of(referent)}.archive", referent, by=by, at=at)
        _changed(referent)


@transaction.atomic
def unarchive(referent: Referent, *, by: User | None, at: datetime) -> None:
    """Bring it back into use."""
    if _mark(referent, None):
        audit.record(f"{kind_of(referent)}.unarchive", referent, by=by, at=at)
        _changed(referent)


@transaction.atomic
def merge_topic(topic: Topic, *, into: Topic, by: User | None, at: datetime) -> None:
    """Let `into` take the place of `topic` for readers, in restores and in choices.

    Working copies and old revisions keep naming `topic`: whatever resolves it gets `into`. Both rows are locked, the
    lower id first, so that two merges cannot close a circle. Raises MergedIntoItself.
    """
    for row in Topic.objects.select_for_update().filter(pk__in=[topic.pk, into.pk]).order_by("pk"):
        (topic if row.pk == topic.pk else into).merged_into_id = row.merged_into_id
    target: Topic | None = into
    while target is not None:
        if target.pk == topic.pk:
            raise refusals.MergedIntoItself
        target = target.merged_into
    topic.merged_into, topic.archived_at = into, at
    topic.save(update_fields=["merged_into", "archived_at"])
    audit.record("topic.merge", topic, by=by, at=at, into=into.pk)
    surfaces.bump(surfaces.topic(into.pk))
    _changed(topic)


def _mark(referent: Referent, archived_at: datetime | None) -> bool:
    """Set or clear `archived_at`; False when it stood so already."""
    rows = type(referent)._default_manager.filter(pk=referent.pk, archived_at__isnull=archived_at is not None)
    referent.archived_at = archived_at
    return bool(rows.update(archived_at=archived_at))


def _changed(referent: Referent) -> None:
    """Bump its own surfaces, and have the stories that name it rebuilt after the commit."""
    kind = kind_of(referent)
    if kind == Kind.SECTION:
        surfaces.bump(surfaces.section(referent.pk), surfaces.site())
    elif kind == Kind.TOPIC:
        # The front page tells the chronology of one of them; stories find theirs by address.
        surfaces.bump(surfaces.topic(referent.pk), surfaces.topics(), surfaces.home())
    else:
        # The front page shows who writes opinions.
        surfaces.bump(surfaces.contributor(referent.pk), surfaces.home())
    tasks.enqueue(reproject_task, str(kind), referent.pk)
