"""What the judge says about a comment."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Action(enum.StrEnum):
    """What is to happen to a comment that a rule objects to."""

    HOLD = "hold"
    SPAM = "spam"


@dataclass(frozen=True)
class Finding:
    """What one rule found, for the moderator to see."""

    rule: str
    # A word that says what exactly: the matched phrase, the number of links.
    detail: str = ""
    # Where, in code points of the comment's text.
    spans: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the finding as Comment.findings keeps it."""
        return {"rule": self.rule, "detail": self.detail, "spans": [list(span) for span in self.spans]}


@dataclass(frozen=True)
class Verdict:
    """An objection: hold or spam, and why."""

    action: Action
    findings: tuple[Finding, ...]


def hold(rule: str, detail: str = "", spans: tuple[tuple[int, int], ...] = ()) -> Verdict:
    """Object: a moderator should look at it."""
    return Verdict(Action.HOLD, (Finding(rule, detail, spans),))


def spam(rule: str, detail: str = "", spans: tuple[tuple[int, int], ...] = ()) -> Verdict:
    """Object: it is spam."""
    return Verdict(Action.SPAM, (Finding(rule, detail, spans),))
