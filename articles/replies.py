"""The right of reply: taking a request, deciding it, publishing the reply, and forgetting who sent it.

Whoever is named in a story may answer it, free of charge (press law 40/1999, article 5; press council regulation
9/2008). What they send is personal: only who may decide sees it, and it goes when its time is up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext

from articles import notices, publishing, refusals
from articles.locking import lock
from articles.models import Article, Notice, Publication, ReplyRequest
from newsroom.core import audit, http, mail, ratelimit, text
from newsroom.core.deadlines import ANSWER_WITHIN
from newsroom.core.models import OutboxMail, User

State = ReplyRequest.State

# Few honest people send more than one in an hour; several may share an address.
LIMIT_WINDOW = timedelta(hours=1)
ADDRESS_LIMIT = 5
NETWORK_LIMIT = 30
# Receipts to one address in a day: a stranger's letter box must not be filled by typing it here.
MAIL_WINDOW = timedelta(days=1)
MAIL_LIMIT = 3
# The same words within this time are a repeat.
REPEAT_WINDOW = timedelta(days=1)
# After the decision: long enough for a complaint to the press council and what may follow it.
KEEP_PERSON = timedelta(days=365)
KEEP_HASHES = timedelta(days=30)


@dataclass(frozen=True)
class Received:
    """The request is stored; a repeat of it gives the same answer."""

    request: ReplyRequest


def receive(
    publication: Publication,
    *,
    name: str,
    email: str,
    capacity: str,
    passage: str,
    reply: str,
    address: str,
    at: datetime,
    honeypot: str = "",
    origin: http.Origin = http.Origin.ABSENT,
) -> Received:
    """Take a request about a live publication and send a receipt; a repeat within a day gives the same one.

    `address` is the client's; only a keyed hash of it is kept. A request that filled the honeypot, or came without any
    sign of our page, is kept for people to judge; the former is answered by no mail. Raises TooManyRequests.
    """
    keys = [_key(publication.article_id, email, reply, at - back) for back in (timedelta(0), REPEAT_WINDOW)]
    earlier = ReplyRequest.objects.filter(idempotency_key__in=keys).first()
    if earlier:
        return Received(earlier)
    with transaction.atomic():
        if not ratelimit.hit_address(
            "replies.receive", address, limit=ADDRESS_LIMIT, network_limit=NETWORK_LIMIT, window=LIMIT_WINDOW, at=at
        ):
            raise refusals.TooManyRequests
        row = _row(publication, name, email, capacity, passage, reply, at=at)
        row.is_doubtful = bool(honeypot) or origin is http.Origin.ABSENT
        row.idempotency_key = keys[0]
        row.address_hash = ratelimit.address_hashes(address, at=at).address[0]
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # The same form twice at once: the first one stored it.
            return Received(ReplyRequest.objects.get(idempotency_key=keys[0]))
        if not honeypot and ratelimit.hit("replies.mail", row.email, limit=MAIL_LIMIT, window=MAIL_WINDOW, at=at):
            _tell(row, "receipt", at=at, kind=OutboxMail.Kind.RECEIPT)
    return Received(row)


def _row(
    publication: Publication, name: str, email: str, capacity: str, passage: str, reply: str, *, at: datetime
) -> ReplyRequest:
    """Return the record of a request, unsaved: what was typed, cleaned."""
    return ReplyRequest(
        article_id=publication.article_id,
        publication=publication,
        language=publication.language,
        name=text.clean_line(name),
        email=mail.address(email),
        capacity=text.clean_line(capacity),
        passage=text.clean_text(passage),
        text=text.clean_text(reply),
        received_at=at,
        due_at=at + ANSWER_WITHIN,
    )


# Deciding


@transaction.atomic
def accept(request: ReplyRequest, *, by: User | None, at: datetime, answer: str = "") -> None:
    """Accept a reply; it is published by a notice or a story of its own. Raises AlreadyDecided, RequestForgotten."""
    _decide(request, State.ACCEPTED, by=by, at=at, answer=answer)
    audit.record("reply.accept", request, by=by, at=at, article=request.article_id)


@transaction.atomic
def publish(
    request: ReplyRequest, *, reply: str, by: User | None, at: datetime, is_grave: bool = False, answer: str = ""
) -> Notice:
    """Accept a reply and publish it now below the story that readers see, as `reply`; return the notice.

    Editing may shorten it and set it right, not change what it says. Raises what `accept` and `publishing.publish`
    raise; NothingPublic when the story is not live.
    """
    live = Publication.objects.live(at).filter(article=request.article_id).select_related("revision").first()
    if live is None or live.revision is None:
        raise refusals.NothingPublic
    if request.state == State.WAITING:
        accept(request, by=by, at=at, answer=answer)
    draft = notices.Draft(
        kind=Notice.Kind.REPLY, text=reply, place=passage_of(request), is_grave=is_grave, request=request
    )
    outcome = publishing.publish(request.article, revision=live.revision.number, by=by, at=at, notice=draft)
    return Notice.objects.get(carrier=outcome.publication, request=request)


@transaction.atomic
def refuse(request: ReplyRequest, *, ground: str, answer: str, by: User | None, at: datetime) -> None:
    """Refuse a reply on one of the regulation's grounds, with an answer to the sender.

    Raises AlreadyDecided, RequestForgotten, GroundMissing, ReasonMissing.
    """
    if ground not in ReplyRequest.Ground.values:
        raise refusals.GroundMissing
    if not answer.strip():
        raise refusals.ReasonMissing
    _decide(request, State.REFUSED, by=by, at=at, answer=answer, ground=ground)
    audit.record("reply.refuse", request, by=by, at=at, article=request.article_id, ground=ground)


def _decide(
    request: ReplyRequest, state: State, *, by: User | None, at: datetime, answer: str, ground: str = ""
) -> None:
    """Write the decision down once, by a conditional update, and queue the answer."""
    if request.forgotten_at:
        raise refusals.RequestForgotten
    lock(request.article)
    written = ReplyRequest.objects.waiting().filter(pk=request.pk)
    if not written.update(state=state, decided_at=at, decided_by=by, answer=text.clean_text(answer), ground=ground):
        request.refresh_from_db()
        raise refusals.AlreadyDecided(state=State(request.state).label)
    request.refresh_from_db()
    _tell(request, "accepted" if state == State.ACCEPTED else "refused", at=at)


def _tell(request: ReplyRequest, what: str, *, at: datetime, kind: str = OutboxMail.Kind.NOTICE) -> None:
    """Queue a mail to the sender, in the story's language. It never repeats what was typed: the address is unproven."""
    live = Publication.objects.live(at).filter(article=request.article_id).first()
    with translation.override(request.language):
        context = {
            "request": request,
            "title": live.title if live else "",
            "url": f"{http.site_origin()}{live.path}" if live else "",
            "ground": request.get_ground_display(),
            "paper": settings.SITE_NAME,
        }
        mail.queue(f"reply-{what}:{request.pk}", request.email, f"reply_{what}", context, at=at, kind=kind)


