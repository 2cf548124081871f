"""The policy of pages with the editor: the strict one, and what the editor alone needs."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponseBase
from django_prose_editor.widgets import importmap
from js_asset import ImportMap

R = TypeVar("R", bound=HttpResponseBase)

# The one <style> element that this version of django-prose-editor adds; a check compares the installed version.
EDITOR_VERSION = "0.28.0"
EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


def allow_editor(response: R) -> R:
    """Let the page of `response` load the editor: its import map and its one style element, each by hash.

    The hash is that of the map we render, never of what happens to stand in the page, so an injected one stays blocked.
    """
    response._csp_update = {  # type: ignore[attr-defined]
        "script-src": [importmap_hash(importmap)],
        "style-src": [EDITOR_STYLE_HASH],
    }
    return response


def editor_csp(view: Callable[..., R]) -> Callable[..., R]:
    """Decorate a view, or a method of a ModelAdmin, whose answer is a page with the editor."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> R:
        return allow_editor(view(*args, **kwargs))

    return wrapped


def importmap_hash(imports: ImportMap) -> str:
    """Return the CSP source (CSP 3, 2.3.1) of the inline script that `imports` renders, manifest names and all."""
    text = str(imports).partition(">")[2].rpartition("</script>")[0]
    return source_hash(text)


def source_hash(text: str) -> str:
    """Return the CSP source expression that allows an inline element with exactly this text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
