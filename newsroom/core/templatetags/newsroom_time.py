"""Moments as readers and the desk see them: "12 Agustus 2026, 14.05 WIB"."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django import template
from django.utils import dates, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from markupsafe import escape

register = template.Library()


@register.filter
def day(at: datetime | None) -> str:
    """Return "12 Agustus 2026", "12 August 2026" in English; "" for None."""
    return "" if at is None else local_day(timezone.localtime(at), get_language())


@register.filter
def clock(at: datetime | None) -> str:
    """Return "14.05 WIB", "14:05 WIB" in English; "" for None."""
    return "" if at is None else local_clock(timezone.localtime(at), get_language())


def local_day(local: datetime, language: str | None) -> str:
    """Return the day of a moment that was brought to its zone, in the language at hand, which is `language`."""
    return f"{local.day} {month_names(language)[local.month]} {local.year}"


def local_clock(local: datetime, language: str | None) -> str:
    """Return the clock of a moment that was brought to its zone, as `language` writes it."""
    mark = ":" if (language or "").startswith("en") else "."
    return f"{local.hour:02}{mark}{local.minute:02} {_zone_name(local)}"


@cache
def month_names(language: str | None) -> tuple[str, ...]:
    """Return the names of the months in the language at hand, which is `language`, January under 1.

    Each is asked of the catalogue once: a page of a paper has some forty dates.
    """
    return "", *map(str, dates.MONTHS.values())


@register.filter
def moment(at: datetime | None) -> str:
    """Return day and clock with the zone: "12 Agustus 2026, 14.05 WIB"; "" for None."""
    return _local_moment(timezone.localtime(at), get_language()) if at else ""


@register.simple_tag(name="time")
def time_element(at: datetime | None) -> SafeString | str:
    """Return a `<time>` element: exact moment for machines, `moment` for people; "" for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return local_element(local, _local_moment(local, get_language()))


def local_element(local: datetime, words: str) -> SafeString:
    """Return a `<time>` of a moment that was brought to its zone: a page has dozens, so without `format_html`."""
    return SafeString(f'<time datetime="{local.isoformat(timespec="seconds")}">{escape(words)}</time>')


def _local_moment(local: datetime, language: str | None) -> str:
    return f"{local_day(local, language)}, {local_clock(local, language)}"


def _zone_name(local: datetime) -> str:
    """Return the zone's abbreviation, "UTC+7" style where it has none (the tz database then gives "+07").

    It abbreviates Indonesia's zones in Indonesian already: WIB, WITA, WIT.
    """
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" and name else name
