"""Merging two edits of one text."""

from __future__ import annotations

import pytest

from articles.merging import merge

BASE = "<p>Satu</p><p>Dua</p><p>Tiga</p>"


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (
            "<p>Satu A</p><p>Dua</p><p>Tiga</p>",
            "<p>Satu</p><p>Dua</p><p>Tiga B</p>",
            "<p>Satu A</p><p>Dua</p><p>Tiga B</p>",
        ),
        (
            "<p>Satu A</p><p>Dua</p><p>Tiga</p>",
            "<p>Satu</p><p>Dua B</p><p>Tiga</p>",
            "<p>Satu A</p><p>Dua B</p><p>Tiga</p>",
        ),
        ("<p>Nol</p>" + BASE, "<p>Satu</p><p>Dua</p>", "<p>Nol</p><p>Satu</p><p>Dua</p>"),
        (BASE + "<p>Empat</p>", "<p>Dua</p><p>Tiga</p>", "<p>Dua</p><p>Tiga</p><p>Empat</p>"),
        (BASE, "<p>Dua</p>", "<p>Dua</p>"),
        ("<p>Sama</p>", "<p>Sama</p>", "<p>Sama</p>"),
        ("<p>Satu A</p><p>Dua</p><p>Tiga</p>", "<p>Satu B</p><p>Dua</p><p>Tiga</p>", None),
        (BASE + "<p>A</p>", BASE + "<p>B</p>", None),
        ("<p>Satu</p>", "<p>Satu</p><p>Dua B</p><p>Tiga</p>", None),
        ("<p>Satu</p><p>A</p><p>Dua</p><p>Tiga</p>", "<p>Satu B</p><p>Dua</p><p>Tiga</p>", None),
    ],
)
def test_edits_are_joined_unless_they_meet(mine: str, theirs: str, expected: str | None) -> None:
    assert merge(BASE, mine, theirs) == expected
    if expected is not None:
        assert merge(BASE, theirs, mine) == expected


def test_what_is_merged_is_clean() -> None:
    assert merge("<p>x</p>", "<p onclick='y()'>x</p><script>z()</script><p>A</p>", "<p>x</p>") == "<p>x</p><p>A</p>"
