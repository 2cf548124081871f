"""What readers wrote below the demo's stories, and what moderators decided about it."""

from __future__ import annotations

import heapq
import zlib
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

from comments import posting
from comments.models import Comment, Status
from comments.moderation import desk
from newsroom.core.http import Origin
from newsroom.core.text import slugify
from newsroom.demo import accounts, content
from newsroom.demo.scene import Scene

# Where a comment ends up -> what moderators decided, and how long after it was posted.
VERDICTS: dict[str, list[tuple[timedelta, str]]] = {
    Status.PENDING: [],
    Status.APPROVED: [(timedelta(minutes=7), "approve")],
    Status.REJECTED: [(timedelta(minutes=7), "reject")],
    Status.SPAM: [(timedelta(minutes=7), "spam")],
    Status.REMOVED: [(timedelta(minutes=7), "approve"), (timedelta(hours=2), "remove")],
}
# Readers come from a network that exists in documentation only (RFC 5737).
NETWORK = IPv4Address("198.51.100.0")


def bring_in_remarks(scene: Scene, remarks: list[content.Remark]) -> None:
    """Post and decide all comments in the order of time, so that answers meet what they answer."""
    waiting: list[tuple[datetime, int, str, content.Remark]] = []
    for remark in sorted(remarks, key=lambda remark: scene.moment(remark.when)):
        now = scene.moment(remark.when)
        while waiting and waiting[0][0] <= now:
            decide(scene, *heapq.heappop(waiting))
        comment_id = post(scene, remark, at=now)
        scene.remarks[remark.story, remark.key] = comment_id
        for wait, verdict in VERDICTS[remark.status]:
            heapq.heappush(waiting, (now + wait, comment_id, verdict, remark))
    while waiting:
        decide(scene, *heapq.heappop(waiting))


def post(scene: Scene, remark: content.Remark, *, at: datetime) -> int:
    """Post a comment as its reader would; return its id."""
    handle = slugify(remark.name)
    done = posting.post(
        article_id=scene.stories[remark.story].pk,
        reply_to_id=scene.remarks[remark.story, remark.to] if remark.to else None,
        name=remark.name,
        email=f"{handle}@{accounts.DOMAIN}",
        text=remark.text,
        address=str(NETWORK + zlib.crc32(handle.encode()) % 256),
        at=at,
        origin=Origin.OURS,
    )
    if isinstance(done, posting.Refused):
        raise ValueError(f"The comment of {remark.name} was refused: {done.message} {done.errors}")
    return done.comment_id


def decide(scene: Scene, at: datetime, comment_id: int, verdict: str, remark: content.Remark) -> None:
    """Decide as the moderator did; does nothing about what the machine has filed already."""
    comment = Comment.objects.get(pk=comment_id)
    if comment.status == remark.status:
        return
    act: dict[str, Any] = {"version": comment.version, "by": scene.staff["mo"], "at": at}
    if verdict == "approve":
        desk.approve(comment_id, **act)
    elif verdict == "reject":
        desk.reject(comment_id, reason=remark.reason, **act)
    elif verdict == "remove":
        desk.remove(comment_id, reason=remark.reason, **act)
    else:
        desk.spam(comment_id, **act)
