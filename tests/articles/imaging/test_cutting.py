"""Sizes and cuts about a focal point."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from articles.imaging import cutting
from tests.articles.imaging.samples import gradient

PER_CENT = st.integers(0, 100)
SIDE = st.integers(32, 4096)


@given(SIDE, SIDE, PER_CENT, PER_CENT)
def test_cuts_lie_within_the_picture_and_are_never_larger(width: int, height: int, x: int, y: int) -> None:
    for cut in cutting.cuts(width, height, (x, y)):
        left, top, right, bottom = cut.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert list(cut.widths) == sorted(set(cut.widths))
        assert max(cut.widths) <= right - left


@pytest.mark.parametrize(
    ("focal", "left"), [((50, 50), 400), ((0, 50), 0), ((100, 50), 800), ((25, 90), 0), ((60, 0), 560)]
)
def test_a_cut_is_as_near_to_the_point_as_the_edges_let_it(focal: tuple[int, int], left: int) -> None:
    square = next(cut for cut in cutting.cuts(1600, 800, focal) if cut.shape == "square")
    assert square.box == (left, 0, left + 800, 800)


@pytest.mark.parametrize(
    ("available", "widths"),
    [
        (4000, (320, 480, 640, 960, 1280, 1920)),
        (1920, (320, 480, 640, 960, 1280, 1920)),
        (1300, (320, 480, 640, 960, 1280)),
        (1600, (320, 480, 640, 960, 1280, 1600)),
        (200, (200,)),
    ],
)
def test_widths_are_fixed_and_end_with_what_there_is(available: int, widths: tuple[int, ...]) -> None:
    assert next(cut.widths for cut in cutting.cuts(available, 3000, (50, 50)) if cut.shape == "full") == widths


def test_files_are_named_by_their_content_and_show_the_part_about_the_point(tmp_path: Path) -> None:
    source = tmp_path / "source"
    gradient(160, 40).save(source, "PNG")
    made = cutting.render(source, tmp_path, (100, 50), ["square"])
    assert {(file["format"], file["width"], file["height"]) for file in made} == {
        (kind, 40, 40) for kind in cutting.FORMATS
    }
    for file in made:
        content = (tmp_path / file["name"]).read_bytes()
        assert file["name"] == f"{hashlib.sha256(content).hexdigest()[:24]}.{file['format']}"
        assert file["byte_size"] == len(content)
        with Image.open(tmp_path / file["name"]) as picture:
            # The right end of the gradient.
            assert picture.size == (40, 40)
            assert abs(picture.convert("RGB").getpixel((20, 20))[0] - gradient(160, 40).getpixel((140, 20))[0]) < 25
