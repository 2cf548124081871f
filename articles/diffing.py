"""Differences between two texts, word by word, as HTML that is safe to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from importlib import import_module
from itertools import zip_longest

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from newsroom.core import richtext

TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-z0-9]+)[^>]*>|[^<]+")
VOID = {"br", "hr", "img"}
# Below this likeness of their characters two blocks are one gone and one new, rather than one changed.
LIKENESS = 0.4


def words(before: str, after: str) -> SafeString:
    """Return rich text with `<ins>` and `<del>` around the words that changed; both texts are sanitised first.

    Blocks are aligned before words are, and a block whose marked words would not read as the old text without `<ins>`
    and as the new one without `<del>` is shown as gone and new: what this shows can be relied on.
    """
    old, new = list(blocks(richtext.sanitize(before))), list(blocks(richtext.sanitize(after)))
    marked: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        marked += new[j1:j2] if tag == "equal" else _replaced(old[i1:i2], new[j1:j2])
    return mark_safe(_clean("".join(marked)))


def line(before: str, after: str) -> SafeString:
    """Return plain text with `<ins>` and `<del>` around the words that changed."""
    return words(escape(before), escape(after))


def blocks(markup: str) -> Iterator[str]:
    """Yield the outermost elements, and runs of text, of sanitised markup: there every element is closed."""
    depth, start = 0, 0
    for token in TOKEN.finditer(markup):
        if token["tag"] and token["tag"] not in VOID:
            depth += -1 if token["close"] else 1
        if depth == 0:
            yield markup[start : token.end()]
            start = token.end()


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield blocks that took the place of others, pair by pair."""
    for before, after in zip_longest(old, new, fillvalue=""):
        if before and after and _tag(before) == _tag(after) and _alike(before, after):
            # Loaded here: html5lib and genshi, which it brings, are 20 ms of a start, and only the desk compares.
            differ = import_module("htmldiff2")
            marked = differ.render_html_diff(before, after, wrapper_element="div", wrapper_class=None)
            if _is_faithful(marked, before, after):
                yield marked
                continue
        yield _mark(before, "del")
        yield _mark(after, "ins")


def _tag(block: str) -> str | None:
    """Return the outermost element's name; None for text."""
    first = TOKEN.match(block)
    return first["tag"] if first else None


def _alike(before: str, after: str) -> bool:
    """Whether one may be a version of the other."""
    return SequenceMatcher(None, before, after, autojunk=False).quick_ratio() > LIKENESS


def _is_faithful(marked: str, before: str, after: str) -> bool:
    """Whether `marked` reads as each of the texts it was made from."""
    without = {mark: re.sub(rf"<{mark}\b[^>]*>.*?</{mark}>", "", marked, flags=re.DOTALL) for mark in ("ins", "del")}
    return _letters(without["ins"]) == _letters(before) and _letters(without["del"]) == _letters(after)


def _letters(markup: str) -> str:
    """Return the text of markup without blanks, which the differ moves about."""
    return "".join(richtext.plain_text(markup).split())


def _mark(block: str, mark: str) -> str:
    """Return a block with all its text marked."""
    return "".join(
        f"<{mark}>{token[0]}</{mark}>" if not token["tag"] and token[0].strip() else token[0]
        for token in TOKEN.finditer(block)
    )


def _cleaner() -> nh3.Cleaner:
    """Return a cleaner that lets through the editor's own markup, insertions and deletions, and nothing else."""
    allowed = richtext.allowlist()
    return nh3.Cleaner(
        tags={*allowed["tags"], "ins", "del"},
        attributes={tag: set(names) - {"rel"} for tag, names in allowed["attributes"].items()},
        url_schemes=set(richtext.SCHEMES),
        link_rel="noopener",
        attribute_filter=richtext.keep_attribute,
        set_tag_attribute_values={"aside": {"class": "pull-quote"}},
    )


_clean = _cleaner().clean
