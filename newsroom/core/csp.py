"""The policy of pages with the editor: the strict one, and what the editor alone needs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase

# The one <style> element that django-prose-editor 0.28.0 adds; a check compares the installed version.
EDITOR_VERSION = "0.28.0"
EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


def allow_editor(response: HttpResponseBase) -> HttpResponseBase:
    """Let `response` load the editor: its import map and its style, by hash."""
    response._csp_update = {"style-src": [EDITOR_STYLE_HASH]}  # type: ignore[attr-defined]
    return response


def editor_csp(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view (or an admin method that returns a response) whose page holds the editor."""

    @functools.wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return allow_editor(view(*args, **kwargs))

    return wrapped
