"""Errata, corrections, clarifications and replies: what comes with a publication, and what stays with the story.

A notice has no time of its own. It is public exactly while a live publication of its story carries it: the one it was
written for (`Notice.carrier`), or a later one. `articles.timeline` writes into every publication which notices it
carries; nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles import refusals
from articles.models import Article, Notice, Publication, ReplyRequest
from newsroom.core import audit, text
from newsroom.core.models import User

Kind = Notice.Kind


@dataclass(frozen=True)
class Draft:
    """A notice to come with the next publication of a story."""

    kind: str
    text: str
    # Which part of the story it is about.
    place: str = ""
    # Stands above the text as well.
    is_grave: bool = False
    # Whether an erratum moves the time of the update. The other kinds always do.
    changes_substance: bool = False
    # An accepted request this is the reply to.
    request: ReplyRequest | None = None
    # The story in which the reply stands at length.
    reply_article: Article | None = None

    @property
    def is_substantive(self) -> bool:
        """Whether readers are told that the story changed in substance (docs/decisions/what-is-substantive.md)."""
        return self.kind != Kind.ERRATUM or self.changes_substance


def check(draft: Draft, article: Article, *, corrected: Publication | None) -> None:
    """Refuse a notice that says nothing, is about nothing readers saw, or names a reply that is not one.

    Raises NoticeEmpty, NothingToCorrect, ReplyElsewhere, RequestNotAccepted.
    """
    if draft.kind not in Kind.values or not draft.text.strip():
        raise refusals.NoticeEmpty
    if corrected is None:
        raise refusals.NothingToCorrect
    reply = draft.reply_article
    if reply is not None and (draft.kind != Kind.REPLY or reply.pk == article.pk):
        raise refusals.ReplyElsewhere
    request = draft.request
    if request is None:
        return
    if draft.kind != Kind.REPLY or request.article_id != article.pk or request.state != ReplyRequest.State.ACCEPTED:
        raise refusals.RequestNotAccepted


def bring(draft: Draft, *, carrier: Publication, corrected: Publication, by: User | None, at: datetime) -> Notice:
    """Write down the notice that `carrier` brings to readers; call it under the article's lock, after `check`."""
    notice = Notice.objects.create(
        article=carrier.article,
        kind=draft.kind,
        text=text.clean_text(draft.text),
        place=text.clean_line(draft.place),
        is_grave=draft.is_grave,
        is_substantive=draft.is_substantive,
        corrected=corrected,
        carrier=carrier,
        request=draft.request,
        reply_article=draft.reply_article,
        by=by,
        created_at=at,
    )
    audit.record("article.notice", carrier.article, by=by, at=at, notice=notice.pk, kind=notice.kind)
    return notice


def take_back(notice: Notice, *, reason: str, by: User | None, at: datetime) -> None:
    """Write down that a notice was wrong; call it under the article's lock, where readers see the notice at `at`.

    Raises ReasonMissing, NoticeTakenBack, NoticeNotShown.
    """
    if not reason.strip():
        raise refusals.ReasonMissing
    notice.refresh_from_db(fields=["taken_back_at"])
    if notice.taken_back_at:
        raise refusals.NoticeTakenBack
    if not Notice.objects.public(at).filter(pk=notice.pk).exists():
        raise refusals.NoticeNotShown
    notice.taken_back_at, notice.taken_back_by = at, by
    notice.taken_back_reason = text.clean_text(reason)
    notice.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_reason"])
    audit.record("article.take_back_notice", notice.article, by=by, at=at, notice=notice.pk, kind=notice.kind)


def brought_by(publications: Iterable[Publication]) -> list[Notice]:
    """Return the notices that were written for these publications, oldest first."""
    return list(Notice.objects.filter(carrier__in=[row.pk for row in publications]).order_by("pk"))


def follow(found: Iterable[Notice], carrier: Publication) -> None:
    """Hand notices of a plan that was moved to the row that took its place; the plan's own row is voided by then."""
    Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(carrier=carrier)


def carried(article: Article) -> list[Notice]:
    """Return all notices of a story whose carriers stand, in the order in which readers get them."""
    found = Notice.objects.of_standing_carriers().filter(article=article).select_related("carrier")
    return list(found.order_by("carrier__visible_from", "pk"))


def shown_on(row: Publication, found: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return what `row` carries of `found` (see `carried`): its own notices, and those brought before it."""
    return [notice.as_shown() for notice in found if notice.carrier.visible_from <= row.visible_from]


def unsaid(article: Article) -> Notice | None:
    """Return the newest notice of a story if its publication was taken back: what was typed then is still at hand."""
    last = Notice.objects.filter(article=article).order_by("-pk").first()
    said = last is not None and Notice.objects.of_standing_carriers().filter(pk=last.pk).exists()
    return None if said else last


# For pages


@dataclass(frozen=True)
class Shown:
    """A notice as pages print it; made of `Publication.notices`, so without a query."""

    id: int
    kind: str
    text: str
    place: str
    is_grave: bool
    at: datetime
    # None: the reply has no story of its own.
    reply_article: int | None
    # None: it holds.
    taken_back_at: datetime | None = None
    taken_back_reason: str = ""

    @property
    def label(self) -> str:
        """What it is, in the active language: "Correction"."""
        return str(Kind(self.kind).label)


def on(publication: Publication) -> list[Shown]:
    """Return the notices that a publication carries, oldest first. No query."""
    return [
        Shown(**row | {name: datetime.fromisoformat(row[name]) for name in ("at", "taken_back_at") if name in row})
        for row in publication.notices
    ]


def reasons(publication: Publication) -> Iterator[str]:
    """Yield why this publication changed the story, in the active language: its note, and the notices it brought."""
    if publication.change_note:
        yield publication.change_note
    for notice in on(publication):
        if notice.at == publication.visible_from:
            said = _("%(kind)s, taken back since: %(text)s") if notice.taken_back_at else _("%(kind)s: %(text)s")
            yield said % {"kind": notice.label, "text": notice.text}
