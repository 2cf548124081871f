"""Named people and stories, made the way the desk makes them: through the services.

Ada is a reporter, Ed an editor, Mo a moderator, Cas the chief editor, Rea a reader and Tom a stranger (neither has an
account that may do anything).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group

from articles import publishing, workflow
from articles.models import Article, ArticleTopic, Byline, Contributor, Milestone, Publication, Section, Source, Topic
from newsroom.core.models import User
from newsroom.core.text import slugify
from tests.copies import copied

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
PEOPLE = {"ada": "reporter", "ed": "editor", "mo": "moderator", "cas": "chief_editor", "rea": "", "tom": ""}
# Long enough that the checklist has nothing to say.
BODY = (
    "<p>Kapal-kapal tanker kembali melintas di selat itu pada Rabu pagi, sehari setelah kedua pihak sepakat.</p>"
    "<h2>Apa yang disepakati</h2>"
    "<p>Menurut naskah yang dibaca redaksi, kedua pihak menarik kapal perangnya sejauh dua belas mil laut. "
    "Pengawasan dilakukan oleh negara ketiga, yang belum disebut namanya. Kesepakatan itu berlaku tiga puluh hari, "
    "dan dapat diperpanjang bila tidak ada pihak yang berkeberatan secara tertulis sebelum masa itu berakhir.</p>"
    "<p>Belum jelas siapa yang akan menanggung biaya pengawasan itu.</p>"
)


def person(username: str, **fields: Any) -> User:
    """Return one of the named people, in their group; made on first use."""
    group = PEOPLE.get(username, "")
    user, made = User.objects.get_or_create(
        username=username,
        defaults={"first_name": username.title(), "email": f"{username}@example.com", "is_staff": bool(group)} | fields,
    )
    if made and group:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def make_section(name: str = "Timur Tengah", **fields: Any) -> Section:
    """Return the section of that name."""
    return Section.objects.get_or_create(slug=slugify(name), defaults={"name": name} | fields)[0]


def make_topic(name: str = "Energi", **fields: Any) -> Topic:
    """Return the topic of that name."""
    return Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name} | fields)[0]


def make_contributor(name: str = "Ada Wibowo", **fields: Any) -> Contributor:
    """Return the contributor of that name."""
    return Contributor.objects.get_or_create(slug=slugify(name), defaults={"name": name} | fields)[0]


@copied
def make_article(
    *,
    title: str = "Selat Hormuz dibuka lagi",
    section: Section | None = None,
    by: User | None = None,
    at: datetime = AT,
    bylines: Iterable[Contributor] | None = None,
    topics: Iterable[Topic] | None = None,
    sources: Iterable[dict[str, Any]] = ({"title": "Naskah kesepakatan", "is_checked": True},),
    milestones: Iterable[dict[str, Any]] = (),
    **fields: Any,
) -> Article:
    """Return a saved draft with one revision: complete enough to be published, unless fields say otherwise."""
    by = by or person("ada")
    article = Article.objects.create(
        **{
            "title": title,
            "standfirst": "Kedua pihak menarik kapal perangnya sejauh dua belas mil.",
            "body": BODY,
            "section": section or make_section(),
            "created_by": by,
            "created_at": at,
            "updated_at": at,
            **fields,
        }
    )
    for position, contributor in enumerate([make_contributor()] if bylines is None else bylines):
        Byline.objects.create(article=article, contributor=contributor, position=position)
    for position, topic in enumerate([make_topic()] if topics is None else topics):
        ArticleTopic.objects.create(article=article, topic=topic, position=position)
    for position, source in enumerate(sources):
        Source.objects.create(article=article, position=position, **source)
    for position, milestone in enumerate(milestones):
        Milestone.objects.create(article=article, position=position, **milestone)
    workflow.working_copy_saved(article, by=by, at=at)
    return article


def save_article(article: Article, *, by: User | None = None, at: datetime = AT, **fields: Any) -> int:
    """Save changes to the working copy as the form does; return the number of the newest revision."""
    for name, value in fields.items():
        setattr(article, name, value)
    article.save(update_fields=list(fields))
    workflow.working_copy_saved(article, by=by or person("ada"), at=at)
    return newest(article)


def newest(article: Article) -> int:
    """Return the number of the newest revision."""
    return article.revisions.order_by("-number").values_list("number", flat=True)[0]


@copied
def make_approved(*, at: datetime = AT, **fields: Any) -> Article:
    """Return a story that Ed approved in its first revision, and nobody published."""
    article = make_article(at=at, **fields)
    workflow.approve(article, revision=newest(article), by=person("ed"), at=at)
    return article


@copied
def make_live(*, at: datetime = AT, **fields: Any) -> Article:
    """Return a story that Ed approved and published at `at`."""
    article = make_approved(at=at, **fields)
    publishing.publish(article, revision=newest(article), by=person("ed"), at=at)
    return article


def live_publication(article: Article, at: datetime) -> Publication | None:
    """Return what readers see of the story at `at`."""
    return Publication.objects.live(at).filter(article=article).first()
