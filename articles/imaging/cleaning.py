"""A clean copy of a picture: upright, in sRGB, without a byte of what the camera or the sender wrote beside it."""

from __future__ import annotations

import re
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin, PngImagePlugin

from articles.imaging.containers import examine
from articles.imaging.errors import Unfit

MOST_PIXELS = 50_000_000
LEAST_SIDE = 32
# The longest side that is kept; the largest size readers get is half of it.
LONGEST_SIDE = 4096
JPEG_QUALITY = 92
# Compressed text beside the pixels may unfold to so much, all of it together.
PngImagePlugin.MAX_TEXT_CHUNK = 1024 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024
LARGEST_PROFILE = 4 * 1024 * 1024
SRGB = ImageCms.createProfile("sRGB")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+")
# Field of ours -> dataset of IPTC-NAA record 2 (IIM 4.2), longest text taken over.
IPTC = {"title": ((2, 5), 200), "caption": ((2, 120), 500), "credit": ((2, 80), 200)}


def clean(source: Path, target: Path) -> dict[str, Any]:
    """Write the clean copy of `source` to `target`, and return {"format", "width", "height", "found", "was"}.

    PNG and GIF stay lossless, as PNG; the rest becomes JPEG. Transparent parts become white. `found` is what IPTC says
    of title, caption and credit, as plain text; `was` is the format that came in. Raises Unfit.
    """
    data = source.read_bytes()
    kind = examine(data)
    warnings.simplefilter("ignore")
    # We judge the size ourselves, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(BytesIO(data), formats=[kind])
        _judge(picture)
        found = _found(picture)
        upright = _upright(picture, kind)
        lossless = kind in ("PNG", "GIF")
        options: dict[str, Any] = {"compress_level": 2} if lossless else {"quality": JPEG_QUALITY, "subsampling": 0}
        fresh = Image.new("RGB", upright.size)
        fresh.paste(upright)
        fresh.save(target, "PNG" if lossless else "JPEG", **options)
    except Unfit:
        raise
    except MemoryError as error:
        raise Unfit("too_complex") from error
    # Decoders raise whatever they like on hostile bytes; all of it means one thing.
    except Exception as error:
        raise Unfit("truncated" if "truncated" in str(error) else "damaged") from error
    size = {"width": fresh.width, "height": fresh.height}
    return {"format": "PNG" if lossless else "JPEG", "was": kind, "found": found, **size}


def _judge(picture: Image.Image) -> None:
    """Refuse what is too large, too small or moves, by its header alone."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Unfit("too_many_pixels", width=width, height=height, most=MOST_PIXELS // 1_000_000)
    if min(width, height) < LEAST_SIDE:
        raise Unfit("too_small", width=width, height=height, least=LEAST_SIDE)
    # A JPEG with a second picture behind the first, as telephones write it, is no film.
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        raise Unfit("moving")


def _upright(picture: Image.Image, kind: str) -> Image.Image:
    """Decode, make it at most LONGEST_SIDE long, turn it as EXIF says, bring it to RGB in sRGB on white."""
    if kind == "JPEG":
        # Decodes at a half or less where that is enough: a quarter of the memory.
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    orientation = picture.getexif().get(0x0112, 1)
    profile = picture.info.get("icc_profile")
    shallow = _eight_bits(picture)
    shallow.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(_marked(shallow, orientation))
    return _in_srgb(turned, profile)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be scaled: grey, RGB, CMYK, or RGBA flattened on white."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode == "P" or picture.has_transparency_data:
        # From here on, on white.
        layered = picture.convert("RGBA")
        white = Image.new("RGB", layered.size, "white")
        white.paste(layered, mask=layered.getchannel("A"))
        return white
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _marked(picture: Image.Image, orientation: Any) -> Image.Image:
    """Return the picture with that orientation and nothing else written beside it."""
    bare = picture.copy()
    bare.info.clear()
    bare.getexif().clear()
    if isinstance(orientation, int) and 1 < orientation <= 8:
        bare.getexif()[0x0112] = orientation
    return bare


def _in_srgb(picture: Image.Image, profile: Any) -> Image.Image:
    """Return the picture as its profile means it; a profile that does not fit is left aside."""
    if isinstance(profile, bytes) and 128 <= len(profile) <= LARGEST_PROFILE:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, meant, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, ValueError, TypeError, OSError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")


def _found(picture: ImageFile.ImageFile) -> dict[str, str]:
    """Return what IPTC says of the picture, as plain text to begin with; nothing where that cannot be read."""
    try:
        written = IptcImagePlugin.getiptcinfo(picture) or {}
    except Exception:
        return {}
    found = {}
    for name, (dataset, longest) in IPTC.items():
        value = written.get(dataset)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, bytes) and (words := plain(value, longest)):
            found[name] = words
    return found


def plain(value: bytes, longest: int) -> str:
    """Return `value` as one line of text: UTF-8 or else Latin-1, without control and direction characters."""
    try:
        words = value[: longest * 4].decode("utf-8", "strict")
    except UnicodeDecodeError:
        words = value[: longest * 4].decode("latin-1")
    return " ".join(CONTROL.sub(" ", words).split())[:longest]
