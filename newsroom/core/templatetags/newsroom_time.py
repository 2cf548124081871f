"""Moments as readers and the desk see them: "12 Agustus 2026, 14.05 WIB"."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django import template
from django.utils import dates, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Indonesia's zones have fixed offsets; the tz database abbreviates them in Indonesian already (WIB, WITA, WIT).
ABBREVIATIONS = {"UTC": "UTC"}


@register.filter
def day(at: datetime | None) -> str:
    """Return "12 Agustus 2026", "12 August 2026" in English; "" for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local.day} {dates.MONTHS[local.month]} {local.year}"


@register.filter
def clock(at: datetime | None) -> str:
    """Return "14.05 WIB", "14:05 WIB" in English; "" for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    mark = ":" if (get_language() or "").startswith("en") else "."
    return f"{local.hour:02}{mark}{local.minute:02} {_zone_name(local, local.tzinfo)}"


@register.filter
def moment(at: datetime | None) -> str:
    """Return day and clock with the zone: "12 Agustus 2026, 14.05 WIB"; "" for None."""
    return f"{day(at)}, {clock(at)}" if at else ""


@register.simple_tag(name="time")
def time_element(at: datetime | None) -> SafeString | str:
    """Return a `<time>` element: exact moment for machines, `moment` for people; "" for None."""
    if at is None:
        return ""
    stamp = timezone.localtime(at).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', stamp, moment(at))


def _zone_name(local: datetime, zone: tzinfo | None) -> str:
    """Return the zone's abbreviation, "UTC+7" style where it has none (the tz database then gives "+07")."""
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" and name else name
