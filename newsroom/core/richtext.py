"""One declaration gives the editor its features and the sanitiser its allow-list."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

import nh3
from django_prose_editor.config import add_allowed_classes, add_tags_and_attributes
from js_asset import static_lazy

Shared = dict[str, Any]
SCHEMES = ["http", "https", "mailto"]


def pull_quote(_config: Any, shared: Shared) -> None:
    """Allow `<aside class="pull-quote">`."""
    add_tags_and_attributes(shared, ["aside"], None)
    add_allowed_classes(shared, {"aside": ["pull-quote"]})


def no_markup(_config: Any, _shared: Shared) -> None:
    """Allow nothing: the extension changes how the editor works, not what it writes."""


# Callables, not dotted names: those crash in django-prose-editor 0.28.
EDITOR_EXTENSIONS: list[dict[str, Any]] = [
    {
        "js": [static_lazy("desk/editor.js")],
        "extensions": {"PullQuote": pull_quote, "CleanPaste": no_markup},
    }
]
# Extension name -> its options, as django-prose-editor takes them.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Link": {"protocols": SCHEMES, "enableTarget": False},
    "Heading": {"levels": [2, 3]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "PullQuote": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "CleanPaste": True,
    # Writers want the browser's spelling marks.
    "NoSpellCheck": False,
}


def sanitize(markup: str) -> str:
    """Return `markup` with nothing in it that the editor could not have written; cleaning twice changes nothing more."""
    return nh3.clean(markup)


def plain_text(markup: str) -> str:
    """Return the words of `markup`, one line for each block."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).strip()
