"""A story's own address."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from articles import publishing
from articles.models import Article, FormerAddress
from articles.models.article import ArticleKind
from tests.comments.factories import build_thread
from tests.factories import AT, live_publication, make_approved, make_live, newest, person, save_article

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    """Read every page an hour after AT."""
    with time_machine.travel(LATER, tick=False):
        yield


def path_of(article: Article) -> str:
    publication = live_publication(article, LATER)
    assert publication is not None
    return publication.path


def text(answer) -> str:
    return answer.content.decode()


def test_story_is_shown_from_its_projection(client: Client) -> None:
    article = make_live(kicker="Teluk", dateline="Muskat", key_points="Satu\nDua")
    save_article(article, title="Judul yang belum terbit", body="<p>Belum terbit.</p>")
    answer = client.get(path_of(article))
    assert answer.status_code == 200
    page = text(answer)
    assert '<html lang="id">' in page
    assert "Selat Hormuz dibuka lagi</h1>" in page
    assert '<p><b class="text__dateline">Muskat</b> Kapal-kapal' in page
    assert "<li>Satu</li><li>Dua</li>" in page
    assert "Ada Wibowo" in page
    assert "Naskah kesepakatan" in page
    assert "12 Agustus 2026, 14.05 WIB" in page
    assert "belum terbit" not in page.lower()


def test_head_answers_like_get(client: Client) -> None:
    path = path_of(make_live())
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(path_of(make_live())).status_code == 405


def test_wrong_slug_or_section_answers_with_one_redirect(client: Client) -> None:
    article = make_live()
    path = path_of(article)
    for wrong in (f"/salah/selat-{article.pk}/", f"/timur-tengah/salah-{article.pk}/", f"/en/x/y-{article.pk}/"):
        answer = client.get(wrong, {"after": "12"})
        assert (answer.status_code, answer["Location"]) == (301, f"{path}?after=12")
        assert client.get(answer["Location"]).status_code == 200


def test_address_without_slash_is_mended(client: Client) -> None:
    path = path_of(make_live())
    answer = client.get(path.rstrip("/"), follow=True)
    assert answer.redirect_chain == [(path, 301)]


def test_english_story_speaks_english(client: Client) -> None:
    article = make_live(language="en", title="The strait is open again")
    path = path_of(article)
    assert path.startswith("/en/")
    page = text(client.get(path))
    assert '<html lang="en">' in page
    assert "12 August 2026, 14:05 WIB" in page
    assert client.get(path.removeprefix("/en"))["Location"] == path


def test_former_address_leads_to_the_story_in_one_hop(client: Client) -> None:
    article = make_live()
    FormerAddress.objects.create(path="/2024/11/selat-hormuz/", article=article)
    for former in ("/2024/11/selat-hormuz/", "/2024/11/selat-hormuz"):
        answer = client.get(former)
        assert (answer.status_code, answer["Location"]) == (301, path_of(article))


def test_former_address_of_a_draft_is_unknown(client: Client) -> None:
    FormerAddress.objects.create(path="/2024/11/selat-hormuz/", article=make_approved())
    assert client.get("/2024/11/selat-hormuz/").status_code == 404


def test_former_address_of_a_withdrawn_story_says_so(client: Client) -> None:
    article = make_live()
    FormerAddress.objects.create(path="/2024/11/selat-hormuz/", article=article)
    publishing.withdraw(article, ground="trauma", public_reason="Keselamatan.", by=person("cas"), at=AT)
    assert client.get("/2024/11/selat-hormuz/").status_code == 410


def test_unpublished_and_scheduled_stories_look_like_missing_ones(client: Client) -> None:
    draft, planned = make_approved(), make_approved(title="Terjadwal")
    publishing.schedule(
        planned, revision=newest(planned), visible_from=LATER + timedelta(minutes=1), by=person("ed"), at=AT
    )
    pages = set()
    for number in (draft.pk, planned.pk, 999_999, 10**17):
        answer = client.get(f"/timur-tengah/selat-{number}/")
        assert answer.status_code == 404
        pages.add(answer.content)
    assert len(pages) == 1
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        assert client.get(f"/timur-tengah/terjadwal-{planned.pk}/").status_code == 200


def test_withdrawn_story_names_ground_and_reason_and_nothing_else(client: Client) -> None:
    article = make_live()
    path = path_of(article)
    publishing.withdraw(article, ground="trauma", public_reason="Keselamatan narasumber.", by=person("cas"), at=AT)
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Keselamatan narasumber." in text(answer)
    for secret in ("Hormuz", "tanker", "mil laut", "Energi"):
        assert secret not in text(answer)


def test_killed_story_is_gone_under_every_spelling(client: Client) -> None:
    article = make_live()
    path = path_of(article)
    publishing.kill(article, ground="trauma", public_reason="Keselamatan.", by=person("cas"), at=AT)
    for address in (path, f"/x/y-{article.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "Hormuz" not in text(answer)


def test_expired_story_is_gone(client: Client) -> None:
    article = make_live()
    path = path_of(article)
    publishing.expire(article, by=person("ed"), at=AT + timedelta(minutes=30))
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Hormuz" not in text(answer)


def test_page_is_the_same_for_everybody(client: Client) -> None:
    """No cookie, no token, no nonce, and no look at the session of whoever brings one."""
    path = path_of(make_live())
    first = client.get(path)
    assert not first.cookies
    assert "cookie" not in first.get("Vary", "").lower()
    assert "csrfmiddlewaretoken" not in text(first)
    assert "nonce" not in text(first) + first["Content-Security-Policy"]
    assert "max-age=0" in first["Cache-Control"]
    client.force_login(person("ed"))
    assert client.get(path).content == first.content


def test_queries_do_not_grow_with_comments(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    few, many = make_live(), make_live(title="Cerita lain")
    build_thread(few, roots=3, replies=2)
    build_thread(many, roots=200, replies=4)
    client.get(path_of(few))
    for article in (few, many):
        path = path_of(article)
        with django_assert_num_queries(7):
            assert client.get(path).status_code == 200


def test_only_a_substantive_update_is_told(client: Client) -> None:
    article = make_live()
    number = save_article(article, title="Selat Hormuz dibuka kembali")
    publishing.publish(article, revision=number, by=person("ed"), at=AT + timedelta(minutes=10))
    assert "14.15 WIB" not in text(client.get(path_of(article)))
    number = save_article(article, standfirst="Kini tanpa syarat.")
    publishing.publish(
        article, revision=number, by=person("ed"), at=AT + timedelta(minutes=20), change_note="Syarat gugur."
    )
    page = text(client.get(path_of(article)))
    assert "14.25 WIB" in page
    assert "Syarat gugur." in page


HOSTILE = '</script><svg onload="alert(1)">&\u2028'


def test_data_for_machines_cannot_break_out(client: Client) -> None:
    article = make_live(title=HOSTILE, slug="x", key_points=HOSTILE, standfirst=HOSTILE, kicker="<b>x</b>")
    page = text(client.get(path_of(article)))
    assert "<svg onload" not in page
    assert "<b>x</b>" not in page
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    data = json.loads(block[1])
    assert data["headline"] == HOSTILE
    assert data["datePublished"] == "2026-08-12T07:05:00+00:00"
    assert [person["name"] for person in data["author"]] == ["Ada Wibowo"]


def test_only_web_addresses_become_links(client: Client) -> None:
    bad = ({"title": "Jebakan", "url": "javascript:alert(1)"}, {"title": "Naskah", "url": "https://example.org/a"})
    page = text(client.get(path_of(make_live(sources=[{**source, "is_checked": True} for source in bad]))))
    assert "javascript:" not in page
    assert 'href="https://example.org/a"' in page


def test_further_pages_of_comments_have_their_own_canonical_address(client: Client) -> None:
    path = path_of(make_live())
    assert f'<link rel="canonical" href="http://testserver{path}">' in text(client.get(path))
    assert f'href="http://testserver{path}?after=12"' in text(client.get(path, {"after": "12"}))
    assert f'<link rel="canonical" href="http://testserver{path}">' in text(client.get(path, {"after": '"><b>'}))


def test_opinion_says_that_it_is_one(client: Client) -> None:
    path = path_of(make_live(kind="opinion", title="Sebuah pendapat"))
    with translation.override("id"):
        word = str(ArticleKind.OPINION.label)
    for page in (path, "/", "/timur-tengah/"):
        assert word in text(client.get(page))
        assert "--opinion" in text(client.get(page))
