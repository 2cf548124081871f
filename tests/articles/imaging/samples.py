"""Pictures made in code: small, whole, and as cameras, telephones and editing programs write them."""

from __future__ import annotations

from io import BytesIO
from struct import pack
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = b"GPS-7.2575-112.7521-SECRET"


def gradient(width: int = 96, height: int = 64) -> Image.Image:
    """Return a picture in which every corner differs: red on the left, green at the top."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 40)))


def encoded(kind: str = "JPEG", picture: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as a file of that format."""
    target = BytesIO()
    (picture or gradient()).save(target, kind, **options)
    return target.getvalue()


def with_secrets(kind: str) -> bytes:
    """Return a file that tells where and by whom it was taken, in each way its format has."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x013B] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    xmp = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    if kind == "PNG":
        text = PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return encoded("PNG", exif=exif.tobytes(), pnginfo=text)
    if kind == "GIF":
        return encoded("GIF", comment=SECRET)
    if kind == "JPEG":
        plain = encoded("JPEG", exif=exif.tobytes(), xmp=xmp, comment=SECRET)
        return plain[:2] + segment(0xED, iptc({(2, 120): SECRET})) + plain[2:] + SECRET
    return encoded(kind, exif=exif.tobytes(), xmp=xmp)


def segment(marker: int, content: bytes) -> bytes:
    """Return a JPEG segment."""
    return b"\xff" + bytes([marker]) + pack(">H", len(content) + 2) + content


def iptc(datasets: dict[tuple[int, int], bytes]) -> bytes:
    """Return the content of a Photoshop segment with IPTC datasets (IIM 4.2)."""
    records = b"".join(b"\x1c" + bytes(key) + pack(">H", len(value)) + value for key, value in datasets.items())
    resource = b"8BIM\x04\x04\x00\x00" + pack(">I", len(records)) + records
    return b"Photoshop 3.0\x00" + resource + b"\x00" * (len(records) % 2)


def with_iptc(datasets: dict[tuple[int, int], bytes]) -> bytes:
    """Return a JPEG with these IPTC datasets."""
    plain = encoded("JPEG")
    return plain[:2] + segment(0xED, iptc(datasets)) + plain[2:]


def srgb_profile() -> bytes:
    """Return a colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
