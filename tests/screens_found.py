"""Objects of the demo newsroom that its pages are shown with, printed as JSON; `tests.screens` fills its paths so."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count
from django.utils import timezone

from articles.models import Article, Contributor, Page, Publication, ReplyRequest, Topic
from articles.views import reply
from comments.models import Bulk, Comment, RuleBook, Status, Thread
from comments.views import received
from newsroom.accounts import people
from newsroom.core.models import User

STORY = re.compile(r"/(?P<section>[-\w]+)/(?P<slug>[-\w]+)-(?P<article_id>\d+)/$")


def main() -> None:
    """Print what was found; a mailed link and a bulk decision, which the demo lacks, are made."""
    at = timezone.now()
    live = Publication.objects.live(at)
    stories = {
        language: parts(discussed(rows)) | first_month(rows)
        for language, rows in (("id", live.filter(language="id")), ("en", live.filter(language="en")))
    }
    waiting = Comment.objects.filter(status=Status.PENDING).order_by("pk")[0]
    answered = Comment.objects.filter(status=Status.APPROVED, thread__article_id=stories["id"]["article_id"])
    bulk = Bulk.objects.create(by=User.objects.get(username="mo"), at=at, verdict="spam")
    found = {
        "any": {
            "section": "asia-timur",
            "comment_id": waiting.pk,
            "bulk_id": bulk.pk,
        },
        "stories": stories,
        "changed": {language: parts(changed(live.filter(language=language))) for language in ("id", "en")},
        "shown": answered.annotate(number=Count("children")).order_by("-number", "pk")[0].pk,
        "ids": dict(ids()),
        "slugs": {
            "topic": Topic.objects.filter(kind=Topic.Kind.DOSSIER).order_by("pk")[0].slug,
            "contributor": Contributor.objects.order_by("pk")[0].slug,
            "page": Page.objects.exclude(published_at=None).order_by("pk")[0].slug,
        },
        "tokens": {
            "received": token(received.receipt_url(waiting.pk, sent_at=waiting.created_at)),
            "reply_received": token(reply.receipt_url(ReplyRequest.objects.order_by("pk")[0])),
            "account_invitation": token(invite(at)),
        },
    }
    print(json.dumps(found))


def parts(publication: Publication) -> dict[str, str]:
    """Return what the story's address is made of."""
    match = STORY.search(publication.path)
    assert match
    return match.groupdict()


def first_month(rows: Any) -> dict[str, str]:
    """Return the month of the oldest story, as its readers count days."""
    moment = timezone.localtime(rows.order_by("first_published_at", "pk")[0].first_published_at)
    return {"year": f"{moment:%Y}", "month": f"{moment:%m}"}


def discussed(rows: Any) -> Publication:
    """Return the story with most comments."""
    threads = Thread.objects.order_by("-visible_count", "pk").values_list("article_id", flat=True)
    return next(row for pk in threads for row in rows.filter(article=pk))


def changed(rows: Any) -> Publication:
    """Return the story with most versions."""
    versions = rows.filter(article__publications__kind=Publication.Kind.STORY)
    return versions.annotate(number=Count("article__publications")).order_by("-number", "pk")[0]


def ids() -> dict[str, str]:
    """Return an object of each kind that the admin knows."""
    RuleBook.objects.get_or_create(pk=1)
    found = {}
    for model in admin.site._registry:
        rows = model._default_manager.order_by("pk")
        if model is Article:
            rows = rows.annotate(number=Count("revisions")).order_by("-number", "pk")
        found |= {f"{model._meta.app_label}_{model._meta.model_name}": str(row.pk) for row in rows[:1]}
    return found


def invite(at: datetime) -> str:
    """Return the address that a new colleague would find in the mail."""
    email = f"tamu-{User.objects.count()}@lintang.example"
    groups = Group.objects.filter(name="reporter")
    boss = User.objects.get(username="admin")
    return people.invite(email=email, groups=groups, is_mailed=False, by=boss, at=at).url


def token(url: str) -> str:
    """Return the last part of an address."""
    return url.rstrip("/").rpartition("/")[2]
