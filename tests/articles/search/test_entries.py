"""What is found follows what the desk does, in the same transaction."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles import publishing, reprojection, taxonomy
from articles.models import SearchEntry
from articles.search import entries, sqlite
from newsroom.core import richtext
from tests.articles.acts import ACTS, BURIAL, HOUR, make_revised
from tests.articles.search.finds import LATER, found
from tests.factories import AT, make_approved, make_live, make_topic, person, save_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", ["schedule", "hold", "cancel"])
def test_what_is_not_live_yet_is_not_found(act: str) -> None:
    story = make_revised(1)
    if act == "cancel":
        ACTS["schedule"](story, 1, AT)
    ACTS[act](story, 1, AT)
    assert found("hormuz", at=AT) == []
    assert len(found("hormuz", at=AT + 2 * HOUR)) == (act == "schedule")
    assert SearchEntry.objects.count() == (act == "schedule")


@pytest.mark.parametrize("act", ["expire", "withdraw", "kill"])
def test_what_is_over_is_not_found(act: str) -> None:
    story = make_live()
    assert len(found("hormuz")) == 1
    ACTS[act](story, 1, AT + HOUR / 2)
    assert found("hormuz") == []
    if act == "kill":
        assert not SearchEntry.objects.exists()


def test_an_update_is_found_by_its_new_words_alone() -> None:
    story = make_live(title="Garam mahal")
    save_article(story, title="Gula mahal")
    publishing.publish(story, revision=2, by=person("ed"), at=AT + HOUR / 2)
    assert found("gula") == ["Gula mahal"]
    assert found("garam") == []
    # The words of then, at that moment.
    assert found("garam", at=AT + HOUR / 4) == ["Garam mahal"]


def test_the_entry_goes_with_the_transaction_that_publishes() -> None:
    story = make_approved()
    with transaction.atomic():
        publishing.publish(story, revision=1, by=person("ed"), at=AT)
        assert SearchEntry.objects.exists()
        transaction.set_rollback(True)
    assert not SearchEntry.objects.exists()


def test_a_renamed_topic_is_found_under_its_new_name() -> None:
    story = make_live(topics=[make_topic("Energi")])
    topic = make_topic("Energi")
    topic.name = "Nuklir"
    topic.save()
    taxonomy.saved(topic, by=person("ed"), at=AT)
    reprojection.reproject("topic", topic.pk, at=LATER)
    assert found("nuklir") == [story.title]
    assert found("energi") == []


def test_reindex_mends_what_is_missing_and_drops_what_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    make_live(title="Merpati")
    over = make_live(title="Kenari")
    publishing.withdraw(over, by=person("ed"), at=AT + HOUR / 2, **BURIAL)
    SearchEntry.objects.filter(publication__title="Merpati").delete()
    assert not found("merpati")
    assert entries.reindex(at=LATER) == 1
    assert found("merpati") == ["Merpati"]
    assert found("kenari") == []
    call_command("reindex")
    assert "1 stories" in capsys.readouterr().out


def test_a_story_of_any_length_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL refuses a vector of 1 MiB; the end of such a story is not found, and that is all."""
    body = "<p>" + " ".join(f"𐐷𐐷𐐷kata{number}xyz" for number in range(20_000)) + "</p>"
    monkeypatch.setattr(richtext, "sanitize", lambda markup: markup)
    make_live(title="Panjang sekali", body=body)
    assert found("panjang") == ["Panjang sekali"]
    assert SearchEntry.objects.count() == 1


@pytest.mark.sqlite
def test_a_lost_index_is_reported_and_comes_back() -> None:
    make_live()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER search_entry_insert")
        cursor.execute(f"DROP TABLE {sqlite.INDEX}")
    [warning] = sqlite.check_index(databases=["default"])
    assert warning.id == "articles.W002"
    sqlite.install()
    assert sqlite.check_index(databases=["default"]) == []
    assert len(found("hormuz")) == 1
    make_live(title="Sesudahnya")
    assert found("sesudahnya") == ["Sesudahnya"]


def test_the_index_stands_after_all_migrations() -> None:
    assert sqlite.missing() == set()
