"""The page of a contributor."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.jinja.paper import initials, names
from articles.models import Publication
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_contributor, make_live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Read every page a minute after AT."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


def test_page_says_who_they_are_and_lists_what_they_signed(client: Client) -> None:
    salim = make_contributor("Salim Harrasi", role="Pandu laut", bio="Lahir di Muskat.", bio_en="Born in Muscat.")
    make_live(title="Ditulis Salim", bylines=[salim])
    make_live(title="Ditulis orang lain")
    page = client.get("/penulis/salim-harrasi/").content.decode()
    assert "Pandu laut" in page
    assert "Lahir di Muskat." in page
    assert "Ditulis Salim" in page
    assert "Ditulis orang lain" not in page
    english = client.get("/en/penulis/salim-harrasi/").content.decode()
    assert "Born in Muscat." in english
    assert "Ditulis Salim" not in english
    assert "notice--waiting" in english


def test_name_over_a_story_leads_there(client: Client) -> None:
    article = make_live(bylines=[make_contributor("سليم الحراسي", slug="salim")])
    path = Publication.objects.get(article=article).path
    page = client.get(path).content.decode()
    assert '<a href="/penulis/salim/" rel="author"><bdi>سليم الحراسي</bdi></a>' in page
    assert client.get("/penulis/salim/").status_code == 200


def test_about_is_text_and_nothing_else(client: Client) -> None:
    tom = make_contributor("Tom", bio="<script>alert(1)</script>\n\nDua.")
    make_live(bylines=[tom])
    page = client.get("/penulis/tom/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_unknown_contributor_is_not_found(client: Client) -> None:
    assert client.get("/penulis/tidak-ada/").status_code == 404


def test_name_that_stands_over_no_story_yet_cannot_be_guessed(client: Client) -> None:
    make_contributor("Nama Samaran")
    assert client.get("/penulis/nama-samaran/").status_code == 404


def test_queries_do_not_grow_with_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(30)
    client.get("/penulis/ada-wibowo/")
    with django_assert_num_queries(6):
        client.get("/penulis/ada-wibowo/")
    publish_many(970)
    with django_assert_num_queries(6):
        assert "Cerita 12<" in client.get("/penulis/ada-wibowo/?page=2").content.decode()


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Wibowo", "AW"), ("Sukarno", "S"), ("Budi di Utomo", "BU"), ("(x) ", ""), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def signed(*people: dict[str, str]) -> str:
    return str(names(Publication(bylines=[{"slug": "x", "role": "", "place": "", **person} for person in people])))


def test_many_names_are_counted_in_lists() -> None:
    assert signed({"name": "Ada", "place": "Seoul"}) == "<bdi>Ada</bdi>, <bdi>Seoul</bdi>"
    assert signed({"name": "Ada"}, {"name": "<b>"}) == "<bdi>Ada</bdi>, <bdi>&lt;b&gt;</bdi>"
    many = signed(*({"name": f"Nama {number}"} for number in range(40)))
    assert many.startswith("<bdi>Nama 0</bdi>, <bdi>Nama 1</bdi> ")
    assert "38" in many