def passage_of(request: ReplyRequest) -> str:
    """Return which passage a reply is about, short enough to stand in its heading."""
    limit = Notice._meta.get_field("place").max_length or 200
    line = text.clean_line(request.passage)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def to_publish(article: Article) -> ReplyRequest | None:
    """Return the oldest accepted reply to a story that no publication brought to readers yet."""
    waiting = ReplyRequest.objects.unpublished().filter(article=article, forgotten_at__isnull=True)
    return waiting.order_by("received_at", "pk").first()


def signed(request: ReplyRequest) -> str:
    """Return a reply as readers get it: the words, then who says them."""
    return f"{request.text}\n\n{request.name}, {request.capacity}"


# Forgetting


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Blank what names people: a year after the decision all of it, after 30 days the hash of the address.

    What nobody decided on (spam, most often) counts from the day it came.

    What was published stays published: it stands in the notice. Returns how many requests were blanked.
    """
    hashed = ReplyRequest.objects.filter(received_at__lt=at - KEEP_HASHES)
    hashed.filter(~Q(address_hash="") | Q(idempotency_key__isnull=False)).update(address_hash="", idempotency_key=None)
    due = ReplyRequest.objects.annotate(since=Coalesce("decided_at", "received_at"))
    due = due.filter(since__lt=at - KEEP_PERSON, forgotten_at__isnull=True)
    blank = gettext("(deleted)")
    return due.update(name=blank, email="", capacity="", passage="", text="", forgotten_at=at)


def _key(article_id: int, email: str, reply: str, at: datetime) -> str:
    """Return what knows a repeat of this request on the day of `at`; only this site can make it."""
    bucket = int(at.timestamp() // REPEAT_WINDOW.total_seconds())
    said = repr(("replies.repeat", article_id, email.strip().casefold(), text.clean_text(reply), bucket))
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()
