"""Stories to comment on, comments that went through the services, and whole threads in bulk."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from articles.models import Article
from comments import paths, posting
from comments.models import Comment, Status, Thread
from comments.moderation import desk
from newsroom.core.http import Origin
from newsroom.core.models import User
from tests.factories import AT, make_live, person

_numbers = itertools.count(1)


def moderator(username: str = "mo") -> User:
    """Return Mo, or another moderator."""
    return person(username)


def live_article(*, at: datetime = AT, **fields: Any) -> Article:
    """Return a story that readers see from a day before `at`."""
    return make_live(at=at - timedelta(days=1), **fields)


def typed(article: Article | int, **fields: Any) -> dict[str, Any]:
    """Return the arguments of posting.post for a comment of Rea's, its text unlike any other."""
    number = next(_numbers)
    return {
        "article_id": article if isinstance(article, int) else article.pk,
        "reply_to_id": None,
        "name": "Rea",
        "email": "rea@example.com",
        "text": f"Pendapat nomor {number} tentang selat itu.",
        # One network each, so that no limit is met unless a test wants it.
        "address": f"10.{number >> 8 & 255}.{number & 255}.7",
        "at": AT,
        "origin": Origin.OURS,
    } | fields


def make_comment(
    article: Article,
    *,
    status: str = Status.APPROVED,
    reply_to: Comment | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Comment:
    """Post a comment and have Mo decide so that it gets `status`; what it answers must be shown."""
    reply_to_id = reply_to.pk if reply_to else None
    posted = posting.post(**typed(article, reply_to_id=reply_to_id, at=at, **fields))
    assert isinstance(posted, posting.Posted), posted
    decide(Comment.objects.get(pk=posted.comment_id), status, at=at)
    return Comment.objects.get(pk=posted.comment_id)


def decide(comment: Comment, status: str, *, at: datetime = AT, by: User | None = None) -> desk.Outcome | None:
    """Have a moderator bring a comment to `status`; None when it stands there already."""
    comment.refresh_from_db()
    if comment.status == status:
        return None
    by = by or moderator()
    if status == Status.APPROVED:
        return desk.approve(comment.pk, version=comment.version, by=by, at=at)
    if status == Status.SPAM:
        return desk.spam(comment.pk, version=comment.version, by=by, at=at)
    verb = {Status.REJECTED: desk.reject, Status.REMOVED: desk.remove}[Status(status)]
    return verb(comment.pk, version=comment.version, reason="other", by=by, at=at)


def build_thread(
    article: Article,
    *,
    roots: int,
    replies: int,
    every: int = 1,
    depth: int = 3,
    at: datetime = AT,
    text: str | Iterable[str] = "Setuju dengan ini.",
) -> Thread:
    """Insert a thread of approved comments in bulk, paths and counts as the services would leave them.

    One root in `every` has `replies` replies, hung in chains of `depth`. `text`: that of each, or as many as there are
    comments. For benchmarks and pages: 5,000 comments in a second.
    """
    texts = itertools.repeat(text) if isinstance(text, str) else iter(text)
    thread, _ = Thread.objects.get_or_create(article=article)
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    ids = itertools.count(first)
    rows: list[Comment] = []
    for place in range(roots):
        root = _row(thread, next(ids), None, at, next(texts))
        root.visible_below = 0 if place % every else replies
        rows.append(root)
        above = [root]
        for number in range(root.visible_below):
            if number % depth == 0:
                above = [root]
            reply = _row(thread, next(ids), above[-1], at, next(texts))
            above.append(reply)
            rows.append(reply)
    Comment.objects.bulk_create(rows, batch_size=1000)
    thread.visible_count += len(rows)
    thread.save(update_fields=["visible_count"])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('comments_comment', 'id'), max(id)) FROM comments_comment"
            )
            cursor.execute("ANALYZE comments_comment")
    return thread


def _row(thread: Thread, id: int, parent: Comment | None, at: datetime, text: str) -> Comment:
    """Return one approved comment with its place."""
    return Comment(
        pk=id,
        thread=thread,
        reply_to=parent,
        parent=parent,
        root_id=parent.root_id if parent else id,
        depth=parent.depth + 1 if parent else 0,
        path=(parent.path if parent else "") + paths.step(id),
        name=f"Pembaca {id}",
        email=f"pembaca{id}@example.com",
        text=text,
        created_at=at + timedelta(seconds=id),
        status=Status.APPROVED,
        hides_replies=False,
        visible=True,
    )
