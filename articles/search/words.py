"""Words as searching compares them: without case, accents and endings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from newsroom.core import text

# An apostrophe stands inside a word (Jum'at), a hyphen parts two (kapal-kapal). Marks that follow a letter are its own.
WORD = re.compile(r"[^\W_][\u0300-\u036f]*(?:['’ʼ‘`]?[^\W_][\u0300-\u036f]*)*")
# Letters of a word that count; none that people look for is longer.
LONGEST = 40


@dataclass(frozen=True)
class Word:
    """One word of a text: where it stands, and what it is compared by."""

    start: int
    end: int
    stem: str


def read(passage: str, language: str) -> Iterator[Word]:
    """Yield the words of `passage` in order; what folds to no letter or digit is none."""
    for match in WORD.finditer(passage):
        stem = text.stem(fold(match.group()), language)
        if stem:
            yield Word(match.start(), match.end(), stem)


def fold(word: str) -> str:
    """Return a word in lower case, without accents, apostrophes and signs."""
    letters = unicodedata.normalize("NFKD", word[:LONGEST]).casefold()
    return "".join(char for char in letters if char.isalnum())[:LONGEST]


def stems(passage: str, language: str, *, most: int | None = None) -> list[str]:
    """Return the stems of `passage` in order, the first `most` of them."""
    return [word.stem for word in islice(read(passage, language), most)]
