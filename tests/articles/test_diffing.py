"""Word differences: right, and safe whatever they are made from."""

from __future__ import annotations

import random
import re

import pytest

from articles import diffing
from newsroom.core import richtext

WORDS = ["kapal", "selat", "laut", "perang", "damai", "jalur", "dua", "<strong>empat</strong>", "<em>lima</em>"]
FRAMES = ["<p>{}</p>", "<h2>{}</h2>", "<ul><li><p>{}</p></li></ul>", "<blockquote><p>{}</p></blockquote>"]


def letters(markup: str) -> str:
    return "".join(richtext.plain_text(markup).split())


def a_block(chance: random.Random) -> str:
    return chance.choice(FRAMES).format(" ".join(chance.choices(WORDS, k=chance.randint(2, 12))))


def an_edit(blocks: list[str], chance: random.Random) -> list[str]:
    edited = list(blocks)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(edited))
        how = chance.randrange(4)
        if how == 0:
            edited.insert(place, a_block(chance))
        elif how == 1 and len(edited) > 1:
            edited.pop(place)
        elif how == 2:
            chance.shuffle(edited)
        else:
            edited[place] = edited[place].replace(
                "laut", chance.choice(["teluk", "<em>teluk</em>", "", "laut & teluk"])
            )
    return edited


def test_changed_words_are_marked_where_they_stand() -> None:
    marked = diffing.words(
        "<p>Selat itu <strong>ditutup</strong> lagi.</p><p>Tetap.</p>",
        "<p>Selat itu <strong>dibuka</strong> lagi.</p><p>Tetap.</p>",
    )
    assert marked.endswith("<p>Tetap.</p>")
    assert "<del>ditutup</del>" in marked
    assert "<ins>dibuka</ins>" in marked
    assert "Selat itu" in marked


def test_equal_texts_have_no_marks() -> None:
    assert diffing.words("<p>Sama.</p>", "<p>Sama.</p>") == "<p>Sama.</p>"
    assert diffing.line("a < b", "a < b") == "a &lt; b"


@pytest.mark.parametrize("seed", range(60))
def test_without_insertions_it_is_the_old_text_and_without_deletions_the_new(seed: int) -> None:
    chance = random.Random(seed)
    blocks = [a_block(chance) for _ in range(chance.randint(1, 8))]
    old, new = "".join(blocks), "".join(an_edit(blocks, chance))
    marked = diffing.words(old, new)
    assert letters(re.sub(r"<ins>.*?</ins>", "", marked)) == letters(old)
    assert letters(re.sub(r"<del>.*?</del>", "", marked)) == letters(new)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p><a href='javascript:alert(1)'>x</a></p>",
        "<p onclick=alert(1) style='color:red'>x</p>",
        "<img src=x onerror=alert(1)>",
        "<ins onmouseover=alert(1)>x</ins>",
        "<svg><script>alert(1)</script></svg>",
    ],
)
def test_whatever_goes_in_nothing_active_comes_out(hostile: str) -> None:
    for before, after in ((hostile, "<p>x</p>"), ("<p>x</p>", hostile), (hostile, hostile)):
        for marked in (diffing.words(before, after), diffing.line(before, after)):
            markup = re.sub(r"&lt;.*?&gt;", "", marked)
            assert not re.search(r"<(script|img|svg)|\son\w+=|style=|href=.javascript", markup), marked


def test_a_link_that_changed_keeps_only_its_own_address() -> None:
    marked = diffing.words(
        '<p><a href="https://a.id/">sumber itu</a> ada</p>', '<p><a href="https://b.id/">sumber itu</a> ada</p>'
    )
    assert "data-old" not in marked
    assert "tagdiff" not in marked
