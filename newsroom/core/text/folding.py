"""Folding: one spelling for all the look-alikes of a word, so that filters and searches meet what was meant."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Folded:
    """Folded text, and for each of its characters the place in the original it came from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that folded to `text[start:end]`."""
        return (self.starts[start], self.ends[end - 1]) if start < end else (0, 0)


def fold(text: str) -> str:
    """Return `text` folded."""
    return fold_map(text).text


def fold_map(text: str) -> Folded:
    """Return `text` folded, with the way back to the original."""
    out: list[str] = []
    starts: list[int] = []
    for index, char in enumerate(text):
        for folded in unicodedata.normalize("NFKC", char).casefold():
            out.append(folded)
            starts.append(index)
    return Folded("".join(out), tuple(starts), tuple(start + 1 for start in starts))
