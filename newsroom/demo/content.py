"""Reading what the demo consists of from the TOML files beside this module."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsroom.demo import crowds
from newsroom.demo.crowds import Remark

HERE = Path(__file__).resolve().parent
MAPS = HERE / "maps"
CREDIT = "Peta: Lintang; data: Natural Earth"
MOMENT = re.compile(r"(?:(?P<days>\d+)d ?)?(?:(?P<hours>\d+)h ?)?(?:(?P<minutes>\d+)m ?)?(?P<side>ago|ahead)")


@dataclass(frozen=True)
class Act:
    """One step of a story: the verbs are those of `desk.ACTS`."""

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
    # Of a notice: "erratum", "correction", "clarification"; which passage, and what readers are told.
    kind: str = ""
    place: str = ""
    text: str = ""
    # What readers saw until the notice set it right, and what stands in the text since.
    was: str = ""
    now: str = ""
    # Who asks for the right of reply, and in what capacity.
    name: str = ""
    capacity: str = ""


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
    # The key of the picture above the text; one within the text stands there as `<p>[key]</p>`.
    picture: str = ""
    # The key of the story that this one translates.
    translation_of: str = ""

    def as_first_saved(self, words: str) -> str:
        """Return `words` with the errors that notices set right later."""
        for act in self.acts:
            words = words.replace(act.now, act.was) if act.now else words
        return words


@dataclass(frozen=True)
class Picture:
    """A picture of the library; its file lies beside `maps.toml`."""

    key: str
    path: Path
    # What `articles.images.ingest` takes besides the file.
    details: dict[str, Any]
    # Per cent from the left and from the top.
    focal: tuple[int, int]


def paper() -> dict[str, list[dict[str, Any]]]:
    """Return the paper's sections, topics, staff, contributors and watched words, each a list of rows."""
    return _read(HERE / "paper.toml")


def pages() -> list[dict[str, str]]:
    """Return what stands on the standing pages: rows of {"slug", "body", "body_en"}."""
    rows: list[dict[str, str]] = _read(HERE / "pages.toml")["pages"]
    return rows


def pictures() -> list[Picture]:
    """Return the pictures, one for each language that a map's words are written in; "natuna" and "natuna.en", say."""
    return [_picture(row, language) for row in _read(MAPS / "maps.toml")["maps"] for language in row["languages"]]


def _picture(row: dict[str, Any], language: str) -> Picture:
    key = row["name"] if language == "id" else f"{row['name']}.{language}"
    return Picture(
        key=key,
        path=MAPS / f"{key}.png",
        details={
            "title": row["title"] if language == "id" else row["title_en"],
            "alt_text": row["alt"],
            "alt_text_en": row["alt_en"],
            "caption": row["caption"],
            "caption_en": row["caption_en"],
            "credit": CREDIT,
            "licence": "public_domain",
        },
        focal=(row["focal"][0], row["focal"][1]),
    )


def stories() -> list[Story]:
    """Return all stories, in the order of their files' names."""
    return [_story(path) for path in sorted((HERE / "stories").glob("*.toml"))]


def remarks() -> list[Remark]:
    """Return the comments of all threads, the long ones last."""
    paths = sorted((HERE / "threads").glob("*.toml"))
    rows = [Remark(story=path.stem, **row) for path in paths for row in _read(path)["comments"]]
    return rows + crowds.remarks(HERE / "crowds")


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
