"""Pictures of the library without the cost of taking them in: a row, and a small file where it says."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Pillow

from articles.models import Image
from articles.models.media import originals
from newsroom.core.models import User
from tests.factories import AT, person

SIZE = (96, 64)


def jpeg(colour: str = "teal", size: tuple[int, int] = SIZE) -> bytes:
    """Return a small picture of one colour."""
    content = BytesIO()
    Pillow.new("RGB", size, colour).save(content, "JPEG")
    return content.getvalue()


def make_picture(
    title: str = "Kapal patroli", *, by: User | None = None, at: datetime = AT, with_file: bool = False, **fields: Any
) -> Image:
    """Return a picture that Ada uploaded, described well enough, unless fields say otherwise."""
    digest = hashlib.sha256(f"{title}{fields}{Image.objects.count()}".encode()).hexdigest()
    name = f"{digest}.jpg"
    if with_file:
        name = originals().save(name, ContentFile(jpeg()))
    return Image.objects.create(
        **{
            "title": title,
            "alt_text": "Kapal abu-abu di laut tenang",
            "credit": "Redaksi",
            "licence": Image.Licence.OWN,
            "digest": digest,
            "original": name,
            "format": "JPEG",
            "width": 1600,
            "height": 1000,
            "byte_size": 1000,
            "state": Image.State.READY,
            "uploaded_by": by or person("ada"),
            "uploaded_at": at,
            **fields,
        }
    )
