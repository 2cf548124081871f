"""A thread as it is drawn: three levels, and what an address may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from django.template.defaultfilters import linebreaks_filter
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comments import tree
from newsroom.core.stencil import Stencil
from newsroom.core.templatetags.newsroom_time import local_clock, local_day

# Three levels are drawn; what lies deeper stands on the third and says whom it answers.
DEEPEST = 2


class Answered(TypedDict):
    """Whom a comment answers, where its place does not say so."""

    id: int
    name: str
    url: str


class Entry(TypedDict):
    """One comment where it is drawn: a mapping, since templates read those fastest."""

    id: SafeString
    # As it is drawn; "" on a tombstone.
    comment: SafeString
    # On tombstones: why, for readers.
    reason: str
    answers: Answered | None
    replies: list[Entry]


COMMENT = Stencil(
    "comments/_comment.html",
    *("id", "name", "paragraphs", "url", "stamp", "time", "reply_url", "answered_url", "answered_name"),
)


def entries(root: tree.Node, *, article_id: int, is_open: bool) -> Entry:
    """Return a branch as it is drawn, three levels deep at most, in the language and zone of the page at hand."""
    return Outline(article_id, is_open=is_open).entry(root)


class Outline:
    """Draws the comments under one story; `is_open`: whether they can be answered."""

    def __init__(self, article_id: int, *, is_open: bool) -> None:
        # A page names some eighty comments, and `reverse` takes long.
        self.head, _, self.tail = reverse("comments:branch", args=[article_id, 0]).rpartition("0")
        self.reply_url = reverse("comments:write", args=[article_id]) + "?balas="
        self.flags = ("can_answer",) if is_open else ()
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
        answers = self.answers(node, above if level > DEEPEST else None)
        return Entry(
            id=SafeString(node.id),
            comment=self.comment(node, local, today, answers) if local else SafeString(""),
            reason=node.reason,
            answers=answers,
            replies=replies,
        )

    def comment(self, node: tree.Node, local: datetime, today: datetime | None, answers: Answered | None) -> SafeString:
        """Return a comment that is not hidden, as it is drawn."""
        return COMMENT.fill(
            *self.flags,
            *(("answers",) if answers else ()),
            id=SafeString(node.id),
            name=node.name,
            paragraphs=linebreaks_filter(node.text, autoescape=True),
            url=self.url(node.id),
            stamp=SafeString(local.isoformat(timespec="seconds")),
            time=SafeString(self.time(local, today)),
            reply_url=SafeString(f"{self.reply_url}{node.id}"),
            answered_url=answers["url"] if answers else "",
            answered_name=answers["name"] if answers else "",
        )

    def flattened(self, node: tree.Node, today: datetime | None) -> Iterator[Entry]:
        """Yield all below a comment of the deepest level, in reading order."""
        for reply in node.replies:
            yield self.entry(reply, above=node, level=DEEPEST + 1, today=today)
            yield from self.flattened(reply, today)

    def url(self, comment_id: int) -> SafeString:
        """Return the permanent address of a comment."""
        return SafeString(f"{self.head}{comment_id}{self.tail}#comment-{comment_id}")

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
