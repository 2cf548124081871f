"""The page of search results."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.models import Publication
from articles.search import entries
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live, make_section, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Search an hour after AT."""
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        yield


def titles(html: str) -> list[str]:
    """Return the titles of the results, marks taken off."""
    found = re.findall(r'class="story__title[^>]*><a[^>]*>(.*?)</a>', html)
    return [re.sub(r"</?mark>", "", title) for title in found]


def test_empty_field_offers_help_and_topics(client: Client) -> None:
    make_live(topics=[make_topic("Natuna")])
    html = client.get("/cari/").content.decode()
    assert 'name="robots" content="noindex"' in html
    assert "<kbd>" in html
    assert "/topik/natuna/" in html
    assert titles(html) == []


def test_results_are_marked_and_linked(client: Client) -> None:
    story = make_live(title="Batas Natuna dirunding")
    html = client.get("/cari/", {"q": "natuna"}).content.decode()
    assert titles(html) == ["Batas Natuna dirunding"]
    assert "<mark>Natuna</mark>" in html
    assert f'-{story.pk}/">' in html
    assert 'value="natuna"' in html


def test_passage_comes_from_the_text_where_nothing_else_holds_the_word(client: Client) -> None:
    make_live()
    html = client.get("/cari/", {"q": "naskah -sepakat dibaca"}).content.decode()
    assert titles(html) == []
    html = client.get("/cari/", {"q": "pengawasan"}).content.decode()
    assert "<mark>Pengawasan</mark>" in html


def test_nothing_found_says_so_and_offers_ways_on(client: Client) -> None:
    make_live(topics=[make_topic("Natuna")])
    html = client.get("/cari/", {"q": "kucing"}).content.decode()
    assert 'id="found"' in html
    assert "/arsip/" in html
    assert "/topik/natuna/" in html
    assert "language=all" in html


def test_each_address_speaks_its_language(client: Client) -> None:
    make_live(title="Kapal Natuna")
    make_live(title="Ships near Natuna", language="en")
    assert titles(client.get("/cari/", {"q": "natuna"}).content.decode()) == ["Kapal Natuna"]
    assert titles(client.get("/en/cari/", {"q": "natuna"}).content.decode()) == ["Ships near Natuna"]
    both = client.get("/cari/", {"q": "natuna", "language": "all"}).content.decode()
    assert len(titles(both)) == 2
    assert 'name="language" value="all"' in both


def test_filters_are_links_that_keep_the_words(client: Client) -> None:
    make_live(title="Natuna satu")
    make_live(title="Natuna dua", section=make_section("Eropa"), kind="opinion")
    eropa = make_section("Eropa").pk
    html = client.get("/cari/", {"q": "natuna"}).content.decode()
    assert f"?q=natuna&amp;section={eropa}" in html
    chosen = client.get("/cari/", {"q": "natuna", "section": eropa, "kind": "opinion"}).content.decode()
    assert titles(chosen) == ["Natuna dua"]
    assert chosen.count('class="filter" href') == chosen.count('rel="nofollow"') - 1
    assert chosen.count('aria-current="true"') == 2


def test_pages_keep_words_and_filters(client: Client) -> None:
    publish_many(23)
    entries.reindex(at=AT)
    first = client.get("/cari/", {"q": "cerita", "order": "newest"}).content.decode()
    assert "?q=cerita&amp;order=newest&amp;page=2" in first
    pages = [first, *(client.get("/cari/", {"q": "cerita", "page": n}).content.decode() for n in (2, 3))]
    found = [title for page in pages for title in titles(page)]
    assert sorted(found) == sorted(f"Cerita {number}" for number in range(23))


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 30])
def test_page_that_does_not_exist_is_not_found(client: Client, page: str) -> None:
    make_live()
    assert client.get("/cari/", {"q": "hormuz", "page": page}).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "\x00",
            '"',
            '""',
            "*",
            "-",
            "-kapal",
            "AND",
            "NEAR(",
            "title:kapal",
            "kapal OR",
            "%",
            "_",
            "'",
            "\\",
        ),
        *(":* | !", "😀", "\u202e\u200f", "\ue000", "a" * 5000, "kata " * 2000, "''') --", "{title}: (x)", "\ud800x"),
    ],
)
def test_any_question_gets_a_page(client: Client, typed: str) -> None:
    make_live()
    assert client.get("/cari/", {"q": typed.encode("utf-8", "replace")}).status_code == 200


@pytest.mark.parametrize("name", ["section", "kind", "period", "language", "order"])
def test_filters_that_are_not_on_offer_count_for_nothing(client: Client, name: str) -> None:
    make_live()
    for value in ("\x00", "-1", "9" * 30, "²", "story'--"):
        assert client.get("/cari/", {"q": "hormuz", name: value}).status_code == 200


def test_queries_do_not_grow(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(3)
    entries.reindex(at=AT)
    client.get("/cari/", {"q": "cerita"})
    with django_assert_num_queries(7):
        client.get("/cari/", {"q": "cerita"})
    publish_many(40)
    entries.reindex(at=AT)
    with django_assert_num_queries(7):
        client.get("/cari/", {"q": "cerita"})
    with django_assert_num_queries(5):
        client.get("/cari/", {"q": "kucing"})
    with django_assert_num_queries(3):
        client.get("/cari/")


def test_results_show_what_is_live_alone(client: Client) -> None:
    make_live(title="Nanti saja", at=AT + timedelta(hours=2))
    assert Publication.objects.count() == 1
    assert titles(client.get("/cari/", {"q": "nanti"}).content.decode()) == []
