"""A picture in a line: what the library, the picker, the fields and the editor show of one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from articles import permissions
from articles.models import Image
from articles.permissions import Visitor

# What a thumbnail and the picture in the panel are at most, in pixels across.
THUMB, LARGE = "thumb", "large"


def is_licence_over(image: Image, today: date) -> bool:
    """Say whether the licence ended: the day named is the last on which it held."""
    return image.licence_until is not None and image.licence_until < today


def file_url(image: Image, size: str = THUMB) -> str:
    """Return the address at which the desk, and nobody else, sees the picture."""
    return f"{reverse('admin:articles_image_file', args=[image.pk, size])}?v={image.digest[:12]}"


def warnings(image: Image, today: date) -> list[str]:
    """Return what is wrong with the picture, the gravest first, in words that fit a card."""
    found = []
    if image.taken_down_at is not None:
        return [_("Taken down")]
    if image.state == Image.State.FAILED:
        found.append(_("Could not be prepared"))
    if image.licence_until is not None and is_licence_over(image, today):
        found.append(_("Licence ended %(day)s") % {"day": short_day(image.licence_until, today)})
    if not image.alt_text:
        found.append(_("No alternative text"))
    if not image.credit:
        found.append(_("No credit"))
    return found


def short_day(day: date, today: date) -> str:
    """Return "11 Aug", with the year where it is not this one."""
    return formats.date_format(day, "j M" if day.year == today.year else "j M Y")


def line(image: Image, today: date) -> str:
    """Return whose it is and on what terms: "Antara · Licensed from an agency · until 2028"."""
    until = ""
    if image.licence_until is not None and not is_licence_over(image, today):
        far = image.licence_until.year != today.year
        until = _("until %(day)s") % {
            "day": str(image.licence_until.year) if far else short_day(image.licence_until, today)
        }
    licence = image.get_licence_display() if image.licence else ""
    if image.licence == Image.Licence.OWN and image.credit:
        licence = ""
    return " · ".join(part for part in (image.credit, str(licence), until) if part)


def card(image: Image, user: Visitor, today: date) -> dict[str, Any]:
    """Return the picture as the desk's templates and modules show it; fit to become JSON."""
    return {
        "id": image.pk,
        "version": image.version,
        "title": image.title,
        "alt": image.alt_text,
        "caption": image.caption,
        "credit": image.credit,
        "line": line(image, today),
        "warnings": warnings(image, today),
        "thumb": file_url(image),
        "width": image.width,
        "height": image.height,
        "may_change": permissions.can_change_picture(user, image),
    }


def cards(images: Iterable[Image], user: Visitor, today: date) -> list[dict[str, Any]]:
    """Return the cards of `images`; no query beyond theirs."""
    return [card(image, user, today) for image in images]
