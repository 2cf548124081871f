"""A comment as it reaches the judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from comments.moderation.folding import Reading, read
from newsroom.core.http import Origin


@dataclass(frozen=True)
class Watched:
    """A watched word, ready to be looked for."""

    phrase: str
    folded: str
    is_banned: bool


@dataclass(frozen=True)
class Submission:
    """All that the rules may know: they touch no database and read no clock."""

    name: str
    text: str
    honeypot: str = ""
    origin: Origin = Origin.OURS
    # Time since the form was rendered; None: not known, or the form was rendered for many.
    form_age: timedelta | None = None
    watched: tuple[Watched, ...] = ()
    # Earlier comments whose text folds to the same letters: all, and those filed as spam.
    twins: int = 0
    spam_twins: int = 0

    @cached_property
    def reading(self) -> Reading:
        """The text as the system reads it."""
        return read(self.text)

    @cached_property
    def name_reading(self) -> Reading:
        """The name as the system reads it."""
        return read(self.name)
