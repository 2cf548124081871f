"""Feeds: what readers of feeds get, byte for byte the same until something changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import publishing
from articles.models import Publication
from tests.articles.acts import BURIAL
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live, make_section, person, save_article

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feed/rss/", "/feed/atom/", "/timur-tengah/feed/rss/", "/timur-tengah/feed/atom/"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Read every feed a day after AT."""
    with time_machine.travel(AT + 24 * HOUR, tick=False):
        yield


def rss(client: Client, path: str = "/feed/rss/") -> ElementTree.Element:
    """Return the channel of a feed."""
    channel = ElementTree.fromstring(client.get(path).content).find("channel")
    assert channel is not None
    return channel


def test_item_of_a_story(client: Client) -> None:
    story = make_live(title="Selat <dibuka> & ditutup", kicker="Hormuz")
    channel = rss(client)
    [item] = channel.findall("item")
    assert item.findtext("title") == "Selat <dibuka> & ditutup"
    assert item.findtext("link") == f"http://testserver/timur-tengah/selat-dibuka-ditutup-{story.pk}/"
    assert item.findtext("description") == story.standfirst
    assert item.findtext("guid") == f"http://testserver/-/tulisan-{story.pk}/"
    assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
    assert item.findtext("pubDate") == "Wed, 12 Aug 2026 07:05:00 +0000"
    assert [category.text for category in item.findall("category")] == ["Timur Tengah", "Energi"]
    assert channel.find(f"{ATOM}link").get("href") == "http://testserver/feed/rss/"  # type: ignore[union-attr]
    assert channel.findtext("language") == "id"


def test_the_permanent_address_leads_to_the_story(client: Client) -> None:
    story = make_live()
    answer = client.get(f"/-/tulisan-{story.pk}/")
    assert answer.status_code == 301
    assert answer["Location"].endswith(f"-{story.pk}/")


def test_atom_entry(client: Client) -> None:
    story = make_live()
    save_article(story, title="Berubah")
    publishing.publish(story, revision=2, by=person("ed"), at=AT + HOUR, change_note="Angka baru")
    feed = ElementTree.fromstring(client.get("/feed/atom/").content)
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/-/tulisan-{story.pk}/"
    assert entry.findtext(f"{ATOM}published") == "2026-08-12T07:05:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-08-12T08:05:00+00:00"
    assert entry.findtext(f"{ATOM}title") == "Berubah"
    assert feed.findtext(f"{ATOM}updated") == "2026-08-12T08:05:00+00:00"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == "http://testserver/feed/atom/"  # type: ignore[union-attr]


def test_a_correction_of_spelling_does_not_move_the_update(client: Client) -> None:
    story = make_live()
    save_article(story, kicker="Baru")
    publishing.publish(story, revision=2, by=person("ed"), at=AT + HOUR)
    [item] = rss(client).findall("item")
    assert item.findtext(f"{ATOM}updated") == "2026-08-12T07:05:00+00:00"


def test_corrections_and_pictures_stand_in_the_item(client: Client) -> None:
    story = make_live()
    notice = {"kind": "correction", "text": "Angkanya <dua>.", "at": "2026-08-12T09:05:00+00:00"}
    picture = {"alt": "Peta", "shapes": {"wide": {"width": 1600, "height": 900, "src": "/media/peta.jpg"}}}
    Publication.objects.filter(article=story).update(notices=[notice], lead_image=picture)
    [item] = rss(client).findall("item")
    assert (item.findtext("description") or "").endswith("12 Agustus 2026, 16.05 WIB: Angkanya <dua>.")
    assert item.find("enclosure").attrib == {  # type: ignore[union-attr]
        "url": "http://testserver/media/peta.jpg",
        "length": "0",
        "type": "image/jpeg",
    }


@pytest.mark.parametrize("path", FEEDS)
def test_an_unchanged_feed_is_not_sent_twice(client: Client, path: str) -> None:
    story = make_live()
    first = client.get(path)
    assert first.status_code == 200
    assert client.get(path).content == first.content
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publishing.withdraw(story, by=person("ed"), at=AT + HOUR, **BURIAL)
    changed = client.get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert f"-{story.pk}/" not in changed.content.decode()
    assert not changed.cookies


@pytest.mark.parametrize("path", FEEDS)
def test_queries_do_not_grow(client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(2)
    queries = 1 if path.startswith("/feed") else 2
    with django_assert_num_queries(queries):
        client.get(path)
    publish_many(40)
    with django_assert_num_queries(queries):
        assert client.get(path).content.count(b"<link") >= 30


def test_each_feed_has_its_own_stories_in_its_own_language(client: Client) -> None:
    make_live(title="Di Timur Tengah")
    make_live(title="Di Eropa", section=make_section("Eropa", name_en="Europe"))
    make_live(title="In Europe", language="en", section=make_section("Eropa"))
    assert [item.findtext("title") for item in rss(client, "/eropa/feed/rss/").findall("item")] == ["Di Eropa"]
    english = rss(client, "/en/eropa/feed/rss/")
    assert [item.findtext("title") for item in english.findall("item")] == ["In Europe"]
    assert (english.findtext("title") or "").startswith("Europe")
    assert english.findtext("link") == "http://testserver/en/eropa/"
    assert client.get("/tidak-ada/feed/rss/").status_code == 404


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert rss(client).findall("item") == []
    assert ElementTree.fromstring(client.get("/en/feed/atom/").content).tag == f"{ATOM}feed"


def test_pages_name_their_feeds(client: Client) -> None:
    make_live()
    assert 'type="application/rss+xml"' in client.get("/").content.decode()
    section = client.get("/timur-tengah/").content.decode()
    assert 'href="/timur-tengah/feed/atom/"' in section
    assert 'href="/feed/atom/"' in section
