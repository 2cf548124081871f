"""What the public templates may ask of this app: the thread and the form under a story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from comments import tree
from comments.forms import blank_fields
from comments.outline import Outline, number
from newsroom.core import pagecache


def thread_of(request: HttpRequest, article_id: int, *, at: datetime) -> dict[str, Any]:
    """Return what the macro `thread` draws: a page of the thread, oldest first, and the empty form.

    Three queries; one more for `?after=<id>`, the last root before. The form is the same for every reader for an hour,
    so the page it stands on can be cached.
    """
    after = number(request.GET.get("after"))
    page = tree.page(article_id, at=at, after=after, oldest_first=True)
    if "after" in request.GET and not tree.is_root(after or 0, article_id=article_id):
        # Any number would be one more copy to keep.
        pagecache.true_until(at)
    if page.is_open:
        pagecache.true_until(page.closes_at)
    outline = Outline(article_id, is_open=page.is_open)
    return {
        "article_id": article_id,
        "page": page,
        "is_first": "after" not in request.GET,
        "branches": [
            {"id": branch.root.id, "entry": outline.entry(branch.root), "more": branch.more} for branch in page.branches
        ],
        "fields": blank_fields(article_id, at=at) if page.is_open else "",
    }


GLOBALS = {"thread_of": thread_of}
FILTERS: dict[str, Callable[..., Any]] = {}
