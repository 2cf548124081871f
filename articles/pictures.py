"""Pictures as pages show them: one shape of data, made from a picture and its renditions. Reads, and writes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from articles.imaging.cutting import FORMATS, SHAPES
from articles.models import Image, Rendition

# {"id", "alt", "caption", "credit", "is_ai", "licence", "until" (ISO moment or None), "shapes": {shape: {"width",
# "height", "sources": [{"type", "srcset"}], "src", "srcset"}}}. A picture not ready has no shapes; {} shows nothing.
Data = dict[str, Any]

# Below the root, whatever the language; newsroom.urls gives both to articles.views.media.
PUBLIC = "/media/"
DESK = "/admin/pictures/files/"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# What readers get whose browser knows no srcset, and machines that want one address.
PLAIN_WIDTH = 960
FIGURE = re.compile(r'<figure data-image-id="([1-9][0-9]{0,17})"><figcaption>(.*?)</figcaption></figure>', re.DOTALL)


def data(image: Image | None, language: str) -> Data:
    """Return what a page in `language` needs to show `image`; {} for none, and for one that was taken down."""
    return data_of([image], language).get(image.pk, {}) if image else {}


def data_of(images: Iterable[Image], language: str) -> dict[int, Data]:
    """Return {picture id: data} for all of `images` that may be shown, by one query."""
    shown = {image.pk: image for image in images if image.taken_down_at is None}
    rows: dict[int, list[Rendition]] = {pk: [] for pk in shown}
    found = Rendition.objects.filter(image_id__in=shown).order_by("width", "pk") if shown else []
    for row in found:
        rows[row.image_id].append(row)
    return {pk: _data(image, rows[pk], language) for pk, image in shown.items()}


def _data(image: Image, rows: list[Rendition], language: str) -> Data:
    ends_at = image.licence_ends_at
    return {
        "id": image.pk,
        **image.words(language),
        "until": ends_at.isoformat() if ends_at else None,
        "shapes": {
            shape: _shape(cut) for shape in SHAPES if (cut := newest_cut(image, [r for r in rows if r.shape == shape]))
        },
    }


def newest_cut(image: Image, rows: list[Rendition]) -> list[Rendition]:
    """Return those of one shape's renditions that are cut about the focal point of today.

    While they are being made, those about the point before: a set is written whole or not at all.
    """
    if not rows or rows[0].shape == Rendition.Shape.FULL:
        return rows
    points = {(row.focal_x, row.focal_y): row.created_at for row in rows}
    today = (image.focal_x, image.focal_y)
    chosen = today if today in points else max(points, key=lambda point: points[point])
    return [row for row in rows if (row.focal_x, row.focal_y) == chosen]


def _shape(cut: list[Rendition]) -> dict[str, Any]:
    """Return one shape's data, of its renditions in rising width."""
    by_format = {kind: [row for row in cut if row.format == kind] for kind in FORMATS}
    plain = by_format["jpg"]
    middle = max((row for row in plain if row.width <= PLAIN_WIDTH), key=lambda row: row.width, default=plain[0])
    return {
        "width": plain[-1].width,
        "height": plain[-1].height,
        "sources": [{"type": TYPES[kind], "srcset": _srcset(by_format[kind])} for kind in FORMATS if kind != "jpg"],
        "src": PUBLIC + middle.name,
        "srcset": _srcset(plain),
    }


def _srcset(rows: list[Rendition]) -> str:
    return ", ".join(f"{PUBLIC}{row.name} {row.width}w" for row in rows)


def for_desk(data: Any) -> Any:
    """Return picture data, or anything that holds some, with addresses that serve who may see the library.

    The public ones answer only once readers see the story.
    """
    if isinstance(data, str):
        return data.replace(PUBLIC, DESK)
    if isinstance(data, Mapping):
        return {name: for_desk(value) if name in HOLD_ADDRESSES else value for name, value in data.items()}
    if isinstance(data, list):
        return [for_desk(item) for item in data]
    return data


# Below these keys there are addresses; captions and credits are left as people wrote them.
HOLD_ADDRESSES = {"shapes", *SHAPES, "sources", "srcset", "src"}


def desk_data(image: Image | None, language: str) -> Data:
    """Return `data` for pages of the desk, where pictures no reader sees yet are shown too."""
    found: Data = for_desk(data(image, language))
    return found


def has_ended(data: Data, at: datetime) -> bool:
    """Whether the licence of the picture is over at `at`: nothing is shown then."""
    until = data.get("until")
    return isinstance(until, str) and datetime.fromisoformat(until) <= at


def figure_ids(body: str) -> list[int]:
    """Return the ids of the pictures in a sanitised text, in its order and once each."""
    return list(dict.fromkeys(int(found) for found, _caption in FIGURE.findall(body)))


def without_figures(body: str, ids: Collection[int]) -> str:
    """Return a sanitised text without the figures of these pictures."""
    return FIGURE.sub(lambda found: "" if int(found[1]) in ids else found[0], body)


def shown(ids: Iterable[int]) -> dict[int, Image]:
    """Return the pictures with these ids that were not taken down."""
    return Image.objects.filter(taken_down_at__isnull=True).in_bulk(list(ids))


def named_by(payload: dict[str, Any]) -> list[int]:
    """Return the ids of all pictures a payload names, the lead picture first."""
    lead = [payload["lead_image"]["id"]] if payload["lead_image"] else []
    return list(dict.fromkeys([*lead, *figure_ids(payload["body"])]))


def ended(payload: dict[str, Any], at: datetime) -> Image | None:
    """Return the first picture of a payload that may no longer be shown at `at` because its licence is over."""
    ids = named_by(payload)
    found = Image.objects.in_bulk(ids) if ids else {}
    for image in (found[pk] for pk in ids if pk in found):
        if image.licence_ends_at is not None and image.licence_ends_at <= at:
            return image
    return None
