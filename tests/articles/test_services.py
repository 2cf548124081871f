"""Every service of this app, and the surfaces it bumps. A service that is missing here fails the test."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import (
    embargo,
    images,
    licences,
    notices,
    pages,
    publishing,
    renditions,
    replies,
    reprojection,
    revisions,
    taxonomy,
    translations,
    workflow,
)
from articles.models import Article, Image, Notice, Page, ReplyRequest
from newsroom.core.models import SurfaceLog
from tests.articles.acts import BURIAL, HOUR
from tests.articles.imaging.samples import encoded
from tests.articles.pictures import make_image
from tests.factories import (
    AT,
    make_approved,
    make_article,
    make_contributor,
    make_live,
    make_section,
    make_topic,
    person,
    save_article,
)

pytestmark = pytest.mark.django_db

MODULES: tuple[ModuleType, ...] = (
    *(workflow, publishing, revisions, embargo, taxonomy, reprojection, translations, replies),
    *(images, licences, renditions, pages),
)
# A story's own page, the front page, and the lists it stands in or will enter.
STORY = frozenset({"home", "article", "section", "topic", "contributor"})
NOTHING: frozenset[str] = frozenset()
LATER = AT + HOUR


def ed() -> dict[str, Any]:
    return {"by": person("ed"), "at": LATER}


def make_page() -> Page:
    page = Page(slug="kami", title="Tentang", body="<p>Kami.</p>")
    pages.save(page, seen=None, by=None, at=AT)
    return page


def shown_page() -> Page:
    page = make_page()
    pages.publish(page, **ed())
    return page


def resave(page: Page, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    pages.save(page, seen=page.version, **ed())


def planned() -> Article:
    article = make_approved()
    publishing.schedule(article, revision=1, visible_from=AT + 5 * HOUR, by=person("ed"), at=AT)
    return article


def ending() -> Article:
    article = make_live()
    publishing.expire(article, visible_until=AT + 5 * HOUR, by=person("ed"), at=AT)
    return article


def corrected() -> Notice:
    draft = notices.Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")
    publishing.publish(make_live(), revision=1, notice=draft, by=person("ed"), at=AT + HOUR)
    return Notice.objects.get()


def held() -> Article:
    article = make_article()
    workflow.hold(article, reason="Menunggu", by=person("ed"), at=AT)
    return article


def asked() -> Article:
    article = make_live()
    save_article(article, title="Dua", by=person("ed"), at=AT)
    publishing.publish(article, revision=2, by=person("ed"), at=AT)
    revisions.request_purge(article, 1, ground="Putusan", by=person("cas"), at=AT)
    return article


def renamed() -> Article:
    article = make_live()
    section = article.section
    section.name = "Dunia"
    section.save()
    return article


def embargoed() -> Article:
    article = planned()
    Article.objects.filter(pk=article.pk).update(embargo_until=AT + 9 * HOUR)
    article.refresh_from_db()
    return article


def shown() -> Image:
    image = make_image()
    make_live(lead_image=image)
    return image


def cut_anew() -> Image:
    image = shown()
    image.renditions.all().delete()
    return image


def unlicensed() -> Image:
    image = make_image()
    article = make_approved(lead_image=image)
    publishing.schedule(article, revision=1, visible_from=AT + 5 * HOUR, by=person("ed"), at=AT)
    Image.objects.update(licence_until=AT.date() - 24 * HOUR)
    image.refresh_from_db()
    return image


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("kapal.png", encoded("PNG"))


def saved_over(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(embargo_until=AT + 9 * HOUR, title="Lain")
    workflow.working_copy_saved(article, **ed())


def linked() -> Article:
    english = make_article(language="en")
    translations.link(english, source=make_live(), **ed())
    return english


def requested() -> ReplyRequest:
    live = make_live().publications.get()
    typed = {"name": "Rea", "email": "rea@example.com", "capacity": "Juru bicara", "passage": "Alinea 1"}
    return replies.receive(live, reply="Tidak benar.", address="203.0.113.9", at=LATER, **typed).request


# Service -> the kinds of surfaces it bumps, what it is tried on, and the call.
SERVICES: dict[str, tuple[frozenset[str], Callable[[], Any], Callable[[Any], Any]]] = {
    "workflow.claim_version": (NOTHING, make_article, lambda a: workflow.claim_version(a.pk, 1)),
    "workflow.working_copy_saved": (STORY, planned, saved_over),
    "workflow.submit": (NOTHING, make_article, lambda a: workflow.submit(a, **ed())),
    "workflow.approve": (NOTHING, make_article, lambda a: workflow.approve(a, revision=1, **ed())),
    "workflow.send_back": (STORY, planned, lambda a: workflow.send_back(a, note="Kurang", **ed())),
    "workflow.hold": (STORY, planned, lambda a: workflow.hold(a, reason="Menunggu", **ed())),
    "workflow.lift_hold": (NOTHING, held, lambda a: workflow.lift_hold(a, **ed())),
    "publishing.publish": (STORY, make_approved, lambda a: publishing.publish(a, revision=1, **ed())),
    "publishing.schedule": (
        STORY,
        make_approved,
        lambda a: publishing.schedule(a, revision=1, visible_from=AT + 2 * HOUR, **ed()),
    ),
    "publishing.cancel": (STORY, planned, lambda a: publishing.cancel(a, **ed())),
    "publishing.expire": (STORY, make_live, lambda a: publishing.expire(a, **ed())),
    "publishing.cancel_expiry": (STORY, ending, lambda a: publishing.cancel_expiry(a, **ed())),
    "publishing.take_back_notice": (
        STORY | {"corrections"},
        corrected,
        lambda n: publishing.take_back_notice(n, reason="Keliru.", by=person("ed"), at=AT + 2 * HOUR),
    ),
    "publishing.withdraw": (STORY | {"corrections"}, make_live, lambda a: publishing.withdraw(a, **BURIAL, **ed())),
    "publishing.kill": (STORY | {"corrections"}, make_live, lambda a: publishing.kill(a, **BURIAL, **ed())),
    "revisions.append": (NOTHING, make_article, lambda a: (a.sources.all().delete(), revisions.append(a, **ed()))),
    "revisions.record_save": (NOTHING, make_article, lambda a: revisions.record_save(a, **ed())),
    "revisions.restore": (NOTHING, asked, lambda a: revisions.restore(a, 1, **ed())),
    "revisions.request_purge": (
        NOTHING,
        asked,
        lambda a: revisions.request_purge(a, 1, ground="Putusan", by=person("cas"), at=LATER),
    ),
    "revisions.purge_revision": (STORY, asked, lambda a: revisions.purge_revision(a, 1, **ed())),
    "embargo.set_embargo": (STORY, planned, lambda a: embargo.set_embargo(a, until=AT + 9 * HOUR, **ed())),
    "embargo.enforce": (STORY, embargoed, lambda a: embargo.enforce(a, **ed())),
    "taxonomy.saved": (frozenset({"section", "site"}), make_section, lambda s: taxonomy.saved(s, **ed())),
    "taxonomy.archive": (frozenset({"topic", "topics", "home"}), make_topic, lambda t: taxonomy.archive(t, **ed())),
    "taxonomy.unarchive": (
        frozenset({"contributor", "home"}),
        lambda: make_contributor("Lama", archived_at=AT),
        lambda c: taxonomy.unarchive(c, **ed()),
    ),
    "taxonomy.merge_topic": (
        frozenset({"topic", "topics", "home"}),
        lambda: make_topic("Lama"),
        lambda t: taxonomy.merge_topic(t, into=make_topic("Baru"), **ed()),
    ),
    "pages.save": (frozenset({"page", "site"}), shown_page, lambda p: resave(p, title="Kami")),
    "pages.publish": (frozenset({"page", "site"}), make_page, lambda p: pages.publish(p, **ed())),
    "pages.take_off": (frozenset({"page", "site"}), shown_page, lambda p: pages.take_off(p, **ed())),
    "translations.link": (
        frozenset({"article"}),
        lambda: make_article(language="en"),
        lambda a: translations.link(a, source=make_article(), **ed()),
    ),
    "translations.unlink": (frozenset({"article"}), linked, lambda a: translations.unlink(a, **ed())),
    "translations.mark_current": (NOTHING, linked, lambda a: translations.mark_current(a, revision=1, **ed())),
    "translations.start": (NOTHING, make_approved, lambda a: translations.start(a, language="en", **ed())),
    "replies.receive": (
        NOTHING,
        requested,
        lambda r: replies.receive(
            r.publication,
            name="R",
            email="r@example.com",
            capacity="C",
            passage="P",
            reply="Y",
            address="::1",
            at=LATER,
        ),
    ),
    "replies.accept": (NOTHING, requested, lambda r: replies.accept(r, **ed())),
    "replies.refuse": (
        NOTHING,
        requested,
        lambda r: replies.refuse(r, ground="unrelated", answer="Di luar berita.", **ed()),
    ),
    "replies.publish": (STORY | {"corrections"}, requested, lambda r: replies.publish(r, reply="Tidak.", **ed())),
    "replies.forget": (NOTHING, requested, lambda _r: replies.forget(at=LATER)),
    "images.ingest": (NOTHING, upload, lambda u: images.ingest(u, **ed())),
    "images.update_details": (STORY, shown, lambda i: images.update_details(i, version=1, credit="Ed", **ed())),
    "images.set_focal_point": (NOTHING, shown, lambda i: images.set_focal_point(i, 1, 2, version=1, **ed())),
    "images.archive": (NOTHING, shown, lambda i: images.archive(i, **ed())),
    "images.unarchive": (NOTHING, lambda: make_image(archived_at=AT), lambda i: images.unarchive(i, **ed())),
    "images.retry": (NOTHING, lambda: make_image(state="failed"), lambda i: images.retry(i, **ed())),
    "images.take_down": (STORY, shown, lambda i: images.take_down(i, ground="Putusan", **ed())),
    "licences.enforce": (STORY, unlicensed, lambda i: licences.enforce(i, **ed())),
    "renditions.render": (STORY, cut_anew, lambda i: renditions.render(i.pk, at=LATER)),
    "renditions.show_changes": (
        STORY,
        lambda: (shown(), Image.objects.update(credit="Ed"))[0],
        lambda i: renditions.show_changes(i, at=LATER, at_once=True),
    ),
    "renditions.retire": (NOTHING, shown, lambda i: renditions.retire(i.pk, at=LATER)),
    "renditions.remove_files": (NOTHING, lambda: make_image(taken_down_at=AT), lambda i: renditions.remove_files(i.pk)),
    "reprojection.reproject": (
        STORY,
        renamed,
        lambda a: reprojection.reproject("section", a.section_id, at=LATER),
    ),
    "reprojection.rebuild": (
        STORY,
        renamed,
        lambda a: reprojection.rebuild(a.publications.get().pk, at=LATER),
    ),
    "reprojection.reproject_outdated": (
        STORY,
        lambda: (renamed(), Article.objects.get().publications.update(renderer_version=0)),
        lambda _a: reprojection.reproject_outdated(at=LATER),
    ),
}

# Tables readers are served from.
PUBLIC = (
    "articles_publication",
    "articles_section",
    "articles_topic",
    "articles_contributor",
    "articles_page",
)
# Public functions that write nothing.
READERS = {
    "revisions.latest",
    "revisions.numbered",
    "revisions.compare",
    "revisions.restore_plan",
    "taxonomy.kind_of",
    "pages.missing",
    "translations.outdated",
    "translations.is_outdated",
    "translations.siblings",
    "translations.source_version",
    "replies.passage_of",
    "replies.signed",
    "replies.to_publish",
    "reprojection.lock_named_in",
}
# What the machine or a reader does: nobody at the desk.
BY_NOBODY = {"replies.receive", "replies.forget"}


def public_functions() -> set[str]:
    """Return "module.function" of every public function defined in the service modules."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_public_function_is_listed_as_service_or_reader() -> None:
    assert public_functions() == set(SERVICES) | READERS


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_bumps_the_surfaces_it_is_listed_with(name: str) -> None:
    expected, prepare, call = SERVICES[name]
    subject = prepare()
    SurfaceLog.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        call(subject)
    bumped = {key.split(":")[0] for row in SurfaceLog.objects.all() for key in row.keys}
    assert bumped == expected
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT INTO", "UPDATE", "DELETE FROM"))]
    public = [sql for sql in written if any(f'"{table}' in sql for table in PUBLIC)]
    assert bumped or not public, public


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_takes_by_and_at_by_keyword(name: str) -> None:
    module, function = name.split(".")
    if name in ("workflow.claim_version", "renditions.remove_files"):
        return
    found = {each.__name__.rpartition(".")[2]: each for each in MODULES}[module]
    parameters = inspect.signature(getattr(found, function)).parameters
    wanted = {"at"} if module in ("reprojection", "renditions") or name in BY_NOBODY else {"by", "at"}
    assert all(parameters[word].kind is inspect.Parameter.KEYWORD_ONLY for word in wanted)
