"""What a reader typed, as words to find and words to leave out. Signs of any search language mean nothing here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.search import words
from newsroom.core import text

# Characters of a query that are read, and terms of it that count.
LONGEST = 200
TERMS = 12
# Letters a word needs before * may stand for its end: shorter ones begin half of all words.
PREFIX = 3

QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# A minus right before a word or phrase leaves it out; a quote that is never closed is no quote.
TERM = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One word, or words that stand next to each other; with `is_prefix` the last one may go on."""

    stems: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Query:
    """All of `wanted` and none of `unwanted`, in the stems of one language."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def finds(self, stem: str) -> bool:
        """Say whether a word with this stem is one of those looked for."""
        return any(
            stem == wanted or (term.is_prefix and wanted == term.stems[-1] and stem.startswith(wanted))
            for term in self.wanted
            for wanted in term.stems
        )


def clean(typed: str) -> str:
    """Return what was typed as one line of bounded length, without control and bidi characters."""
    return text.clean_line(typed[: LONGEST * 4])[:LONGEST].strip()


def parse(typed: str, language: str) -> Query:
    """Read a query: "quoted words" stand together, -word is left out, word* is a beginning. Any text is a query."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for match in TERM.finditer(clean(typed).translate(QUOTES)):
        term = _term(match["phrase"] if match["word"] is None else match["word"], language)
        if term is not None:
            (unwanted if match["minus"] else wanted).append(term)
    return Query(tuple(_once(wanted)), tuple(_once(unwanted)))


def _term(typed: str, language: str) -> Term | None:
    """Return a word or phrase as a term; a word of several parts ("G-20") is a phrase. None when no letter is in it."""
    found = list(words.read(typed, language))
    if not found:
        return None
    last = typed[found[-1].start : found[-1].end]
    if typed.endswith("*") and len(words.fold(last)) >= PREFIX:
        # The beginning of a word has no ending to take off.
        return Term((*(word.stem for word in found[:-1]), words.fold(last)), is_prefix=True)
    return Term(tuple(word.stem for word in found))


def _once(terms: Iterable[Term]) -> list[Term]:
    return list(dict.fromkeys(terms))[:TERMS]
