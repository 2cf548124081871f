"""Readers' comments, and how a long thread is written down: one comment a line, its depth by the marks before it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

LINE = re.compile(
    r"(?P<depth>>*) ?(?P<name>[^|]+?) \| (?P<text>.+?)(?: \[(?P<status>[a-z]+)(?: (?P<reason>[a-z_]+))?\])?"
)
# How long a long thread goes on, from its first comment to its last root; and how long before loading it began.
LASTS, BEGAN = timedelta(days=14), timedelta(days=16)
# Answers come between a quarter of an hour and seven hours after what they answer.
SOONEST, SPREAD = 15, 400
# Most people write on the first days.
HASTE = 1.7


@dataclass(frozen=True)
class Remark:
    """A reader's comment and where it ends up."""

    story: str
    name: str
    when: str
    text: str
    # "approved", "pending", "rejected", "spam", "removed"
    status: str
    key: str = ""
    # The key of the comment that is answered, within the same story.
    to: str = ""
    reason: str = ""


def remarks(folder: Path) -> list[Remark]:
    """Return the comments of all long threads; a file is named for its story."""
    return [remark for path in sorted(folder.glob("*.txt")) for remark in read(path)]


def read(path: Path) -> list[Remark]:
    """Return one long thread. Moments follow from the words alone, so that each loading gives the same thread."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [LINE.fullmatch(line) for line in lines]
    if not all(found):
        raise ValueError(f"{path.name}: {lines[found.index(None)]!r} is no comment.")
    rows = [row for row in found if row]
    roots, count = sum(not row["depth"] for row in rows), 0
    chain: list[tuple[str, timedelta]] = []
    thread = []
    for number, row in enumerate(rows, start=1):
        depth = len(row["depth"])
        if depth:
            to, before = chain[depth - 1]
            ago = before - timedelta(minutes=SOONEST + zlib.crc32(row["text"].encode()) % SPREAD)
        else:
            to, ago, count = "", BEGAN - LASTS * (count / roots) ** HASTE, count + 1
        chain[depth:] = [(f"{number}", ago)]
        thread.append(
            Remark(
                story=path.stem,
                key=f"{number}",
                to=to,
                name=row["name"],
                when=f"{ago.days}d {ago.seconds // 3600}h {ago.seconds // 60 % 60}m ago",
                text=row["text"],
                status=row["status"] or "approved",
                reason=row["reason"] or "",
            )
        )
    return thread
