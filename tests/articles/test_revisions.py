"""Revisions: appended once a change, complete, comparable, restorable, and gone when the law asks it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from articles import payloads, publishing, refusals, revisions, taxonomy, workflow
from articles.models import Article, Byline, DeskState, Publication, Section, Source, Topic
from newsroom.core.models import AuditEntry, SurfaceLog
from tests.articles.acts import HOUR
from tests.factories import (
    AT,
    live_publication,
    make_approved,
    make_article,
    make_contributor,
    make_live,
    make_section,
    make_topic,
    newest,
    person,
    save_article,
)

pytestmark = pytest.mark.django_db

PAYLOADS = Path(__file__).parent / "payloads"


def restore(article: Article, number: int) -> Any:
    return revisions.restore(article, number, by=person("ed"), at=AT + HOUR)


# Appending


def test_every_field_of_an_article_is_either_content_or_the_desks() -> None:
    fields = {field.name for field in Article._meta.get_fields() if not field.auto_created or field.concrete}
    in_payload = set(payloads.build(make_article()))
    through = {"id", "contributors"}
    assert fields - through <= in_payload | set(payloads.DESK_FIELDS)
    assert {"sources", "bylines", "milestones", "topics"} <= in_payload


@pytest.mark.parametrize(("model", "name"), [(Source, "sources"), (Byline, "bylines")], ids=["sources", "bylines"])
def test_every_field_of_an_inline_is_in_the_payload(model: Any, name: str) -> None:
    (row,) = payloads.build(make_article())[name]
    fields = {field.name for field in model._meta.get_fields()} - {"article", "position"}
    assert fields - set(row) <= {"id"}


def test_a_save_that_changed_nothing_appends_nothing() -> None:
    article = make_article()
    assert workflow.working_copy_saved(article, by=person("ada"), at=AT + HOUR) is None
    article.refresh_from_db()
    assert (newest(article), article.updated_at) == (1, AT + HOUR)


def test_renaming_a_section_or_renumbering_positions_is_no_change() -> None:
    article = make_article(section=make_section("Ekonomi"))
    Section.objects.update(name="Ekonomi dunia")
    Byline.objects.update(position=7)
    assert workflow.working_copy_saved(article, by=person("ada"), at=AT + HOUR) is None


def test_a_change_of_an_inline_alone_appends_a_revision() -> None:
    article = make_article()
    Source.objects.update(is_checked=False)
    revision = workflow.working_copy_saved(article, by=person("ada"), at=AT + HOUR, note="Sumber ditarik")
    assert revision is not None
    assert (revision.number, revision.author, revision.note) == (2, person("ada"), "Sumber ditarik")


# Comparing


def test_compare_shows_each_field_that_differs_and_no_other() -> None:
    article = make_article(topics=[make_topic("Energi"), make_topic("Laut")])
    article.article_topics.get(topic__name="Laut").delete()
    Source.objects.update(title="Naskah akhir")
    save_article(article, title="Selat Hormuz ditutup lagi", kicker="Teluk", section=make_section("Dunia"))
    changes = revisions.compare(revisions.numbered(article, 1), revisions.numbered(article, 2), with_confidential=True)
    assert [change.field for change in changes] == ["kicker", "title", "section", "topics", "sources"]
    by_field = {change.field: change for change in changes}
    assert "<del>dibuka</del>" in by_field["title"].html
    assert "<ins>ditutup</ins>" in by_field["title"].html
    assert [item.how for item in by_field["topics"].items] == ["removed"]
    assert [item.how for item in by_field["sources"].items] == ["changed"]


def test_compare_tells_moved_and_added_entries() -> None:
    ada, bram = make_contributor("Ada"), make_contributor("Bram")
    article = make_article(bylines=[ada, bram])
    Byline.objects.filter(contributor=ada).update(position=2)
    Byline.objects.create(article=article, contributor=make_contributor("Citra"), position=3)
    number = save_article(article, at=AT + HOUR)
    (change,) = revisions.compare(
        revisions.numbered(article, 1), revisions.numbered(article, number), with_confidential=True
    )
    assert [item.how for item in change.items] == ["added", "moved", "moved"]


def test_compare_keeps_confidential_sources_from_who_may_not_know_them() -> None:
    article = make_article()
    Source.objects.create(article=article, title="Seorang diplomat", is_confidential=True)
    save_article(article)
    first, second = revisions.numbered(article, 1), revisions.numbered(article, 2)
    assert revisions.compare(first, second, with_confidential=False) == []
    (change,) = revisions.compare(first, second, with_confidential=True)
    assert "Seorang diplomat" in change.after


# Restoring


def test_restore_brings_everything_back_and_appends_a_revision() -> None:
    article = make_article(
        kicker="Teluk",
        topics=[make_topic("Energi"), make_topic("Laut")],
        sources=[{"title": "Naskah", "published_on": date(2026, 8, 11)}, {"title": "Peta"}],
        milestones=[{"moment": "Kini", "text": "Selat dibuka"}],
    )
    before = payloads.build(article)
    article.sources.all().delete()
    article.milestones.all().delete()
    article.article_topics.all().delete()
    save_article(article, title="Lain", kicker="", body="<p>Lain</p>", section=None)
    seen = Article.objects.get(pk=article.pk).version
    revision = restore(article, 1)
    assert payloads.build(Article.objects.get(pk=article.pk)) == before
    assert revision.number == 3
    article.refresh_from_db()
    assert article.version == seen + 1
    assert AuditEntry.objects.about(article).filter(action="article.restore").exists()


def test_restore_keeps_the_numbers_of_sources_so_that_texts_still_find_them() -> None:
    article = make_article()
    number = article.sources.get().pk
    article.sources.all().delete()
    Source.objects.create(article=article, title="Lain")
    save_article(article)
    restore(article, 1)
    assert article.sources.get().pk == number


def test_restore_of_the_working_copy_as_it_is_changes_nothing() -> None:
    article = make_article()
    assert restore(article, 1) is None
    assert newest(article) == 1


def test_restore_leaves_the_desks_own_state_alone() -> None:
    article = make_article()
    save_article(article, title="Lain")
    workflow.hold(article, reason="Menunggu", by=person("ed"), at=AT)
    restore(article, 1)
    article.refresh_from_db()
    assert article.held_at == AT


def test_restore_by_a_reporter_returns_an_approved_story_to_draft() -> None:
    article = make_article()
    number = save_article(article, title="Lain")
    workflow.approve(article, revision=number, by=person("ed"), at=AT)
    revisions.restore(article, 1, by=person("ada"), at=AT + HOUR)
    assert article.desk_state == DeskState.DRAFT


def test_plan_says_what_comes_back_otherwise_and_what_does_not() -> None:
    gone, merged, target = make_topic("Hilang"), make_topic("Bahan bakar"), make_topic("Energi")
    archived = make_section("Lama")
    article = make_article(section=archived, topics=[gone, merged, target])
    article.article_topics.all().delete()
    save_article(article, title="Lain", section=make_section("Baru"))
    gone.delete()
    taxonomy.merge_topic(merged, into=target, by=person("ed"), at=AT)
    taxonomy.archive(archived, by=person("ed"), at=AT)
    plan = revisions.restore_plan(article, 1)
    assert {(note.field, note.name, note.is_lost) for note in plan.notes} == {
        ("section", "Lama", False),
        ("topics", "Hilang", True),
        ("topics", "Bahan bakar", False),
    }
    assert [note.name for note in plan.lost] == ["Hilang"]
    assert [change.field for change in plan.changes] == ["title", "section", "topics"]
    assert newest(article) == 2
    restore(article, 1)
    assert [row.topic for row in article.article_topics.all()] == [target]
    assert article.section == archived


def test_plan_says_that_markup_no_longer_allowed_is_lost() -> None:
    article = make_article(body="<p>Teks <script>alert(1)</script></p>")
    save_article(article, body="<p>Lain</p>")
    assert [(note.field, note.is_lost) for note in revisions.restore_plan(article, 1).notes] == [("body", True)]
    restore(article, 1)
    assert "script" not in article.body


@pytest.mark.parametrize("number", [0, 9])
def test_restore_refuses_a_revision_that_is_not_there(number: int) -> None:
    with pytest.raises(refusals.NoSuchRevision):
        restore(make_article(), number)


# Older shapes


@pytest.mark.parametrize("schema", range(1, payloads.SCHEMA + 1))
def test_a_stored_payload_of_every_schema_is_restored(schema: int) -> None:
    stored = json.loads((PAYLOADS / f"schema_{schema}.json").read_text(encoding="utf-8"))
    article = make_article()
    section = make_section("Indo-Pasifik")
    topic = Topic.objects.create(name="Laut Cina Selatan", slug="laut-cina-selatan")
    contributor = make_contributor("Bram Tualaka")
    stored["section"]["id"] = section.pk
    stored["topics"][0]["id"] = topic.pk
    stored["bylines"][0]["contributor"]["id"] = contributor.pk
    revision = article.revisions.get(number=1)
    revision.schema, revision.payload = schema, stored
    revision.save(update_fields=["schema", "payload"])
    restore(article, 1)
    article.refresh_from_db()
    assert article.title == "Tiga kapal di beting yang sama"
    assert article.section == section
    assert [row.topic for row in article.article_topics.all()] == [topic]
    assert [row.contributor for row in article.bylines.all()] == [contributor]
    assert [source.is_confidential for source in article.sources.order_by("position")] == [False, True]
    assert article.milestones.get().is_certain is False
    assert live_publication_after_publish(article) is not None


def live_publication_after_publish(article: Article) -> Publication | None:
    """Publish the newest revision and return what readers see."""
    publishing.publish(article, revision=newest(article), by=person("ed"), at=AT + 2 * HOUR)
    return live_publication(article, AT + 2 * HOUR)


def test_lifting_goes_through_every_step_once() -> None:
    lifts = {1: lambda payload: {**payload, "two": True}, 2: lambda payload: {**payload, "three": True}}
    assert payloads.lift({}, 1, lifts=lifts, target=3) == {"two": True, "three": True}
    assert payloads.lift({}, 2, lifts=lifts, target=3) == {"three": True}
    assert payloads.lift({}, 3, lifts=lifts, target=3) == {}


def test_every_past_schema_has_its_lift() -> None:
    assert set(payloads.LIFTS) == set(range(1, payloads.SCHEMA))


# Purging


@pytest.fixture
def revised() -> Article:
    """A story whose first revision was published, and replaced by its second."""
    article = make_live(at=AT)
    number = save_article(article, title="Tanpa nama saksi", by=person("ed"), at=AT + HOUR)
    publishing.publish(article, revision=number, by=person("ed"), at=AT + HOUR)
    return article


def ask(article: Article, number: int = 1) -> None:
    revisions.request_purge(article, number, ground="Putusan pengadilan", by=person("cas"), at=AT + 2 * HOUR)


def purge(article: Article, number: int = 1, *, by: str = "ed") -> None:
    revisions.purge_revision(article, number, by=person(by), at=AT + 3 * HOUR)


def test_purge_blanks_the_payload_and_keeps_number_author_time_and_ground(revised: Article) -> None:
    before = revised.revisions.get(number=1)
    ask(revised)
    purge(revised)
    after = revised.revisions.get(number=1)
    assert after.payload == {}
    assert (after.number, after.author, after.created_at) == (1, before.author, before.created_at)
    assert (after.purge_ground, after.purged_at) == ("Putusan pengadilan", AT + 3 * HOUR)


def test_purge_blanks_and_suppresses_what_readers_saw_of_it(revised: Article) -> None:
    row = Publication.objects.get(article=revised, revision__number=1)
    assert row.body_html
    ask(revised)
    purge(revised)
    row.refresh_from_db()
    assert (row.title, row.body_html, row.bylines, row.path) == ("", "", [], "")
    assert row.suppressed_at
    assert not Publication.objects.live(AT).filter(article=revised).exists()
    assert live_publication(revised, AT + 3 * HOUR) is not None
    assert f"article:{revised.pk}" in SurfaceLog.objects.latest("pk").keys


def test_purge_takes_a_second_person(revised: Article) -> None:
    with pytest.raises(refusals.NotRequested):
        purge(revised)
    ask(revised)
    with pytest.raises(refusals.SecondPersonNeeded):
        purge(revised, by="cas")
    assert revised.revisions.get(number=1).payload


def test_purge_needs_a_ground(revised: Article) -> None:
    with pytest.raises(refusals.ReasonMissing):
        revisions.request_purge(revised, 1, ground="  ", by=person("cas"), at=AT)


def test_purge_refuses_what_the_working_copy_or_readers_still_hold(revised: Article) -> None:
    with pytest.raises(refusals.NewestRevision):
        ask(revised, 2)
    save_article(revised, title="Ketiga", at=AT + 2 * HOUR)
    with pytest.raises(refusals.RevisionPublic):
        ask(revised, 2)


def test_purge_withdraws_the_approval_of_what_it_blanks() -> None:
    article = make_approved()
    save_article(article, title="Lain")
    ask(article)
    purge(article)
    assert article.approved_revision is None


def test_nothing_reads_a_purged_revision(revised: Article) -> None:
    ask(revised)
    purge(revised)
    purged, other = revised.revisions.get(number=1), revised.revisions.get(number=2)
    with pytest.raises(refusals.RevisionPurged):
        revisions.compare(purged, other, with_confidential=True)
    with pytest.raises(refusals.RevisionPurged):
        restore(revised, 1)
    with pytest.raises(refusals.RevisionPurged):
        publishing.publish(revised, revision=1, by=person("ed"), at=AT + 4 * HOUR)
    with pytest.raises(refusals.RevisionPurged):
        ask(revised)


def test_a_save_after_the_newest_was_purged_long_ago_still_appends(revised: Article) -> None:
    ask(revised)
    purge(revised)
    assert save_article(revised, title="Ketiga", at=AT + timedelta(days=1)) == 3
