"""Putting the demo newsroom in: every step by the service that the desk uses, at a moment in the past."""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

from django.db import models, transaction

from articles import embargo, publishing, revisions, workflow
from articles.models import Article, ArticleTopic, Byline, Contributor, Milestone, Section, Source, Topic
from comments import posting
from comments.models import Comment, Status
from comments.moderation import desk, words
from newsroom.core import surfaces
from newsroom.core.http import Origin
from newsroom.core.models import User
from newsroom.core.richtext import sanitize
from newsroom.core.text import slugify
from newsroom.demo import accounts, content
from newsroom.demo.models import DemoRow

# How long before it is published a story is first saved, submitted and approved.
SAVED, SUBMITTED, APPROVED = timedelta(hours=3), timedelta(hours=1), timedelta(minutes=20)
# Where a comment ends up -> what moderators decided, and how long after it was posted.
VERDICTS: dict[str, list[tuple[timedelta, str]]] = {
    Status.PENDING: [],
    Status.APPROVED: [(timedelta(minutes=7), "approve")],
    Status.REJECTED: [(timedelta(minutes=7), "reject")],
    Status.SPAM: [(timedelta(minutes=7), "spam")],
    Status.REMOVED: [(timedelta(minutes=7), "approve"), (timedelta(hours=2), "remove")],
}
# Readers come from a network that exists in documentation only (RFC 5737).
NETWORK = IPv4Address("198.51.100.0")


@dataclass
class Newsroom:
    """What was brought in so far."""

    at: datetime
    staff: dict[str, User] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    contributors: dict[str, Contributor] = field(default_factory=dict)
    stories: dict[str, Article] = field(default_factory=dict)
    remarks: dict[tuple[str, str], int] = field(default_factory=dict)

    def moment(self, words: str) -> datetime:
        """Return the moment that `words` name."""
        return content.moment(words, at=self.at)


def is_loaded() -> bool:
    """Say whether the demo stands here."""
    return DemoRow.objects.exists()


def is_empty() -> bool:
    """Say whether the newsroom has neither stories nor sections of its own."""
    return not (Article.objects.exists() or Section.objects.exists())


@transaction.atomic
def load(*, at: datetime) -> None:
    """Bring in the whole demo as if it had come to be in the days before `at`, and keep its log-ins in a file.

    All or nothing. Raises IntegrityError when a name it needs (a section's slug, an account) is taken.
    """
    newsroom = Newsroom(at)
    paper = content.paper()
    newsroom.staff, logins = accounts.open_accounts(paper["staff"])
    register(newsroom.staff.values())
    bring_in_paper(newsroom, paper)
    for story in sorted(content.stories(), key=lambda story: newsroom.moment(story.acts[0].when)):
        newsroom.stories[story.key] = bring_in_story(newsroom, story)
    bring_in_remarks(newsroom, content.remarks())
    surfaces.bump(surfaces.site(), surfaces.home())
    accounts.keep_logins(logins)


def register(rows: Iterable[models.Model]) -> None:
    """Note that these rows belong to the demo."""
    DemoRow.objects.bulk_create(DemoRow(model=row._meta.label_lower, object_id=row.pk) for row in rows)


def bring_in_paper(newsroom: Newsroom, paper: dict[str, list[dict[str, str]]]) -> None:
    """Make sections, topics, contributors and watched words."""
    for position, row in enumerate(paper["sections"], start=1):
        newsroom.sections[row["slug"]] = Section.objects.create(position=position, **row)
    for row in paper["topics"]:
        newsroom.topics[row["slug"]] = Topic.objects.create(**row)
    for row in paper["contributors"]:
        user = newsroom.staff.get(row.pop("user", ""))
        newsroom.contributors[row["slug"]] = Contributor.objects.create(user=user, **row)
    moderator, long_ago = newsroom.staff["mo"], newsroom.at - timedelta(days=30)
    watched = [words.add(**row, by=moderator, at=long_ago) for row in paper["watched_words"]]
    register([*newsroom.sections.values(), *newsroom.topics.values(), *newsroom.contributors.values(), *watched])


# Stories


def bring_in_story(newsroom: Newsroom, story: content.Story) -> Article:
    """Write a story and let the desk do with it what its acts say."""
    reporter = newsroom.staff["ada"]
    began = newsroom.moment(story.acts[0].when) - SAVED
    article = Article.objects.create(
        language=story.language,
        kind=story.kind,
        kicker=story.kicker,
        title=story.title,
        slug=slugify(story.title),
        standfirst=story.standfirst,
        dateline=story.dateline,
        key_points="\n".join(story.key_points),
        body=sanitize(story.body.strip()),
        section=newsroom.sections[story.section],
        created_by=reporter,
        created_at=began,
        updated_at=began,
    )
    register([article])
    bring_in_inlines(newsroom, story, article)
    workflow.working_copy_saved(article, by=reporter, at=began)
    if story.embargo:
        until = newsroom.moment(story.embargo)
        embargo.set_embargo(article, until=until, by=newsroom.staff["ed"], at=began)
    for act in story.acts:
        ACTS[act.does](newsroom, article, act)
    return article


def bring_in_inlines(newsroom: Newsroom, story: content.Story, article: Article) -> None:
    """Write what stands beside the text."""
    Byline.objects.bulk_create(
        Byline(
            article=article,
            contributor=newsroom.contributors[row["who"]],
            role=row["role"],
            place=row["place"],
            position=position,
        )
        for position, row in enumerate(story.bylines)
    )
    ArticleTopic.objects.bulk_create(
        ArticleTopic(article=article, topic=newsroom.topics[slug], position=position)
        for position, slug in enumerate(story.topics)
    )
    Source.objects.bulk_create(
        Source(article=article, position=position, **row) for position, row in enumerate(story.sources)
    )
    Milestone.objects.bulk_create(
        Milestone(article=article, position=position, **row) for position, row in enumerate(story.milestones)
    )


