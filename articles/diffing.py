"""Differences between two texts, word by word, as HTML that is safe to print."""

from __future__ import annotations

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from htmldiff2 import render_html_diff

from newsroom.core import richtext

# What the differ adds to the editor's own markup.
MARKS = {"ins", "del"}


def words(before: str, after: str) -> SafeString:
    """Return rich text with `<ins>` and `<del>` around the words that changed; both texts are sanitised first."""
    before, after = richtext.sanitize(before), richtext.sanitize(after)
    marked = render_html_diff(before, after, wrapper_element="div", wrapper_class=None)
    return mark_safe(_clean(marked))


def line(before: str, after: str) -> SafeString:
    """Return plain text with `<ins>` and `<del>` around the words that changed."""
    return words(escape(before), escape(after))


def _clean(markup: str) -> str:
    """Return the differ's output with nothing in it but the editor's own markup, and insertions and deletions."""
    tags = nh3.ALLOWED_TAGS | MARKS
    return nh3.clean(markup, tags=tags - {"script", "style"}, url_schemes=set(richtext.SCHEMES), link_rel="noopener")
