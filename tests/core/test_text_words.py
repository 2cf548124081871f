"""Clean lines, slugs and stems."""

from __future__ import annotations

import re
import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.core.text import clean_line, clean_text, slugify, stem, words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rea \t Putri ", "Rea Putri"),
        ("Rea\x00\x07\x1b[31m", "Rea[31m"),
        ("Rea\u202egnp.exe", "Reagnp.exe"),
        ("Rea\r\nBcc: x@example.org", "Rea Bcc: x@example.org"),
        ("a\u2028b\u0085c", "a b c"),
        ("e\u0301", "é"),
        ("👩‍🚀 🇮🇩", "👩‍🚀 🇮🇩"),
        ("\u200b\ufeff", ""),
        ("\ud800x", "x"),
    ],
)
def test_clean_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_clean_text_keeps_paragraphs() -> None:
    assert clean_text("satu\r\ndua  \r\r\r\rtiga\u202e\n") == "satu\ndua\n\ntiga"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_text):
        assert clean(clean(text)) == clean(text)
        assert unicodedata.is_normalized("NFC", clean(text))


@given(st.text())
def test_a_clean_line_is_one_line(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Laut yang Tak Lagi Tenang", "laut-yang-tak-lagi-tenang"),
        ("Jum’at: Erdoğan & Wałęsa bertemu", "jumat-erdogan-walesa-bertemu"),
        ("Straße, Đà Nẵng, Þór", "strasse-da-nang-thor"),
        ("ﬁnal ½", "final-1-2"),
        ("ニュース", ""),
        ("--", ""),
        ("", ""),
    ],
)
def test_slugify(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_slugs_are_cut_at_a_word() -> None:
    assert slugify("satu dua tiga", max_length=9) == "satu-dua"
    assert slugify("satu dua tiga", max_length=8) == "satu-dua"
    assert slugify("keanekaragaman", max_length=5) == "keane"


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_slugs_are_short_and_plain(text: str, length: int) -> None:
    slug = slugify(text, max_length=length)
    assert len(slug) <= length
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert slugify(slug, max_length=length) == slug


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("pemilihan", "id", "pilih"),
        ("Memilih", "id", "pilih"),
        ("elections", "en", "elect"),
        ("Wahlen", "de", "wahlen"),
    ],
)
def test_stem(word: str, language: str, expected: str) -> None:
    assert stem(word, language) == expected


def test_stems_are_right_in_many_threads() -> None:
    vocabulary = [f"pem{syllable}ilihan{n}" for syllable in "abcdefgh" for n in range(200)]
    stem.cache_clear()
    alone = [stem(word, "id") for word in vocabulary]
    stem.cache_clear()
    results: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: results.append([stem.__wrapped__(word, "id") for word in vocabulary]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [alone] * 4


def test_words() -> None:
    assert words("G-20: Jum’at, 12 Agustus!") == ["g-20", "jum’at", "12", "agustus"]
