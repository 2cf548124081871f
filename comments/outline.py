"""A thread as it is drawn: three levels, and what an address may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comments import tree

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


def number(text: str | None) -> int | None:
    """Return the id a reader's address names, None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None
