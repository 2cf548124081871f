"""A comment as the system reads it: look-alikes folded, spaced letters joined, with the way back to what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsroom.core.text import fold_map

WORD = re.compile(r"[^\W_]+")
# What stands between the letters of "b u k i t 8 8 8", "b.u.k.i.t" or "b-u-k-i-t".
GAP = re.compile(r"[ .,_*|~·•-]{1,3}")
# Fewer single letters in a row are initials or a list.
JOINED_AT_LEAST = 4
# Digits and signs that stand for a letter, between letters only: "g4cor" is read "gacor", "s400" and "covid19" stay.
LEET = str.maketrans("01345789@$", "oieastbgas")
LEET_INSIDE = re.compile(r"(?<=[a-z])[01345789@$]{1,2}(?=[a-z])")
# Marks, joiners and variation selectors that folding left standing.
INVISIBLE = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True)
class Word:
    """One word of a reading; `start` and `end` lie in the reading."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What the matchers see, and for each of its characters the place in the original it came from."""

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
        """Return the part of the original that reads as `text[start:end]`."""
        return (min(self.starts[start:end]), max(self.ends[start:end])) if start < end else (0, 0)


def read(text: str) -> Reading:
    """Read `text` as the matchers do."""
    folded = fold_map(text)
    kept = [index for index, char in enumerate(folded.text) if unicodedata.category(char) not in INVISIBLE]
    reading = Reading(
        "".join(folded.text[index] for index in kept),
        tuple(folded.starts[index] for index in kept),
        tuple(folded.ends[index] for index in kept),
    )
    return _without_leet(_joined(reading))


def _joined(reading: Reading) -> Reading:
    """Close the gaps in runs of single letters and digits."""
    gaps = {index for run in _runs(reading) for start, end in run for index in range(start, end)}
    if not gaps:
        return reading
    kept = [index for index in range(len(reading.text)) if index not in gaps]
    return Reading(
        "".join(reading.text[index] for index in kept),
        tuple(reading.starts[index] for index in kept),
        tuple(reading.ends[index] for index in kept),
    )


def _runs(reading: Reading) -> Iterator[list[tuple[int, int]]]:
    """Yield, for each run of spaced single letters, the gaps between them."""
    gaps: list[tuple[int, int]] = []
    last: Word | None = None
    for word in reading.words:
        gap = (last.end, word.start) if last else (0, 0)
        is_next = last is not None and len(word.text) == 1 and GAP.fullmatch(reading.text, *gap) is not None
        if is_next and last is not None and len(last.text) == 1:
            gaps.append(gap)
        else:
            if len(gaps) >= JOINED_AT_LEAST - 1:
                yield gaps
            gaps = []
        last = word
    if len(gaps) >= JOINED_AT_LEAST - 1:
        yield gaps


def _without_leet(reading: Reading) -> Reading:
    """Read digits and signs between letters as the letters they look like; lengths do not change."""
    text = LEET_INSIDE.sub(lambda match: match.group().translate(LEET), reading.text)
    return Reading(text, reading.starts, reading.ends)


def disguises(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of words written in look-alikes: styled letters, or Latin mixed with another alphabet.

    Accents, whole words in another alphabet and single signs such as "ª" are no disguise.
    """
    found = []
    for match in re.finditer(r"[^\s]+", text):
        styled = sum(_is_styled(char) for char in match.group())
        alphabets = {_alphabet(char) for char in match.group() if char.isalpha() and not _is_styled(char)}
        if styled >= 3 or ("LATIN" in alphabets and alphabets & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}):
            found.append(match.span())
    return tuple(found)


def _is_styled(char: str) -> bool:
    """Say whether a character is a letter or digit in costume: mathematical, enclosed, full width."""
    if char.isascii():
        return False
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain != char and plain.isascii() and plain.isalnum():
        return True
    # Negative circled and squared letters, regional indicators: NFKC leaves them as they are.
    return 0x1F150 <= ord(char) <= 0x1F189 or 0x1F1E6 <= ord(char) <= 0x1F1FF


def _alphabet(char: str) -> str:
    """Return the first word of a letter's name, which is its alphabet."""
    return unicodedata.name(char, "").partition(" ")[0]
