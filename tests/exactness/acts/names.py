"""What happens to sections, topics, names, pictures and standing pages."""

from __future__ import annotations

from datetime import timedelta

from articles import (
    images,
    pages,
    reprojection,
    taxonomy,
)
from articles.models import Contributor, Image, Page, Section, Topic, TopicMilestone
from newsroom.core.text import slugify
from tests.exactness.acts.registry import act, by
from tests.exactness.world import World
from tests.factories import make_contributor, make_section, make_topic


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
    former, topic.slug = topic.slug, f"lama-{world.mark()}"
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
    return pages.publish(world.pick(Page.objects.filter(published_at=None).exclude(body="")), **by(world))


@act
def take_page_off(world: World) -> object:
    return pages.take_off(world.pick(Page.objects.exclude(published_at=None)), **by(world))
