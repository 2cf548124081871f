"""What a file is by its first bytes, and whether it is whole, before anything decodes a pixel.

Each format's outermost structure is walked and no more: that finds a file that breaks off without the memory that
decoding it would take, and counts what decoders can be made to choke on.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from struct import unpack_from

from articles.imaging.errors import Unfit

# A baseline picture has one scan, a progressive one about ten; every scan of a few bytes costs a pass over all pixels.
MOST_SCANS = 64
# After the entropy-coded data of a JPEG: any marker that is no stuffed byte and no restart.
JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
JPEG_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
# Brands by which one container says what is coded in it (AV1 image file format, 8; ISO 23008-12, annex B).
AVIF = {b"avif", b"avis"}
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
# What browsers and servers would run if they were ever handed the file as something else.
ACTIVE = re.compile(
    rb"<\?php\s|<script[\s>/]|<!doctype\s+html|<html[\s>]|<svg[\s>]|<iframe[\s>]|%PDF-\d\.\d", re.IGNORECASE
)


def kind_of(data: bytes) -> str:
    """Return Pillow's name of the format `data` begins as; raises Unfit for every other."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brands = _brands(data)
        if data[8:12] in (b"avif", b"avis", b"mif1", b"msf1") and (brands & AVIF or not brands & HEIC):
            return "AVIF"
        if brands & HEIC:
            raise Unfit("heic")
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        raise Unfit("svg")
    raise Unfit("empty" if not data else "not_a_picture")


def _brands(data: bytes) -> set[bytes]:
    """Return the brands of a file that begins with its type: the major one, and those it is compatible with."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    return {data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))}


def examine(data: bytes) -> str:
    """Return the format of a whole file that is a picture and nothing else besides; raises Unfit."""
    kind = kind_of(data)
    try:
        WALKS[kind](data)
    except (IndexError, ValueError, OverflowError) as error:
        raise Unfit("truncated") from error
    # Cameras append harmless things (second pictures, films); what could be run has no business in a picture.
    if ACTIVE.search(data) or zipfile.is_zipfile(BytesIO(data)):
        raise Unfit("polyglot")
    return kind


def _jpeg(data: bytes) -> None:
    """Walk the segments up to the end-of-image marker (ITU T.81, B.1)."""
    at, scans = 2, 0
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise Unfit("damaged")
        marker = data[at + 1]
        at += 2
        if marker == 0xD9:
            return
        if marker in JPEG_WITHOUT_LENGTH:
            continue
        at += _number(data, at, 2)
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                raise Unfit("too_complex")
            found = JPEG_MARKER.search(data, at)
            if found is None:
                raise Unfit("truncated")
            at = found.end() - 2


def _png(data: bytes) -> None:
    """Walk the chunks up to IEND (PNG, 5.3)."""
    at = 8
    while data[at + 4 : at + 8] != b"IEND":
        if data[at + 4 : at + 8] == b"acTL":
            raise Unfit("moving")
        at += 12 + _number(data, at, 4)
    if at + 12 > len(data):
        raise Unfit("truncated")


def _gif(data: bytes) -> None:
    """Walk the blocks up to the trailer, and refuse a second frame (GIF89a, 17 to 27)."""
    flags = data[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    frames = 0
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            frames += 1
            if frames > 1:
                raise Unfit("moving")
            flags = data[at + 9]
            at += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        elif data[at] == 0x21:
            at += 2
        else:
            raise Unfit("damaged")
        while data[at]:
            at += 1 + data[at]
        at += 1


def _webp(data: bytes) -> None:
    """Compare the size the container states; refuse animations (RFC 9649, 2.3 and 2.7)."""
    if 8 + unpack_from("<I", data, 4)[0] > len(data):
        raise Unfit("truncated")
    if data[12:16] == b"VP8X" and data[20] & 0x02:
        raise Unfit("moving")


def _avif(data: bytes) -> None:
    """Walk the outermost boxes (ISO 14496-12, 4.2); refuse sequences."""
    at = 0
    while at < len(data):
        size = _number(data, at, 4)
        if size == 1:
            size = _number(data, at + 8, 8)
        if size == 0:
            return
        if data[at + 4 : at + 8] == b"moov":
            raise Unfit("moving")
        if size < 8 or at + size > len(data):
            raise Unfit("truncated")
        at += size


def _number(data: bytes, at: int, length: int) -> int:
    piece = data[at : at + length]
    if len(piece) < length:
        raise Unfit("truncated")
    return int.from_bytes(piece, "big")


WALKS: dict[str, Callable[[bytes], None]] = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp, "AVIF": _avif}
