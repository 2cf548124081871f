"""What a file is, and whether it is whole, by its structure alone."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.imaging import containers
from articles.imaging.errors import Unfit
from tests.articles.imaging.samples import encoded, with_secrets

WHOLE = {kind: with_secrets(kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")}
WHOLE |= {"progressive": encoded("JPEG", progressive=True), "lossless": encoded("WEBP", lossless=True)}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_pass(name: str) -> None:
    assert containers.examine(WHOLE[name]) == {"progressive": "JPEG", "lossless": "WEBP"}.get(name, name)


@pytest.mark.parametrize("name", WHOLE)
def test_every_beginning_of_a_file_is_refused(name: str) -> None:
    content = WHOLE["JPEG"][: -len(b"GPS-7.2575-112.7521-SECRET")] if name == "JPEG" else WHOLE[name]
    for length in range(0, len(content), max(len(content) // 60, 1)):
        with pytest.raises(Unfit):
            containers.examine(content[:length])
    with pytest.raises(Unfit):
        containers.examine(content[:-1])


@pytest.mark.parametrize(
    ("brands", "why"),
    [
        (b"heic\0\0\0\0mif1heic", "heic"),
        (b"mif1\0\0\0\0mif1heic", "heic"),
        (b"heix\0\0\0\0", "heic"),
        (b"isom\0\0\0\0isomavc1", "not_a_picture"),
    ],
)
def test_a_photo_of_a_telephone_is_called_by_its_name(brands: bytes, why: str) -> None:
    content = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands + bytes(400)
    with pytest.raises(Unfit) as refused:
        containers.examine(content)
    assert refused.value.code == why


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_whatever_is_written_over_a_file_it_is_judged(name: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    # Whatever is wrong with it, nothing else is raised.
    with contextlib.suppress(Unfit):
        assert containers.examine(bytes(content)) in containers.WALKS
