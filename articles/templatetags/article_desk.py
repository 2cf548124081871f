"""What the desk's templates about stories ask for: moments, short and with their zone."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import dates, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.core.templatetags.newsroom_time import clock

register = template.Library()


@register.filter
def short_moment(at: datetime | None) -> SafeString:
    """Return a `<time>`: "12 Agustus, 23.32 WIB", with the year where it is not this one; nothing for None."""
    if at is None:
        return SafeString("")
    local = timezone.localtime(at)
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    return format_html(
        '<time datetime="{}">{} {}{}, {}</time>',
        local.isoformat(timespec="seconds"),
        local.day,
        dates.MONTHS[local.month],
        year,
        clock(at),
    )
