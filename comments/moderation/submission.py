"""A comment as it reaches the judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from comments.models import RuleBook
from comments.moderation.folding import Reading, read
from comments.moderation.words import Watched
from newsroom.core.http import Origin


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
    # Recent comments whose text folds to the same words: all of them, and those a person filed as spam.
    twins: int = 0
    spam_twins: int = 0
    # Whether readers saw a comment under the address before. A typed address proves nothing: it spares no rule.
    is_known: bool = True
    # The limits as the desk has set them.
    book: RuleBook = field(default_factory=RuleBook)

    @cached_property
    def reading(self) -> Reading:
        """The text as the system reads it."""
        return read(self.text)

    @cached_property
    def name_reading(self) -> Reading:
        """The name as the system reads it."""
        return read(self.name)
