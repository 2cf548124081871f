"""Pages with little or with everything on them: each part of a template that seldom shows is drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.paginator import Paginator
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from articles import notices, publishing, replies, workflow
from articles.models import Article, Notice, ReplyRequest, Section, TopicMilestone
from articles.pictures import Data, data
from articles.teasers import Teaser
from articles.views.home import arrange
from articles.views.reply import receipt_url as receipt_of_reply
from comments import threads
from comments.models import Status, Thread
from comments.views.received import receipt_url
from tests.articles.acts import BURIAL
from tests.articles.pictures import make_image
from tests.articles.test_pages import make_page
from tests.articles.views.bulk import publish_many
from tests.comments.factories import make_comment
from tests.factories import AT, live_publication, make_article, make_live, make_topic, person

# What pages ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOW = AT + timedelta(days=2)
LONG = "Judul yang panjang sekali " * 4


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Speak one language, then the other."""
    with translation.override(request.param):
        yield request.param


def teaser(number: int, **fields: Any) -> Teaser:
    """Return a story of a list that says no more than it must; each section has one story more than the one before."""
    section = next(place for place in range(1, 99) if number - 17 < place * (place + 1) / 2)
    moments = dict.fromkeys(("first_published_at", "visible_from"), AT - timedelta(minutes=number))
    told = {"path": f"/s/x-{number}/", "section_slug": f"s{section}", "section_name": f"Bagian {section}"}
    return Teaser(**{"pk": number, "title": f"Kabar {number}.", **moments, **told, **fields})


def full(number: int, image: Data) -> Teaser:
    """Return a story of a list with all that a list may show."""
    kind = "opinion" if number in (3, 4) else "analysis" if number % 5 == 0 else "news"
    bylines = [{"name": "Ada", "slug": "ada", "role": "Penulis", "place": "Jakarta"}] * (number % 5)
    words = {"title": f"{LONG} {number}.", "kicker": "Laut", "standfirst": "Ringkasan.", "key_points": ["Pokok."]}
    pictured = {"lead_image": image} if number % 3 else {}
    return teaser(number, **words, **pictured, bylines=bylines, story_kind=kind, substantive_at=AT)


def drawn(template: str, **context: Any) -> str:
    return render(RequestFactory().get("/"), template, context).content.decode()


@pytest.mark.parametrize("count", [*range(12), 18, 21, 40])
def test_front_page_of_any_size(count: int, language: str) -> None:
    image = data(make_image(credit="", alt_text=""), language)
    bare = [teaser(number) for number in range(count)]
    opinions = [teaser(number, story_kind="opinion", section_slug="") for number in range(90, 92)]
    for stories in (bare, [*bare, *opinions], [full(number, image) for number in range(count)]):
        html = drawn("articles/home.html", front=arrange(stories), dossier=None, portraits={"ada": image})
        missing = [story.title for story in stories[:10] if f">{story.title}<" not in html]
        assert missing == []


@pytest.mark.parametrize("milestones", [[], [{"moment": "Kini", "text": "Sesuatu.", "is_certain": False}]])
def test_dossier_of_the_front_page(milestones: list[dict[str, Any]], language: str) -> None:
    band = {"name": "Laut", "slug": "laut", "kind": "Dossier", "description": "", "count": 0, "milestones": milestones}
    html = drawn("articles/home.html", front=arrange([teaser(0)]), dossier=band, portraits={})
    assert ("is-uncertain" in html) is bool(milestones)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
@pytest.mark.parametrize("number", [1, 2])
def test_section_of_any_size(count: int, number: int, language: str) -> None:
    image = data(make_image(), language)
    for stories in ([teaser(place) for place in range(count)], [full(place, image) for place in range(count)]):
        paginator = Paginator(range(40), 20)
        paginator.is_cut = True  # type: ignore[attr-defined]
        html = drawn(
            "articles/section.html", section=Section(slug="x", name="X"), name="X", description="",
            page=paginator.page(number), lead=stories[0] if stories else None, seconds=stories[1:5], list=stories[5:],
            topics=[], other_url="",
        )  # fmt: skip
        assert [story.title for story in stories if f">{story.title}<" not in html] == []


@pytest.mark.parametrize("spoken", ["id", "en"])
def test_preview_of_next_to_nothing(spoken: str) -> None:
    client = Client()
    client.force_login(person("ed"))
    bare = make_article(title=LONG, standfirst="", body="", language=spoken, bylines=[], topics=[], sources=[])
    pictured = make_article(language=spoken, lead_image=make_image(credit="", alt_text="", caption=""))
    for article in (bare, pictured):
        Article.objects.filter(pk=article.pk).update(section=None)
        workflow.working_copy_saved(article, by=person("ed"), at=AT)
        answer = client.get(reverse("admin:articles_article_preview", args=[article.pk]))
        assert answer.status_code == 200
        assert f'<html lang="{spoken}">' in answer.content.decode()


def path(article: Article) -> str:
    live = live_publication(article, NOW)
    assert live is not None
    return live.path


