"""The one way in for a comment: checks, limits, the judge, then the insert at its place in the tree."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from comments import numbers, paths, threads
from comments.drafts import Draft
from comments.models import Comment, Decision, RuleBook, Status, Thread
from comments.moderation import desk, patterns, rulebook, words
from comments.moderation.judge import judge
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action, Verdict
from newsroom.core import ratelimit
from newsroom.core.http import Origin
from newsroom.core.prepared import Prepared, Slot, moment

# The limits themselves stand in the rule book. Mobile networks put many honest readers behind one address.
LIMIT_WINDOW = timedelta(minutes=10)


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
    # When it came in; a repeat came in when the first one did.
    at: datetime
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
    origin: Origin = Origin.ABSENT,
    form_age: timedelta | None = None,
) -> Posted | Refused:
    """Take a comment of a guest, or say why not.

    `address` is the client's, as newsroom.core.http gives it; only keyed hashes of it are stored. `form_age` is the
    time since the visitor's own form was rendered; None for a form that readers share, which is as old as the cache.
    Surfaces: the thread, where the comment shows at once.
    """
    if origin is Origin.FOREIGN:
        return refusal(Why.FOREIGN)
    standing = threads.standing(article_id, at=at)
    if standing is None or not standing.is_live:
        return refusal(Why.NOT_FOUND)
    if not standing.is_open:
        return refusal(Why.CLOSED)
    draft = Draft.typed(article_id, reply_to_id, name, email, text)
    if errors := draft.errors():
        return refusal(Why.INVALID, errors)
    book = rulebook.current()
    verdict = _judge(draft, honeypot, origin, form_age, book, at)
    client = ratelimit.address_hashes(address, at=at)
    # All that can be known before is known here: SQLite lets one transaction write at a time.
    with transaction.atomic():
        return _admit(draft, standing, verdict, client, book, at)


def refusal(why: Why, errors: dict[str, str] | None = None) -> Refused:
    """Return the refusal with its words: what happened, and what to do next."""
    message = {
        Why.INVALID: lambda: _("Your comment was not sent yet. Look at the fields marked below."),
        Why.NOT_FOUND: lambda: _("This story takes no comments: it is not on this site. Copy your text to keep it."),
        Why.CLOSED: lambda: _("The comments under this story are closed. Copy your text to keep it."),
        Why.REPLY_GONE: lambda: _(
            "The comment you answer is no longer shown. Send your text again as a comment of its own."
        ),
        Why.TOO_MANY: lambda: _(
            "Many comments came from your connection just now. Wait ten minutes, then send yours again."
        ),
        Why.FOREIGN: lambda: _(
            "Your browser says that this form was sent from another site. Open the story here and send it again."
        ),
    }[why]()
    return Refused(why, message, errors or {})


REPEAT = Prepared(
    lambda: Comment.objects.filter(
        idempotency_key__in=[Slot(name, CharField()) for name in ("before", "now", "after")]
    ).values_list("pk", "thread__article_id", "created_at", "visible"),
    Posted,
)


def _repeat_of(draft: Draft, at: datetime) -> Posted | None:
    """Return the answer given to the same comment minutes ago."""
    before, now, after = draft.keys(at)
    return REPEAT.first(before=before, now=now, after=after)


def _twins() -> QuerySet[Comment, Any]:
    """Return the question how many recent comments say the same, and how many of them a person filed as spam."""
    by_hand = Decision.objects.filter(comment=OuterRef("pk"), to_status=Status.SPAM, by__isnull=False)
    return (
        Comment.objects.with_same_text(cast("str", Slot("text_hash", CharField())))
        .filter(created_at__gt=moment("since"))
        .values("text_hash")
        .annotate(twins=Count("pk"), spam_twins=Count("pk", filter=Q(status=Status.SPAM) & Q(Exists(by_hand))))
        .values_list("twins", "spam_twins")
    )


TWINS = Prepared(_twins, lambda twins, spam_twins: (twins, spam_twins))


def _judge(
    draft: Draft, honeypot: str, origin: Origin, form_age: timedelta | None, book: RuleBook, at: datetime
) -> Verdict | None:
    """Gather what the rules may know and ask the judge; outside the transaction, so that no lock waits for it."""
    twins: tuple[int, int] | None = None
    if draft.text_hash and book.twin_days:
        twins = TWINS.first(text_hash=draft.text_hash, since=at - timedelta(days=book.twin_days))
    all_twins, spam_twins = twins or (0, 0)
    return judge(
        Submission(
            name=draft.name,
            text=draft.text,
            honeypot=honeypot,
            origin=origin,
            form_age=form_age,
            watched=words.watched(),
            is_known=not book.holds_first_time or Comment.objects.from_address(draft.email).visible().exists(),
            twins=all_twins,
            spam_twins=spam_twins,
            book=book,
        )
    )


def _admit(
    draft: Draft,
    standing: threads.Standing,
    verdict: Verdict | None,
    client: ratelimit.AddressHashes,
    book: RuleBook,
    at: datetime,
) -> Posted | Refused:
    """Count the comment against the limits and store it; in the caller's transaction.

    The limit is counted in this transaction and after the lock, so that a double click is counted once.
    """
    draft.lock()
    if earlier := _repeat_of(draft, at):
        return earlier
    within = ratelimit.hit_client(
        "comments.post",
        client,
        limit=book.address_limit,
        network_limit=book.network_limit,
        window=LIMIT_WINDOW,
        at=at,
    )
    if not within:
        return refusal(Why.TOO_MANY)
    known = Thread(pk=standing.thread_id, article_id=draft.article_id) if standing.thread_id else None
    thread = known or threads.ensure(draft.article_id)
    target = _lock_target(draft, thread)
    if draft.reply_to_id is not None and (target is None or not _takes_replies(target)):
        return refusal(Why.REPLY_GONE)
    comment = _placed(draft, thread, target, verdict, client, at)
    if verdict and verdict.action is Action.SPAM:
        desk.settle(comment, status=Status.SPAM, at=at)
    elif verdict is None and standing.mode == Thread.Mode.OPEN and (target is None or target.visible):
        desk.settle(comment, status=Status.APPROVED, at=at)
    else:
        comment.save(force_insert=True)
    return Posted(comment.pk, draft.article_id, at, comment.visible)


def _lock_target(draft: Draft, thread: Thread) -> Comment | None:
    """Lock the branch of the comment that is answered; return that comment as it is then, None when it is not here."""
    if draft.reply_to_id is None or not 0 < draft.reply_to_id <= paths.MAX_ID:
        return None
    found = Comment.objects.filter(pk=draft.reply_to_id, thread=thread).only("root_id").first()
    if found is None:
        return None
    desk.lock_roots([found.branch_id])
    return Comment.objects.select_related("parent").get(pk=draft.reply_to_id)


def _takes_replies(target: Comment) -> bool:
    """Say whether a comment may be answered: it is shown, or it went while the answer was written and its place stands.

    An answer to the latter waits below the tombstone, whatever the thread's mode.
    """
    is_tombstone = target.status in (Status.REJECTED, Status.REMOVED) and not target.hides_replies
    return target.hidden_ancestors == 0 and (target.visible or is_tombstone)


def _placed(
    draft: Draft,
    thread: Thread,
    target: Comment | None,
    verdict: Verdict | None,
    client: ratelimit.AddressHashes,
    at: datetime,
) -> Comment:
    """Return the comment, waiting and still to be stored, where an answer to `target` hangs."""
    parent = target.parent if target is not None and target.depth == paths.MAX_DEPTH else target
    number = numbers.following()
    return Comment(
        pk=number,
        thread=thread,
        reply_to=target,
        parent=parent,
        root_id=parent.branch_id if parent else number,
        depth=parent.depth + 1 if parent else 0,
        path=(parent.path if parent else "") + paths.step(number),
        hidden_ancestors=parent.hidden_ancestors + parent.hides_replies if parent else 0,
        name=draft.name,
        email=draft.email,
        text=draft.text,
        created_at=at,
        findings=[finding.as_json() for finding in verdict.findings] if verdict else [],
        rules=patterns.rules(verdict),
        marks=patterns.marks(verdict, draft.text),
        text_hash=draft.text_hash,
        address_hash=client.address[0],
        network_hash=client.network[0],
        idempotency_key=draft.keys(at)[1],
    )
