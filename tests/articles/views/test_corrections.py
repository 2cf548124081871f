"""What readers see of corrections: on the story, in the log and its feed, in the history."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from articles import publishing, translations
from articles.models import Article, Notice
from articles.notices import Draft
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, live_publication, make_approved, make_live, person, save_article

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def correct(article: Article, text: str = "Angkanya 91.", at: datetime = AT + HOUR, **more: object) -> None:
    draft = Draft(**{"kind": Notice.Kind.CORRECTION, "text": text, **more})
    publishing.publish(article, revision=1, notice=draft, by=person("ed"), at=at)


def path(article: Article) -> str:
    live = live_publication(article, NOW)
    assert live is not None
    return live.path


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_stands_at_the_end_and_above_only_when_grave(client: Client) -> None:
    article = make_live()
    correct(article, "Hal kecil <b>.", place="Alinea 2")
    correct(article, "Hal berat.", at=AT + 2 * HOUR, is_grave=True)

    html = page(client, path(article))

    assert html.count("Hal kecil &lt;b&gt;.</p>") == 1
    assert html.count("<p>Hal berat.</p>") == 2
    assert html.index("corrections--above") < html.index('class="text"') < html.index("Alinea 2")
    assert '"CorrectionComment"' in html
    assert f'href="{path(article)}riwayat/"' in html


def test_one_that_was_taken_back_stays_below_the_story_struck_out(client: Client) -> None:
    article = make_live()
    correct(article, "Angka 91 itu keliru.", is_grave=True)
    publishing.take_back_notice(
        Notice.objects.get(), reason="Angka 91 <b>benar</b>.", by=person("ed"), at=AT + 2 * HOUR
    )

    html = page(client, path(article))

    assert html.count("Angka 91 itu keliru.") == html.count("Angka 91 &lt;b&gt;benar&lt;/b&gt;.") == 1
    assert "corrections--above" not in html
    assert "is-taken-back" in html
    assert '"CorrectionComment"' not in html
    for address in ("/koreksi/", "/koreksi/feed/atom/", "/feed/rss/"):
        told = client.get(address).content.decode()
        assert "Angka 91 itu keliru." in told, address
        assert "benar" in told, address
    feed = client.get("/koreksi/feed/atom/").content.decode()
    assert "Koreksi, dicabut: " in feed
    assert "Alasan dicabut: Angka 91" in feed
    assert "[Dicabut, 12 Agustus 2026" in client.get("/feed/rss/").content.decode()
    assert "Koreksi (kemudian dicabut): " in page(client, f"{path(article)}riwayat/")


def test_the_log_shows_corrections_and_withdrawals_newest_first(client: Client) -> None:
    corrected, taken = make_live(title="Yang dikoreksi"), make_live(title="Yang ditarik")
    correct(corrected)
    correct(taken, "Tidak boleh terlihat")
    publishing.withdraw(taken, ground="child", public_reason="Menyebut nama anak.", by=person("ed"), at=AT + 2 * HOUR)

    html = page(client, "/koreksi/")

    assert html.index("Menyebut nama anak.") < html.index("Angkanya 91.")
    assert "Yang dikoreksi" in html
    assert "Yang ditarik" not in html
    assert "Tidak boleh terlihat" not in html
    only = page(client, "/koreksi/pencabutan/")
    assert "Menyebut nama anak." in only
    assert "Angkanya 91." not in only


def test_a_return_stands_beside_its_withdrawal(client: Client) -> None:
    article = make_live()
    publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + HOUR)
    publishing.publish(article, revision=1, by=person("ed"), at=AT + 2 * HOUR)
    assert '<time datetime="2026-08-12T16:05:00+07:00">' in page(client, "/koreksi/pencabutan/")


def test_each_language_has_its_own_log(client: Client) -> None:
    correct(make_live(language="en", title="Strait"), "It was 91.")
    assert "It was 91." in page(client, "/en/koreksi/")
    assert "It was 91." not in page(client, "/koreksi/")


def test_the_log_is_paged_by_the_same_queries_however_long(client: Client, django_assert_num_queries: object) -> None:
    article = make_live()
    for number in range(30):
        correct(article, f"Nomor {number}.", at=AT + timedelta(minutes=number + 1))
    first, second = page(client, "/koreksi/"), page(client, "/koreksi/?page=2")
    assert "Nomor 29." in first
    assert "Nomor 0." not in first
    assert "Nomor 0." in second
    assert client.get("/koreksi/?page=9").status_code == 404
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get("/koreksi/")


def test_the_empty_log_says_so(client: Client) -> None:
    assert "notice--waiting" in page(client, "/koreksi/")
    assert "notice--waiting" in page(client, "/koreksi/pencabutan/")


def test_the_feed_holds_both_and_answers_304(client: Client) -> None:
    article, taken = make_live(), make_live(title="Yang ditarik")
    correct(article)
    publishing.withdraw(taken, ground="child", public_reason="Menyebut\x0b nama anak.", by=person("ed"), at=AT + HOUR)

    answer = client.get("/koreksi/feed/atom/")

    found = ET.fromstring(answer.content)
    assert found.tag == f"{ATOM}feed"
    words = answer.content.decode()
    assert "Angkanya 91." in words
    assert "nama anak." in words
    assert "Yang ditarik" not in words
    assert client.get("/koreksi/feed/atom/", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_history_shows_what_each_version_changed(client: Client) -> None:
    article = make_live()
    number = save_article(article, title="Selat Hormuz ditutup lagi", by=person("ed"), at=AT)
    publishing.publish(article, revision=number, change_note="Ditutup pukul 9", by=person("ed"), at=AT + HOUR)

    answer = client.get(path(article) + "riwayat/")

    html = answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
    assert "<del>dibuka</del>" in html
    assert "<ins>ditutup</ins>" in html
    assert "Ditutup pukul 9" in html
    assert "12 Agustus 2026, 15.05 WIB" in html
    assert "<ins>" not in page(client, path(article) + "riwayat/?versi=1").replace("<ins>ditambah", "").split("<h2")[2]
    assert client.get(path(article) + "riwayat/?versi=3").status_code == 404
    assert client.get(path(article) + "riwayat/?versi=x").status_code == 404


def test_history_moves_with_the_story(client: Client) -> None:
    article = make_live()
    answer = client.get(f"/lain/slug-lama-{article.pk}/riwayat/?versi=1")
    assert (answer.status_code, answer["Location"]) == (301, path(article) + "riwayat/?versi=1")


def test_a_spelling_put_right_is_no_version(client: Client) -> None:
    article = make_live()
    number = save_article(article, title="Selat Hormus dibuka lagi", by=person("ed"), at=AT)
    publishing.publish(article, revision=number, by=person("ed"), at=AT + HOUR)
    html = page(client, path(article) + "riwayat/")
    assert "?versi=2" not in html
    assert "riwayat/" not in page(client, path(article))


def test_story_leads_to_its_translation_and_back(client: Client) -> None:
    article, english = make_live(), make_live(language="en", title="Strait reopened")
    translations.link(english, source=article, by=person("ed"), at=AT)
    for story in (article, english):
        html = page(client, path(story))
        assert f'hreflang="id" href="http://testserver{path(article)}"' in html
        assert f'hreflang="en" href="http://testserver{path(english)}"' in html
        assert f'hreflang="x-default" href="http://testserver{path(article)}"' in html
    assert f'<a href="{path(english)}" lang="en" hreflang="en">Read in English</a>' in page(client, path(article))
    assert '<html lang="en">' in page(client, path(english))


def test_story_without_translations_says_nothing_of_them(client: Client) -> None:
    article = make_live()
    translations.link(make_approved(language="en"), source=article, by=person("ed"), at=AT)
    html = page(client, path(article))
    assert 'rel="alternate" hreflang' not in html
    assert "Read in English" not in html


def test_a_reply_with_a_story_of_its_own_is_linked_both_ways(client: Client) -> None:
    article, answer = make_live(), make_approved(title="Jawaban otoritas")
    correct(article, "Kami membantah.", kind=Notice.Kind.REPLY, reply_article=answer)
    assert "Jawaban otoritas" not in page(client, path(article))
    publishing.publish(answer, revision=1, by=person("ed"), at=AT + 2 * HOUR)
    assert f'<a href="{path(answer)}">' in page(client, path(article))
    assert f'<a href="{path(article)}">{live_publication(article, NOW).title}</a></p>' in page(client, path(answer))
    publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + 3 * HOUR)
    assert "Selat Hormuz dibuka lagi</a></p>" not in page(client, path(answer))
