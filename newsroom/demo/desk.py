"""The demo's stories: written, and then whatever the desk did with them, each by the service that the desk uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import escape

from articles import embargo, notices, publishing, replies, revisions, translations, workflow
from articles.models import Article, ArticleTopic, Byline, Milestone, Publication, ReplyRequest, Source
from newsroom.core.http import Origin
from newsroom.core.richtext import sanitize
from newsroom.core.text import slugify
from newsroom.demo import accounts, content
from newsroom.demo.scene import Scene, register

# How long before it is published a story is first saved, submitted and approved.
SAVED, SUBMITTED, APPROVED = timedelta(hours=3), timedelta(hours=1), timedelta(minutes=20)
# How long the desk took to answer whoever asked for the right of reply.
ANSWERED = timedelta(hours=16)
# An address that exists in documentation only (RFC 5737).
READER = "203.0.113.40"
# Where a picture stands within a text.
FIGURE = re.compile(r"<p>\[(?P<key>[a-z.-]+)\]</p>")


def bring_in_story(scene: Scene, story: content.Story) -> Article:
    """Write a story and let the desk do with it what its acts say."""
    reporter = scene.staff["ada"]
    began = scene.moment(story.acts[0].when) - SAVED
    article = Article.objects.create(
        language=story.language,
        kind=story.kind,
        kicker=story.kicker,
        title=story.title,
        slug=slugify(story.title),
        standfirst=story.standfirst,
        dateline=story.dateline,
        key_points=story.as_first_saved("\n".join(story.key_points)),
        body=text(scene, story.as_first_saved(story.body)),
        section=scene.sections[story.section],
        lead_image=scene.pictures.get(story.picture),
        created_by=reporter,
        created_at=began,
        updated_at=began,
    )
    register([article])
    bring_in_inlines(scene, story, article)
    workflow.working_copy_saved(article, by=reporter, at=began)
    if story.translation_of:
        translations.link(article, source=scene.stories[story.translation_of], by=reporter, at=began)
    if story.embargo:
        until = scene.moment(story.embargo)
        embargo.set_embargo(article, until=until, by=scene.staff["ed"], at=began)
    for act in story.acts:
        ACTS[act.does](scene, article, act)
    return article


def text(scene: Scene, markup: str) -> str:
    """Return a text as the working copy keeps it, its pictures where their keys stood."""

    def figure(found: re.Match[str]) -> str:
        image = scene.pictures.get(found["key"])
        if image is None:
            return ""
        return f'<figure data-image-id="{image.pk}"><figcaption>{escape(image.caption)}</figcaption></figure>'

    return sanitize(FIGURE.sub(figure, markup.strip()))


def bring_in_inlines(scene: Scene, story: content.Story, article: Article) -> None:
    """Write what stands beside the text."""
    Byline.objects.bulk_create(
        Byline(
            article=article,
            contributor=scene.contributors[row["who"]],
            role=row["role"],
            place=row["place"],
            position=position,
        )
        for position, row in enumerate(story.bylines)
    )
    ArticleTopic.objects.bulk_create(
        ArticleTopic(article=article, topic=scene.topics[slug], position=position)
        for position, slug in enumerate(story.topics)
    )
    Source.objects.bulk_create(
        Source(article=article, position=position, **row) for position, row in enumerate(story.sources)
    )
    Milestone.objects.bulk_create(
        Milestone(article=article, position=position, **row) for position, row in enumerate(story.milestones)
    )


def submit(scene: Scene, article: Article, act: content.Act) -> None:
    """Hand the story in; it waits for an editor."""
    workflow.submit(article, by=scene.staff["ada"], at=scene.moment(act.when))


def send_back(scene: Scene, article: Article, act: content.Act) -> None:
    """Ask for changes."""
    workflow.send_back(article, by=scene.staff["ed"], at=scene.moment(act.when), note=act.note)


def approve(scene: Scene, article: Article, *, at: datetime) -> int:
    """Hand in and approve what is to be shown at `at`; return the number of the revision."""
    number = latest_number(article)
    workflow.submit(article, by=scene.staff["ada"], at=at - SUBMITTED)
    workflow.approve(article, revision=number, by=scene.staff["ed"], at=at - APPROVED)
    return number


def publish(scene: Scene, article: Article, act: content.Act) -> None:
    """Hand in, approve and publish."""
    at = scene.moment(act.when)
    number = approve(scene, article, at=at)
    publishing.publish(article, revision=number, by=scene.staff["ed"], at=at)


def schedule(scene: Scene, article: Article, act: content.Act) -> None:
    """Hand in, approve and schedule."""
    at = scene.moment(act.when)
    number, start = approve(scene, article, at=at), scene.moment(act.start)
    publishing.schedule(article, revision=number, visible_from=start, by=scene.staff["ed"], at=at)


def add_text(scene: Scene, article: Article, act: content.Act) -> int:
    """Save the story with more text; the editor's save approves it. Return the number of the revision."""
    return save(scene, article, act, body=text(scene, f"{article.body}\n{act.append}"))


