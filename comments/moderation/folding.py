"""A comment as the system reads it: look-alikes folded, with the way back to what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.core.text import Folded, fold_map


@dataclass(frozen=True)
class Reading:
    """Folded text and where each of its characters came from."""

    text: str
    folded: Folded

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that reads as `text[start:end]`."""
        return self.folded.span(start, end)


def read(text: str) -> Reading:
    """Read `text` as the matchers do."""
    folded = fold_map(text)
    return Reading(folded.text, folded)
