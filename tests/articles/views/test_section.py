"""The page of a section."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.views import _paging
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Read every page a minute after AT."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


def test_section_without_stories_says_so(client: Client) -> None:
    make_section("Eropa")
    answer = client.get("/eropa/")
    assert answer.status_code == 200
    assert "notice--waiting" in answer.content.decode()


def test_section_lists_its_own_stories(client: Client) -> None:
    make_live(title="Di Timur Tengah")
    make_live(title="Di Eropa", section=make_section("Eropa", name_en="Europe", description_en="From Lisbon on."))
    page = client.get("/eropa/").content.decode()
    assert "Di Eropa" in page
    assert "Di Timur Tengah" not in page
    assert 'aria-current="page">Eropa' in page
    english = client.get("/en/eropa/").content.decode()
    assert "<h1>Europe</h1>" in english
    assert "From Lisbon on." in english
    assert "Di Eropa" not in english


def test_small_section_has_no_list_and_no_label_of_one(client: Client) -> None:
    make_live(title="Satu saja")
    page = client.get("/timur-tengah/").content.decode()
    assert "Satu saja" in page
    assert 'aria-labelledby="all"' not in page
    assert 'href="/topik/energi/"' in page


def test_pages_hold_every_story_once(client: Client) -> None:
    publish_many(44)
    found: list[str] = []
    for page in ("/timur-tengah/", "/timur-tengah/?page=2", "/timur-tengah/?page=3"):
        text = client.get(page).content.decode()
        found += [str(number) for number in range(44) if f"Cerita {number}<" in text]
    assert sorted(found, key=int) == [str(number) for number in range(44)]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "", "1e3", "9" * 30])
def test_page_that_does_not_exist_is_not_found(client: Client, page: str) -> None:
    make_live()
    assert client.get("/timur-tengah/", {"page": page}).status_code == 404


def test_unknown_section_is_not_found(client: Client) -> None:
    assert client.get("/tidak-ada/").status_code == 404


def test_queries_do_not_grow_with_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(25)
    client.get("/timur-tengah/")
    with django_assert_num_queries(5):
        client.get("/timur-tengah/")
    publish_many(975)
    with django_assert_num_queries(5):
        client.get("/timur-tengah/?page=2")


def test_counting_ends_with_the_last_page_offered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_many(60)
    monkeypatch.setattr(_paging, "PAGES", 2)
    assert client.get("/timur-tengah/?page=2").status_code == 200
    assert client.get("/timur-tengah/?page=3").status_code == 404
