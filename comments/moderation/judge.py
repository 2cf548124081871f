"""Asking the rules, so that one that fails or hangs holds the comment and never publishes it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from comments.moderation.rules import RULES, Rule
from comments.moderation.submission import Submission
from comments.moderation.verdict import Action, Finding, Verdict, hold, holding

logger = logging.getLogger(__name__)

# All rules together take milliseconds.
SECONDS = 1.0
# Judgements that hang keep their thread; when so many do, comments are held unread until a restart.
_places = threading.BoundedSemaphore(8)


def judge(submission: Submission, rules: Sequence[Rule] = RULES, *, seconds: float = SECONDS) -> Verdict | None:
    """Return the objections of all rules up to the first that says spam; None when there are none.

    Runs in a thread, which is given up after `seconds`: the comment is held then, with what was found so far.
    """
    places = _places
    if not places.acquire(blocking=False):
        logger.error("Every place of the judge hangs; the comment is held.")
        return hold("judge_busy")
    hearing = Hearing(submission, rules, places)
    hearing.start()
    hearing.join(seconds)
    return hearing.verdict()


class Hearing(threading.Thread):
    """One submission before all rules. A daemon: one that hangs must not keep the process from ending."""

    def __init__(self, submission: Submission, rules: Sequence[Rule], places: threading.Semaphore) -> None:
        super().__init__(name="judge", daemon=True)
        self.submission = submission
        self.rules = rules
        self.places = places
        self.current = ""
        self.findings: list[Finding] = []
        self.is_spam = False
        self.is_done = False

    def run(self) -> None:
        """Ask the rules in order."""
        try:
            for rule in self.rules:
                self.current = rule.__name__
                verdict = _ask(rule, self.submission)
                if verdict is None:
                    continue
                self.findings.extend(verdict.findings)
                if verdict.action is Action.SPAM:
                    self.is_spam = True
                    break
            self.is_done = True
        finally:
            self.places.release()

    def verdict(self) -> Verdict | None:
        """Return what was found, with an objection of its own when the hearing did not come to its end."""
        findings = tuple(self.findings)
        if not self.is_done:
            logger.error("The rule %s does not answer; the comment is held.", self.current)
            return holding((*findings, Finding("rule_timeout", self.current)))
        if self.is_spam:
            return Verdict(Action.SPAM, findings)
        return holding(findings) if findings else None


def _ask(rule: Rule, submission: Submission) -> Verdict | None:
    """Ask one rule; its failure is an objection."""
    try:
        return rule(submission)
    except Exception:
        logger.exception("The rule %s failed; the comment is held.", rule.__name__)
        return hold("rule_failed", rule.__name__)
