"""What the judge says about a comment."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

# Start and end in code points of the comment's text.
Spans = tuple[tuple[int, int], ...]


class Action(enum.StrEnum):
    """What is to happen to a comment that a rule objects to."""

    HOLD = "hold"
    SPAM = "spam"


@dataclass(frozen=True)
class Finding:
    """What one rule found, for the moderator to see."""

    rule: str
    # What exactly: the watched phrase, the number of links or twins, the rule that failed.
    detail: str = ""
    # Where; empty when it is not about the text.
    spans: Spans = ()

    def as_json(self) -> dict[str, Any]:
        """Return the finding as Comment.findings keeps it."""
        return {"rule": self.rule, "detail": self.detail, "spans": [list(span) for span in self.spans]}


@dataclass(frozen=True)
class Verdict:
    """An objection: hold or spam, and why."""

    action: Action
    findings: tuple[Finding, ...]


def holding(findings: tuple[Finding, ...]) -> Verdict:
    """Object: a moderator should look at it."""
    return Verdict(Action.HOLD, findings)


def spamming(findings: tuple[Finding, ...]) -> Verdict:
    """Object: it is spam."""
    return Verdict(Action.SPAM, findings)


def hold(rule: str, detail: str = "", spans: Spans = ()) -> Verdict:
    """Object with a single finding: a moderator should look at it."""
    return holding((Finding(rule, detail, spans),))


def spam(rule: str, detail: str = "", spans: Spans = ()) -> Verdict:
    """Object with a single finding: it is spam."""
    return spamming((Finding(rule, detail, spans),))
