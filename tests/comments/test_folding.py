"""Readings: what the system sees, and the way back to what was typed."""

from __future__ import annotations

import pytest

from comments.moderation.folding import disguises, read


@pytest.mark.parametrize(
    ("typed", "essence"),
    [
        ("Kuda Lumping!", "kuda lumping"),
        ("𝗞𝘂𝗱𝗮 ｌｕｍｐｉｎｇ", "kuda lumping"),
        ("k u d a", "kuda"),
        ("k.u.d.a", "kuda"),
        ("кuda", "kuda"),
        ("ku\u200bda", "kuda"),
        ("kú̲d̲a", "kuda"),
        ("kuuuuda", "kuda"),
        ("S-400, F-16 dan G20", "s 400 f 16 dan g20"),
    ],
)
def test_reading_undoes_disguises(typed: str, essence: str):
    assert read(typed).essence == essence


def test_digits_between_letters_are_also_read_as_letters():
    assert read("kud4 l0mping s400 covid19").spelled.essence == "kud4 lomping s400 covid19"


@pytest.mark.parametrize("typed", ["🅺🆄🅳🅰", "k u d a", "KÚDA", "ｋｕｄａ", "k-u-d-a", "𝒌𝒖𝒅𝒂\ufe0f"])
def test_span_leads_back_to_the_very_letters(typed: str):
    text = f"Ini 🙂 {typed} itu."
    reading = read(text)
    (word,) = (word for word in reading.words if word.text == "kuda")
    start, end = reading.span(word.start, word.end)
    assert text[start:end].rstrip("\ufe0f") == typed.rstrip("\ufe0f")


@pytest.mark.parametrize(
    "typed",
    [
        "𝐊𝐔𝐃𝐀",
        "Ｋｕｄａ",
        "🅺🆄🅳🅰",
        "K̲U̲D̲A̲",
        "kudа",
        "[k][u][d][a]",
        "【k】【u】【d】【a】",
        "k u d a j a w a",
        "ⓚⓤⓓⓐ",
        "𝐊 𝐔 𝐃 𝐀",
    ],
)
def test_disguise_is_seen(typed: str):
    text = f"Coba {typed} sekarang"
    spans = disguises(text, read(text))
    assert spans
    assert all(text[start:end].strip() in typed for start, end in spans)


@pytest.mark.parametrize(
    "typed",
    [
        "Résumé, naïve, São Tomé, Đà Nẵng, Việt Nam, Łódź, İstanbul",
        "Путин сказал: всё хорошо",
        "Αθήνα και Θεσσαλονίκη",
        "negara² itu, 25 m² dan H₂O, ½ dari 10ª",
        "🤦‍♂️🤦‍♂️🤦‍♂️ ❤️❤️❤️ 🇮🇩🇮🇩",
        "A. B. C. lalu (a) (b) (c) dan 1. 2. 3.",
        "Rp 1 2 3",
        "ไทย العربية 中文 ꦲꦏ꧀ꦱꦫ",
    ],
)
def test_honest_writing_is_no_disguise(typed: str):
    assert disguises(typed, read(typed)) == ()
