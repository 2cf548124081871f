"""Pictures in the library without the seconds that decoding takes: tiny files, all rows."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from articles.imaging.cutting import FORMATS, SHAPES
from articles.models import Image, Rendition
from tests.articles.imaging.samples import encoded, gradient
from tests.factories import AT, person


def make_image(*, title: str = "Kapal di selat", at: datetime = AT, is_ready: bool = True, **fields: Any) -> Image:
    """Return a picture Ada uploaded, complete enough to be published; with renditions unless it is not ready."""
    content = encoded("JPEG", gradient(64, 48), comment=title.encode())
    digest = hashlib.sha256(content).hexdigest()
    known = {"alt_text": "Kapal tanker melintas.", "credit": "Ada Wibowo", "licence": Image.Licence.OWN}
    image = Image.objects.create(
        **{
            "title": title,
            "digest": digest,
            "original": storages["originals"].save(f"{digest[:2]}/{digest}.jpg", ContentFile(content)),
            "format": "JPEG",
            "width": 64,
            "height": 48,
            "byte_size": len(content),
            "uploaded_by": person("ada"),
            "uploaded_at": at,
            "state": Image.State.READY if is_ready else Image.State.PENDING,
            **known,
            **fields,
        }
    )
    if is_ready:
        make_renditions(image, at=at)
    return image


def make_renditions(image: Image, *, at: datetime = AT, shapes: tuple[str, ...] = tuple(SHAPES)) -> list[Rendition]:
    """Write one rendition of each shape and format, about the picture's focal point, with a file of its own."""
    rows = []
    for shape in shapes:
        point = {} if shape == "full" else {"focal_x": image.focal_x, "focal_y": image.focal_y}
        for kind in FORMATS:
            content = f"{image.pk} {shape} {kind} {point}".encode()
            name = f"{hashlib.sha256(content).hexdigest()[:24]}.{kind}"
            if not storages["renditions"].exists(name):
                storages["renditions"].save(name, ContentFile(content))
            rows.append(
                Rendition(
                    **{"image": image, "shape": shape, "format": kind, "width": 64, "height": 48, **point},
                    byte_size=len(content),
                    name=name,
                    created_at=at,
                )
            )
    Rendition.objects.bulk_create(rows)
    return rows


def name_of(image: Image, shape: str = "full", kind: str = "jpg") -> str:
    """Return the newest file of that shape and format."""
    return image.renditions.filter(shape=shape, format=kind).order_by("-pk").values_list("name", flat=True)[0]


def figure(image: Image, caption: str = "") -> str:
    """Return a figure as a stored text holds it."""
    return f'<figure data-image-id="{image.pk}"><figcaption>{caption}</figcaption></figure>'
