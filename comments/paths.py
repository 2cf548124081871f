"""Paths of the comment tree: pure functions on strings.

A path is the ids of all ancestors and the comment's own, base 36, each padded to ten digits, without separators. Ids
grow with time, so comparing paths byte by byte gives a thread depth first, oldest first; what hangs below a comment is
the half-open range from its path to `after(path)`, so no LIKE is needed.
"""

from __future__ import annotations

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Ten digits hold ids up to 3.6e15.
STEP = 10
MAX_ID = 36**STEP - 1
# Roots have depth 0. A reply to a comment at this depth hangs beside it and names whom it answers.
MAX_DEPTH = 12
MAX_LENGTH = STEP * (MAX_DEPTH + 1)


def step(comment_id: int) -> str:
    """Return one id as it stands in a path."""
    if not 0 < comment_id <= MAX_ID:
        raise ValueError(f"No path holds the id {comment_id}.")
    digits = ""
    while comment_id:
        comment_id, digit = divmod(comment_id, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(STEP, "0")


def ids(path: str) -> list[int]:
    """Return the ids in a path: the root's first, the comment's own last."""
    return [int(path[start : start + STEP], 36) for start in range(0, len(path), STEP)]


def after(path: str) -> str:
    """Return the first path that sorts behind everything below `path`."""
    return path[:-STEP] + step(int(path[-STEP:], 36) + 1)
