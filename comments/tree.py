"""Reading a thread: pages of roots with their first replies, pages of one branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from articles.models import Publication
from comments import paths, threads
from comments.models import Comment, Thread

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
    firsts = {row.pk: [path for path in (row.first, row.second, row.third) if path] for row in shown}
    wanted = {id for found_paths in firsts.values() for path in found_paths for id in paths.ids(path)} | set(firsts)
    nodes = _nodes(wanted)
    _hang(nodes.values())
    branches = tuple(
        Branch(nodes[row.pk][1], max(row.visible_below - len(firsts[row.pk]), 0)) for row in shown if row.pk in nodes
    )
    return Page(
        article_id,
        standing.visible_count,
        is_open=standing.is_open,
        closes_at=standing.closes_at,
        branches=branches,
        next_after=shown[-1].pk if len(found) > ROOTS_A_PAGE else None,
        is_premoderated=standing.mode != Thread.Mode.OPEN,
    )


def _roots(thread_id: int, after: int | None, oldest_first: bool) -> list[Any]:
    """Return one root more than a page holds, each with the paths of its first visible replies."""
    roots = Comment.objects.filter(thread_id=thread_id).shown_roots()
    if after is not None and 0 < after <= paths.MAX_ID:
        roots = roots.filter(pk__gt=after) if oldest_first else roots.filter(pk__lt=after)
    replies = Comment.objects.filter(root=OuterRef("pk"), depth__gt=0).visible().order_by("path").values("path")
    return list(
        roots.order_by("pk" if oldest_first else "-pk")
        .annotate(
            first=Subquery(replies[0:1]),
            second=Subquery(replies[1:2]),
            third=Subquery(replies[2:3]),
        )
        .only("pk", "visible_below")[: ROOTS_A_PAGE + 1]
    )


def _nodes(ids: Iterable[int]) -> dict[int, tuple[Comment, Node]]:
    """Load comments by id, as nodes, in the order of their paths."""
    if not ids:
        return {}
    rows = (
        Comment.objects.filter(pk__in=ids)
        .annotate(answers=F("reply_to__name"), answers_is_visible=F("reply_to__visible"))
        .order_by("path")
    )
    return {row.pk: (row, _node(row)) for row in rows}


def _node(row: Any) -> Node:
    """Return a row as readers may see it: nothing of a hidden comment leaves this function."""
    aside = row.reply_to_id != row.parent_id and row.answers_is_visible
    return Node(
        id=row.pk,
        depth=row.depth,
        is_tombstone=not row.visible,
        name=row.name if row.visible else "",
        text=row.text if row.visible else "",
        created_at=row.created_at if row.visible else None,
        reason="" if row.visible else row.public_reason,
        answers=row.answers if row.visible and aside else "",
        answers_id=row.reply_to_id if row.visible and aside else None,
    )


def _hang(pairs: Iterable[tuple[Comment, Node]]) -> None:
    """Put each node below its parent; pairs come in the order of their paths, so replies do too."""
    by_id = {row.pk: node for row, node in pairs}
    for row, node in pairs:
        if row.parent_id in by_id:
            by_id[row.parent_id].replies.append(node)


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
    _hang(nodes.values())
    asked_for = {paths.ids(path)[-1] for path in shown} | {comment_id}
    for id, (_row, node) in nodes.items():
        node.is_context = id not in asked_for and not node.is_tombstone
    return BranchPage(
        article_id=head.thread.article_id,
        root=nodes[paths.ids(head.path)[0]][1],
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
