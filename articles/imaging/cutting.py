"""Sizes and cuts: which ones a picture has, and making them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

# Shape -> width to height, None for uncropped, and the widths in which it is made.
SHAPES: dict[str, tuple[tuple[int, int] | None, tuple[int, ...]]] = {
    "full": (None, (320, 480, 640, 960, 1280, 1920)),
    "wide": ((16, 9), (320, 480, 640, 960, 1280, 1920)),
    "square": ((1, 1), (160, 320, 480, 640, 960)),
    "tall": ((4, 5), (320, 480, 640, 960)),
}
FORMATS = ("avif", "webp", "jpg")
# Looked at and weighed: docs/performance.md.
OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 58, "speed": 8, "subsampling": "4:2:0", "max_threads": 2}),
    "webp": ("WEBP", {"quality": 76, "method": 4}),
    "jpg": ("JPEG", {"quality": 78, "optimize": True, "progressive": True, "subsampling": "4:2:0"}),
}
# A picture's own width is made as well where it adds that much to the last fixed one.
WORTHWHILE = 1.15
# Hex digits of SHA-256 in a name: 96 bits.
NAME_DIGITS = 24


@dataclass(frozen=True)
class Cut:
    """One shape of one picture: the part of it that is shown, in its own pixels, and the widths to make."""

    shape: str
    box: tuple[int, int, int, int]
    widths: tuple[int, ...]

    def height(self, width: int) -> int:
        """Return the height that goes with a width."""
        left, top, right, bottom = self.box
        return max(1, round(width * (bottom - top) / (right - left)))


def cuts(width: int, height: int, focal: tuple[int, int]) -> list[Cut]:
    """Return all cuts of a picture about its focal point (per cent from left and top); none is larger than it."""
    return [
        Cut(shape, box, _widths(box[2] - box[0], widths))
        for shape, (ratio, widths) in SHAPES.items()
        for box in [_box(width, height, ratio, focal)]
    ]


def _box(width: int, height: int, ratio: tuple[int, int] | None, focal: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the largest part in that ratio whose middle is as near to the focal point as the edges let it be."""
    if ratio is None:
        return (0, 0, width, height)
    across, down = ratio
    cut_width = min(width, max(1, height * across // down))
    cut_height = min(height, max(1, width * down // across))
    left = min(max(round(width * focal[0] / 100 - cut_width / 2), 0), width - cut_width)
    top = min(max(round(height * focal[1] / 100 - cut_height / 2), 0), height - cut_height)
    return (left, top, left + cut_width, top + cut_height)


def _widths(available: int, fixed: tuple[int, ...]) -> tuple[int, ...]:
    """Return the fixed widths that fit, and what there is where it is less than the widest by a good deal."""
    fitting = [width for width in fixed if width <= available]
    if not fitting or (available < fixed[-1] and available >= fitting[-1] * WORTHWHILE):
        fitting.append(available)
    return tuple(fitting)


def render(source: Path, folder: Path, focal: tuple[int, int], shapes: list[str]) -> list[dict[str, Any]]:
    """Make the renditions of `shapes` in `folder`, and return one {"shape", "format", "width", "height", "name",
    "byte_size"} for each. A file's name is the hash of its content, so the same content has the same name anywhere.
    """
    with Image.open(source, formats=["JPEG", "PNG"]) as opened:
        picture = opened.convert("RGB")
    made = []
    for cut in cuts(*picture.size, focal):
        if cut.shape not in shapes:
            continue
        part = picture.crop(cut.box)
        for width in reversed(cut.widths):
            # From the next larger one: little is lost, and the time is a fraction.
            part = part.resize((width, cut.height(width)), Image.Resampling.LANCZOS, reducing_gap=2.0)
            made += [_write(part, folder, cut.shape, extension) for extension in FORMATS]
    return made


def _write(part: Image.Image, folder: Path, shape: str, extension: str) -> dict[str, Any]:
    name, options = OPTIONS[extension]
    draft = folder / f"draft.{extension}"
    part.save(draft, name, **options)
    content = draft.read_bytes()
    final = f"{hashlib.sha256(content).hexdigest()[:NAME_DIGITS]}.{extension}"
    draft.replace(folder / final)
    size = {"width": part.width, "height": part.height, "byte_size": len(content)}
    return {"shape": shape, "format": extension, "name": final, **size}
