"""Reading a thread: pages of roots with their first replies, pages of one branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple, cast

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery

from articles.models import Publication
from comments import paths, threads
from comments.models import Comment, Thread
from comments.models.reason import RejectReason
from newsroom.core.prepared import Prepared, Slot

ROOTS_A_PAGE = 20
REPLIES_A_BRANCH = 3
REPLIES_A_PAGE = 50


@dataclass(slots=True)
class Node:
    """One place in a thread as readers see it."""

    id: int
    depth: int
    # A hidden comment whose replies are shown: name, text and time are left out.
    is_tombstone: bool
    name: str
    text: str
    created_at: datetime | None
    # On tombstones: the reason given to readers, in the reader's language; "" when none was.
    reason: str
    # Whom it answers where that is not the comment it hangs below; "" otherwise.
    answers: str
    answers_id: int | None
    # Shown only so that what hangs below has its context.
    is_context: bool = False
    replies: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield this and all below, depth first."""
        yield self
        for reply in self.replies:
            yield from reply.walk()


@dataclass(frozen=True)
class Branch:
    """A root with its first replies."""

    root: Node
    # How many visible replies are not among them.
    more: int


@dataclass(frozen=True)
class Page:
    """Some roots of a thread, newest first."""

    article_id: int
    # All visible comments of the thread.
    visible_count: int
    is_open: bool
    # When it closes by itself; NULL: never.
    closes_at: datetime | None
    branches: tuple[Branch, ...] = ()
    # The id to ask the next page with; None: this is the last.
    next_after: int | None = None
    # Whether each comment waits for a moderator; else some appear at once.
    is_premoderated: bool = True


@dataclass(frozen=True)
class BranchPage:
    """A comment with all above it, and some of what hangs below."""

    article_id: int
    # The outermost ancestor; the comment asked for stands below it, on a branch of its own.
    root: Node
    comment_id: int
    # Visible replies below the comment.
    reply_count: int
    # The id to ask the next page with; None: this is the last.
    next_after: int | None


def page(article_id: int, *, at: datetime, after: int | None = None, oldest_first: bool = False) -> Page:
    """Return 20 roots of a story's thread, each with its first three replies; three queries at most.

    `after` is the last root of the page before. A story that is not live has no roots.
    """
    standing = threads.standing(article_id, at=at)
    if standing is None or not standing.is_live:
        return Page(article_id, 0, is_open=False, closes_at=None)
    found = _roots(standing.thread_id, after, oldest_first) if standing.thread_id and standing.visible_count else []
    shown = found[:ROOTS_A_PAGE]
    wanted = {id for root in shown for path in root.replies for id in paths.ids(path)} | {root.id for root in shown}
    nodes = _nodes(wanted)
    branches = tuple(
        Branch(nodes[root.id], max(root.visible_below - len(root.replies), 0)) for root in shown if root.id in nodes
    )
    return Page(
        article_id,
        standing.visible_count,
        is_open=standing.is_open,
        closes_at=standing.closes_at,
        branches=branches,
        next_after=shown[-1].id if len(found) > ROOTS_A_PAGE else None,
        is_premoderated=standing.mode != Thread.Mode.OPEN,
    )


def is_root(comment_id: int, *, article_id: int) -> bool:
    """Whether a comment began a branch under the story, whatever became of it."""
    return comment_id <= paths.MAX_ID and (
        Comment.objects.filter(pk=comment_id, thread__article=article_id, depth=0).exists()
    )


class Root(NamedTuple):
    """A root on a page: how many replies below it are visible, and the paths of the first of them."""

    id: int
    visible_below: int
    replies: list[str]


def _root_rows(oldest_first: bool) -> QuerySet[Comment, tuple[object, ...]]:
    """Return the question for the roots of `thread` beyond the id `after`, one more than a page holds."""
    after = Slot("after", BigIntegerField())
    roots = Comment.objects.filter(thread_id=Slot("thread", BigIntegerField())).shown_roots()
    roots = roots.filter(pk__gt=after).order_by("pk") if oldest_first else roots.filter(pk__lt=after).order_by("-pk")
    replies = Comment.objects.filter(root=OuterRef("pk"), depth__gt=0).visible().order_by("path").values("path")
    firsts = {f"reply{place}": Subquery(replies[place : place + 1]) for place in range(REPLIES_A_BRANCH)}
    return roots.annotate(**firsts).values_list("pk", "visible_below", *firsts)[: ROOTS_A_PAGE + 1]


def _root(id: int, visible_below: int, *replies: str | None) -> Root:
    return Root(id, visible_below, [path for path in replies if path])


OLDEST_ROOTS = Prepared(lambda: _root_rows(oldest_first=True), _root)
NEWEST_ROOTS = Prepared(lambda: _root_rows(oldest_first=False), _root)


