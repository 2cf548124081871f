"""Showing where the words of a query stand: escaped text with marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search import words

Finds = Callable[[str], bool]
# Characters of an excerpt, and how many of them come before the first word found.
EXCERPT = 220
LEAD = 60


@dataclass(frozen=True)
class Marked:
    """A passage with its marks, and whether there are any."""

    html: SafeString
    is_found: bool


def mark(passage: str, finds: Finds, language: str) -> Marked:
    """Return `passage`, escaped, with every word whose stem `finds` knows in <mark>; neighbours share one."""
    pieces: list[str | SafeString] = []
    position = 0
    found = spans(passage, finds, language)
    for start, end in found:
        pieces += [passage[position:start], format_html("<mark>{}</mark>", passage[start:end])]
        position = end
    pieces.append(passage[position:])
    return Marked(format_html_join("", "{}", ((piece,) for piece in pieces)), bool(found))


def spans(passage: str, finds: Finds, language: str) -> list[tuple[int, int]]:
    """Return where the words stand, as (start, end) in order; words with nothing but a blank between them as one."""
    found: list[tuple[int, int]] = []
    for word in words.read(passage, language):
        if not finds(word.stem):
            continue
        if found and passage[found[-1][1] : word.start] in (" ", "-"):
            found[-1] = (found[-1][0], word.end)
        else:
            found.append((word.start, word.end))
    return found


def excerpt(passage: str, finds: Finds, language: str) -> Marked:
    """Return the part of `passage` round the first word found, marked; the beginning where none is."""
    first = next((word.start for word in words.read(passage, language) if finds(word.stem)), 0)
    start = max(0, first - LEAD)
    if start:
        # Begin with a whole word, if one begins before the word found.
        blank = passage.find(" ", start, first)
        start = blank + 1 if blank >= 0 else first
    end = start + EXCERPT
    if end < len(passage):
        blank = passage.rfind(" ", first, end)
        end = blank if blank > first else end
    piece = mark(passage[start:end].strip(), finds, language)
    before, after = "… " if start else "", " …" if end < len(passage) else ""
    return Marked(format_html("{}{}{}", before, piece.html, after), piece.is_found)
