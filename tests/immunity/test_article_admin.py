"""Attacks on the story admin that have worked elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Publication
from tests.articles.admin.desk import change_url, client_of, opened, page_url, save
from tests.factories import make_approved, make_article, make_live, person

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(document.domain)</script><img src=x onerror=alert(1)>'


def test_script_in_any_field_is_shown_as_text_on_every_page() -> None:
    story = make_article()
    client = client_of(person("ada"))
    save(
        client,
        story,
        opened(client, story),
        **dict.fromkeys(("title", "standfirst", "kicker", "key_points", "body", "sources-0-title"), SCRIPT),
    )
    urls = [
        reverse("admin:articles_article_changelist"),
        change_url(story),
        *(page_url(story, name) for name in ("preview", "revisions", "compare")),
        page_url(story, "restore") + "?revision=1",
    ]

    for url in urls:
        markup = client.get(url).content.decode()
        assert "<script>alert" not in markup, url
        assert "<img src=x" not in markup, url


def test_saving_and_acting_need_the_forms_own_token() -> None:
    story = make_live()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("cas"), "newsroom.accounts.backend.StaffBackend")
    answers = {"ground": "court", "public_reason": "x", "revision": "1", "newest": "1", "title": "x", "version": "1"}

    for url in (change_url(story), *(page_url(story, name) for name in ("withdraw", "kill", "restore"))):
        assert client.post(url, answers).status_code == 403
    assert Publication.objects.filter(article=story).count() == 1


def test_no_address_acts_when_it_is_only_opened() -> None:
    story = make_live()
    client = client_of(person("cas"))
    query = "?_do=expire&ground=court&public_reason=x&revision=1&newest=1&action=delete_selected"
    before = list(Publication.objects.values_list("pk", "visible_until", "suppressed_at"))

    for url in (
        change_url(story),
        *(page_url(story, n) for n in ("withdraw", "kill", "restore", "preview", "revisions")),
    ):
        client.get(url + query)

    assert list(Publication.objects.values_list("pk", "visible_until", "suppressed_at")) == before
    assert Article.objects.get(pk=story.pk).revisions.count() == 1


def test_pop_up_and_redirect_parameters_lead_nowhere() -> None:
    story = make_article()
    client = client_of(person("ada"))
    data = opened(client, story)

    response = save(
        client, story, data, _popup="1", next="https://evil.example/", _changelist_filters="https://evil.example/"
    )

    assert response.status_code == 302
    assert response.url == change_url(story)


def test_save_as_new_copies_nothing() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story), _saveasnew="1")

    assert Article.objects.count() == 1


def test_referent_of_another_kind_cannot_be_reached_by_to_field() -> None:
    story = make_approved()
    response = client_of(person("ada")).get(change_url(story) + "?_to_field=created_by__password")
    assert response.status_code == 400


def test_filters_on_other_tables_are_refused() -> None:
    make_article()
    url = reverse("admin:articles_article_changelist")

    for query in ("?created_by__password__startswith=m", "?approved_revision__payload__contains=x"):
        response = client_of(person("ada")).get(url + query)
        assert response.status_code in (302, 400)


def test_stock_history_does_not_name_sources() -> None:
    story = make_approved(sources=[{"title": "Naskah", "is_checked": True}])
    client = client_of(person("ed"))
    data = opened(client, story)
    secret = {"sources-1-title": "Perwira Suryo", "sources-1-kind": "interview", "sources-1-is_confidential": "on"}
    save(client, story, data, **secret)
    save(client, story, opened(client, story), **{"sources-1-title": "Perwira Suryo, Armada I"})
    save(client, story, opened(client, story), **{"sources-1-DELETE": "on"})
    url = reverse("admin:articles_article_history", args=[story.pk])

    # A moderator reads approved stories, and may not know whom they rest on.
    response = client_of(person("mo")).get(url)

    assert response.status_code == 200
    assert "Suryo" not in response.content.decode()
    assert len(response.context["action_list"]) == 3
