"""Pictures of a text spelled out, for pages that compare texts word by word: there two pictures must not look alike."""

from __future__ import annotations

import re

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles import diffing
from articles.models import Image
from articles.pictures import FIGURE, figure_ids
from newsroom.core import richtext


def words(before: str, after: str) -> SafeString:
    """Return what `diffing.words` does, each picture as a line: its title, number and caption. At most one query."""
    old, new = richtext.sanitize(before), richtext.sanitize(after)
    ids = {*figure_ids(old), *figure_ids(new)}
    titles = dict(Image.objects.filter(pk__in=ids).values_list("pk", "title")) if ids else {}
    return diffing.words(_spelled_out(old, titles), _spelled_out(new, titles))


def _spelled_out(text: str, titles: dict[int, str]) -> str:
    """Return sanitised `text` with a paragraph in the place of each figure."""

    def line(found: re.Match[str]) -> str:
        title = titles.get(int(found[1]), "?")
        name = gettext("[Picture: %(title)s, #%(number)s]") % {"title": title, "number": found[1]}
        return f"<p>{escape(name)} {found[2]}</p>"

    return FIGURE.sub(line, text)
