"""Bringing an old payload back: what of it still can come back, and writing it to the working copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import payloads, pictures, projection
from articles.models import Article, ArticleTopic, Byline, Contributor, Image, Milestone, Section, Source, Topic
from articles.payloads import Payload
from newsroom.core import richtext


@dataclass(frozen=True)
class Note:
    """What the desk should know before it restores: something is lost, or comes back otherwise than it was."""

    field: str
    # What it was called then.
    name: str
    message: str | Promise
    is_lost: bool


def settle(payload: Payload) -> tuple[Payload, list[Note]]:
    """Return `payload` as it can stand today, and what that changes. Writes nothing.

    Archived sections, topics and contributors come back as they are; a merged topic comes back as what it became.
    """
    notes: list[Note] = []
    body = richtext.sanitize(payload["body"])
    if body != payload["body"]:
        message = _("Some formatting of the text is no longer allowed and is left out.")
        notes.append(Note("body", "", message, is_lost=True))
    settled = {
        **payload,
        "body": _without_lost_figures(body, notes),
        "section": _section(payload["section"], notes),
        "lead_image": _lead_image(payload["lead_image"], notes),
        "bylines": list(_bylines(payload["bylines"], notes)),
        "topics": list(_topics(payload["topics"], notes)),
    }
    return settled, notes


def _without_lost_figures(body: str, notes: list[Note]) -> str:
    """Return a clean text without the figures whose pictures are gone or were taken down."""
    ids = pictures.figure_ids(body)
    shown = pictures.shown(ids)
    lost = [pk for pk in ids if pk not in shown]
    titles = dict(Image.objects.filter(pk__in=lost).values_list("pk", "title")) if lost else {}
    for pk in lost:
        _tell("body", titles.get(pk, f"#{pk}"), None, notes)
    for image in shown.values():
        if image.archived_at:
            _tell("body", image.title, image, notes)
    return pictures.without_figures(body, lost)


def _section(referent: dict[str, Any] | None, notes: list[Note]) -> dict[str, Any] | None:
    """Return the section if it still exists."""
    if referent is None:
        return None
    found = Section.objects.filter(pk=referent["id"]).first()
    _tell("section", referent["name"], found, notes)
    return referent if found else None


def _lead_image(referent: dict[str, Any] | None, notes: list[Note]) -> dict[str, Any] | None:
    """Return the lead picture unless it is gone or was taken down."""
    if referent is None:
        return None
    found = Image.objects.filter(pk=referent["id"], taken_down_at__isnull=True).first()
    _tell("lead_image", referent["name"], found, notes)
    return referent if found else None


def _bylines(bylines: Iterable[dict[str, Any]], notes: list[Note]) -> Iterable[dict[str, Any]]:
    """Yield the bylines whose contributors still exist."""
    for byline in bylines:
        found = Contributor.objects.filter(pk=byline["contributor"]["id"]).first()
        _tell("bylines", byline["contributor"]["name"], found, notes)
        if found:
            yield byline


def _topics(topics: Iterable[dict[str, Any]], notes: list[Note]) -> Iterable[dict[str, Any]]:
    """Yield the topics that still exist, merged ones as what they became, each once."""
    seen: set[int] = set()
    for referent in topics:
        found = next(iter(projection.resolve_topics([referent["id"]])), None)
        if found and found.pk != referent["id"]:
            message = _("This topic was merged: “%(target)s” takes its place.") % {"target": found.name}
            notes.append(Note("topics", referent["name"], message, is_lost=False))
        else:
            _tell("topics", referent["name"], found, notes)
        if found and found.pk not in seen:
            seen.add(found.pk)
            yield {"id": found.pk, "name": found.name}


def _tell(field: str, name: str, found: Section | Topic | Contributor | Image | None, notes: list[Note]) -> None:
    """Note a referent that is gone or archived."""
    if found is None:
        notes.append(Note(field, name, _("It no longer exists and cannot come back."), is_lost=True))
    elif found.archived_at:
        notes.append(Note(field, name, _("It is archived. It comes back and stays archived."), is_lost=False))


def write(article: Article, payload: Payload) -> None:
    """Write a settled payload to the working copy; call it under the article's lock.

    Bylines and topics are matched by whom and what they name, sources and milestones by their own ids, under which they
    come back if they were deleted: the text may refer to them. Raises the version, so that a form opened before this
    does not undo it unseen.
    """
    for name in payloads.FIELDS:
        setattr(article, name, payload[name])
    article.section_id = payload["section"]["id"] if payload["section"] else None
    article.lead_image_id = payload["lead_image"]["id"] if payload["lead_image"] else None
    article.version = F("version") + 1
    article.save(update_fields=[*payloads.FIELDS, "section", "lead_image", "version"])
    _match(Byline, article, payload["bylines"], key=("contributor_id", lambda item: item["contributor"]["id"]))
    _match(ArticleTopic, article, payload["topics"], key=("topic_id", lambda item: item["id"]))
    _match(Source, article, payload["sources"], key=("pk", lambda item: item["id"]))
    _match(Milestone, article, payload["milestones"], key=("pk", lambda item: item["id"]))


# What the payload calls otherwise than the model, or does not hold as the model wants it.
NOT_COPIED = {"id", "name", "contributor"}

Inline = type[Byline] | type[ArticleTopic] | type[Source] | type[Milestone]


def _match(
    model: Inline, article: Article, items: list[dict[str, Any]], *, key: tuple[str, Callable[[dict[str, Any]], int]]
) -> None:
    """Make the article's rows of `model` say what `items` say, in their order, keeping rows that have the same key."""
    attribute, key_of = key
    standing = {getattr(row, attribute): row for row in model._default_manager.filter(article=article)}
    wanted = {key_of(item) for item in items}
    model._default_manager.filter(pk__in=[row.pk for value, row in standing.items() if value not in wanted]).delete()
    for position, item in enumerate(items):
        row = standing.get(key_of(item)) or model(article=article, **{attribute: key_of(item)})
        for name, value in item.items():
            if name not in NOT_COPIED:
                setattr(row, name, date.fromisoformat(value) if name == "published_on" and value else value)
        row.position = position
        row.save()
