"""What readers, moderators and the worker do to conversations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from articles.models import Article, Publication
from comments import recount, retention, threads
from comments.models import Comment, Decision, Status, Thread
from comments.moderation import desk, rulebook
from tests.exactness.acts.registry import act, by
from tests.exactness.world import World


def commented(world: World) -> Article:
    """Return a story that readers may comment on."""
    return world.pick(Article.objects.filter(publications__in=Publication.objects.live(world.now())).distinct())


def say(world: World, story: Article, status: str, **fields: Any) -> Comment:
    """Have somebody comment on a story. Raises IndexError where its conversation is closed."""
    standing = threads.standing(story.pk, at=world.now())
    if standing is None or not standing.is_open:
        raise IndexError
    return world.comment(story, status, **fields)


@act
def comment(world: World) -> object:
    return say(world, commented(world), world.random.choice([Status.PENDING, Status.APPROVED]))


@act
def answer_comment(world: World) -> object:
    above = world.pick(Comment.objects.filter(visible=True))
    return say(world, Article.objects.get(thread=above.thread), Status.APPROVED, reply_to=above)


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
