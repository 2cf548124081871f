"""Sections, topics and contributors in the admin: archived by a tick, never deleted, and stories follow a new name."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.urls import reverse

from articles.admin.taxonomy import TopicMilestoneRows
from articles.models import FormerAddress
from newsroom.core.models import AuditEntry, SurfaceLog, User
from tests.articles.admin.desk import Page, client_of
from tests.factories import make_contributor, make_live, make_section, make_topic, person

pytestmark = pytest.mark.django_db
MAKERS = {"section": make_section, "topic": make_topic, "contributor": make_contributor}


def form_of(name: str, obj: models.Model) -> tuple[str, dict[str, str]]:
    """Return address and data of an object's form, as the chief editor has it."""
    url = reverse(f"admin:articles_{name}_change", args=[obj.pk])
    return url, Page(client_of(person("cas")).get(url).content.decode(), form_id=f"{name}_form").data


@pytest.mark.parametrize("name", MAKERS)
def test_tick_archives_and_brings_back(name: str) -> None:
    obj: Any = MAKERS[name]()
    client = client_of(person("cas"))
    url, data = form_of(name, obj)

    assert client.post(url, data | {"is_archived": "on"}).status_code == 302
    obj.refresh_from_db()
    assert obj.archived_at is not None
    assert AuditEntry.objects.filter(action=f"{name}.archive").exists()

    url, data = form_of(name, obj)
    assert data["is_archived"] == "on"
    client.post(url, {key: value for key, value in data.items() if key != "is_archived"})
    obj.refresh_from_db()
    assert obj.archived_at is None


@pytest.mark.parametrize("name", MAKERS)
def test_save_is_recorded_and_bumps_what_shows_it(name: str) -> None:
    obj: Any = MAKERS[name]()
    url, data = form_of(name, obj)
    SurfaceLog.objects.all().delete()

    client_of(person("cas")).post(url, data | {"name": "Nama baru"})

    obj.refresh_from_db()
    assert obj.name == "Nama baru"
    assert AuditEntry.objects.filter(action=f"{name}.save", object_id=str(obj.pk)).exists()
    assert f"{name}:{obj.pk}" in [key for log in SurfaceLog.objects.all() for key in log.keys]


@pytest.mark.parametrize("value", ["", "\u200b", "x" * 300])
def test_bad_name_is_refused_and_kept(value: str) -> None:
    section = make_section()
    url, data = form_of("section", section)

    response = client_of(person("cas")).post(url, data | {"name": value, "description": "Yang diketik"})

    assert response.status_code == 200
    assert "Yang diketik" in response.content.decode()


def test_lists_filter_by_use() -> None:
    old = make_topic("Lama")
    url, data = form_of("topic", old)
    client = client_of(person("cas"))
    client.post(url, data | {"is_archived": "on"})
    make_topic("Baru")
    changelist = reverse("admin:articles_topic_changelist")

    assert [str(row) for row in client.get(f"{changelist}?archived=no").context["cl"].result_list] == ["Baru"]
    assert [str(row) for row in client.get(f"{changelist}?archived=yes").context["cl"].result_list] == ["Lama"]


def test_former_address_is_kept_by_the_administrator() -> None:
    story = make_live()
    boss = User.objects.create_superuser("bos", "bos@example.com", "unused")

    client_of(boss).post(reverse("admin:articles_formeraddress_add"), {"path": "/lama/", "article": story.pk})

    assert FormerAddress.objects.get().article == story


def test_topic_takes_its_chronology_and_facts() -> None:
    topic = make_topic()
    url, data = form_of("topic", topic)
    posted = data | {"kind": "country", "is_on_front": "on"}
    posted |= {"milestones-0-moment": "Juni 2024", "milestones-0-text": "Perjanjian\u200b diteken"}
    posted |= {"facts-0-label": "Ibu kota", "facts-0-value": "Seoul", "facts-0-position": "1"}
    posted.pop("milestones-0-is_certain", None)
    SurfaceLog.objects.all().delete()

    assert client_of(person("cas")).post(url, posted).status_code == 302

    topic.refresh_from_db()
    assert (topic.kind, topic.is_on_front) == ("country", True)
    assert list(topic.milestones.values_list("moment", "text", "is_certain")) == [
        ("Juni 2024", "Perjanjian diteken", False)
    ]
    assert list(topic.facts.values_list("label", "value", "position")) == [("Ibu kota", "Seoul", 1)]
    assert {"home", f"topic:{topic.pk}"} <= {key for log in SurfaceLog.objects.all() for key in log.keys}


def test_too_long_a_chronology_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TopicMilestoneRows, "max_num", 2)
    topic = make_topic()
    url, data = form_of("topic", topic)
    data["milestones-TOTAL_FORMS"] = "3"
    for number in range(3):
        data |= {f"milestones-{number}-moment": "Kini", f"milestones-{number}-text": f"Peristiwa {number}"}
    answer = client_of(person("cas")).post(url, data)
    assert answer.status_code == 200
    assert not topic.milestones.exists()


def test_reporter_sees_a_topic_and_changes_nothing() -> None:
    topic = make_topic()
    url = reverse("admin:articles_topic_change", args=[topic.pk])
    client = client_of(person("ada"))
    assert 'name="milestones-0-moment"' not in client.get(url).content.decode()
    assert client.post(url, {"milestones-TOTAL_FORMS": "1"}).status_code == 403
