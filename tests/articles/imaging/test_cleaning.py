"""The clean copy: upright, in sRGB, at most so large, and silent about where it comes from."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from articles.imaging import cleaning
from tests.articles.imaging import samples
from tests.articles.imaging.samples import SECRET, encoded, gradient, with_iptc, with_secrets


def clean(tmp_path: Path, content: bytes) -> tuple[dict[str, Any], Image.Image, bytes]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    answer = cleaning.clean(source, target)
    made = target.read_bytes()
    return answer, Image.open(BytesIO(made)), made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_nothing_written_beside_the_picture_stays(kind: str, tmp_path: Path) -> None:
    content = with_secrets(kind)
    # AVIF and WebP may store it as it is, PNG compresses some of it.
    assert SECRET in content
    answer, picture, made = clean(tmp_path, content)
    for trace in (SECRET, b"Exif", b"GPS", b"xmp", b"Photoshop", b"ICC_PROFILE", b"iCCP", b"tEXt", b"eXIf"):
        assert trace not in made
    assert not picture.getexif()
    assert answer["was"] == kind
    assert answer["format"] == ("PNG" if kind in ("PNG", "GIF") else "JPEG")


def test_a_thumbnail_and_what_follows_the_picture_go(tmp_path: Path) -> None:
    second = encoded("JPEG", Image.new("RGB", (40, 40), "red"))
    _answer, picture, made = clean(tmp_path, encoded("JPEG") + second)
    assert picture.size == (96, 64)
    assert made.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_stands_as_the_camera_was_held(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    answer, picture, _made = clean(tmp_path, encoded(kind, exif=exif.tobytes()))
    assert picture.size == (64, 96) == (answer["width"], answer["height"])
    # A quarter turn clockwise: what was at the bottom left stands at the top left.
    expected = gradient().transpose(Image.Transpose.ROTATE_270).getpixel((3, 3))
    found = picture.getpixel((3, 3))
    assert all(abs(a - b) < 30 for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("1", "PNG"), ("I;16", "PNG")],
)
def test_every_mode_becomes_rgb(mode: str, kind: str, tmp_path: Path) -> None:
    picture = gradient().convert("L").convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else None
    _answer, made, _bytes = clean(tmp_path, encoded(kind, picture or gradient().convert(mode)))
    assert made.mode == "RGB"
    grey = gradient().convert("L").getpixel((90, 60))
    if mode != "1":
        assert abs(made.convert("L").getpixel((90, 60)) - grey) < 40


def test_transparent_parts_are_white(tmp_path: Path) -> None:
    _answer, picture, _made = clean(tmp_path, encoded("PNG", Image.new("RGBA", (40, 40), (255, 0, 0, 0))))
    assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_kept_at_a_bounded_size(tmp_path: Path) -> None:
    answer, _picture, _made = clean(tmp_path, encoded("JPEG", Image.new("L", (5000, 400), 90)))
    assert (answer["width"], answer["height"]) == (4096, 328)


@pytest.mark.parametrize("profile", [samples.srgb_profile(), b"x" * 200, b""], ids=["sRGB", "broken", "none"])
def test_colours_come_through_whatever_the_profile(profile: bytes, tmp_path: Path) -> None:
    _answer, picture, _made = clean(
        tmp_path, encoded("JPEG", Image.new("RGB", (40, 40), "#2060a0"), icc_profile=profile)
    )
    assert all(abs(a - b) < 6 for a, b in zip(picture.getpixel((9, 9)), (0x20, 0x60, 0xA0), strict=True))


def test_the_same_file_gives_the_same_copy(tmp_path: Path) -> None:
    assert clean(tmp_path, with_secrets("JPEG"))[2] == clean(tmp_path, with_secrets("JPEG"))[2]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Kapal “Tarna” di selat".encode(), "Kapal “Tarna” di selat"),
        ("Café".encode("latin-1"), "Café"),
        (b"a\x00b\x1b[31m\r\nc\xe2\x80\xaed", "a b [31m c d"),
        (b"x" * 5000, "x" * 500),
        (b"<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_a_caption_in_the_file_comes_as_plain_text(value: bytes, words: str, tmp_path: Path) -> None:
    answer, _picture, _made = clean(tmp_path, with_iptc({(2, 120): value, (2, 80): b"Ada Wibowo"}))
    assert answer["found"] == {"caption": words, "credit": "Ada Wibowo"}
