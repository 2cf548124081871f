"""The one way in for a comment."""

from __future__ import annotations

import enum
import hmac
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import paths, threads
from comments.models import Comment, Status, Thread
from comments.moderation import desk
from comments.moderation.judge import judge
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action, Verdict
from newsroom.core import ratelimit
from newsroom.core.http import Origin
from newsroom.core.text import clean_line, clean_text, fold

# A repeat of the same comment within this time is the same comment.
BUCKET = timedelta(minutes=10)
# Mobile networks put thousands of honest readers behind one address, so the limits are wide.
LIMIT_WINDOW = timedelta(minutes=10)
ADDRESS_LIMIT = 10
NETWORK_LIMIT = 100


class Why(enum.StrEnum):
    """Why a comment was not taken. Whatever the reason, the form shows again with everything that was typed."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CLOSED = "closed"
    REPLY_GONE = "reply_gone"
    TOO_MANY = "too_many"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Posted:
    """The comment is stored; a repeat of it gives the same answer."""

    comment_id: int
    article_id: int
    # Whether readers see it already. What waits and what was filed as spam look alike to whoever sent it.
    is_visible: bool


@dataclass(frozen=True)
class Refused:
    """The comment was not taken."""

    why: Why
    # What happened and what to do next, in the language of the request.
    message: str
    # Field (name, email, text) -> what is wrong with it and the remedy.
    errors: dict[str, str] = field(default_factory=dict)


def post(
    *,
    article_id: int,
    reply_to_id: int | None,
    name: str,
    email: str,
    text: str,
    address: str,
    at: datetime,
    honeypot: str = "",
    origin: Origin = Origin.OURS,
    form_age: timedelta | None = None,
    form_is_personal: bool = False,
) -> Posted | Refused:
    """Take a comment of a guest, or say why not.

    `address` is the client's, as newsroom.core.http gives it; only keyed hashes of it are stored. `form_age` is the
    time since the form was rendered, and counts only where `form_is_personal`: a cached form is as old as the cache.
    """
    if origin is Origin.FOREIGN:
        return Refused(
            Why.FOREIGN,
            _("Your browser says this form was sent from another site. Open the story here and send it again."),
        )
    standing = threads.standing(article_id, at=at)
    if standing is None or not standing.is_live:
        return Refused(
            Why.NOT_FOUND,
            _("This story takes no comments: it is not on this site. Copy your text if you want to keep it."),
        )
    if not standing.is_open:
        return Refused(Why.CLOSED, _("Comments under this story are closed. Copy your text if you want to keep it."))
    draft = Draft(article_id, reply_to_id, clean_line(name), clean_line(email), clean_text(text))
    if errors := draft.errors():
        return Refused(Why.INVALID, _("Your comment was not sent yet. Please look at the fields marked below."), errors)
    if earlier := _repeat_of(draft, at):
        return earlier
    client = ratelimit.address_hashes(address, at=at)
    submission = Submission(
        name=draft.name,
        text=draft.text,
        honeypot=honeypot,
        origin=origin,
        form_age=form_age if form_is_personal else None,
    )
    verdict = judge(submission)
    with transaction.atomic():
        draft.lock()
        if earlier := _repeat_of(draft, at):
            return earlier
        if not ratelimit.hit_address(
            "comments.post", address, limit=ADDRESS_LIMIT, network_limit=NETWORK_LIMIT, window=LIMIT_WINDOW, at=at
        ):
            return Refused(
                Why.TOO_MANY,
                _("Many comments came from your connection just now. Wait ten minutes, then send it again."),
            )
        return _store(draft, standing, verdict, client, at)


@dataclass(frozen=True)
class Draft:
    """What was typed, cleaned."""

    article_id: int
    reply_to_id: int | None
    name: str
    email: str
    text: str

    def errors(self) -> dict[str, str]:
        """Return what is wrong with each field and the remedy."""
        found: dict[str, str] = {}
        if not self.name:
            found["name"] = _("Write the name under which your comment shall appear.")
        if not self.text:
            found["text"] = _("Write your comment.")
        if not self.email:
            found["email"] = _("Write your e-mail address; it is never shown.")
        else:
            try:
                validate_email(self.email)
            except ValidationError:
                found["email"] = _("This is not an e-mail address. Write it like name@example.com.")
        for name in ("name", "email", "text"):
            limit = Comment._meta.get_field(name).max_length or 0
            over = len(getattr(self, name)) - limit
            if over > 0:
                found[name] = ngettext(
                    "One character too long: at most %(limit)d. Shorten it and send it again.",
                    "%(over)d characters too long: at most %(limit)d. Shorten it and send it again.",
                    over,
                ) % {"over": over, "limit": limit}
        return found

    def key(self, bucket: int) -> str:
        """Return the idempotency key within one bucket of ten minutes."""
        parts = (self.article_id, self.reply_to_id, fold(self.name), fold(self.email), self.text, bucket)
        return hmac.new(settings.SECRET_KEY.encode(), repr(("comments.post", *parts)).encode(), "sha256").hexdigest()

    def lock(self) -> None:
        """Let one of several identical posts through at a time, until the transaction ends.

        The unique key alone would let two through that fall on both sides of a bucket's end. SQLite has one writer
        anyway.
        """
        if connection.vendor == "postgresql":
            (number,) = struct.unpack("q", bytes.fromhex(self.key(0))[:8])
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def bucket_of(at: datetime) -> int:
    """Return the number of the ten minutes into which `at` falls."""
    return int(at.timestamp() // BUCKET.total_seconds())


def _repeat_of(draft: Draft, at: datetime) -> Posted | None:
    """Return the answer given to the same comment before; the next bucket counts too, for clocks that differ."""
    bucket = bucket_of(at)
    keys = [draft.key(number) for number in (bucket - 1, bucket, bucket + 1)]
    row = Comment.objects.filter(idempotency_key__in=keys).values_list("pk", "visible").first()
    return Posted(row[0], draft.article_id, row[1]) if row else None


def _store(
    draft: Draft, standing: threads.Standing, verdict: Verdict | None, client: ratelimit.AddressHashes, at: datetime
) -> Posted | Refused:
    """Insert the comment at its place and let the machine decide what it may."""
    thread = threads.ensure(draft.article_id)
    target = _lock_target(draft, thread)
    if draft.reply_to_id is not None and (target is None or not _takes_replies(target)):
        return Refused(
            Why.REPLY_GONE,
            _("The comment you answer is no longer shown. Your text is kept: send it as a comment of its own."),
        )
    comment = Comment(
        thread=thread,
        name=draft.name,
        email=draft.email,
        text=draft.text,
        created_at=at,
        findings=[finding.as_json() for finding in verdict.findings] if verdict else [],
        address_hash=client.address[0],
        network_hash=client.network[0],
        idempotency_key=draft.key(bucket_of(at)),
    )
    place(comment, target)
    if verdict and verdict.action is Action.SPAM:
        desk.settle(comment.pk, status=Status.SPAM, at=at)
    elif verdict is None and standing.mode == Thread.Mode.OPEN and (target is None or target.visible):
        return Posted(comment.pk, draft.article_id, desk.settle(comment.pk, status=Status.APPROVED, at=at).is_visible)
    return Posted(comment.pk, draft.article_id, is_visible=False)


def _lock_target(draft: Draft, thread: Thread) -> Comment | None:
    """Lock the branch of the comment that is answered and return that comment as it is then."""
    if draft.reply_to_id is None or not 0 < draft.reply_to_id <= paths.MAX_ID:
        return None
    row = Comment.objects.filter(pk=draft.reply_to_id, thread=thread).values_list("root_id", flat=True).first()
    if row is None:
        return None
    list(Comment.objects.select_for_update(no_key=True).filter(pk=row).values_list("pk"))
    return Comment.objects.select_related("parent").get(pk=draft.reply_to_id)


def _takes_replies(target: Comment) -> bool:
    """Say whether a comment may be answered: it is shown, or its place is, as a tombstone."""
    is_tombstone = target.status in (Status.REJECTED, Status.REMOVED) and not target.hides_replies
    return target.hidden_ancestors == 0 and (target.visible or is_tombstone)


def place(comment: Comment, target: Comment | None) -> None:
    """Insert `comment` where an answer to `target` hangs; `target` is locked and has its parent loaded."""
    parent = target
    if target is not None and target.depth == paths.MAX_DEPTH:
        parent = target.parent
    if parent is not None:
        comment.reply_to, comment.parent, comment.root_id = target, parent, parent.root_id
        comment.depth = parent.depth + 1
        comment.hidden_ancestors = parent.hidden_ancestors + parent.hides_replies
    comment.save(force_insert=True)
    comment.path = (parent.path if parent else "") + paths.step(comment.pk)
    comment.root_id = comment.root_id or comment.pk
    comment.save(update_fields=["path", "root"])
