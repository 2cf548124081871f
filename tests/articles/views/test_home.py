"""The front page."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import publishing
from articles.models import Publication, TopicMilestone
from articles.teasers import Teaser
from articles.views.home import arrange
from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_approved, make_live, make_topic, newest, person, save_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Read every page a minute after AT."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


def titles(count: int) -> list[Teaser]:
    return [
        Teaser(title=str(number), section_slug=f"s{number % 3}", visible_from=AT - timedelta(hours=number))
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 6, 10, 11, 14, 18, 40, 120])
def test_each_story_stands_in_one_place(count: int) -> None:
    front = arrange(titles(count))
    shown = [front.lead] if front.lead else []
    shown += [*front.seconds, *front.newest, *front.row, *front.lines]
    shown += [story for block in [*front.blocks, *front.sharing] for story in block.stories]
    names = [story.title for story in shown]
    assert len(names) == len(set(names))
    assert len(names) == min(count, len(names))
    assert set(names) >= {str(number) for number in range(min(count, 18))}


@pytest.mark.parametrize("count", range(20))
def test_rows_are_never_nearly_empty(count: int) -> None:
    assert len(arrange(titles(count)).row) in (0, 3, 4)


def test_empty_front_page_says_so(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'class="notice notice--waiting"' in answer.content.decode()
    assert not answer.cookies
    assert "cookie" not in answer.get("Vary", "").lower()


@pytest.mark.parametrize("count", [1, 6, 30])
def test_newest_story_leads(client: Client, count: int) -> None:
    publish_many(count)
    page = client.get("/").content.decode()
    assert all(f"Cerita {number}<" in page for number in range(min(count, 18)))
    assert "story--lead" in page[: page.index("Cerita 0<")]
    assert "Cerita 1<" not in page[: page.index("Cerita 0<")]


def test_queries_do_not_grow_with_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(10)
    client.get("/")
    with django_assert_num_queries(5):
        client.get("/")
    publish_many(990)
    with django_assert_num_queries(5):
        client.get("/")


def test_languages_have_front_pages_of_their_own(client: Client) -> None:
    make_live(title="Selat dibuka")
    make_live(title="The strait opens", language="en")
    indonesian, english = client.get("/").content.decode(), client.get("/en/").content.decode()
    assert "Selat dibuka" in indonesian
    assert "The strait opens" not in indonesian
    assert "The strait opens" in english
    assert '<html lang="en">' in english
    assert "Selat dibuka" not in english


def test_what_is_not_live_is_not_listed(client: Client) -> None:
    make_approved(title="Hanya disetujui")
    withdrawn = make_live(title="Ditarik kemudian")
    publishing.withdraw(withdrawn, ground="trauma", public_reason="Keselamatan.", by=person("cas"), at=AT)
    planned = make_approved(title="Menunggu waktunya")
    publishing.schedule(planned, revision=newest(planned), visible_from=AT + timedelta(days=1), by=person("ed"), at=AT)
    page = client.get("/").content.decode()
    for title in ("Hanya disetujui", "Ditarik kemudian", "Menunggu waktunya"):
        assert title not in page


def test_a_small_mend_does_not_make_old_news_new(client: Client) -> None:
    old = make_live(title="Berita lama", at=AT - timedelta(days=1))
    make_live(title="Berita baru")
    publishing.publish(old, revision=save_article(old, kicker="Teluk"), by=person("ed"), at=AT + timedelta(seconds=30))
    page = client.get("/").content.decode()
    assert page.index("Berita baru") < page.index("Berita lama")


def of_kind(kind: str, count: int) -> list[Teaser]:
    stories = titles(count)
    for story in stories:
        story.story_kind = kind
        story.title = f"{kind} {story.title}"
    return stories


@pytest.mark.parametrize(("news", "opinions", "apart"), [(8, 2, 2), (8, 6, 4), (8, 1, 0), (2, 4, 0), (0, 5, 0)])
def test_opinions_have_a_place_of_their_own(news: int, opinions: int, apart: int) -> None:
    """But never so that the news above them runs out."""
    front = arrange(of_kind("opinion", opinions) + of_kind("news", news))
    assert len(front.opinions) == apart
    assert front.lead
    assert front.lead.story_kind == ("news" if apart or not opinions else "opinion")


def test_sections_of_few_stories_share_a_row() -> None:
    stories = titles(40)
    for story in stories[20:]:
        story.section_slug = story.section_name = "besar"
    for number, story in enumerate(stories[13:20]):
        story.section_slug = story.section_name = f"kecil{number % 5}"
    front = arrange(stories)
    assert {block.name for block in front.blocks} == {"besar"}
    assert {block.name for block in front.sharing} <= {f"kecil{number}" for number in range(5)}
    assert 1 <= len(front.sharing) <= 4


def test_dossier_is_the_marked_topic_with_the_newest_story(client: Client) -> None:
    old, new, unmarked, empty = (
        make_topic(name, is_on_front=name != "Tidak") for name in ("Lama", "Baru", "Tidak", "Kosong")
    )
    for number, topic in enumerate((old, new, unmarked)):
        make_live(title=f"Tentang {topic}", topics=[topic], at=AT - timedelta(hours=3 - number))
    for number in range(6):
        TopicMilestone.objects.create(topic=new, moment=f"Hari {number}", text=f"Peristiwa {number}.", position=number)
    page = client.get("/").content.decode()
    assert 'href="/topik/baru/"' in page
    for topic in (old, unmarked, empty):
        assert f'href="/topik/{topic.slug}/"' not in page
    # The last four, in the order of events.
    assert "Peristiwa 1." not in page
    assert page.index("Peristiwa 2.") < page.index("Peristiwa 5.")


def test_dossier_follows_its_topic(client: Client) -> None:
    make_live(topics=[make_topic("Energi", is_on_front=True, archived_at=AT)])
    assert "/topik/energi/" not in client.get("/").content.decode()


def test_lead_picture_stands_beside_the_lead(client: Client) -> None:
    story = make_live(title="Berita dengan gambar")
    shape = {"width": 1600, "height": 900, "sources": [], "src": "/media/x.jpg", "srcset": "/media/x.jpg 1600w"}
    picture = {"id": 1, "alt": "Peta", "caption": "Jalur rel.", "credit": "Peta: Lintang", "is_ai": True}
    picture |= {"licence": "own", "shapes": {"full": shape, "wide": shape}}
    Publication.objects.filter(article=story).update(lead_image=picture)
    page = client.get("/").content.decode()
    assert 'width="1600" height="900" alt="Peta" fetchpriority="high"' in page
    assert "Jalur rel. <span" in page
    assert "Peta: Lintang" in page
    assert "picture__mark" in page
