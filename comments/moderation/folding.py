"""A comment as the system reads it, with the way back to what was typed.

Folding (newsroom.core.text) undoes costume letters, look-alikes from other alphabets, spacing and stretching; here come
words, and digits that stand for letters.
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
# Fewer are a footnote sign, a unit or a flag.
STYLED_AT_LEAST = 3


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
    # One character for one, so the way back stays as it is.
    plain = LEET_INSIDE.sub(lambda match: match.group().translate(LEET), folded.text)
    return Reading(plain, folded.starts, folded.ends)


def disguises(text: str) -> tuple[tuple[int, int], ...]:
    """Return where words stand in disguise: in styled letters, or in Latin ones mixed with another alphabet's.

    Accents, words wholly in another alphabet and single signs such as "ª" are no disguise.
    """
    return tuple(match.span() for match in re.finditer(r"\S+", text) if _is_disguised(match.group()))


def _is_disguised(word: str) -> bool:
    """Say whether a word is written so as to be read by people and not by filters."""
    if word.isascii():
        return False
    if sum(_is_styled(char) for char in word) >= STYLED_AT_LEAST:
        return True
    alphabets = {_alphabet(char) for char in word if char.isalpha()}
    return "LATIN" in alphabets and not alphabets.isdisjoint(LOOKALIKE)


def _is_styled(char: str) -> bool:
    """Say whether a character is a letter or digit in costume: mathematical, enclosed, full width."""
    if char.isascii():
        return False
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain != char and plain.isascii() and plain.isalnum():
        return True
    # Negative circled and squared letters, which NFKC leaves as they are. Regional indicators are flags.
    return 0x1F150 <= ord(char) <= 0x1F189


def _alphabet(char: str) -> str:
    """Return the first word of a letter's name, which is its alphabet."""
    return unicodedata.name(char, "").partition(" ")[0]
