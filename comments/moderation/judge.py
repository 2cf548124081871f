"""Asking every rule, so that a failing one holds the comment and never publishes it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from comments.moderation.rules import RULES, Rule
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action, Finding, Verdict, hold

logger = logging.getLogger(__name__)


def judge(submission: Submission, rules: Sequence[Rule] = RULES) -> Verdict | None:
    """Return the objections of all rules up to the first that says spam; None when there are none."""
    findings: list[Finding] = []
    for rule in rules:
        verdict = _ask(rule, submission)
        if verdict is None:
            continue
        findings.extend(verdict.findings)
        if verdict.action is Action.SPAM:
            return Verdict(Action.SPAM, tuple(findings))
    return Verdict(Action.HOLD, tuple(findings)) if findings else None


def _ask(rule: Rule, submission: Submission) -> Verdict | None:
    """Ask one rule; its failure is an objection."""
    try:
        return rule(submission)
    except Exception:
        logger.exception("The rule %s failed; the comment is held.", rule.__name__)
        return hold("rule_failed", rule.__name__)
