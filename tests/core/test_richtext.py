"""The sanitiser lets through what the editor writes, and nothing else."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.core import richtext
from newsroom.core.richtext import plain_text, sanitize, word_count

FROM_THE_EDITOR = [
    "<p>Laut <strong>yang</strong> <em>tak</em> lagi tenang.<br>Baris dua.</p>",
    "<h2>Jalur</h2><h3>Utara</h3>",
    '<p><a href="https://example.org/?a=1&amp;b=2" rel="noopener">tautan</a></p>',
    '<p><a href="mailto:meja@example.org" rel="noopener">surat</a></p>',
    '<p><a href="/politik/laut-7/" rel="noopener">di sini</a> <a href="#peta" rel="noopener">peta</a></p>',
    "<ul><li><p>satu</p></li></ul>",
    '<ol start="3"><li><p>tiga</p></li></ol>',
    "<blockquote><p>Kutipan.</p></blockquote>",
    '<aside class="pull-quote"><p>Sorotan.</p></aside>',
    '<p>a</p><figure data-image-id="7"><figcaption>Kapal <em>di</em> laut.</figcaption></figure><p>b</p>',
    '<figure data-image-id="7"><figcaption></figcaption></figure>',
    '<table><tbody><tr><th colspan="2"><p>a</p></th></tr><tr><td><p>b</p></td><td><p>c</p></td></tr></tbody></table>',
]

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='color:red' class=x id=y>t</p>",
    "<a href='javascript:alert(1)'>t</a>",
    "<a href='java\tscript:alert(1)'>t</a>",
    "<a href='&#106;avascript&colon;alert(1)'>t</a>",
    "<a href=' \x01javascript:alert(1)'>t</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>t</a>",
    "<a href='vbscript:x'>t</a>",
    "<a href='//evil.example/'>t</a>",
    "<a href='/\\evil.example/'>t</a>",
    "<a href='https:evil'>t</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=//evil><input><button formaction=javascript:alert(1)>t</button></form>",
    "<base href=//evil><link rel=stylesheet href=//evil><meta http-equiv=refresh content=0>",
    "<table background=javascript:1><td style=x background=x>t",
    "<aside class='pull-quote evil' data-x=1>t</aside>",
    "<a href=x target=_blank rel=opener ping=//evil>t</a>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p>\x00<scr\x00ipt>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<ol start=-1 type=javascript:1><li value=9>t</ol>",
    "<td colspan=99999999><td rowspan=x>",
    "<p><table><p><table></p></table>",
    "<figure data-image-id='7\" onload=x' onclick=x><img src=x onerror=alert(1)><figcaption style=x>t",
    "<figure data-image-id=7><figure data-image-id=8><table><tr><td><figcaption><script>alert(1)</script>",
    "<figcaption><figure></figcaption></figure><figure data-image-id=-1>",
    "<b><p>t</b></p><a><a href=https://x.example>t",
]


def test_no_element_but_links_has_a_title() -> None:
    assert richtext.sanitize('<p title="x" lang="en">t</p>') == "<p>t</p>"
    assert 'title="x"' in richtext.sanitize('<a href="https://x.example/" title="x">t</a>')


ATTRIBUTES = {
    "a": {"href", "title", "rel"},
    "aside": {"class"},
    "ol": {"start", "type", "data-type"},
    "figure": {"data-image-id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
TAGS = {
    *("p", "br", "strong", "em", "a", "h2", "h3", "ul", "ol", "li", "blockquote", "aside", "figure", "figcaption"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Census(HTMLParser):
    """Complains of every element and attribute beyond the allow-list, which is written out here a second time."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), (tag, name)
            if name == "href":
                assert value is not None
                assert value.lower().startswith(("https://", "http://", "mailto:", "/", "#")), value
                assert not value.startswith(("//", "/\\")), value
            if name == "class":
                assert value == "pull-quote"
            if name == "rel":
                assert value == "noopener"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def examine(markup: str) -> str:
    """Sanitise `markup`, check that only allowed things are left and that doing it again changes nothing."""
    cleaned = sanitize(markup)
    Census().feed(cleaned)
    assert sanitize(cleaned) == cleaned
    return cleaned


