"""The thread and the form under a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from comments import tree
from comments.forms import blank_form

register = template.Library()

# Three levels are drawn; what lies deeper stands on the third and says whom it answers.
DEEPEST = 2


@dataclass
class Entry:
    """One comment where it is drawn."""

    node: tree.Node
    # Whom it answers, where its place does not say so: {"id", "name"}.
    answers: dict[str, Any] | None = None
    # The clock alone, on the day of the comment at the head of the branch.
    today: datetime | None = None
    replies: list[Entry] = field(default_factory=list)


def entries(root: tree.Node) -> Entry:
    """Return a branch as it is drawn, three levels deep at most."""
    return _entry(root, above=None, level=0, today=None)


def _entry(node: tree.Node, *, above: tree.Node | None, level: int, today: datetime | None) -> Entry:
    entry = Entry(node, _answers(node, above if level > DEEPEST else None), today)
    for reply in node.replies if level < DEEPEST else ():
        drawn = _entry(reply, above=node, level=level + 1, today=today or node.created_at)
        entry.replies.append(drawn)
        if level + 1 == DEEPEST:
            entry.replies.extend(_flattened(reply, today or node.created_at))
    return entry


def _flattened(node: tree.Node, today: datetime | None) -> Iterator[Entry]:
    """Yield all below a comment of the deepest level, in reading order."""
    for reply in node.replies:
        yield _entry(reply, above=node, level=DEEPEST + 1, today=today)
        yield from _flattened(reply, today)


def _answers(node: tree.Node, above: tree.Node | None) -> dict[str, Any] | None:
    """Return whom a comment answers, when that is not the comment it is drawn below."""
    if node.answers:
        return {"id": node.answers_id, "name": node.answers}
    if above is not None and not above.is_tombstone:
        return {"id": above.id, "name": above.name}
    return None


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context: template.Context, article_id: int, at: datetime) -> dict[str, Any]:
    """Draw a page of the thread (`?after=<id>` names the last root of the page before), oldest first. Three queries."""
    request: HttpRequest = context["request"]
    page = tree.page(article_id, at=at, after=number(request.GET.get("after")), oldest_first=True)
    return {
        "article_id": article_id,
        "page": page,
        "is_first": "after" not in request.GET,
        "branches": [{"entry": entries(branch.root), "more": branch.more} for branch in page.branches],
    }


@register.inclusion_tag("comments/_form.html")
def comment_form(article_id: int, at: datetime | None = None) -> dict[str, Any]:
    """Draw the empty form. It is the same for every reader for an hour, so the page it stands on can be cached."""
    return {"article_id": article_id, "form": blank_form(article_id, at=at or timezone.now())}


def number(text: str | None) -> int | None:
    """Return the id a reader's address names, None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None
