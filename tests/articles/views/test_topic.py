"""The page of a topic."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from articles import publishing, taxonomy
from articles.models import Topic, TopicFact, TopicMilestone
from articles.views import topic as view
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live, make_topic, person, save_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Read every page a minute after AT."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_topic_lists_its_stories_in_the_language_of_the_address(client: Client) -> None:
    energy = make_topic("Energi", name_en="Energy", description_en="Oil, gas and the rest.")
    make_live(title="Tentang energi", topics=[energy])
    make_live(title="About energy", topics=[energy], language="en")
    make_live(title="Tentang beras", topics=[make_topic("Beras")])
    page = page_of(client, "/topik/energi/")
    assert "Tentang energi" in page
    assert "Tentang beras" not in page
    assert "About energy" not in page
    assert 'href="/en/topik/energi/" lang="en"' in page
    english = page_of(client, "/en/topik/energi/")
    assert "<h1>Energy</h1>" in english
    assert "Oil, gas and the rest." in english
    assert "About energy" in english
    assert "Tentang energi" not in english


@pytest.mark.parametrize("query", ["", "?events=1"])
def test_topic_that_only_drafts_use_cannot_be_guessed(client: Client, query: str) -> None:
    energy = make_topic("Energi")
    assert client.get(f"/topik/energi/{query}").status_code == 404
    article = make_live(topics=[energy])
    assert client.get(f"/topik/energi/{query}").status_code == 200
    publishing.expire(article, by=person("ed"), at=AT + timedelta(seconds=30))
    assert client.get(f"/topik/energi/{query}").status_code == 404


def test_topic_without_stories_in_a_language_says_so(client: Client) -> None:
    make_live(topics=[make_topic("Energi")])
    page = page_of(client, "/en/topik/energi/")
    assert "notice--waiting" in page
    assert 'content="noindex, follow"' in page


def test_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/topik/tidak-ada/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_merged_topic_leads_to_its_target_in_one_hop(client: Client, prefix: str) -> None:
    first, second, last = (make_topic(name) for name in ("Minyak", "Migas", "Energi"))
    taxonomy.merge_topic(first, into=second, by=person("ed"), at=AT)
    taxonomy.merge_topic(Topic.objects.get(pk=second.pk), into=last, by=person("ed"), at=AT)
    answer = client.get(f"{prefix}/topik/minyak/")
    assert answer.status_code == 301
    assert answer["Location"] == f"{prefix}/topik/energi/"


def test_withdrawn_story_leaves_the_list(client: Client) -> None:
    make_live(title="Tetap tampil")
    article = make_live(title="Ditarik kemudian")
    publishing.withdraw(article, ground="trauma", public_reason="Keselamatan.", by=person("cas"), at=AT)
    assert "Ditarik kemudian" not in page_of(client, "/topik/energi/")


def test_updated_story_stands_once(client: Client) -> None:
    article = make_live(title="Sekali saja")
    from_first = page_of(client, "/topik/energi/").count("Sekali saja")
    number = save_article(article, kicker="Teluk")
    publishing.publish(article, revision=number, by=person("ed"), at=AT + timedelta(seconds=20))
    assert page_of(client, "/topik/energi/").count("Sekali saja") == from_first == 1


def events(topic: Topic, count: int) -> None:
    for number in range(count):
        TopicMilestone.objects.create(
            topic=topic, moment=f"Hari {number}", text=f"Peristiwa {number}.", position=number
        )


def test_chronology_is_newest_first_and_goes_on_elsewhere(client: Client) -> None:
    make_live(topics=[make_topic("Energi")])
    events(make_topic("Energi"), view.EVENTS + 2)
    newest = view.EVENTS + 1
    page = page_of(client, "/topik/energi/")
    assert page.index(f"Peristiwa {newest}.") < page.index(f"Peristiwa {newest - 1}.")
    assert "Peristiwa 0." not in page
    assert 'href="/topik/energi/?events=1"' in page
    assert "Peristiwa 2." in page_of(client, "/topik/energi/?events=1")
    assert "Peristiwa 1." in page_of(client, "/topik/energi/?events=2")
    assert client.get("/topik/energi/?events=3").status_code == 404
    assert client.get("/topik/energi/?events=x").status_code == 404


def test_uncertain_event_says_so_in_words_and_line(client: Client) -> None:
    make_live(topics=[make_topic("Energi")])
    TopicMilestone.objects.create(topic=make_topic("Energi"), moment="Kini", text="Kiriman baru.", is_certain=False)
    assert '<li class="is-uncertain">' in page_of(client, "/topik/energi/")
    assert "not yet established" in page_of(client, "/en/topik/energi/")


def test_event_without_english_text_is_marked_as_indonesian(client: Client) -> None:
    topic = make_topic("Energi")
    make_live(topics=[topic])
    TopicMilestone.objects.create(topic=topic, moment="Kini", text="Kiriman baru.")
    TopicMilestone.objects.create(topic=topic, moment="Dulu", moment_en="Then", text="Lama.", text_en="Old.")
    page = page_of(client, "/en/topik/energi/")
    assert '<p class="meridian__title" lang="id">Kiriman baru.</p>' in page
    assert '<p class="meridian__title">Old.</p>' in page


def test_facts_stand_in_their_order_and_language(client: Client) -> None:
    topic = make_topic("Korea Selatan", kind="country")
    make_live(topics=[topic])
    TopicFact.objects.create(topic=topic, label="Penduduk", label_en="People", value="51,7 juta", position=2)
    TopicFact.objects.create(topic=topic, label="Ibu kota", value="Seoul", source="https://example.com/", position=1)
    TopicFact.objects.create(topic=topic, label="Luas", value="100", source="javascript:alert(1)", position=3)
    page = page_of(client, "/topik/korea-selatan/")
    assert page.index("Ibu kota") < page.index("Penduduk")
    assert 'href="https://example.com/"' in page
    assert 'href="javascript' not in page
    assert "People" in page_of(client, "/en/topik/korea-selatan/")


def test_queries_do_not_grow_with_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(30)
    events(make_topic("Energi"), 3)
    client.get("/topik/energi/")
    with django_assert_num_queries(9):
        client.get("/topik/energi/")
    publish_many(970)
    with django_assert_num_queries(9):
        assert "Cerita 12<" in page_of(client, "/topik/energi/?page=2")


def test_kind_is_named(client: Client) -> None:
    make_live(topics=[make_topic("Korea Selatan", kind="country")])
    with translation.override("en"):
        assert "Topic · Country" in page_of(client, "/en/topik/korea-selatan/")
