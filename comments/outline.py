"""A thread as it is drawn: three levels, and what an address may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from comments import tree
from newsroom.core.templatetags.newsroom_time import local_clock, local_day

# Three levels are drawn; what lies deeper stands on the third and says whom it answers.
DEEPEST = 2


@dataclass(slots=True)
class Answered:
    """Whom a comment answers, where its place does not say so."""

    id: int
    name: str
    url: str


@dataclass(slots=True)
class Entry:
    """One comment where it is drawn."""

    id: int
    # Removed, and shown for what hangs below: without name, text and time.
    is_tombstone: bool
    name: str
    text: str
    # Its permanent address.
    url: str
    # When it was written, for machines and for people.
    stamp: str
    time: str
    # Where it can be answered; "" where it cannot.
    reply_url: str
    # Why it was removed, for readers; "" where nobody said.
    reason: str
    answers: Answered | None
    replies: list[Entry]


def entries(root: tree.Node, *, article_id: int, is_open: bool) -> Entry:
    """Return a branch as it is drawn, three levels deep at most, in the language and zone of the page at hand."""
    return Outline(article_id, is_open=is_open).entry(root)


class Outline:
    """Draws the comments under one story; `is_open`: whether they can be answered."""

    def __init__(self, article_id: int, *, is_open: bool) -> None:
        # A page names some eighty comments, and `reverse` takes long.
        self.head, _, self.tail = reverse("comments:branch", args=[article_id, 0]).rpartition("0")
        self.reply_url = reverse("comments:write", args=[article_id]) + "?balas=" if is_open else ""
        self.zone = timezone.get_current_timezone()
        self.language = get_language()

    def entry(
        self, node: tree.Node, *, above: tree.Node | None = None, level: int = 0, today: datetime | None = None
    ) -> Entry:
        """Return a comment with what is drawn below it; `above`: what it is drawn below, `today`: the branch's day."""
        local = node.created_at.astimezone(self.zone) if node.created_at else None
        replies = []
        for reply in node.replies if level < DEEPEST else ():
            replies.append(self.entry(reply, above=node, level=level + 1, today=today or local))
            if level + 1 == DEEPEST:
                replies.extend(self.flattened(reply, today or local))
        return Entry(
            id=node.id,
            is_tombstone=local is None,
            name=node.name,
            text=node.text,
            url=self.url(node.id),
            stamp=local.isoformat(timespec="seconds") if local else "",
            time=self.time(local, today) if local else "",
            reply_url=f"{self.reply_url}{node.id}" if self.reply_url else "",
            reason=node.reason,
            answers=self.answers(node, above if level > DEEPEST else None),
            replies=replies,
        )

    def flattened(self, node: tree.Node, today: datetime | None) -> Iterator[Entry]:
        """Yield all below a comment of the deepest level, in reading order."""
        for reply in node.replies:
            yield self.entry(reply, above=node, level=DEEPEST + 1, today=today)
            yield from self.flattened(reply, today)

    def url(self, comment_id: int) -> str:
        """Return the permanent address of a comment."""
        return f"{self.head}{comment_id}{self.tail}#comment-{comment_id}"

    def time(self, local: datetime, today: datetime | None) -> str:
        """Return the clock alone on the day of `today`, day and clock on every other day."""
        clock = local_clock(local, self.language)
        return clock if today and today.date() == local.date() else f"{local_day(local, self.language)}, {clock}"

    def answers(self, node: tree.Node, above: tree.Node | None) -> Answered | None:
        """Return whom a comment answers, when that is not the comment it is drawn below."""
        if node.answers and node.answers_id:
            return Answered(id=node.answers_id, name=node.answers, url=self.url(node.answers_id))
        if above is not None and not above.is_tombstone:
            return Answered(id=above.id, name=above.name, url=self.url(above.id))
        return None


def number(text: str | None) -> int | None:
    """Return the id a reader's address names, None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None
