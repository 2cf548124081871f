"""Sitemaps and robots.txt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import pages, publishing, sitemaps
from articles.models import Article, Page
from newsroom.core.pagecache.collect import listen
from tests.articles.acts import ACTS, BURIAL, HOUR, make_revised
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live, make_section, person, save_article

pytestmark = pytest.mark.django_db
NOW = AT + HOUR - timedelta(seconds=1)
NS = {"s": sitemaps.SITEMAP, "n": sitemaps.NEWS, "x": sitemaps.XHTML}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Read every map a second before what the acts schedule."""
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, path: str) -> ElementTree.Element:
    """Return a map, parsed."""
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return ElementTree.fromstring(answer.content)


def locations(found: ElementTree.Element) -> list[str]:
    """Return all addresses of a map."""
    return [loc.text or "" for loc in found.iter(f"{{{sitemaps.SITEMAP}}}loc")]


def stories(client: Client) -> list[str]:
    """Return the addresses of all stories, by way of the index."""
    numbered = [path for path in locations(read(client, "/sitemap.xml")) if path[-5].isdigit()]
    return [path for page in numbered for path in locations(read(client, page.removeprefix("http://testserver")))]


def test_a_story_with_its_last_substantive_change(client: Client) -> None:
    story = make_live()
    save_article(story, kicker="Baru")
    publishing.publish(story, revision=2, by=person("ed"), at=AT + HOUR / 2)
    [address] = stories(client)
    assert address.endswith(f"-{story.pk}/")
    number = story.pk // sitemaps.PAGE_SIZE
    assert read(client, f"/sitemap-{number}.xml").findtext("s:url/s:lastmod", "", NS) == "2026-08-12T07:05:00+00:00"


@pytest.mark.parametrize("act", ["schedule", "hold", "expire", "withdraw", "kill"])
def test_what_is_not_live_stands_on_no_map(client: Client, act: str) -> None:
    story = make_revised(1) if act in ("schedule", "hold") else make_live()
    ACTS[act](story, 1, AT)
    assert stories(client) == []
    assert locations(read(client, "/sitemap-news.xml")) == []
    assert client.get(f"/sitemap-{story.pk // sitemaps.PAGE_SIZE}.xml").status_code == 404


def test_a_page_holds_the_ids_of_one_range(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PAGE_SIZE", 5)
    publish_many(23)
    index = locations(read(client, "/sitemap.xml"))
    ids = [int(address.rstrip("/").rpartition("-")[2]) for address in stories(client)]
    assert len(ids) == len(set(ids)) == 24
    assert len(index) == 2 + len({pk // 5 for pk in ids})


def test_translations_name_each_other_and_the_first(client: Client) -> None:
    source, alone = make_live(title="Asli"), make_live(title="Sendiri")
    english = make_live(title="Original", language="en")
    Article.objects.filter(pk=english.pk).update(translation_of=source)
    found = read(client, f"/sitemap-{source.pk // sitemaps.PAGE_SIZE}.xml")
    links = {
        (url.findtext("s:loc", "", NS).rpartition("-")[2]): {
            link.get("hreflang"): (link.get("href") or "").rpartition("-")[2] for link in url.findall("x:link", NS)
        }
        for url in found.findall("s:url", NS)
    }
    group = {"id": f"{source.pk}/", "en": f"{english.pk}/", "x-default": f"{source.pk}/"}
    assert links == {f"{source.pk}/": group, f"{english.pk}/": group, f"{alone.pk}/": {}}
    publishing.withdraw(english, by=person("ed"), at=AT + HOUR / 2, **BURIAL)
    assert b"hreflang" not in client.get(f"/sitemap-{source.pk // sitemaps.PAGE_SIZE}.xml").content


def test_news_of_two_days(client: Client) -> None:
    make_live(title="Lama", at=NOW - sitemaps.NEWS_SPAN)
    recent = make_live(title="Baru & <segar>", at=NOW - sitemaps.NEWS_SPAN + timedelta(seconds=1))
    found = read(client, "/sitemap-news.xml")
    assert [address.rpartition("-")[2] for address in locations(found)] == [f"{recent.pk}/"]
    assert found.findtext("s:url/n:news/n:title", "", NS) == "Baru & <segar>"
    assert found.findtext("s:url/n:news/n:publication_date", "", NS) == "2026-08-10T08:05:00+00:00"
    assert found.findtext("s:url/n:news/n:publication/n:language", "", NS) == "id"


def test_news_are_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "NEWS_MOST", 3)
    publish_many(5)
    assert len(locations(read(client, "/sitemap-news.xml"))) == 3


def test_pages_that_are_no_stories(client: Client) -> None:
    make_live(section=make_section("Eropa"))
    make_section("Lama", archived_at=AT)
    page = Page.objects.get_or_create(slug="redaksi", defaults={"title": "Redaksi"})[0]
    page.body = "<p>Kami.</p>"
    pages.save(page, seen=page.version, by=None, at=AT)
    pages.publish(page, by=None, at=AT)
    found = {address.removeprefix("http://testserver") for address in locations(read(client, "/sitemap-pages.xml"))}
    assert {"/", "/en/", "/eropa/", "/en/eropa/", "/topik/energi/", "/penulis/ada-wibowo/"} <= found
    assert "/halaman/redaksi/" in found
    assert not found & {"/lama/", "/en/halaman/redaksi/", "/en/topik/energi/", "/halaman/kontak/"}


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/sitemap.xml", 1), ("/sitemap-news.xml", 1), ("/sitemap-pages.xml", 4), ("/robots.txt", 0)],
)
def test_queries(client: Client, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(5)
    with django_assert_num_queries(queries):
        client.get(path)


def test_queries_of_a_page_of_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    story = make_live()
    publish_many(10)
    with django_assert_num_queries(2):
        client.get(f"/sitemap-{story.pk // sitemaps.PAGE_SIZE}.xml")


def test_robots_sets_the_desk_and_the_search_aside(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /cari/", "Disallow: /en/cari/"} <= set(lines)
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_the_page_cache_knows_when_the_oldest_news_is_two_days_old() -> None:
    make_live(at=AT)
    with time_machine.travel(AT + timedelta(hours=47), tick=False), listen() as said:
        Client().get("/sitemap-news.xml")
    assert said.until == (AT + timedelta(hours=48)).timestamp()


@pytest.mark.parametrize("number", [sitemaps.LAST_PAGE, sitemaps.LAST_PAGE + 1, 10**30])
def test_no_page_beyond_all_ids(client: Client, number: int) -> None:
    assert client.get(f"/sitemap-{number}.xml").status_code == 404
