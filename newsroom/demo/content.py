"""Reading what the demo consists of from the TOML files beside this module."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MOMENT = re.compile(r"(?:(?P<days>\d+)d ?)?(?:(?P<hours>\d+)h ?)?(?:(?P<minutes>\d+)m ?)?(?P<side>ago|ahead)")


@dataclass(frozen=True)
class Act:
    """One step of a story: "publish", "update", "schedule", "schedule update", "withdraw", "submit", "send back"."""

    does: str
    # Counted from the moment of loading: "1d 2h 10m ago", "10h ahead".
    when: str
    # From when readers see it, where it is scheduled.
    start: str = ""
    note: str = ""
    # What an update adds to the text.
    append: str = ""
    ground: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """A story as it is first saved, and what the desk does with it."""

    key: str
    language: str
    kind: str
    section: str
    kicker: str
    title: str
    standfirst: str
    dateline: str
    key_points: list[str]
    topics: list[str]
    # [{"who", "role", "place"}] in order
    bylines: list[dict[str, str]]
    body: str
    acts: list[Act]
    # Rows of Source and Milestone without article and position
    sources: list[dict[str, Any]] = field(default_factory=list)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    embargo: str = ""


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


def paper() -> dict[str, list[dict[str, str]]]:
    """Return the paper's sections, topics, staff, contributors and watched words, each a list of rows."""
    return _read(HERE / "paper.toml")


def stories() -> list[Story]:
    """Return all stories, in the order of their files' names."""
    return [_story(path) for path in sorted((HERE / "stories").glob("*.toml"))]


def remarks() -> list[Remark]:
    """Return the comments of all threads, in the order of their files' names."""
    paths = sorted((HERE / "threads").glob("*.toml"))
    return [Remark(story=path.stem, **row) for path in paths for row in _read(path)["comments"]]


def moment(words: str, *, at: datetime) -> datetime:
    """Return the moment that `words` name as seen from `at`. Raises ValueError for words that name none."""
    found = MOMENT.fullmatch(words)
    if found is None:
        raise ValueError(f"{words!r} names no moment; write it like '1d 2h 10m ago'.")
    distance = timedelta(**{unit: int(found[unit] or 0) for unit in ("days", "hours", "minutes")})
    return at - distance if found["side"] == "ago" else at + distance


def _story(path: Path) -> Story:
    rows = _read(path)
    acts = [Act(**row) for row in rows.pop("acts")]
    return Story(key=path.stem, acts=acts, **rows)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
