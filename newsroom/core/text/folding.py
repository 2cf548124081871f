"""Folding: one spelling for all the disguises of a word, so that filters meet what was meant.

"𝗦𝗟𝗢𝗧", "s l o t", "ѕlоt", "s\u200blot", "ⓢⓛⓞⓣ" and "slooooot" all fold to "slot". Folding an already folded text
changes nothing. Each folded character knows where it came from, so that a moderator can be shown the very spot.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from newsroom.core.text.lookalikes import LEET, TABLE

# A run of at least three single letters or digits with the same kind of gap between them: "s l o t", "g.a.c.o.r".
GAP = r"[ \-_.,·•*~|/\\]"
SPACED = re.compile(rf"(?<![^\W_])[^\W_](?:{GAP}{{1,3}}[^\W_](?![^\W_])){{2,}}")
# Three or more of one letter are an outcry or a disguise; no Indonesian or English word has them.
REPEATED = re.compile(r"([^\W\d_])\1{2,}")
BLANKS = re.compile(r"\s+")
# Whole phrases coded as one character (U+FDFA: eighteen letters) stay as they are, or they would swell a text.
LONGEST = 4
NOT_LETTER = re.compile(r"[^a-z]")


@dataclass(frozen=True)
class Folded:
    """Folded text, and for each of its characters the part of the original it came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original, as (start, end), that folded to `text[start:end]`; (0, 0) for none."""
        return (self.starts[start], self.ends[end - 1]) if start < end else (0, 0)

    def find(self, word: str) -> list[tuple[int, int]]:
        """Return the parts of the original, as (start, end), that read as `word`: whole words, in any disguise.

        `word` is a word or phrase as a person typed it. Written with digits for letters ("5l0t") it is met when it has
        four letters at least and a digit or sign is really there; else "1a1" would be met in many a number.
        """
        wanted = fold(word).strip()
        if not wanted:
            return []
        spans = {match.span() for match in _whole(wanted).finditer(self.text)}
        if len(wanted) >= 4:
            disguised = _whole(wanted.translate(LEET)).finditer(self.text.translate(LEET))
            spans |= {match.span() for match in disguised if NOT_LETTER.search(self.text[slice(*match.span())])}
        return [self.span(start, end) for start, end in sorted(spans)]


def _whole(word: str) -> re.Pattern[str]:
    """Return a pattern for `word`, taken literally, with no letter or digit right before or after it."""
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])")


def fold(text: str) -> str:
    """Return `text` folded."""
    return fold_map(text).text


def fold_map(text: str) -> Folded:
    """Return `text` folded, with the way back to the original."""
    pieces = [_fold_character(char) for char in text]
    current = "".join(pieces)
    if len(current) == len(text) and "" not in pieces:
        starts = list(range(len(text)))
    else:
        starts = [index for index, piece in enumerate(pieces) for _ in piece]
    ends = [start + 1 for start in starts]
    # Joining can make repeats and collapsing can make single letters; each round shortens the text, so this ends.
    while True:
        before = len(current)
        for cut in (_cut_repeats, _cut_gaps, _cut_blanks):
            current, starts, ends = _apply(cut(current), current, starts, ends)
        if len(current) == before:
            return Folded(current, tuple(starts), tuple(ends))


# Any text has few different characters; a hostile one has many, so the memory they take is bounded.
@lru_cache(maxsize=20_000)
def _fold_character(char: str) -> str:
    """Return what one character folds to: nothing for marks and invisible ones, a blank for white space."""
    folded = char
    while True:
        before = folded
        folded = "".join(TABLE.get(letter, letter) for letter in folded)
        folded = unicodedata.normalize("NFKD", folded).casefold()
        folded = "".join(_visible(letter) for letter in folded)
        if len(folded) > LONGEST:
            return char
        if folded == before:
            return folded


def _visible(letter: str) -> str:
    """Return the character, a blank for one, or "" for a mark, a joiner, a control or a filler nobody sees."""
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    return "" if category in ("Mn", "Me", "Cf", "Cc", "Cs") or letter in "\u115f\u1160\u3164\uffa0\u2800" else letter


def _cut_repeats(text: str) -> list[tuple[int, int]]:
    """Return the parts to leave out so that three and more of a letter become one."""
    return [(match.start() + 1, match.end()) for match in REPEATED.finditer(text)]


def _cut_gaps(text: str) -> list[tuple[int, int]]:
    """Return the gaps to leave out in runs of single letters; wider ones part words and stay ("s l o t   o k e")."""
    cuts: list[tuple[int, int]] = []
    for match in SPACED.finditer(text):
        gaps = [gap.span() for gap in re.finditer(r"[\W_]+", match.group())]
        narrowest = min(end - start for start, end in gaps)
        offset = match.start()
        cuts += [(offset + start, offset + end) for start, end in gaps if end - start == narrowest]
    return cuts


def _cut_blanks(text: str) -> list[tuple[int, int]]:
    """Return the parts to leave out so that blanks never stand side by side."""
    return [(match.start() + 1, match.end()) for match in BLANKS.finditer(text) if len(match.group()) > 1]


def _apply(
    cuts: list[tuple[int, int]], text: str, starts: list[int], ends: list[int]
) -> tuple[str, list[int], list[int]]:
    """Leave the parts in `cuts` (in order, not overlapping) out of a folded text and its way back."""
    if not cuts:
        return text, starts, ends
    kept: list[str] = []
    kept_starts: list[int] = []
    kept_ends: list[int] = []
    position = 0
    for start, end in [*cuts, (len(text), len(text))]:
        kept.append(text[position:start])
        kept_starts += starts[position:start]
        kept_ends += ends[position:start]
        position = end
    return "".join(kept), kept_starts, kept_ends