@pytest.mark.parametrize("markup", FROM_THE_EDITOR)
def test_what_the_editor_writes_stays_as_it_is(markup: str) -> None:
    assert examine(markup) == markup


@pytest.mark.parametrize("markup", HOSTILE)
def test_hostile_markup_loses_its_sting(markup: str) -> None:
    cleaned = examine(markup)
    assert "alert(1)" not in cleaned.replace("&lt;", "<") or "<" not in cleaned


@given(st.text(st.sampled_from("<>/=\"'&;! -abpthimgsvxclo\x00\n") | st.characters(codec="utf-8"), max_size=200))
def test_cleaning_any_characters_twice_changes_nothing(markup: str) -> None:
    examine(markup)


@given(st.lists(st.sampled_from([*HOSTILE, *FROM_THE_EDITOR]), max_size=6).map("".join), st.data())
def test_cleaning_pieces_of_markup_twice_changes_nothing(markup: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(markup)))
    end = data.draw(st.integers(start, len(markup)))
    examine(markup[start:end])


@pytest.mark.parametrize("empty", ["", "<p></p>", "<p><br></p>", "<p> </p><p>\u00a0</p>", "<script>x</script>", " "])
def test_text_without_words_is_empty(empty: str) -> None:
    assert sanitize(empty).strip() == ""


def test_every_aside_is_a_pull_quote() -> None:
    assert sanitize("<aside>t</aside>") == '<aside class="pull-quote">t</aside>'


@pytest.mark.parametrize("piece", ["<blockquote>", "<p>", "<a href=/x>", "<table><tr><td>", "<", "&", "<ul><li>"])
def test_100_kilobytes_of_markup_are_cleaned_in_two_seconds(piece: str) -> None:
    began = time.process_time()
    plain_text(sanitize((piece * 100_000)[:100_000]))
    assert time.process_time() - began < 2


def test_plain_text_has_a_line_for_each_block() -> None:
    markup = "".join(FROM_THE_EDITOR)
    assert plain_text(markup).splitlines() == [
        "Laut yang tak lagi tenang.", "Baris dua.", "Jalur", "Utara", "tautan", "surat", "di sini peta", "satu", "tiga",
        "Kutipan.", "Sorotan.", "a", "Kapal di laut.", "b", "a", "b", "c",
    ]  # fmt: skip
    assert plain_text("<p>a &lt;b&gt; &amp; c</p>") == "a <b> & c"


def test_words_are_counted_as_a_desk_counts_them() -> None:
    assert word_count("<p>KTT G-20 dibuka Jum’at, 12,5 persen.</p><p>Satu kata/dua</p>") == 8


def test_the_editor_and_the_sanitiser_know_the_same_extensions() -> None:
    own = richtext.EDITOR_EXTENSIONS[0]["extensions"]
    assert all(callable(processor) for processor in own.values())
    assert set(own) <= set(richtext.EXTENSIONS)
    assert richtext.allowlist()["tags"] == TAGS


@pytest.mark.parametrize(
    ("markup", "settled"),
    [
        ('<figure data-image-id="0"><figcaption>t</figcaption></figure>', "<p>t</p>"),
        ("<figcaption>t</figcaption>", "t"),
        (
            '<figure data-image-id="1"><p>a</p><table><tr><td>b</td></tr></table></figure>',
            '<figure data-image-id="1"><figcaption>a b</figcaption></figure>',
        ),
        (
            '<figure data-image-id="1"><figure data-image-id="2">t</figure></figure>',
            '<figure data-image-id="1"><figcaption></figcaption></figure>'
            '<figure data-image-id="2"><figcaption>t</figcaption></figure>',
        ),
    ],
)
def test_a_figure_has_one_form(markup: str, settled: str) -> None:
    assert sanitize(markup) == settled


def test_a_caption_is_among_the_words() -> None:
    figure = '<figure data-image-id="1"><figcaption>di laut</figcaption></figure>'
    assert plain_text(f"<p>Kapal</p>{figure}<p>itu</p>") == "Kapal\ndi laut\nitu"
