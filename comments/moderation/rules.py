"""The rules, in order: the order is the policy. Each is pure: Submission -> Verdict | None."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from comments.moderation.submission import Submission
from comments.moderation.verdict import Verdict, hold, spam
from newsroom.core.http import Origin

TOO_FAST = timedelta(seconds=3)
LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def honeypot(submission: Submission) -> Verdict | None:
    """Only machines fill in a field that people do not see."""
    return spam("honeypot") if submission.honeypot else None


def no_origin(submission: Submission) -> Verdict | None:
    """No header told where the post came from: an old browser, or no browser."""
    return hold("no_origin") if submission.origin is not Origin.OURS else None


def too_fast(submission: Submission) -> Verdict | None:
    """Nobody reads and writes within three seconds."""
    if submission.form_age is not None and submission.form_age < TOO_FAST:
        return hold("too_fast")
    return None


def links(submission: Submission) -> Verdict | None:
    """A link may be fine; a person should see where it leads."""
    found = tuple(match.span() for match in LINK.finditer(submission.text))
    return hold("links", str(len(found)), found) if found else None


Rule = Callable[[Submission], Verdict | None]
RULES: tuple[Rule, ...] = (honeypot, no_origin, too_fast, links)
