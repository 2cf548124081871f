"""What comments have in common: the rules that held them, and the marked words as the system reads them."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from comments.moderation.folding import read
from comments.moderation.verdict import Finding, Verdict

# Hex digits of a mark: long enough that two words never meet, short enough for a column of many.
DIGITS = 16
# Marks of one comment; each takes DIGITS and a blank.
MOST = 16
# Rules whose detail is the watched phrase.
ABOUT_WORDS = frozenset({"banned_word", "held_word"})


def rules(verdict: Verdict | None) -> str:
    """Return the codes of the rules that objected, as Comment.rules keeps them."""
    found = dict.fromkeys(finding.rule for finding in verdict.findings) if verdict else {}
    return "," + "".join(f"{rule}," for rule in found)


def marks(verdict: Verdict | None, text: str) -> str:
    """Return keyed hashes of the marked words of `text`, as Comment.marks keeps them: no word can be read from them."""
    words = dict.fromkeys(
        word for finding in (verdict.findings if verdict else ()) for word in _words(finding, text) if word
    )
    return " ".join(_hash(word) for word in list(words)[:MOST])


def mark(words: str) -> str:
    """Return the mark that a comment bears in which rules pointed at these words; "" for nothing but signs."""
    essence = read(words).essence
    return _hash(essence) if essence else ""


def _words(finding: Finding, text: str) -> Iterator[str]:
    """Yield what a finding points at: hosts of links, else words as the system reads them."""
    if finding.rule in ABOUT_WORDS:
        yield read(finding.detail).essence
    for start, end in finding.spans:
        if finding.rule == "links":
            yield _host(text[start:end])
        else:
            yield read(text[start:end]).essence


def _host(link: str) -> str:
    """Return the host a link leads to, "www." aside."""
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname or link
    except ValueError:
        host = link
    return host.lower().removeprefix("www.")


def _hash(word: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"comments.mark\0{word}".encode(), "sha256").hexdigest()[:DIGITS]