@pytest.mark.parametrize("mode", Thread.Mode.values)
def test_thread_open_or_closed_with_comments_and_without(client: Client, mode: str) -> None:
    quiet, loud = make_live(title="Sepi"), make_live(title="Ramai", language="en")
    make_comment(loud, at=AT)
    for article in (quiet, loud):
        for closes_at in (None, NOW + timedelta(days=1)):
            threads.keep(article.pk, mode=mode, closes_at=closes_at, by=person("mo"), at=AT)
            html = client.get(path(article)).content.decode()
            assert ('id="write"' in html) is (mode != Thread.Mode.CLOSED)
            assert ('class="comment"' in html) is (article is loud)


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("status", Status.values)
def test_receipt_of_a_comment_whatever_became_of_it(client: Client, status: str, is_gone: bool) -> None:
    article = make_live()
    comment = make_comment(article, status=Status(status), at=AT)
    if is_gone:
        publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + timedelta(hours=1))
    answer = client.get(receipt_url(comment.pk, sent_at=NOW))
    assert answer.status_code == 200
    assert comment.text in answer.content.decode()


@pytest.mark.parametrize("is_gone", [False, True])
def test_receipt_of_a_reply_that_was_decided(client: Client, is_gone: bool) -> None:
    article = make_live(language="en")
    live = live_publication(article, NOW)
    assert live is not None
    typed = dict.fromkeys(("name", "capacity", "passage", "reply"), "Kata.")
    request = replies.receive(live, **typed, email="rea@example.com", address="10.0.0.1", at=AT).request
    replies.refuse(request, ground=ReplyRequest.Ground.values[0], answer="Tidak.", by=person("ed"), at=AT)
    if is_gone:
        publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + timedelta(hours=1))
    html = client.get(receipt_of_reply(request)).content.decode()
    assert "Your reply was decided" in html
    assert (live.path in html) is not is_gone


def test_forms_where_there_is_nothing_to_answer(client: Client) -> None:
    gone = make_live()
    publishing.withdraw(gone, **BURIAL, by=person("ed"), at=AT + timedelta(hours=1))
    for route in ("comments:write", "reply_request"):
        for number, status in ((gone.pk, 410), (999, 404), (10**18, 404), (10**20, 404)):
            for sent in ({}, {"text": "Kata.", "reply": "Kata."}):
                address = reverse(route, args=[number])
                answer = client.post(address, sent) if sent else client.get(address)
                assert (answer.status_code, "Kata." in answer.content.decode()) == (status, bool(sent))


def test_history_of_changes_that_touch_no_word(client: Client) -> None:
    article = make_live()
    draft = notices.Draft(Notice.Kind.CLARIFICATION, "Keterangan.")
    publishing.publish(article, revision=1, notice=draft, by=person("ed"), at=AT + timedelta(hours=1))
    publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + timedelta(hours=2))
    publishing.publish(article, revision=1, by=person("ed"), at=AT + timedelta(hours=3))
    answers = [client.get(f"{path(article)}riwayat/{query}").status_code for query in ("", "?versi=1", "?versi=2")]
    assert answers == [200, 200, 404]


def test_paper_without_a_motto_or_stories(client: Client, settings: Any) -> None:
    settings.SITE_MOTTO = ""
    make_page("kami", title_en="About us", body_en="")
    for address in ("/", "/en/"):
        html = client.get(address).content.decode()
        assert "motto" not in html
        assert ('<a href="/halaman/kami/" lang="id" hreflang="id">' in html) is (address == "/en/")


def test_captions_without_a_credit_and_credits_without_a_caption(client: Client) -> None:
    for title, said in (("Satu", {"caption": "Teks gambar."}), ("Dua", {"credit": "Foto: Ada"})):
        image = make_image(title=title, **{"caption": "", **said})
        article = make_live(title=title, lead_image=image, lead_caption="")
        assert next(iter(said.values())) in client.get(path(article)).content.decode()


def test_topic_with_a_picture_and_more_events_than_are_shown(client: Client) -> None:
    topic = make_topic(image=make_image())
    make_live(topics=[topic])
    for number in range(50):
        TopicMilestone.objects.create(topic=topic, moment=f"Hari {number}", text=f"Hal {number}", position=number)
    assert "?events=1" in client.get("/topik/energi/").content.decode()
    for page, event in ((1, "Hal 49<"), (2, "Hal 0<")):
        assert event in client.get(f"/topik/energi/?events={page}").content.decode()


@pytest.mark.parametrize("number", [1, 2, 5, 9, 10])
def test_way_through_many_pages(number: int, language: str) -> None:
    page = Paginator(range(100), 10).page(number)
    month = {"month": AT.date(), "days": [(AT, [teaser(1)])], "earlier": AT.date(), "later": None, "other_url": ""}
    html = drawn("articles/archive_month.html", page=page, **month)
    assert html.count('aria-current="page">') == 2
    assert ('rel="next"' in html) is (number < 10)


def test_lists_far_back(client: Client) -> None:
    publish_many(110)
    for address in ("/timur-tengah/", "/topik/energi/", "/penulis/ada-wibowo/"):
        for page in (1, 2):
            answer = client.get(address, {"page": page})
            assert answer.status_code == 200, address
