"""What the desk does to stories, and time with what it planned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from articles import (
    embargo,
    notices,
    publishing,
    revisions,
    translations,
    workflow,
)
from articles.models import Article, Notice, Publication, Section
from articles.models.publication import FAR_FUTURE
from tests.exactness.acts.registry import act, by
from tests.exactness.world import World
from tests.factories import person, save_article

BURIAL = {"ground": Publication.Ground.ERROR, "public_reason": "Angka utamanya keliru."}


def ready(world: World, story: Article, **fields: Any) -> int:
    """Write another version of the story and have Ed approve it; return its number."""
    fields = {"title": f"Berita {world.mark()}", "standfirst": f"Ringkasan {world.mark()}", **fields}
    number = save_article(story, by=person("ada"), at=world.now(), **fields)
    workflow.approve(story, revision=number, **by(world))
    return number


@act
def write(world: World) -> object:
    story = world.story()
    return save_article(story, by=person("ada"), at=world.now(), title=f"Konsep {world.mark()}")


@act
def bring_new(world: World) -> object:
    story = world.draft()
    return publishing.publish(story, revision=ready(world, story), **by(world))


@act
def plan_new(world: World) -> object:
    story = world.draft()
    number = ready(world, story)
    until = world.now() + timedelta(seconds=world.random.uniform(3, 6)) if world.maybe(0.4) else None
    return publishing.schedule(story, revision=number, visible_from=world.soon(), visible_until=until, **by(world))


@act
def update(world: World) -> object:
    story = world.story()
    note = "Angka baru" if world.maybe(0.5) else ""
    section = world.pick(Section.objects.filter(archived_at=None))
    number = ready(world, story, **({"section": section} if world.maybe(0.4) else {}))
    return publishing.publish(story, revision=number, change_note=note, **by(world))


@act
def plan_update(world: World) -> object:
    story = world.story()
    return publishing.schedule(story, revision=ready(world, story), visible_from=world.soon(), **by(world))


@act
def correct(world: World) -> object:
    story = world.story()
    kind = world.random.choice([Notice.Kind.CORRECTION, Notice.Kind.ERRATUM, Notice.Kind.REPLY])
    other = world.story() if kind == Notice.Kind.REPLY else None
    draft = notices.Draft(kind, f"Yang benar {world.mark()}.", is_grave=world.maybe(0.5), reply_article=other)
    return publishing.publish(story, revision=ready(world, story), notice=draft, **by(world))


@act
def take_back_correction(world: World) -> object:
    shown = Notice.objects.public(world.now()).filter(taken_back_at=None)
    return publishing.take_back_notice(world.pick(shown), reason=f"Yang lama benar {world.mark()}.", **by(world))


@act
def cancel(world: World) -> object:
    planned = Publication.objects.planned(world.now())
    return publishing.cancel(world.pick(Article.objects.filter(publications__in=planned).distinct()), **by(world))


@act
def expire(world: World) -> object:
    return publishing.expire(world.story(), **by(world))


@act
def expire_later(world: World) -> object:
    return publishing.expire(world.story(), visible_until=world.soon(), **by(world))


@act
def cancel_expiry(world: World) -> object:
    ending = Publication.objects.live(world.now()).filter(visible_until__lt=FAR_FUTURE)
    return publishing.cancel_expiry(world.pick(Article.objects.filter(publications__in=ending).distinct()), **by(world))


@act
def hold(world: World) -> object:
    return workflow.hold(world.story(), reason="Menunggu", **by(world))


@act
def lift_hold(world: World) -> object:
    return workflow.lift_hold(world.pick(Article.objects.exclude(held_at=None)), **by(world))


@act
def send_back(world: World) -> object:
    return workflow.send_back(world.story(), note="Kurang", **by(world))


@act
def set_embargo(world: World) -> object:
    until = world.now() + timedelta(seconds=2) if world.maybe(0.7) else None
    return embargo.set_embargo(world.story(), until=until, **by(world))


@act
def withdraw(world: World) -> object:
    return publishing.withdraw(world.story(), **BURIAL, **by(world))


@act
def bring_back(world: World) -> object:
    story = world.pick(Article.objects.filter(publications__kind=Publication.Kind.TOMBSTONE).distinct())
    return publishing.publish(story, revision=ready(world, story), **by(world))


@act
def kill(world: World) -> object:
    return publishing.kill(world.story(), **BURIAL, **by(world, "cas"))


@act
def purge(world: World) -> object:
    story = world.story()
    number = world.random.randint(1, world.seen(story))
    revisions.request_purge(story, number, ground="Putusan", **by(world, "cas"))
    return revisions.purge_revision(story, number, **by(world))


@act
def link(world: World) -> object:
    english = world.pick(Article.objects.filter(language="en"))
    return translations.link(english, source=world.pick(Article.objects.filter(language="id")), **by(world))


@act
def unlink(world: World) -> object:
    return translations.unlink(world.pick(Article.objects.exclude(translation_of=None)), **by(world))


@act
def translate(world: World) -> object:
    source = world.pick(Article.objects.filter(language="id"))
    story = translations.start(source, language="en", **by(world))
    return publishing.publish(story, revision=ready(world, story), **by(world))