def submit(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Hand the story in; it waits for an editor."""
    workflow.submit(article, by=newsroom.staff["ada"], at=newsroom.moment(act.when))


def send_back(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Ask for changes."""
    workflow.send_back(article, by=newsroom.staff["ed"], at=newsroom.moment(act.when), note=act.note)


def approve(newsroom: Newsroom, article: Article, *, at: datetime) -> int:
    """Hand in and approve what is to be shown at `at`; return the number of the revision."""
    number = latest_number(article)
    workflow.submit(article, by=newsroom.staff["ada"], at=at - SUBMITTED)
    workflow.approve(article, revision=number, by=newsroom.staff["ed"], at=at - APPROVED)
    return number


def publish(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Hand in, approve and publish."""
    at = newsroom.moment(act.when)
    number = approve(newsroom, article, at=at)
    publishing.publish(article, revision=number, by=newsroom.staff["ed"], at=at)


def schedule(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Hand in, approve and schedule."""
    at = newsroom.moment(act.when)
    number, start = approve(newsroom, article, at=at), newsroom.moment(act.start)
    publishing.schedule(article, revision=number, visible_from=start, by=newsroom.staff["ed"], at=at)


def add_text(newsroom: Newsroom, article: Article, act: content.Act) -> int:
    """Save the story with more text; the editor's save approves it. Return the number of the revision."""
    article.body = sanitize(f"{article.body}\n{act.append.strip()}")
    article.save(update_fields=["body"])
    at = newsroom.moment(act.when) - APPROVED
    workflow.working_copy_saved(article, by=newsroom.staff["ed"], at=at, note=act.note)
    return latest_number(article)


def update(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Publish more text, and say what changed."""
    number = add_text(newsroom, article, act)
    at = newsroom.moment(act.when)
    publishing.publish(article, revision=number, by=newsroom.staff["ed"], at=at, change_note=act.note)


def schedule_update(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Schedule more text, with what will be said to have changed."""
    number = add_text(newsroom, article, act)
    publishing.schedule(
        article,
        revision=number,
        visible_from=newsroom.moment(act.start),
        by=newsroom.staff["ed"],
        at=newsroom.moment(act.when),
        change_note=act.note,
    )


def withdraw(newsroom: Newsroom, article: Article, act: content.Act) -> None:
    """Put a notice in the story's place."""
    at = newsroom.moment(act.when)
    publishing.withdraw(article, ground=act.ground, public_reason=act.reason, by=newsroom.staff["kepala"], at=at)


def latest_number(article: Article) -> int:
    """Return the number of the newest revision."""
    newest = revisions.latest(article)
    assert newest is not None, "every story is saved before anything is done with it"
    return newest.number


ACTS: dict[str, Callable[[Newsroom, Article, content.Act], None]] = {
    "submit": submit,
    "send back": send_back,
    "publish": publish,
    "update": update,
    "schedule": schedule,
    "schedule update": schedule_update,
    "withdraw": withdraw,
}


# Comments


def bring_in_remarks(newsroom: Newsroom, remarks: list[content.Remark]) -> None:
    """Post and decide all comments in the order of time, so that answers meet what they answer."""
    waiting: list[tuple[datetime, int, str, content.Remark]] = []
    for remark in sorted(remarks, key=lambda remark: newsroom.moment(remark.when)):
        now = newsroom.moment(remark.when)
        while waiting and waiting[0][0] <= now:
            decide(newsroom, *heapq.heappop(waiting))
        comment_id = post(newsroom, remark, at=now)
        newsroom.remarks[remark.story, remark.key] = comment_id
        for wait, verdict in VERDICTS[remark.status]:
            heapq.heappush(waiting, (now + wait, comment_id, verdict, remark))
    while waiting:
        decide(newsroom, *heapq.heappop(waiting))


def post(newsroom: Newsroom, remark: content.Remark, *, at: datetime) -> int:
    """Post a comment as its reader would; return its id."""
    handle = slugify(remark.name)
    done = posting.post(
        article_id=newsroom.stories[remark.story].pk,
        reply_to_id=newsroom.remarks[remark.story, remark.to] if remark.to else None,
        name=remark.name,
        email=f"{handle}@{accounts.DOMAIN}",
        text=remark.text,
        address=str(NETWORK + zlib.crc32(handle.encode()) % 256),
        at=at,
        origin=Origin.OURS,
    )
    if isinstance(done, posting.Refused):
        raise ValueError(f"The comment of {remark.name} was refused: {done.message} {done.errors}")
    return done.comment_id


def decide(newsroom: Newsroom, at: datetime, comment_id: int, verdict: str, remark: content.Remark) -> None:
    """Decide as the moderator did; does nothing about what the machine has filed already."""
    comment = Comment.objects.get(pk=comment_id)
    if comment.status == remark.status:
        return
    act: dict[str, Any] = {"version": comment.version, "by": newsroom.staff["mo"], "at": at}
    if verdict == "approve":
        desk.approve(comment_id, **act)
    elif verdict == "reject":
        desk.reject(comment_id, reason=remark.reason, **act)
    elif verdict == "remove":
        desk.remove(comment_id, reason=remark.reason, **act)
    else:
        desk.spam(comment_id, **act)
