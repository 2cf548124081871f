"""Who may do what with stories in the admin, page by page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import Article
from newsroom.core.models import User
from tests.articles.admin.desk import Page, change_url, client_of, opened, page_url, save
from tests.factories import make_approved, make_article, make_contributor, make_live, person, save_article

pytestmark = pytest.mark.django_db
READING = ("preview", "revisions", "compare")
LIST = reverse("admin:articles_article_changelist")
ADD = reverse("admin:articles_article_add")


def foreign() -> Article:
    """Return a draft of Ed's with two revisions, in which Ada has no part."""
    story = make_article(title="Milik Ed", by=person("ed"), bylines=[])
    save_article(story, by=person("ed"), title="Milik Ed, kedua")
    return story


def outsider(name: str) -> User:
    """Return an account without any right, staff or not."""
    user = person(name)
    user.is_staff = name == "tom"
    user.save()
    return user


@pytest.mark.parametrize("name", ["rea", "tom"])
@pytest.mark.parametrize("page", ["", *READING, "restore", "withdraw", "kill"])
def test_stranger_reaches_nothing(name: str, page: str) -> None:
    story = make_live()
    url = page_url(story, page) if page else change_url(story)
    client = client_of(outsider(name))

    # Staff without a right is told no, or that there is nothing; everybody else is sent to log in.
    for response in (client.get(url), client.post(url, {"title": "x"})):
        assert response.status_code in (302, 403, 404, 405)
        if response.status_code == 302:
            assert "/login/" in response.url or response.url == reverse("admin:index")
    story.refresh_from_db()
    assert story.title == "Selat Hormuz dibuka lagi"


def test_reporter_edits_own_and_reads_others() -> None:
    own, other = make_article(), foreign()
    client = client_of(person("ada"))

    assert Page(client.get(change_url(own)).content.decode()).data["version"]
    page = client.get(change_url(other))
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    for name in READING:
        assert client.get(page_url(other, name)).status_code == 200
    assert client.post(change_url(other), {"title": "Dicuri", "version": other.version}).status_code == 403
    other.refresh_from_db()
    assert other.title == "Milik Ed, kedua"


def test_reporter_edits_a_story_under_their_name() -> None:
    name = make_contributor("Ada Lestari", user=person("ada"))
    story = make_article(by=person("ed"), bylines=[name])
    client = client_of(person("ada"))

    assert save(client, story, opened(client, story), title="Judul Ada").status_code == 302


def test_refused_save_does_not_touch_the_version() -> None:
    story = foreign()

    client_of(person("ada")).post(change_url(story), {"title": "x", "version": story.version})

    assert Article.objects.get(pk=story.pk).version == story.version


@pytest.mark.parametrize("page", ["restore", "withdraw", "kill"])
def test_reporter_neither_restores_nor_ends_stories_of_others(page: str) -> None:
    story = foreign()
    client = client_of(person("ada"))

    assert client.get(page_url(story, page) + "?revision=1").status_code == 403
    assert client.post(page_url(story, page), {"revision": "1", "newest": "2"}).status_code == 403


def test_moderator_reads_approved_stories_and_never_edits() -> None:
    draft, approved = make_article(title="Draf"), make_approved(title="Setuju")
    client = client_of(person("mo"))

    listed = [story.title for story in client.get(LIST).context["cl"].result_list]
    assert listed == ["Setuju"]
    page = client.get(change_url(approved))
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    assert "<h2>Apa yang disepakati</h2>" in page.content.decode()
    assert client.get(page_url(approved, "preview")).status_code == 200
    assert client.post(change_url(approved), {"title": "x", "version": approved.version}).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"title": "x"}).status_code == 403
    for name in READING:
        assert client.get(page_url(draft, name)).status_code == 404
    for name in ("restore", "withdraw", "kill"):
        assert client.get(page_url(approved, name) + "?revision=1").status_code == 403


def test_moderator_never_sees_confidential_sources() -> None:
    story = make_approved(sources=[{"title": "Perwira patroli", "is_confidential": True, "is_checked": True}])
    save_article(story, by=person("ed"), title="Kedua")
    client = client_of(person("mo"))

    for url in (change_url(story), *(page_url(story, name) for name in READING)):
        assert "Perwira patroli" not in client.get(url).content.decode()


def test_only_the_chief_editor_kills() -> None:
    story = make_live()

    assert client_of(person("ed")).get(page_url(story, "withdraw")).status_code == 200
    assert client_of(person("ed")).get(page_url(story, "kill")).status_code == 403
    assert client_of(person("cas")).get(page_url(story, "kill")).status_code == 200
    assert page_url(story, "kill") not in client_of(person("ed")).get(change_url(story)).content.decode()


@pytest.mark.parametrize("username", ["ada", "ed", "cas"])
def test_nobody_deletes_a_story(username: str) -> None:
    story = make_article()
    client = client_of(person(username))

    assert client.post(reverse("admin:articles_article_delete", args=[story.pk]), {"post": "yes"}).status_code == 403
    assert Article.objects.filter(pk=story.pk).exists()


@pytest.mark.parametrize("name", ["section", "topic", "contributor"])
def test_nobody_deletes_what_stories_refer_to(name: str) -> None:
    story = make_live()
    pk = {
        "section": story.section_id,
        "topic": story.topics.get().pk,
        "contributor": story.contributors.get().pk,
    }[name]
    url = reverse(f"admin:articles_{name}_delete", args=[pk])

    assert client_of(person("cas")).post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", [*READING])
def test_reading_pages_refuse_to_be_posted_to(page: str) -> None:
    story = make_article()
    assert client_of(person("ada")).post(page_url(story, page)).status_code == 405


@pytest.mark.parametrize("page", [*READING, "restore", "withdraw", "kill"])
@pytest.mark.parametrize("pk", ["0", "abc", "99999999999999999999999", "1/2", "_3A"])
def test_pages_of_no_story_are_not_found(page: str, pk: str) -> None:
    assert client_of(person("cas")).get(f"{LIST}{pk}/{page}/").status_code == 404