def _roots(thread_id: int, after: int | None, oldest_first: bool) -> list[Root]:
    """Return one root more than a page holds, each with the paths of its first visible replies."""
    is_known = after is not None and 0 < after <= paths.MAX_ID
    if oldest_first:
        return OLDEST_ROOTS.all(thread=thread_id, after=after if is_known else 0)
    return NEWEST_ROOTS.all(thread=thread_id, after=after if is_known else paths.MAX_ID + 1)


class Placed(NamedTuple):
    """A place in a thread, and the comment it hangs below."""

    parent_id: int | None
    node: Node


def _placed(
    id: int,
    depth: int,
    parent_id: int | None,
    reply_to_id: int | None,
    visible: bool,
    name: str,
    text: str,
    created_at: datetime,
    reason: str,
    answers: str | None,
    answers_is_visible: bool | None,
) -> Placed:
    """Return a row as readers may see it: nothing of a hidden comment leaves this function."""
    if not visible:
        return Placed(parent_id, Node(id, depth, True, "", "", None, RejectReason.told(reason), "", None))
    aside = reply_to_id != parent_id and answers_is_visible
    answered = (answers or "", reply_to_id) if aside else ("", None)
    return Placed(parent_id, Node(id, depth, False, name, text, created_at, "", *answered))


@cache
def _places(size: int) -> Prepared[Placed]:
    """Return the question for `size` comments by their ids, in the order of their paths."""
    slots = cast("list[int]", [Slot(f"id{place}", BigIntegerField()) for place in range(size)])
    columns = ("pk", "depth", "parent_id", "reply_to_id", "visible", "name", "text", "created_at", "reason")
    answered = ("reply_to__name", "reply_to__visible")
    rows = Comment.objects.filter(pk__in=slots).order_by("path").values_list(*columns, *answered)
    return Prepared(lambda: rows, _placed)


def _nodes(ids: Iterable[int]) -> dict[int, Node]:
    """Load comments by id, as nodes in the order of their paths, each hung below its parent where that is among them.

    The list is filled up with noughts, which no comment has, to a power of two: few questions are enough for all pages.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    size = 1 << (len(wanted) - 1).bit_length()
    wanted += [0] * (size - len(wanted))
    nodes: dict[int, Node] = {}
    for parent_id, node in _places(size).all(**{f"id{place}": id for place, id in enumerate(wanted)}):
        nodes[node.id] = node
        # A parent's path is the beginning of its replies', so it came before them.
        if parent_id in nodes:
            nodes[parent_id].replies.append(node)
    return nodes


def branch(comment_id: int, *, at: datetime, after: int | None = None) -> BranchPage | None:
    """Return a comment, all above it and the first 50 visible replies below it, three queries at most.

    `after` is the last reply of the page before. None: readers see no such place, or its story is not live.
    """
    if not 0 < comment_id <= paths.MAX_ID:
        return None
    live = Publication.objects.live(at).filter(article_id=OuterRef("thread__article_id"))
    asked = [comment_id] + ([after] if after and 0 < after <= paths.MAX_ID else [])
    rows = Comment.objects.filter(Exists(live), pk__in=asked).select_related("thread").in_bulk()
    head = rows.get(comment_id)
    if head is None or head.hidden_ancestors:
        return None
    last = rows.get(after or 0)
    below = Comment.objects.below(head).visible()
    if last is not None and last.path.startswith(head.path):
        page_rows = below.filter(path__gt=last.path)
    else:
        page_rows = below
    found = list(page_rows.order_by("path").values_list("path", flat=True)[: REPLIES_A_PAGE + 1])
    if not head.visible and not found:
        return None
    shown = found[:REPLIES_A_PAGE]
    wanted = {id for path in [head.path, *shown] for id in paths.ids(path)}
    nodes = _nodes(wanted)
    asked_for = {paths.ids(path)[-1] for path in shown} | {comment_id}
    for id, node in nodes.items():
        node.is_context = id not in asked_for and not node.is_tombstone
    return BranchPage(
        article_id=head.thread.article_id,
        root=nodes[paths.ids(head.path)[0]],
        comment_id=comment_id,
        reply_count=head.visible_below if head.is_root else below.count(),
        next_after=paths.ids(shown[-1])[-1] if len(found) > REPLIES_A_PAGE else None,
    )


def permalink(comment_id: int, *, at: datetime) -> BranchPage | None:
    """Return the page on which a comment surely stands: its whole branch where it is near the top, else its own."""
    own = branch(comment_id, at=at)
    if own is None or own.root.id == comment_id:
        return own
    whole = branch(own.root.id, at=at)
    return whole if whole and any(node.id == comment_id for node in whole.root.walk()) else own
