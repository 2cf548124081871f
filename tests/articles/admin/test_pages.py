"""Preview and history: the page to come, what changed, and the way back."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from articles import publishing, revisions
from articles.models import Article, Publication, Revision
from tests.articles.admin.desk import change_url, client_of, opened, page_url, save
from tests.factories import AT, make_article, make_live, newest, person, save_article

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def story_of(markup: str) -> str:
    """Return the story itself, without the moment at which it was looked at."""
    story = markup.split("<article>", 1)[1].split("</article>", 1)[0]
    return re.sub(r"<time.*?</time>|\d\d[.:]\d\d", "", story)


def test_preview_is_the_page_that_publishing_makes() -> None:
    story = make_article(title="Selat & teluk", milestones=[{"moment": "Kini", "text": "Dibuka"}])
    client = client_of(person("ed"))
    preview = client.get(page_url(story, "preview"))

    publishing.publish(story, revision=1, by=person("ed"), at=timezone.now())
    public = client.get(Publication.objects.get(article=story).path)

    seen, published = story_of(preview.content.decode()), story_of(public.content.decode())
    assert seen == published
    assert "Selat &amp; teluk" in seen


@pytest.mark.parametrize("language", ["id", "en"])
def test_preview_of_a_story_with_nothing_but_a_title(language: str) -> None:
    story = make_article(
        title="Baru judul", language=language, body="", standfirst="", bylines=[], topics=[], sources=[]
    )
    save_article(story, section=None)
    response = client_of(person("ada")).get(page_url(story, "preview"))
    assert response.status_code == 200
    assert "Baru judul" in response.content.decode()


def test_preview_shows_the_newest_revision_stores_nothing_and_is_not_kept() -> None:
    story = make_live()
    save_article(story, title="Judul yang belum terbit")

    response = client_of(person("ada")).get(page_url(story, "preview"))

    assert "Judul yang belum terbit" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
    assert Publication.objects.filter(article=story).count() == 1


def test_preview_leaves_confidential_sources_out() -> None:
    story = make_article(sources=[{"title": "Perwira patroli", "is_confidential": True}])

    assert "Perwira patroli" not in client_of(person("ed")).get(page_url(story, "preview")).content.decode()


def test_preview_in_the_language_of_the_story_whoever_looks() -> None:
    story = make_article(language="en", title="Strait reopened")
    ed = person("ed")
    ed.language = "id"
    ed.save()

    assert '<html lang="en"' in client_of(ed).get(page_url(story, "preview")).content.decode()


def test_history_lists_every_revision_with_its_states() -> None:
    story = make_live()
    save_article(story, title="Kedua")

    markup = client_of(person("ada")).get(page_url(story, "revisions")).content.decode()

    assert markup.count('<th scope="row">') == 2
    assert 'data-state="live"' in markup
    assert 'data-state="approved"' in markup


def test_history_asks_as_many_queries_for_twenty_revisions_as_for_two(django_assert_max_num_queries: object) -> None:
    story = make_article()
    client = client_of(person("ada"))
    for number in range(20):
        save_article(story, title=f"Judul {number}")
    client.get(page_url(story, "revisions"))

    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(page_url(story, "revisions"))


def test_compare_marks_the_words_that_changed() -> None:
    story = make_article(title="Selat dibuka")
    save_article(story, title="Selat ditutup lagi")

    markup = client_of(person("ada")).get(page_url(story, "compare")).content.decode()

    assert "<del>" in markup
    assert "<ins>" in markup
    assert "ditutup" in markup


@pytest.mark.parametrize("query", ["?from=9&to=1", "?from=abc", "?to=-1", "?from=99999999999999"])
def test_compare_of_unknown_revisions_is_not_found(query: str) -> None:
    story = make_article()
    assert client_of(person("ada")).get(page_url(story, "compare") + query).status_code == 404


def test_purged_revision_is_gone_and_says_so() -> None:
    story = make_article()
    save_article(story, title="Kedua")
    Revision.objects.filter(article=story, number=1).update(purged_at=AT, payload={}, purge_ground="Putusan")
    client = client_of(person("ada"))

    assert client.get(page_url(story, "compare")).status_code == 410
    assert "Putusan" in client.get(page_url(story, "revisions")).content.decode()
    assert client.get(page_url(story, "restore") + "?revision=1").status_code == 410


def test_restore_shows_first_and_appends_a_revision() -> None:
    story = make_article(title="Pertama")
    save_article(story, title="Kedua")
    client = client_of(person("ada"))
    page = client.get(page_url(story, "restore") + "?revision=1")
    assert page.status_code == 200
    assert newest(story) == 2

    response = client.post(page_url(story, "restore"), {"revision": "1", "newest": "2"})

    assert response.url == change_url(story)
    story.refresh_from_db()
    assert (story.title, newest(story)) == ("Pertama", 3)


def test_restore_overtaken_by_a_save_shows_the_page_again() -> None:
    story = make_article(title="Pertama")
    save_article(story, title="Kedua")
    save_article(story, title="Ketiga")

    response = client_of(person("ada")).post(page_url(story, "restore"), {"revision": "1", "newest": "2"})

    assert response.status_code == 409
    story.refresh_from_db()
    assert story.title == "Ketiga"


def test_restore_names_what_cannot_come_back() -> None:
    story = make_article()
    first = story.revisions.get()
    payload = first.payload | {"section": {"id": 424242, "name": "Rubrik hilang"}}
    Revision.objects.filter(pk=first.pk).update(payload=payload)
    save_article(story, title="Kedua")

    markup = client_of(person("ada")).get(page_url(story, "restore") + "?revision=1").content.decode()

    assert "Rubrik hilang" in markup


@pytest.mark.parametrize("number", ["9", "0", "", "abc", "99999999999999"])
def test_restore_of_an_unknown_revision_is_not_found(number: str) -> None:
    story = make_article()
    client = client_of(person("ada"))

    assert client.get(page_url(story, "restore") + f"?revision={number}").status_code == 404
    assert client.post(page_url(story, "restore"), {"revision": number, "newest": "1"}).status_code == 404


def test_restore_after_the_form_was_opened_does_not_undo_unseen() -> None:
    story = make_article(title="Pertama")
    save_article(story, title="Kedua")
    client = client_of(person("ada"))
    form = opened(client, story)
    revisions.restore(Article.objects.get(pk=story.pk), 1, by=person("ed"), at=AT)

    assert save(client, story, form, standfirst="Baru").status_code == 409
