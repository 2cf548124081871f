"""The conversation's settings: on the form of their story, and in a list of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse

from articles.models import Article, SectionEditor
from comments import threads
from comments.admin import ThreadInline
from comments.models import Thread
from newsroom.core.models import AuditEntry, SurfaceLog, User
from tests.comments.admin.conftest import ROLES, account
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db


def formset(article: Article, by: str, **fields: str) -> Any:
    """Return the inline's formset as the story's form builds it."""
    request = RequestFactory().post("/")
    request.user = account(by)
    thread = Thread.objects.filter(article=article).first()
    total = {"thread-TOTAL_FORMS": "1", "thread-INITIAL_FORMS": "1" if thread else "0"}
    ids = {"thread-0-id": str(thread.pk) if thread else "", "thread-0-article": str(article.pk)}
    inline = ThreadInline(Article, admin.site)
    given = {f"thread-0-{name}": value for name, value in fields.items()}
    return inline.get_formset(request, article)(total | ids | given, instance=article, prefix="thread")


def test_inline_stands_on_the_storys_form() -> None:
    assert ThreadInline in admin.site.get_model_admin(Article).inlines


def test_setting_a_story_without_comments_makes_its_thread() -> None:
    article = make_article()
    made = formset(article, "ed", mode="closed")
    assert made.is_valid(), made.errors
    made.save()
    assert Thread.objects.get(article=article).mode == "closed"
    assert AuditEntry.objects.filter(action="thread.keep", by__username="ed").count() == 1
    assert SurfaceLog.objects.filter(keys__icontains=f"thread:{article.pk}").exists()


def test_only_what_works_is_offered() -> None:
    article = make_article()
    assert not formset(article, "ed", mode="confirmed").is_valid()
    thread = threads.ensure(article.pk)
    Thread.objects.filter(article=article).update(mode="confirmed")
    assert formset(article, "ed", mode="confirmed").is_valid(), thread


def test_untouched_settings_write_nothing() -> None:
    article = make_article()
    untouched = formset(article, "ed", mode="premoderated")
    assert untouched.is_valid()
    untouched.save()
    assert not Thread.objects.exists()


def test_changing_goes_through_the_service() -> None:
    article = make_article()
    threads.ensure(article.pk)
    changed = formset(article, "ed", mode="open", closes_at_0="2026-09-01", closes_at_1="12:00")
    assert changed.is_valid(), changed.errors
    changed.save()
    thread = Thread.objects.get()
    assert (thread.mode, thread.closes_at.isoformat()) == ("open", "2026-09-01T05:00:00+00:00")
    assert AuditEntry.objects.filter(action="thread.keep").count() == 1


def test_list_changes_by_the_service(mo: Client, story: Article) -> None:
    thread = threads.ensure(story.pk)
    form = {"mode": "closed", "closes_at_0": "", "closes_at_1": ""}
    assert mo.post(reverse("admin:comments_thread_change", args=[thread.pk]), form).status_code == 302
    thread.refresh_from_db()
    assert thread.mode == "closed"
    assert AuditEntry.objects.filter(action="thread.keep", by__username="mo").count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_who_may_keep_threads(enter: Callable[[str], Client], story: Article, role: str) -> None:
    thread = threads.ensure(story.pk)
    client = enter(role)
    inside = role in {"ada", "ed", "mo", "cas", "root"}
    may = role in {"ed", "mo", "cas", "root"}
    address = reverse("admin:comments_thread_change", args=[thread.pk])
    assert client.get(address).status_code == (200 if may else 403 if inside else 302)
    client.post(address, {"mode": "closed"})
    thread.refresh_from_db()
    assert (thread.mode == "closed") is may
    assert client.get("/admin/comments/thread/add/").status_code in (403, 302)


def test_an_editor_bound_to_sections_keeps_threads_in_them_alone(
    enter: Callable[[str], Client], story: Article
) -> None:
    thread, client = threads.ensure(story.pk), enter("ed")
    address = reverse("admin:comments_thread_change", args=[thread.pk])
    bond = SectionEditor.objects.create(user=User.objects.get(username="ed"), section=make_section("Eropa"))
    assert client.post(address, {"mode": "closed"}).status_code == 403
    assert Thread.objects.get().mode != "closed"
    bond.section = story.section
    bond.save()
    assert client.post(address, {"mode": "closed"}).status_code == 302
    assert Thread.objects.get().mode == "closed"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_closing_day_beyond_all_calendars_comes_back(story: Article, mo: Client, day: str) -> None:
    thread = threads.ensure(story.pk)
    url = reverse("admin:comments_thread_change", args=[thread.pk])

    response = mo.post(url, {"mode": "open", "closes_at_0": day, "closes_at_1": "00:00"})

    assert response.status_code == 200
    assert "2999" in response.content.decode()
    assert not formset(story, "mo", mode="open", closes_at_0=day, closes_at_1="00:00").is_valid()
