"""A comment as the system reads it, with the way back to what was typed.

Folding (newsroom.core.text) undoes costume letters, look-alikes from other alphabets, spacing and stretching; here come
words, digits that stand for letters, and the signs that something was disguised at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from newsroom.core.text import fold_map

WORD = re.compile(r"[^\W_]+")
# Digits and signs read as letters between letters only: "g4cor" is "gacor", but "s400" and "covid19" stay.
LEET = str.maketrans("01345789@$", "oieastbgas")
LEET_INSIDE = re.compile(r"(?<=[a-z])[01345789@$]{1,2}(?=[a-z])")
# Alphabets with letters that pass for Latin ones.
LOOKALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU"})
# Fewer are a sign or a unit.
DISGUISED_AT_LEAST = 3
# Shorter ones may be initials: "P. B. B.", "a b c".
SPACED_AT_LEAST = 5
# "[k][a][t][a]"
BOXED = re.compile(r"(?:[\[(【「『〔][^\W_][\])】」』〕]\s?){4,}")


@dataclass(frozen=True)
class Word:
    """One word of a reading; `start` and `end` lie in the reading."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What the matchers see, and for each of its characters the part of the original it came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words, in order."""
        return tuple(Word(match.group(), *match.span()) for match in WORD.finditer(self.text))

    @cached_property
    def spelled(self) -> Reading:
        """The same reading with digits and signs between letters read as letters; equally long."""
        plain = LEET_INSIDE.sub(lambda match: match.group().translate(LEET), self.text)
        return Reading(plain, self.starts, self.ends)

    @property
    def essence(self) -> str:
        """The words alone: equal for texts that differ in look, spacing and punctuation only."""
        return " ".join(word.text for word in self.words)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original, as (start, end), that reads as `text[start:end]`."""
        return (self.starts[start], self.ends[end - 1]) if start < end else (0, 0)


def read(text: str) -> Reading:
    """Read `text` as the matchers do."""
    folded = fold_map(text)
    return Reading(folded.text, folded.starts, folded.ends)


def disguises(text: str, reading: Reading) -> tuple[tuple[int, int], ...]:
    """Return where words of `text` stand in disguise.

    That is in styled letters, crossed or underlined by marks, in Latin letters mixed with another alphabet's, letter by
    letter in brackets, or spaced out. Accents, words wholly in another alphabet and single signs such as "ª" are none.
    """
    words = list(re.finditer(r"\S+", text))
    spans = [match.span() for match in words if _is_disguised(match.group())]
    if sum(map(_is_styled, text)) >= DISGUISED_AT_LEAST:
        spans += [match.span() for match in words if any(map(_is_styled, match.group()))]
    spans += [match.span() for match in BOXED.finditer(text)]
    spans += [reading.span(word.start, word.end) for word in reading.words if _is_spaced(word, reading)]
    return tuple(sorted(set(spans)))


def _is_disguised(word: str) -> bool:
    """Say whether a word is drawn over with marks or borrows letters from another alphabet."""
    if word.isascii():
        return False
    alphabets = {_alphabet(char) for char in word if char.isalpha()}
    if "LATIN" not in alphabets:
        return False
    # Accents have become part of their letters (NFC): marks that remain are drawn over the word, but those of emoji.
    marks = sum(unicodedata.combining(char) > 0 for char in unicodedata.normalize("NFC", word))
    return marks >= DISGUISED_AT_LEAST or not alphabets.isdisjoint(LOOKALIKE)


def _is_spaced(word: Word, reading: Reading) -> bool:
    """Say whether a word of the reading was typed with gaps between its letters."""
    if len(word.text) < SPACED_AT_LEAST:
        return False
    places = zip(reading.ends[word.start : word.end - 1], reading.starts[word.start + 1 : word.end], strict=True)
    return sum(end < start for end, start in places) >= len(word.text) - 1


def _is_styled(char: str) -> bool:
    """Say whether a character is a letter or digit in costume: mathematical, enclosed, full width."""
    if char.isascii():
        return False
    # Superscripts are read as such: "negara²" is how Indonesians write "negara-negara".
    if unicodedata.decomposition(char).startswith("<super>"):
        return False
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain != char and plain.isascii() and plain.isalnum():
        return True
    # Negative circled and squared letters, which NFKC leaves as they are. Regional indicators are flags.
    return 0x1F150 <= ord(char) <= 0x1F189


def _alphabet(char: str) -> str:
    """Return the first word of a letter's name, which is its alphabet."""
    return unicodedata.name(char, "").partition(" ")[0]