def save(scene: Scene, article: Article, act: content.Act, **fields: str) -> int:
    """Save these fields as the editor, shortly before the act; return the number of the revision."""
    for name, value in fields.items():
        setattr(article, name, value)
    article.save(update_fields=list(fields))
    at = scene.moment(act.when) - APPROVED
    workflow.working_copy_saved(article, by=scene.staff["ed"], at=at, note=act.note)
    return latest_number(article)


def update(scene: Scene, article: Article, act: content.Act) -> None:
    """Publish more text, and say what changed."""
    number = add_text(scene, article, act)
    at = scene.moment(act.when)
    publishing.publish(article, revision=number, by=scene.staff["ed"], at=at, change_note=act.note)


def schedule_update(scene: Scene, article: Article, act: content.Act) -> None:
    """Schedule more text, with what will be said to have changed."""
    number = add_text(scene, article, act)
    publishing.schedule(
        article,
        revision=number,
        visible_from=scene.moment(act.start),
        by=scene.staff["ed"],
        at=scene.moment(act.when),
        change_note=act.note,
    )


def correct(scene: Scene, article: Article, act: content.Act) -> None:
    """Set right what was wrong, and publish it with a notice that says so."""
    fields = {name: getattr(article, name).replace(act.was, act.now) for name in ("key_points", "body")}
    number = save(scene, article, act, **fields)
    notice = notices.Draft(kind=act.kind, text=act.text, place=act.place)
    publishing.publish(article, revision=number, by=scene.staff["ed"], at=scene.moment(act.when), notice=notice)


def ask(scene: Scene, article: Article, act: content.Act) -> ReplyRequest:
    """Let somebody the story is about ask for the right of reply."""
    at = scene.moment(act.when)
    received = replies.receive(
        Publication.objects.live(at).get(article=article),
        name=act.name,
        email=f"{slugify(act.name)}@{accounts.DOMAIN}",
        capacity=act.capacity,
        passage=act.place,
        reply=act.text,
        address=READER,
        at=at,
        origin=Origin.OURS,
    )
    return received.request


def reply(scene: Scene, article: Article, act: content.Act) -> None:
    """Take a reply in, and publish it the next morning."""
    request = ask(scene, article, act)
    at = scene.moment(act.when) + ANSWERED
    replies.publish(request, reply=replies.signed(request), by=scene.staff["kepala"], at=at, answer=act.note)


def hold(scene: Scene, article: Article, act: content.Act) -> None:
    """Keep the story from being published."""
    workflow.hold(article, by=scene.staff["ed"], at=scene.moment(act.when), reason=act.note)


def withdraw(scene: Scene, article: Article, act: content.Act) -> None:
    """Put a notice in the story's place."""
    at = scene.moment(act.when)
    publishing.withdraw(article, ground=act.ground, public_reason=act.reason, by=scene.staff["kepala"], at=at)


def latest_number(article: Article) -> int:
    """Return the number of the newest revision."""
    newest = revisions.latest(article)
    assert newest is not None, "every story is saved before anything is done with it"
    return newest.number


ACTS: dict[str, Callable[[Scene, Article, content.Act], object]] = {
    "submit": submit,
    "send back": send_back,
    "publish": publish,
    "update": update,
    "schedule": schedule,
    "schedule update": schedule_update,
    "correct": correct,
    "ask": ask,
    "reply": reply,
    "hold": hold,
    "withdraw": withdraw,
}
