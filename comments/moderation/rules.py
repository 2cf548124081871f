"""The rules, in order: the order is the policy. Each is pure: Submission -> Verdict | None.

The first that says spam ends it; objections that only hold are collected, so that a moderator sees all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from comments.moderation import words
from comments.moderation.folding import Reading, disguises
from comments.moderation.submission import Submission
from comments.moderation.verdict import Finding, Verdict, hold, holding, spam, spamming
from newsroom.core.http import Origin

# Addresses people can click or copy; bare names under the commonest ends of advertising too.
# One match an address, to its end; every repetition is bounded, so hostile text costs no more than honest text.
LINK = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>\"]{0,500}"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|xyz|site|online|link|club|vip|top|shop|live|me|ly|bio|gg)\b"
    r"(?:/[^\s<>\"]{0,500})?",
    re.IGNORECASE,
)
# Brands of gambling sites as the system reads them: a name and a number, most often a lucky one, or "4d".
LUCKY = "(?:69|77|88|99|138|168|303|777|888|999)"
BRAND = re.compile(
    rf"[a-z]{{4,}}\d{{2,4}}|[a-z]{{3}}{LUCKY}|[a-z]{{4,}}{LUCKY}[a-z]*|[a-z]{{3,}}4d|[a-z]{{2,}}\d{{2,3}}(?:bets?|slot|toto|win)"
)
# A name and a number that mean something else: a year run together with a word, an article of law, a disease, a unit.
NO_BRAND = re.compile(
    r"[a-z]+(?:19|20)\d\d"
    r"|(?:pasal|ayat|artikel|article|resolusi|resolution|type|tipe|seri|menit|halaman|jilid|nomor)\d+"
    r"|covid19|densus88|satgultor81|airbus\d{3}|boeing7\d7|sukhoi\d{2}|jkt48|uud45"
)


def honeypot(submission: Submission) -> Verdict | None:
    """Only machines fill in a field that people do not see."""
    return spam("honeypot") if submission.honeypot else None


def banned_word(submission: Submission) -> Verdict | None:
    """A word the desk has banned, in the text or the name."""
    findings = _watched("banned_word", submission, is_banned=True)
    return spamming(findings) if findings else None


def known_spam(submission: Submission) -> Verdict | None:
    """The same words a moderator filed as spam before."""
    return spam("known_spam", str(submission.spam_twins)) if submission.spam_twins else None


def no_origin(submission: Submission) -> Verdict | None:
    """No header told where the post came from: an old browser, or no browser."""
    return hold("no_origin") if submission.origin is not Origin.OURS else None


def too_fast(submission: Submission) -> Verdict | None:
    """Sent faster than anybody types. Asked only where the form was rendered for one visitor."""
    limit = timedelta(seconds=submission.book.min_seconds)
    is_fast = submission.form_age is not None and submission.form_age < limit
    return hold("too_fast") if is_fast else None


def first_time(submission: Submission) -> Verdict | None:
    """Nothing under this address was shown before. Asked where the desk wants it."""
    return hold("first_time") if submission.book.holds_first_time and not submission.is_known else None


def held_word(submission: Submission) -> Verdict | None:
    """A word the desk wants to look at, in the text or the name."""
    findings = _watched("held_word", submission, is_banned=False)
    return holding(findings) if findings else None


def duplicate(submission: Submission) -> Verdict | None:
    """The same words stand or wait elsewhere."""
    return hold("duplicate", str(submission.twins)) if submission.twins else None


def links(submission: Submission) -> Verdict | None:
    """A link may be fine; a person should see where it leads."""
    found = tuple(match.span() for match in LINK.finditer(submission.text))
    return hold("links", str(len(found)), found) if len(found) > submission.book.links_allowed else None


def long_text(submission: Submission) -> Verdict | None:
    """Longer than the desk wants to see shown unread."""
    length = len(submission.text)
    return hold("long_text", str(length)) if length > submission.book.longest_unread else None


def brand(submission: Submission) -> Verdict | None:
    """A name and a lucky number: how gambling sites advertise without a link."""
    if not submission.book.holds_brands:
        return None
    found = _brands(submission.reading)
    if found or _brands(submission.name_reading):
        return hold("brand", str(len(found)), found)
    return None


def disguise(submission: Submission) -> Verdict | None:
    """Words in costume letters, which no reader types by chance."""
    if not submission.book.holds_disguise:
        return None
    found = disguises(submission.text, submission.reading)
    if found or disguises(submission.name, submission.name_reading):
        return hold("disguise", str(len(found)), found)
    return None


def _brands(reading: Reading) -> tuple[tuple[int, int], ...]:
    """Return where a reading names a brand, in the original."""
    return tuple(
        reading.span(word.start, word.end)
        for word in reading.words
        if BRAND.fullmatch(word.text) and not NO_BRAND.fullmatch(word.text)
    )


def _watched(rule: str, submission: Submission, *, is_banned: bool) -> tuple[Finding, ...]:
    """Return one finding for each watched word that matches, with all its places in the text."""
    wanted = [word for word in submission.watched if word.is_banned == is_banned]
    spans: dict[str, list[tuple[int, int]]] = {}
    for match in words.matches(submission.reading, wanted):
        spans.setdefault(match.watched.phrase, []).append(submission.reading.span(match.start, match.end))
    for match in words.matches(submission.name_reading, wanted):
        spans.setdefault(match.watched.phrase, [])
    return tuple(Finding(rule, phrase, tuple(places)) for phrase, places in spans.items())


Rule = Callable[[Submission], Verdict | None]
RULES: tuple[Rule, ...] = (
    honeypot,
    banned_word,
    known_spam,
    no_origin,
    too_fast,
    first_time,
    held_word,
    duplicate,
    links,
    long_text,
    brand,
    disguise,
)
