"""Partials drawn dozens of times on one page, in which nothing but values differs.

A template is walked node by node each time it is drawn. A stencil walks its template once for each language, with marks
in the place of the values, and fills in the values of each place where it is drawn, escaped as the template would.
"""

from __future__ import annotations

from functools import cache

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Stencil:
    """A template, and the names of its values. It may not ask what a value is: for that there are flags."""

    def __init__(self, template: str, *names: str) -> None:
        self.template = template
        self.names = names
        self._format = cache(self._drawn)

    def fill(self, *flags: str, **values: str) -> SafeString:
        """Return the partial with these values, in the language at hand; flags are true in it, and no value."""
        return format_html(self._format(get_language(), flags), **values)

    def _drawn(self, language: str | None, flags: tuple[str, ...]) -> str:
        """Return the template as a format string, in the language at hand, which is `language`."""
        # Of a block of Unicode for private use: no template and no word of a catalogue has them.
        marks = {name: f"\ue000{name}\ue001" for name in self.names}
        drawn = render_to_string(self.template, {**marks, **dict.fromkeys(flags, True)})
        return drawn.strip().replace("{", "{{").replace("}", "}}").replace("\ue000", "{").replace("\ue001", "}")
