"""What the desk, readers and workers do to a newsroom, each by the service that stands behind the button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from articles import (
    embargo,
    images,
    notices,
    pages,
    publishing,
    reprojection,
    revisions,
    taxonomy,
    translations,
    workflow,
)
from articles.models import Article, Contributor, Image, Notice, Page, Publication, Section, Topic, TopicMilestone
from articles.models.publication import FAR_FUTURE
from comments import recount, retention, threads
from comments.models import Comment, Decision, Status, Thread
from comments.moderation import desk, rulebook
from newsroom.core.text import slugify
from tests.exactness.world import World
from tests.factories import make_contributor, make_section, make_topic, person, save_article

Act = Callable[[World], object]
ACTS: dict[str, Act] = {}
BURIAL = {"ground": Publication.Ground.ERROR, "public_reason": "Angka utamanya keliru."}


def act(function: Act) -> Act:
    """List an act under its name."""
    ACTS[function.__name__] = function
    return function


def by(world: World, name: str = "ed") -> dict[str, Any]:
    """Return who acts, and when."""
    return {"by": person(name), "at": world.now()}


def ready(world: World, story: Article, **fields: Any) -> int:
    """Write another version of the story and have Ed approve it; return its number."""
    fields = {"title": f"Berita {world.mark()}", "standfirst": f"Ringkasan {world.mark()}", **fields}
    number = save_article(story, by=person("ada"), at=world.now(), **fields)
    workflow.approve(story, revision=number, **by(world))
    return number


# Stories


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


# Names


@act
def rename_section(world: World) -> object:
    section = world.pick(Section.objects.all())
    section.name = f"Rubrik {world.mark()}"
    if world.maybe(0.4):
        section.slug = slugify(section.name)
    return world.renamed(section)


@act
def move_section(world: World) -> object:
    section = world.pick(Section.objects.all())
    section.position = world.random.randint(1, 9)
    return world.renamed(section)


@act
def open_section(world: World) -> object:
    return world.renamed(make_section(f"Rubrik {world.mark()}"))


@act
def rename_topic(world: World) -> object:
    topic = world.pick(Topic.objects.all())
    topic.name, topic.is_on_front = f"Topik {world.mark()}", world.maybe(0.5)
    if world.maybe(0.5):
        topic.slug = slugify(topic.name)
    return world.renamed(topic)


@act
def swap_topics(world: World) -> object:
    """Give a topic the address that another one had."""
    topic, other = world.pick(Topic.objects.all()), make_topic(f"Topik {world.mark()}")
    former, topic.slug = topic.slug, f"{topic.slug}-lama"[:80]
    world.renamed(topic)
    other.slug = former
    return world.renamed(other)


@act
def tell_chronology(world: World) -> object:
    topic = world.pick(Topic.objects.all())
    TopicMilestone.objects.create(topic=topic, moment="Kini", text=f"Terjadi {world.mark()}", position=99)
    return world.renamed(topic)


@act
def merge_topics(world: World) -> object:
    topic, into = world.pick(Topic.objects.all()), world.pick(Topic.objects.all())
    world.to_rebuild.append(("topic", topic.pk))
    return taxonomy.merge_topic(topic, into=into, **by(world))


@act
def archive_name(world: World) -> object:
    rows = world.random.choice([Section.objects.all(), Topic.objects.all(), Contributor.objects.all()])
    referent = world.pick(rows)  # type: ignore[arg-type]  # of one kind each time
    if referent.archived_at is None and type(referent)._default_manager.filter(archived_at=None).count() > 1:
        return taxonomy.archive(referent, **by(world))
    return taxonomy.unarchive(referent, **by(world))


@act
def rename_contributor(world: World) -> object:
    person_ = world.pick(Contributor.objects.all())
    person_.name, person_.bio = f"Nama {world.mark()}", f"Tentang {world.mark()}"
    person_.portrait = world.pick(Image.objects.filter(taken_down_at=None)) if world.maybe(0.6) else None
    return world.renamed(person_)


@act
def welcome_contributor(world: World) -> object:
    return world.renamed(make_contributor(f"Nama {world.mark()}"))


@act
def rebuild(world: World) -> object:
    """Do what a worker does after a name or a picture has changed."""
    kind, pk = world.to_rebuild.pop(world.random.randrange(len(world.to_rebuild)))
    return reprojection.reproject(kind, pk, at=world.now())


# Pictures


@act
def describe_picture(world: World) -> object:
    image = world.pick(Image.objects.filter(taken_down_at=None))
    name = world.random.choice(["alt_text", "caption", "credit"])
    world.shows_picture(image)
    return images.update_details(image, version=image.version, **{name: f"Kata {world.mark()}"}, **by(world))


@act
def end_licence(world: World) -> object:
    image = world.pick(Image.objects.filter(taken_down_at=None))
    day = world.random.choice([None, world.now().date(), world.now().date() - timedelta(days=2)])
    return images.update_details(image, version=image.version, licence_until=day, **by(world))


@act
def take_picture_down(world: World) -> object:
    image = world.pick(Image.objects.filter(taken_down_at=None))
    return images.take_down(image, ground="Putusan", **by(world))


# Standing pages


@act
def write_page(world: World) -> object:
    page = world.pick(Page.objects.all())
    name = world.random.choice(["title", "body", "body_en", "position", "is_in_footer", "slug"])
    values = {
        "position": world.random.randint(1, 9),
        "is_in_footer": not page.is_in_footer,
        "slug": f"halaman-{world.mark()}",
        "body_en": "" if page.body_en else f"<p>{world.mark()}</p>",
    }
    setattr(page, name, values.get(name, f"<p>{world.mark()}</p>" if name == "body" else f"Judul {world.mark()}"))
    return pages.save(page, seen=page.version, **by(world))


@act
def show_page(world: World) -> object:
    return pages.publish(world.pick(Page.objects.filter(published_at=None)), **by(world))


@act
def take_page_off(world: World) -> object:
    return pages.take_off(world.pick(Page.objects.exclude(published_at=None)), **by(world))


# Comments


def commented(world: World) -> Article:
    """Return a story that readers may comment on."""
    return world.pick(Article.objects.filter(publications__in=Publication.objects.live(world.now())).distinct())


@act
def comment(world: World) -> object:
    return world.comment(commented(world), world.random.choice([Status.PENDING, Status.APPROVED]))


@act
def answer_comment(world: World) -> object:
    above = world.pick(Comment.objects.filter(visible=True))
    return world.comment(Article.objects.get(thread=above.thread), Status.APPROVED, reply_to=above)


def decide(world: World, verb: Callable[..., object], rows: Any, **facts: Any) -> object:
    """Have Mo take a decision on a comment as it stands now."""
    found = world.pick(rows)
    return verb(found.pk, version=found.version, **facts, **by(world, "mo"))


@act
def approve(world: World) -> object:
    return decide(world, desk.approve, Comment.objects.exclude(status=Status.APPROVED))


@act
def reject(world: World) -> object:
    return decide(world, desk.reject, Comment.objects.all(), reason="hatred")


@act
def remove(world: World) -> object:
    return decide(world, desk.remove, Comment.objects.filter(status=Status.APPROVED), reason="other")


@act
def remove_branch(world: World) -> object:
    rows = Comment.objects.filter(status=Status.APPROVED)
    return decide(world, desk.remove_with_replies, rows, reason="other")


@act
def spam(world: World) -> object:
    return decide(world, desk.spam, Comment.objects.all())


@act
def undo(world: World) -> object:
    return desk.undo(world.pick(Decision.objects.filter(undoes=None)).pk, **by(world, "mo"))


@act
def keep_thread(world: World) -> object:
    closes_at = world.random.choice([None, world.soon(), world.now() - timedelta(seconds=1)])
    mode = world.random.choice(Thread.Mode.values)
    facts = {"mode": mode, "closes_at": closes_at, "ignores_age": world.maybe(0.3)}
    return threads.keep(world.story().pk, **facts, **by(world, "mo"))


@act
def change_rules(world: World) -> object:
    version = rulebook.current().version
    days = world.random.choice([None, 1, 4, 30])
    return rulebook.change({"close_after_days": days, "links_allowed": 3}, version=version, **by(world, "mo"))


@act
def repair(world: World) -> object:
    thread = world.pick(Thread.objects.all())
    Thread.objects.filter(pk=thread.pk).update(visible_count=thread.visible_count + 1)
    return recount.repair(thread.pk, by=None, at=world.now())


@act
def forget(world: World) -> object:
    return retention.drop_hashes(at=world.now() + timedelta(days=40))
