"""What was typed, as words to find; and the words marked again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search import marks, postgres, query, sqlite, words
from articles.search.query import Term


def stems(typed: str, language: str = "id") -> list[tuple[str, ...]]:
    return [term.stems for term in query.parse(typed, language).wanted]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("selat malaka", [("selat",), ("malaka",)]),
        ('"selat malaka"', [("selat", "malaka")]),
        ("“selat malaka” kapal", [("selat", "malaka"), ("kapal",)]),
        ('"selat malaka', [("selat",), ("malaka",)]),
        ("G-20", [("g", "20")]),
        ("Jum'at Jum’at jumat", [("jumat",)]),
        ("São SAO sao", [("sao",)]),
        ("pemilihan memilih", [("pilih",)]),
        ("kapal kapal", [("kapal",)]),
        ("", []),
        ("  \t\n", []),
        ("-kapal", []),
        ('" " - -- "" *', []),
        ("🙂 %% __ ' \\ ; :", []),
    ],
)
def test_words_and_phrases(typed: str, wanted: list[tuple[str, ...]]) -> None:
    assert stems(typed) == wanted


def test_minus_leaves_out_only_at_the_beginning_of_a_word() -> None:
    parsed = query.parse('selat -hormuz -"kapal selam" timur-tengah', "id")
    assert [term.stems for term in parsed.wanted] == [("selat",), ("timur", "tengah")]
    assert [term.stems for term in parsed.unwanted] == [("hormuz",), ("kapal", "selam")]


def test_star_stands_for_the_end_of_a_word_of_three_letters() -> None:
    assert query.parse("diplom*", "id").wanted == (Term(("diplom",), is_prefix=True),)
    assert query.parse("di*", "id").wanted == (Term(("di",)),)


def test_english_is_stemmed_as_english() -> None:
    assert stems("ships shipping", "en") == [("ship",)]


def test_a_query_is_bounded() -> None:
    parsed = query.parse(" ".join(f"kata{number}" for number in range(5000)), "id")
    assert len(parsed.wanted) == query.TERMS
    assert query.parse("a" * 100_000, "id").wanted == (Term(("a" * words.LONGEST,)),)


@given(st.text(max_size=300), st.sampled_from(["id", "en"]))
def test_any_text_is_a_query(typed: str, language: str) -> None:
    """Whatever was typed, a stem is letters and digits alone, so that none can be an operator."""
    parsed = query.parse(typed, language)
    for term in (*parsed.wanted, *parsed.unwanted):
        assert term.stems
        assert all(stem.isalnum() for stem in term.stems), term
    if parsed:
        assert sqlite.match(parsed)
        assert postgres.match(parsed)


def test_marks_join_neighbours_and_escape_the_rest() -> None:
    finds = query.parse('"batas natuna" script', "id").finds
    marked = marks.mark("<b>Batas Natuna</b> & <script>", finds, "id")
    assert marked.is_found
    assert marked.html == "&lt;b&gt;<mark>Batas Natuna</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>&gt;"


def test_marks_fall_on_every_form_of_a_word() -> None:
    marked = marks.mark("Pemilihan: siapa memilih?", query.parse("pilih", "id").finds, "id")
    assert marked.html == "<mark>Pemilihan</mark>: siapa <mark>memilih</mark>?"


def test_excerpt_stands_round_the_first_word_found() -> None:
    text = "awal " * 100 + "natuna " + "akhir " * 100
    found = marks.excerpt(text, query.parse("natuna", "id").finds, "id")
    assert found.html.startswith("… awal")
    assert "<mark>natuna</mark>" in found.html
    assert found.html.endswith(" …")
    assert len(found.html) < marks.EXCERPT + 40


@given(st.text(max_size=600), st.text(min_size=1, max_size=20))
def test_excerpt_never_breaks(text: str, typed: str) -> None:
    html = marks.excerpt(text, query.parse(typed, "id").finds, "id").html
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
