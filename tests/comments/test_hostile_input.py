"""Input meant to break something: a clear answer, nothing lost, nothing executed, nothing slow."""

from __future__ import annotations

import time

import pytest

from articles.models import Article
from comments import posting, tree
from comments.models import Comment
from comments.moderation.folding import disguises, read
from comments.moderation.rules import RULES
from comments.moderation.submission import Submission
from comments.moderation.words import Watched
from comments.posting import Posted, Refused
from tests.comments.factories import AT, decide, typed

LONG = 100_000


def stored(article: Article, **fields: str) -> Comment:
    posted = posting.post(**typed(article, **fields))
    assert isinstance(posted, Posted), posted
    return Comment.objects.get(pk=posted.comment_id)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b[31m", "\x7f", "\x85", "\ufeff", "\ud800", "\U000e0041"])
def test_control_characters_are_taken_out(article: Article, sign: str):
    comment = stored(article, name=f"R{sign}ea", text=f"Satu{sign}dua dan tiga.")
    for char in sign[:1]:
        assert char not in comment.name + comment.text


@pytest.mark.parametrize("sign", list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_bidi_controls_are_taken_out(article: Article, sign: str):
    comment = stored(article, name=f"Rea{sign}", text=f"Uji {sign}balik arah.")
    assert sign not in comment.name + comment.text


def test_name_is_one_line(article: Article):
    comment = stored(article, name="Rea\r\nBcc: tom@example.com")
    assert comment.name == "Rea Bcc: tom@example.com"


def test_address_with_a_line_break_is_refused_or_one_line(article: Article):
    answer = posting.post(**typed(article, email="rea@example.com\r\nBcc: tom@example.com"))
    assert isinstance(answer, Refused)
    assert list(answer.errors) == ["email"]


def test_nothing_but_invisible_characters_is_empty(article: Article):
    answer = posting.post(**typed(article, name="\u200b\u2060", text="\u202e\ufeff\n\t"))
    assert isinstance(answer, Refused)
    assert set(answer.errors) == {"name", "text"}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{ 7*7 }} {% debug %}",
        "'; DROP TABLE x; --",
        "%s %d",
    ],
)
def test_markup_is_text(article: Article, text: str):
    comment = stored(article, text=text)
    assert comment.text == text
    decide(comment, "approved")
    assert tree.page(article.pk, at=AT).branches[0].root.text == text


def test_emoji_and_other_scripts_come_back_as_typed(article: Article):
    text = "👩‍👩‍👧‍👦 🇮🇩 ꦲꦏ꧀ꦱꦫꦗꦮ العربية 中文 ไทย"
    assert stored(article, name="Ꙩ 🙂", text=text).text == text


@pytest.mark.parametrize("field", ["name", "email", "text"])
def test_100_kilobytes_are_refused_fast(article: Article, field: str):
    begun = time.process_time()
    answer = posting.post(**typed(article, **{field: "🙂ａ " * (LONG // 3)}))
    assert isinstance(answer, Refused)
    assert list(answer.errors) == [field]
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    ["a" * LONG, "a " * (LONG // 2), "a1" * (LONG // 2), "[a]" * (LONG // 3), "www." * (LONG // 4), "𝐀" * LONG,
     "e\u0301\u0332" * (LONG // 3), "а" * LONG, "aа" * (LONG // 2), "-" * LONG, "a-" * (LONG // 2), "7" * LONG],
    ids=range(12),
)  # fmt: skip
def test_rules_are_fast_on_hostile_text(text: str):
    watched = tuple(Watched(f"kata{number}", f"kata{number}*", False) for number in range(1000))
    submission = Submission(name="Rea", text=text[:5000], watched=watched)
    begun = time.process_time()
    for rule in RULES:
        rule(submission)
    assert time.process_time() - begun < 0.25
    begun = time.process_time()
    disguises(text, read(text))
    assert time.process_time() - begun < 3


def test_spans_lie_in_the_text_it_was_typed_as(article: Article):
    comment = stored(article, text="Awas: 🅿️🆄🅻🅰️🆄777 dan 𝐆𝐀𝐑𝐔𝐃𝐀138.")
    found = {finding["rule"]: finding["spans"] for finding in comment.findings}
    assert [comment.text[start:end] for start, end in found["brand"]] == ["🅿️🆄🅻🅰️🆄777", "𝐆𝐀𝐑𝐔𝐃𝐀138"]
