"""Putting the demo newsroom in: every step by the service that the desk uses, at a moment in the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction

from articles import images, pages
from articles.models import (
    Article,
    Contributor,
    Image,
    Page,
    Section,
    SectionEditor,
    Topic,
    TopicFact,
    TopicMilestone,
)
from comments.moderation import words
from newsroom.core import surfaces
from newsroom.core.models import OutboxMail
from newsroom.demo import accounts, content, desk, readers
from newsroom.demo.models import DemoRow
from newsroom.demo.scene import Scene, register


def is_loaded() -> bool:
    """Say whether the demo stands here."""
    return DemoRow.objects.exists()


def is_empty() -> bool:
    """Say whether the newsroom has neither stories nor sections of its own."""
    return not (Article.objects.exists() or Section.objects.exists())


@transaction.atomic
def load(*, at: datetime) -> None:
    """Bring in the whole demo as if it had come to be in the year before `at`, and keep its log-ins in a file.

    All or nothing, but for files of pictures, which the next attempt takes over. Raises IntegrityError when a name it
    needs (a section's slug, an account) is taken.
    """
    scene = Scene(at)
    paper = content.paper()
    scene.staff, logins = accounts.open_accounts(paper["staff"])
    register(scene.staff.values())
    bring_in_pictures(scene, in_order_of_need(scene, content.pictures()))
    bring_in_paper(scene, paper)
    bring_in_pages(scene, content.pages())
    for story in in_order_of_time(scene):
        scene.stories[story.key] = desk.bring_in_story(scene, story)
    readers.bring_in_remarks(scene, content.remarks())
    # Nobody reads mail at that domain.
    OutboxMail.objects.filter(recipient__endswith=f"@{accounts.DOMAIN}").delete()
    surfaces.bump(surfaces.site(), surfaces.home())
    accounts.keep_logins(logins)


def bring_in_pictures(scene: Scene, pictures: list[content.Picture]) -> None:
    """Take the pictures into the library, the ones that are shown first at the head of the queue.

    Within the transaction, though it takes seconds: the newsroom is empty, nobody waits for it.
    """
    by, long_ago = scene.staff["ed"], scene.at - timedelta(days=360)
    for picture in pictures:
        with picture.path.open("rb") as file:
            image = images.ingest(File(file, name=picture.path.name), by=by, at=long_ago, **picture.details)
        if not image.was_known:
            register([image])
            set_focal_point(image, picture.focal, scene)
        scene.pictures[picture.key] = image


def in_order_of_need(scene: Scene, pictures: list[content.Picture]) -> list[content.Picture]:
    """Return the pictures as their sizes should be made: those of the newest stories first."""
    began = {story.picture: scene.moment(story.acts[0].when) for story in in_order_of_time(scene)}
    return sorted(pictures, key=lambda picture: began.get(picture.key, datetime.min.replace(tzinfo=UTC)), reverse=True)


def in_order_of_time(scene: Scene) -> list[content.Story]:
    """Return the stories by the moment at which the desk first did something with them."""
    return sorted(content.stories(), key=lambda story: scene.moment(story.acts[0].when))


def bring_in_pages(scene: Scene, rows: list[dict[str, str]]) -> None:
    """Write and publish the standing pages that nobody has written yet."""
    chief, long_ago = scene.staff["kepala"], scene.at - timedelta(days=350)
    for row in rows:
        page = Page.objects.filter(slug=row["slug"], updated_at=None).first()
        if page is None:
            continue
        page.body, page.body_en = row["body"].strip(), row["body_en"].strip()
        pages.save(page, seen=page.version, by=chief, at=long_ago)
        pages.publish(page, by=chief, at=long_ago)
        register([page])


def set_focal_point(image: Image, focal: tuple[int, int], scene: Scene) -> None:
    """Say which point cuts must keep."""
    x, y = focal
    images.set_focal_point(image, x, y, version=image.version, by=scene.staff["ed"], at=image.uploaded_at)


def bring_in_paper(scene: Scene, paper: dict[str, list[dict[str, Any]]]) -> None:
    """Make sections with the editors bound to them, topics, contributors and watched words."""
    for position, row in enumerate(paper["sections"], start=1):
        scene.sections[row["slug"]] = Section.objects.create(position=position, **row)
    for row in paper["staff"]:
        for slug in row.get("sections", []):
            SectionEditor.objects.create(user=scene.staff[row["username"]], section=scene.sections[slug])
    for row in paper["topics"]:
        scene.topics[row["slug"]] = bring_in_topic(scene, row)
    for row in paper["contributors"]:
        user = scene.staff.get(row.pop("user", ""))
        scene.contributors[row["slug"]] = Contributor.objects.create(user=user, **row)
    moderator, long_ago = scene.staff["mo"], scene.at - timedelta(days=30)
    watched = [words.add(**row, by=moderator, at=long_ago) for row in paper["watched_words"]]
    register([*scene.sections.values(), *scene.topics.values(), *scene.contributors.values(), *watched])


def bring_in_topic(scene: Scene, row: dict[str, Any]) -> Topic:
    """Make a topic with its picture, chronology and facts."""
    milestones, facts = row.pop("milestones", []), row.pop("facts", [])
    topic = Topic.objects.create(image=scene.pictures.get(row.pop("picture", "")), **row)
    TopicMilestone.objects.bulk_create(
        TopicMilestone(topic=topic, position=position, **entry) for position, entry in enumerate(milestones)
    )
    TopicFact.objects.bulk_create(
        TopicFact(topic=topic, position=position, **entry) for position, entry in enumerate(facts)
    )
    return topic
