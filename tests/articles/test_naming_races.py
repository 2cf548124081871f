"""What a publication names is changed while it is on its way. Real threads, real PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from articles import images, publishing, taxonomy
from articles.locking import lock
from articles.models import Article, Image, Publication, PublicationRef
from articles.reprojection import reproject
from tests.articles.acts import HOUR
from tests.articles.pictures import make_image
from tests.factories import AT, make_approved, make_contributor, make_section, make_topic, newest, person, save_article

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LATER = AT + HOUR
SOON = LATER + timedelta(seconds=1)
# Whether any connection waits for what this one has locked.
IS_WAITED_FOR = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


@pytest.fixture
def elsewhere() -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Start an act on a connection of its own; return when it is done or waits for this one."""
    with ThreadPoolExecutor(2) as pool:

        def start(act: Callable[[], Any]) -> Future[Any]:
            started = pool.submit(on_own_connection, act)
            deadline = time.monotonic() + 5
            while not started.done() and not is_waited_for() and time.monotonic() < deadline:
                time.sleep(0.002)
            return started

        yield start


def on_own_connection(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(IS_WAITED_FOR)
        return bool(cursor.fetchone()[0])


def rename(referent: Any, name: str) -> Callable[[], None]:
    """Rename as the admin does, and do at once what the task will do."""

    def act() -> None:
        with transaction.atomic():
            type(referent).objects.filter(pk=referent.pk).update(name=name)
            taxonomy.saved(referent, by=person("ed"), at=LATER)
        reproject(str(taxonomy.kind_of(referent)), referent.pk, at=LATER)

    return act


def publish(article: Article) -> publishing.Outcome:
    return publishing.publish(article, revision=newest(article), by=person("ed"), at=LATER)


def live(article: Article) -> Publication:
    return Publication.objects.live(SOON).get(article=article)


Start = Callable[[Callable[[], Any]], Future[Any]]


@pytest.mark.parametrize(
    ("field", "referent", "shown"),
    [
        ("section", lambda: make_section("Lama"), lambda row: row.section_name),
        ("topics", lambda: make_topic("Lama"), lambda row: row.topics[0]["name"]),
        ("bylines", lambda: make_contributor("Lama"), lambda row: row.bylines[0]["name"]),
    ],
)
def test_a_name_changed_while_a_story_is_published_reaches_it(
    elsewhere: Start, field: str, referent: Callable[[], Any], shown: Callable[[Publication], str]
) -> None:
    named = referent()
    article = make_approved(**{field: named if field == "section" else [named]})
    with transaction.atomic():
        publish(article)
        renamed = elsewhere(rename(named, "Baru"))
    renamed.result(10)
    assert shown(live(article)) == "Baru"


def test_a_story_published_while_a_name_changes_has_the_new_one(elsewhere: Start) -> None:
    section = make_section("Lama")
    article = make_approved(section=section)
    with transaction.atomic():
        type(section).objects.filter(pk=section.pk).update(name="Baru")
        taxonomy.saved(section, by=person("ed"), at=LATER)
        published = elsewhere(lambda: publish(article))
        assert not published.done()
    published.result(10)
    assert live(article).section_name == "Baru"


def test_a_topic_merged_while_a_story_is_published_hands_it_over(elsewhere: Start) -> None:
    topic, target = make_topic("Lama"), make_topic("Baru")
    article = make_approved(topics=[topic])

    def merge() -> None:
        taxonomy.merge_topic(topic, into=target, by=person("ed"), at=LATER)
        reproject(PublicationRef.Kind.TOPIC, topic.pk, at=LATER)

    with transaction.atomic():
        publish(article)
        merged = elsewhere(merge)
    merged.result(10)
    assert [topic["name"] for topic in live(article).topics] == ["Baru"]


def test_the_target_of_a_merged_topic_is_kept_as_well(elsewhere: Start) -> None:
    target, topic = make_topic("Lama"), make_topic("Digabung")
    taxonomy.merge_topic(topic, into=target, by=person("ed"), at=AT)
    article = make_approved(topics=[topic])
    with transaction.atomic():
        publish(article)
        renamed = elsewhere(rename(target, "Baru"))
    renamed.result(10)
    assert [topic["name"] for topic in live(article).topics] == ["Baru"]


def test_stories_of_one_section_do_not_wait_for_each_other(elsewhere: Start) -> None:
    section, topic = make_section(), make_topic()
    one, other = (make_approved(section=section, topics=[topic]) for _ in range(2))
    with transaction.atomic():
        publish(one)
        assert elsewhere(lambda: publish(other)).done()


@pytest.fixture
def pictured() -> tuple[Article, Image]:
    image = make_image(credit="Lama")
    return make_approved(lead_image=image), image


def credit(image: Image) -> Callable[[], None]:
    return lambda: images.update_details(image, version=image.version, by=person("ed"), at=LATER, credit="Baru")


def take_down(image: Image) -> Callable[[], None]:
    return lambda: images.take_down(image, ground="Diminta pemiliknya", by=person("ed"), at=LATER)


@pytest.mark.parametrize(
    ("act", "shown"), [(credit, lambda lead: lead["credit"] == "Baru"), (take_down, lambda lead: lead == {})]
)
class TestPictures:
    def test_what_happens_to_a_picture_while_a_story_is_published_reaches_it(
        self,
        elsewhere: Start,
        pictured: tuple[Article, Image],
        act: Callable[[Image], Callable[[], None]],
        shown: Callable[[Any], bool],
    ) -> None:
        article, image = pictured
        with transaction.atomic():
            publish(article)
            changed = elsewhere(act(image))
        changed.result(10)
        assert shown(live(article).lead_image)

    def test_neither_stops_the_other_where_the_story_is_locked_first(
        self,
        elsewhere: Start,
        pictured: tuple[Article, Image],
        act: Callable[[Image], Callable[[], None]],
        shown: Callable[[Any], bool],
    ) -> None:
        article, image = pictured
        publishing.publish(article, revision=newest(article), by=person("ed"), at=AT)
        save_article(article, title="Selat Hormuz dibuka untuk semua")
        with transaction.atomic():
            lock(article)
            changed = elsewhere(act(image))
            assert not changed.done()
            publish(article)
        changed.result(10)
        assert shown(live(article).lead_image)
