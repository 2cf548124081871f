"""Attacks on what strangers may ask and machines read: search, feeds, maps, data blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client, override_settings

from articles import pages, publishing
from articles.models import Page, Publication
from articles.search import entries
from tests.factories import AT, make_approved, make_live, make_topic, newest, person

pytestmark = pytest.mark.django_db
# What ends CDATA, a script, an element; what XML 1.0 cannot hold; what turns text round.
HOSTILE = "]]> </script><script>alert(1)</script> & \"'<b>\x01\x0b\ufffe\u2028\u202e natuna"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def hostile() -> Publication:
    """A story whose projection holds the worst, as an importer might have left it."""
    make_live(topics=[make_topic("Energi")])
    notices = [{"kind": "correction", "text": HOSTILE, "at": "2026-08-12T09:05:00+00:00", "reply_article": None}]
    bylines = [{"name": HOSTILE, "slug": "ada-wibowo", "role": HOSTILE, "place": ""}]
    publication = Publication.objects.get()
    source = {
        "title": HOSTILE,
        "kind": "data",
        "kind_label": "",
        "publisher": HOSTILE,
        "url": "javascript:1",
        "date": "",
    }
    Publication.objects.update(
        title=HOSTILE, standfirst=HOSTILE, section_name=HOSTILE[:80], bylines=bylines, sources=[source], notices=[]
    )
    entries.reindex(at=AT)
    Publication.objects.update(notices=[notice | {"id": 1, "place": "", "is_grave": False} for notice in notices])
    publication.refresh_from_db()
    return publication


@pytest.mark.parametrize(
    "operator", ['" OR "1', "natuna* OR body:x", "title : natuna", "NEAR(a b)", "a' | 'b", "!a", "a:*"]
)
def test_no_operator_of_the_index_is_obeyed(client: Client, operator: str) -> None:
    """Every one of these would find the story if it were read as an operator, or break the statement."""
    make_live(title="Lain sama sekali")
    page = client.get("/cari/", {"q": operator})
    assert page.status_code == 200
    assert "Lain sama sekali" not in page.content.decode()


def test_markup_in_stories_and_questions_stays_text(client: Client, hostile: Publication) -> None:
    html = client.get("/cari/", {"q": 'natuna "><script>alert(2)</script>'}).content.decode()
    assert "<script>alert" not in html
    html = client.get("/cari/", {"q": "natuna"}).content.decode()
    assert "<mark>natuna</mark>" in html
    assert "<script>alert" not in html
    assert "<b>" not in html.partition("<main")[2].partition('class="pages"')[0]


@pytest.mark.parametrize(
    "path",
    ["/feed/rss/", "/feed/atom/", "/timur-tengah/feed/rss/", "/sitemap.xml", "/sitemap-news.xml", "/sitemap-pages.xml"],
)
def test_what_machines_read_is_well_formed_whatever_a_title_holds(
    client: Client, hostile: Publication, path: str
) -> None:
    text = client.get(path).content.decode()
    ElementTree.fromstring(text)
    assert "<script" not in text
    if "feed" in path:
        assert "]]&gt; &lt;/script&gt;" in text


def test_data_blocks_cannot_be_left(client: Client, hostile: Publication) -> None:
    html = client.get(hostile.path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    story, way = (json.loads(block) for block in blocks)
    assert story["headline"] == HOSTILE
    assert story["author"][0]["name"] == HOSTILE
    assert story["correction"][0]["text"] == HOSTILE
    assert "url" not in story["citation"][0]
    assert way["itemListElement"][-1]["name"] == HOSTILE
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "path", ["/feed/rss/", "/feed/atom/", "/sitemap.xml", "/sitemap-pages.xml", "/robots.txt", "/"]
)
def test_a_forged_host_gets_into_no_address(client: Client, path: str) -> None:
    """A cache in front would hand it on to everybody."""
    make_live()
    with override_settings(SITE_URL="https://lintang.example", ALLOWED_HOSTS=["*"]):
        answer = client.get(path, headers={"host": "jahat.example", "x-forwarded-host": "jahat.example"})
    assert "jahat" not in answer.content.decode()
    assert "https://lintang.example/" in answer.content.decode()


def test_script_in_a_stored_page_never_runs(client: Client) -> None:
    """Even when it got into the database past the service."""
    page = Page(slug="kami", title=HOSTILE[:100], body="<p>Kami.</p>")
    pages.save(page, seen=None, by=None, at=AT)
    pages.publish(page, by=None, at=AT)
    Page.objects.update(
        body='<p>Kami<img src=x onerror=alert(1)><script>alert(1)</script></p><iframe src="//x"></iframe>'
    )
    html = client.get("/halaman/kami/").content.decode()
    assert "alert(1)</script>" not in html.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
    assert "onerror" not in html
    assert "<iframe" not in html


@pytest.mark.parametrize("is_planned", [True, False])
def test_topic_of_unpublished_stories_is_offered_nowhere(client: Client, is_planned: bool) -> None:
    """A topic made for a story to come would tell of it: on the front page, beside a search, in the sitemap."""
    topic = make_topic("Operasi Senyap", is_on_front=True)
    make_live()
    article = make_approved(topics=[topic])
    if is_planned:
        publishing.schedule(
            article,
            revision=newest(article),
            visible_from=AT + timedelta(hours=1),
            by=person("ed"),
            at=AT,
        )
    for address in ("/", "/en/", "/cari/?q=operasi", "/cari/", "/en/cari/?q=operasi", "/sitemap-pages.xml"):
        assert "operasi-senyap" not in client.get(address).content.decode(), address
