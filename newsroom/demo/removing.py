"""Taking the demo newsroom out, with all that hangs on it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.apps import apps
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import ProtectedError

from articles.models import (
    Article,
    Image,
    Notice,
    Page,
    PageRevision,
    Publication,
    Rendition,
    ReplyRequest,
    Revision,
)
from comments.models import Comment, Decision, Thread
from newsroom.core import audit, surfaces
from newsroom.core.models import User
from newsroom.demo import accounts
from newsroom.demo.models import DemoRow


@transaction.atomic
def remove(*, at: datetime) -> list[models.Model]:
    """Delete the demo's stories with every comment below them, its taxonomy, its words; delete or close its accounts.

    Returns what stays because something of the paper's own uses it (a section with other stories, say). The audit log
    is append-only: what was done to the demo stays on record there.
    """
    ids = demo_ids()
    remove_conversations(ids[Article._meta.label_lower])
    remove_stories(ids.pop(Article._meta.label_lower, []), at=at)
    users = ids.pop(User._meta.label_lower, [])
    pictures = ids.pop(Image._meta.label_lower, [])
    pages = ids.pop(Page._meta.label_lower, [])
    kept = [row for label, numbers in sorted(ids.items()) for row in remove_rows(label, numbers)]
    kept += remove_pictures(pictures)
    kept += empty_pages(pages)
    for account in User.objects.filter(pk__in=users):
        accounts.close_account(account)
    DemoRow.objects.all().delete()
    surfaces.bump(surfaces.site(), surfaces.home())
    accounts.logins_path().unlink(missing_ok=True)
    return kept


def demo_ids() -> dict[str, list[int]]:
    """Return the ids of the demo's rows by model ("articles.article")."""
    found: dict[str, list[int]] = defaultdict(list)
    for label, number in DemoRow.objects.order_by("pk").values_list("model", "object_id"):
        found[label].append(number)
    return found


def remove_conversations(articles: list[int]) -> None:
    """Delete the threads below these stories, whoever wrote in them."""
    threads = Thread.objects.filter(article__in=articles)
    comments = Comment.objects.filter(thread__in=threads)
    wipe(Decision.objects.filter(comment__in=comments))
    wipe(comments)
    threads.delete()


def remove_stories(articles: list[int], *, at: datetime) -> None:
    """Delete these stories with their revisions and publications."""
    rows = list(Article.objects.filter(pk__in=articles))
    touched = {surfaces.article(row.pk) for row in rows} | {
        surfaces.section(row.section_id) for row in rows if row.section_id
    }
    for row in rows:
        audit.record("demo.remove", row, by=None, at=at)
    Notice.objects.filter(article__in=articles).delete()
    ReplyRequest.objects.filter(article__in=articles).delete()
    Publication.objects.filter(article__in=articles).delete()
    Article.objects.filter(pk__in=articles).update(
        approved_revision=None, translation_of=None, translated_revision=None
    )
    Revision.objects.filter(article__in=articles).delete()
    Article.objects.filter(pk__in=articles).delete()
    surfaces.bump(*touched)


def remove_rows(label: str, numbers: list[int]) -> list[models.Model]:
    """Delete rows of one model; return those that something else needs."""
    kept = []
    for row in apps.get_model(label)._default_manager.filter(pk__in=numbers).order_by("pk"):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            kept.append(row)
    return kept


def remove_pictures(numbers: list[int]) -> list[models.Model]:
    """Delete these pictures, and their files with the commit; return those that something else shows."""
    originals = dict(Image.objects.filter(pk__in=numbers).values_list("pk", "original"))
    cuts = list(Rendition.objects.filter(image__in=numbers).values_list("image", "name"))
    kept = remove_rows(Image._meta.label_lower, numbers)
    gone = set(numbers) - {row.pk for row in kept}
    transaction.on_commit(
        lambda: delete_files([originals[pk] for pk in gone], [name for pk, name in cuts if pk in gone])
    )
    return kept


def empty_pages(numbers: list[int]) -> list[models.Model]:
    """Take the demo's words from the standing pages; return those on which somebody has written since."""
    kept: list[models.Model] = []
    for page in Page.objects.filter(pk__in=numbers).order_by("pk"):
        if PageRevision.objects.filter(page=page).count() > 1:
            kept.append(page)
            continue
        PageRevision.objects.filter(page=page).delete()
        Page.objects.filter(pk=page.pk).update(body="", body_en="", published_at=None, updated_at=None, version=1)
        surfaces.bump(surfaces.page(page.pk))
    return kept


def delete_files(originals: list[str], cuts: list[str]) -> None:
    """Delete the files of pictures that are gone."""
    for name in originals:
        storages["originals"].delete(name)
    for name in cuts:
        storages["renditions"].delete(name)


def wipe(rows: models.QuerySet) -> None:  # type: ignore[type-arg]
    """Delete rows that protect one another: answers, and decisions that undo decisions.

    `delete()` would refuse, since PROTECT looks at each row alone. All of them go, so nothing is left hanging; the
    database checks that again at the commit.
    """
    rows._raw_delete(rows.db)  # type: ignore[attr-defined]
