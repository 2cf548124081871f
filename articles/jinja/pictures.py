"""Pictures on a page: the one function that prints them, and figures put into a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles import pictures

# Of the column of the text.
FIGURE_SIZES = "(min-width: 48rem) 42rem, 100vw"
# The rest is offered for telephones with dense screens, which see no difference beyond.
NO_LIMIT = 100_000


def picture(
    data: pictures.Data | str | None,
    shape: str = "full",
    sizes: str = "100vw",
    lazy: bool = True,
    widest: int = NO_LIMIT,
) -> SafeString:
    """Print picture data as a `<picture>` with its size, or nothing where there is nothing to show.

    `lazy=False` is for the one picture a page opens with: it is fetched first. `widest` leaves out files wider than so
    many pixels, for small places in long lists. A shape that was not made is shown uncropped.
    """
    shown = showable(data)
    shapes = shown.get("shapes", {})
    cut = shapes.get(shape) or shapes.get("full")
    if not cut:
        return SafeString("")
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        ((source["type"], narrowed(source["srcset"], widest), sizes) for source in cut["sources"]),
    )
    return format_html(
        '<picture>{}<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} decoding="async"></picture>',
        sources,
        cut["src"],
        narrowed(cut["srcset"], widest),
        sizes,
        cut["width"],
        cut["height"],
        shown["alt"],
        SafeString(' loading="lazy"' if lazy else ' fetchpriority="high"'),
    )


def narrowed(srcset: str, widest: int) -> str:
    """Return the candidates of a srcset that are at most `widest` pixels wide, one at least."""
    candidates = srcset.split(", ")
    return ", ".join(
        [found for found in candidates if int(found.rpartition(" ")[2].rstrip("w")) <= widest] or candidates[:1]
    )


def showable(data: Any) -> pictures.Data:
    """Return picture data if it may be shown now, else {}: nothing made yet, or the licence is over."""
    if not isinstance(data, dict) or not data.get("shapes") or pictures.has_ended(data, timezone.now()):
        return {}
    return data


def figured(body: str, images: dict[str, pictures.Data], figure: Callable[..., str]) -> SafeString:
    """Put pictures, {id: data}, into a clean text, each as the macro `figure` draws it; for `_body.html` alone.

    A figure's own caption stands for that of the picture. A picture that cannot be shown takes its caption along.
    """

    def dress(found: Any) -> str:
        data = showable(images.get(found[1]))
        if not data:
            return ""
        # Written by the sanitiser.
        caption = mark_safe(found[2]) if found[2] else data["caption"]
        return figure({**data, "caption": caption}, shape="full", sizes=FIGURE_SIZES, lazy=True, caption=True)

    # Cleaned before, and by us from there on.
    return mark_safe(pictures.FIGURE.sub(dress, body))
