"""Why a comment was held, in words, with the places in its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models import RejectReason
from comments.moderation.folding import read

# Rules whose finding suggests a reason. A verdict is never suggested.
SUGGESTED = {
    "banned_word": RejectReason.ADVERTISING,
    "known_spam": RejectReason.ADVERTISING,
    "brand": RejectReason.ADVERTISING,
    "disguise": RejectReason.ADVERTISING,
}

# What each rule looks for, in few words: for filters and lists.
RULES = {
    "honeypot": gettext_lazy("Hidden field"),
    "banned_word": gettext_lazy("Banned word"),
    "known_spam": gettext_lazy("Known spam"),
    "no_origin": gettext_lazy("Origin unknown"),
    "too_fast": gettext_lazy("Too fast"),
    "first_time": gettext_lazy("First comment"),
    "held_word": gettext_lazy("Watched word"),
    "duplicate": gettext_lazy("Repeated"),
    "links": gettext_lazy("Links"),
    "long_text": gettext_lazy("Very long"),
    "brand": gettext_lazy("Gambling name"),
    "disguise": gettext_lazy("Disguised letters"),
    "rule_failed": gettext_lazy("A rule failed"),
    "rule_timeout": gettext_lazy("A rule hung"),
    "judge_busy": gettext_lazy("Rules overloaded"),
}
# Signs that whoever wrote it meant to get past the rules.
HIDING = frozenset({"honeypot", "known_spam", "disguise"})

# Rules about how a comment came, not what it says.
CIRCUMSTANCES = frozenset({"no_origin", "too_fast", "first_time", "rule_failed", "rule_timeout", "judge_busy"})


# Characters of a line in a list, and how many of them stand before its first mark.
EXCERPT = 150
LEAD = 50


@dataclass(frozen=True)
class Part:
    """A stretch of text, marked where a rule pointed at it."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Why:
    """One finding for people."""

    rule: str
    heading: str
    sentence: str


def explain(findings: Iterable[dict[str, Any]]) -> list[Why]:
    """Return each finding of Comment.findings in words, what the text itself shows first."""
    told = [_explain(finding) for finding in findings]
    return sorted(told, key=lambda why: why.rule in CIRCUMSTANCES)


def readings(findings: Iterable[dict[str, Any]], text: str) -> list[tuple[str, str]]:
    """Return what was written and how the system reads it, where the two differ; each once, in the text's order."""
    disguised = [finding for finding in findings if finding.get("rule") != "links"]
    written = dict.fromkeys(text[start:end] for start, end in sorted(_spans(disguised, text)))
    pairs = [(typed, read(typed).essence) for typed in written]
    return [(typed, reading) for typed, reading in pairs if reading and reading != typed.casefold()]


def parts(findings: Iterable[dict[str, Any]], text: str) -> list[Part]:
    """Cut `text` at the findings' spans: overlapping ones are one mark, impossible ones are none."""
    cut: list[Part] = []
    done = 0
    for start, end in sorted(_spans(findings, text)):
        start = max(start, done)
        if start >= end:
            continue
        if text[done:start]:
            cut.append(Part(text[done:start], False))
        cut.append(Part(text[start:end], True))
        done = end
    if text[done:] or not cut:
        cut.append(Part(text[done:], False))
    return cut


def excerpt(findings: Iterable[dict[str, Any]], text: str) -> list[Part]:
    """Return one line of the text with its marks: from the beginning, or from shortly before the first mark."""
    spans = sorted(_spans(findings, text))
    start = max(spans[0][0] - LEAD, 0) if spans and spans[0][1] > EXCERPT else 0
    end = start + EXCERPT
    moved = [[max(first, start) - start, min(last, end) - start] for first, last in spans if first < end]
    line = parts([{"spans": moved}], text[start:end])
    return [
        *([Part("… ", False)] if start else []),
        *line,
        *([Part(" …", False)] if end < len(text) else []),
    ]


def hides(findings: Iterable[dict[str, Any]], text: str) -> bool:
    """Say whether the comment shows signs of disguise: look-alike letters, a trap sprung, words known as spam."""
    found = list(findings)
    return any(finding.get("rule") in HIDING for finding in found) or bool(readings(found, text))


def labels(findings: Iterable[dict[str, Any]]) -> list[str]:
    """Return why it was held, a few words each."""
    return [str(RULES.get(code, code)) for code in dict.fromkeys(str(one.get("rule", "")) for one in findings)]


def suggested_reason(findings: Iterable[dict[str, Any]]) -> str:
    """Return the reason to preselect, "" for none."""
    reasons = [SUGGESTED[finding["rule"]] for finding in findings if finding.get("rule") in SUGGESTED]
    return str(reasons[0]) if reasons else ""


def _spans(findings: Iterable[dict[str, Any]], text: str) -> list[tuple[int, int]]:
    found = [tuple(span) for finding in findings for span in finding.get("spans", ())]
    return [(start, min(end, len(text))) for start, end in found if 0 <= start < end]


def _explain(finding: dict[str, Any]) -> Why:
    rule, detail = str(finding.get("rule", "")), str(finding.get("detail", ""))
    heading, sentence = _words(rule, detail, len(finding.get("spans", ())))
    return Why(rule, heading, sentence)


def _words(rule: str, detail: str, places: int) -> tuple[str, str]:
    """Return heading and sentence for a rule of comments.moderation.rules."""
    count = int(detail) if detail.isdigit() else places
    facts = {"count": count, "places": places, "word": detail, "rule": rule}
    where = ngettext("One place in the text fits.", "%(places)d places in the text fit.", places)
    where = where if places else _("It stands in the name.")
    rules = {
        "honeypot": (_("Filed: a hidden field was filled in"), _("People do not see that field; programs fill it in.")),
        "banned_word": (_("Filed: the banned word “%(word)s”, look-alike letters made equal"), where),
        "known_spam": (_("Filed: the same words were spam before"), _("A moderator filed them as spam.")),
        "no_origin": (
            _("Held: the browser did not say where the form came from"),
            _("An old browser, or a program. The text decides."),
        ),
        "too_fast": (_("Held: sent sooner than people type"), _("Some paste. The text decides.")),
        "first_time": (_("Held: the first comment under this address"), _("Nothing else speaks against it.")),
        "long_text": (_("Held: %(count)d characters"), _("Longer than the rules let through unread.")),
        "rule_timeout": (
            _("Held: the rule “%(word)s” did not answer"),
            _("What cannot be checked waits for a person."),
        ),
        "judge_busy": (_("Held: the rules were overloaded"), _("What cannot be checked waits for a person.")),
        "held_word": (_("Held: the watched word “%(word)s”, look-alike letters made equal"), where),
        "duplicate": (_("Held: the same words stand or wait elsewhere"), _("Look-alike letters count as equal.")),
        "links": (
            ngettext("Held: one link", "Held: %(count)d links", count),
            _("A link may be fine. See where it leads before you decide."),
        ),
        "brand": (_("Held: a name with a lucky number, as gambling sites carry"), where),
        "disguise": (_("Held: words in disguised letters"), _("Readers hardly ever write so.")),
        "rule_failed": (_("Held: the rule “%(word)s” failed"), _("What cannot be checked waits for a person.")),
    }
    heading, sentence = rules.get(rule, (_("Held by the rule “%(rule)s”"), "%(word)s"))
    return heading % facts, sentence % facts
