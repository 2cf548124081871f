"""Watched words: whole words after folding, and no others."""

from __future__ import annotations

import pytest

from comments.models import WatchedWord
from comments.moderation import words
from comments.moderation.folding import read
from comments.moderation.words import Watched, fold_phrase, matches
from newsroom.core.models import AuditEntry
from tests.comments.factories import AT, moderator


def hits(text: str, *phrases: str) -> list[str]:
    watched = [Watched(phrase, fold_phrase(phrase), False) for phrase in phrases]
    reading = read(text)
    return [text[slice(*reading.span(match.start, match.end))] for match in matches(reading, watched)]


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("Ini kuda saya.", "kuda", ["kuda"]),
        ("Ini KUDA, kuda!", "kuda", ["KUDA", "kuda"]),
        ("Kudaku berlari", "kuda", []),
        ("Kudaku berlari", "kuda*", ["Kudaku"]),
        ("kuda-lumping dan kuda   lumping", "kuda lumping", ["kuda-lumping", "kuda   lumping"]),
        ("kuda merah lumping", "kuda lumping", []),
        ("kuda lumpingnya", "kuda lump*", ["kuda lumpingnya"]),
        ("k u d a dan k-u-d-a", "kuda", ["k u d a", "k-u-d-a"]),
        ("lump1ng", "lumping", ["lump1ng"]),
        ("lumping", "lump1ng", []),
        ("naik kud4", "kuda", []),
    ],
)
def test_whole_words_after_folding(text: str, phrase: str, found: list[str]):
    assert hits(text, phrase) == found


def test_each_place_is_found_once_whatever_the_reading():
    assert hits("kuda lumping", "kuda", "kuda*", "kuda lumping") == ["kuda", "kuda lumping", "kuda"]


CLEAN = """
Analisis itu menganalisa kanal, banal, arsenal dan skandal di Kabupaten Banyuasin. Dokter spesialis dan specialist
bicara tentang sosialisasi, assassination dan klasik. Pasal 33 ayat 2, Su-57, S-400, F-35, MiG-29, G20, covid19,
tahun2024 dan B-52 disebut. Scunthorpe, Penistone, Essex, Arsenal, grapes, cockpit, document, therapist. Anjing laut
dan babi hutan adalah satwa; monyet juga. Kapal tanker melintas, harga minyak naik, rupiah melemah.
Assalamualaikum, bangsat bukan bangsawan, tolong dibaca sampai selesai.
"""


def test_clean_words_that_hold_bad_ones_are_no_hits():
    bad = ["anal", "ass", "sex", "cialis", "penis", "rape", "cock", "cum", "anjing*", "asu", "tai", "judi", "slot"]
    assert hits(CLEAN, *bad) == ["Anjing"]


def test_add_folds_and_audits_without_the_word(db: None):
    word = words.add("  Kuda  LUMPING ", action="ban", note="Pesan berantai", by=moderator(), at=AT)
    assert (word.phrase, word.folded) == ("Kuda LUMPING", "kuda lumping")
    assert AuditEntry.objects.get(action="watched_word.add").data == {"treatment": "ban"}
    assert [(watched.phrase, watched.is_banned) for watched in words.watched()] == [("Kuda LUMPING", True)]


def test_add_refuses_the_same_letters_twice(db: None):
    words.add("kuda", action="hold", by=moderator(), at=AT)
    with pytest.raises(words.AlreadyWatched):
        words.add("𝗞𝗨𝗗𝗔", action="ban", by=moderator(), at=AT)
    assert WatchedWord.objects.count() == 1


@pytest.mark.parametrize("phrase", ["", "***", "!?", "\u200b", "🙂"])
def test_add_refuses_what_could_never_match(db: None, phrase: str):
    with pytest.raises(words.NothingToMatch):
        words.add(phrase, action="ban", by=moderator(), at=AT)


@pytest.mark.parametrize("phrase", ["a*", "ab*", "𝗔𝗯*"])
def test_add_refuses_the_beginning_of_nearly_everything(db: None, phrase: str):
    with pytest.raises(words.TooBroad):
        words.add(phrase, action="hold", by=moderator(), at=AT)
    assert words.add("abc*", action="hold", by=moderator(), at=AT).folded == "abc*"


def test_change_and_remove(db: None):
    word = words.add("kuda", action="hold", by=moderator(), at=AT)
    words.change(word.pk, action="ban", note="Terlalu sering", by=moderator(), at=AT)
    assert words.watched()[0].is_banned
    words.remove(word.pk, by=moderator(), at=AT)
    assert words.watched() == ()
    assert AuditEntry.objects.filter(action="watched_word.remove", object_id=str(word.pk)).count() == 1


@pytest.mark.parametrize("phrase", ["a" * 101, "㎢" * 100])
def test_add_refuses_what_does_not_fit(db: None, phrase: str):
    with pytest.raises(words.TooLong):
        words.add(phrase, action="ban", by=moderator(), at=AT)
