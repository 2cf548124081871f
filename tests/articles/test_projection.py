"""What readers see of a revision, and how it is rebuilt when what it names changes."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from articles import projection, publishing, refusals, reprojection, taxonomy
from articles.models import Publication, Topic
from newsroom.core.models import SurfaceLog
from tests.articles.acts import BURIAL, HOUR
from tests.factories import (
    AT,
    live_publication,
    make_approved,
    make_contributor,
    make_live,
    make_section,
    make_topic,
    person,
    save_article,
)

pytestmark = pytest.mark.django_db

ED = {"by": None, "at": AT + HOUR}


def test_names_are_resolved_in_the_language_of_the_story() -> None:
    section = make_section("Timur Tengah", name_en="Middle East")
    topic = make_topic("Jalur laut", name_en="Sea lanes")
    for language, name, subject in (
        ("id", "Timur Tengah", "Jalur laut"),
        ("en", "Middle East", "Sea lanes"),
    ):
        with translation.override("en" if language == "id" else "id"):
            article = make_live(language=language, section=section, topics=[topic])
        row = live_publication(article, AT)
        assert (row.section_name, row.section_slug) == (name, "timur-tengah")
        assert row.topics == [{"name": subject, "slug": "jalur-laut"}]
        with translation.override(language):
            assert row.sources[0]["kind_label"] == str(projection.Source.Kind.DOCUMENT.label)


def test_the_address_is_section_slug_and_number() -> None:
    section = make_section("Dunia")
    indonesian = make_live(section=section, title="Selat: apa kabar?")
    english = make_live(section=section, language="en", slug="the-strait")
    signs = make_live(section=section, title="—", kind="opinion")
    assert live_publication(indonesian, AT).path == f"/dunia/selat-apa-kabar-{indonesian.pk}/"
    assert live_publication(english, AT).path == f"/en/dunia/the-strait-{english.pk}/"
    assert live_publication(signs, AT).path == f"/dunia/opinion-{signs.pk}/"


def test_confidential_sources_stay_at_the_desk() -> None:
    article = make_live(
        sources=[
            {"title": "Naskah", "published_on": date(2026, 8, 11), "publisher": "Kementerian", "url": "https://a.id/"},
            {"title": "Seorang perwira", "kind": "interview", "is_confidential": True},
        ]
    )
    row = live_publication(article, AT)
    (source,) = row.sources
    assert (source["title"], source["date"]) == ("Naskah", "2026-08-11")
    everything = str(Publication.objects.filter(pk=row.pk).values().get())
    assert "perwira" not in everything


def test_the_text_is_sanitised_once_more() -> None:
    article = make_live(body="<p>Teks yang cukup.</p><script>alert(1)</script><p onclick=x>Lain</p>")
    assert live_publication(article, AT).body_html == "<p>Teks yang cukup.</p><p>Lain</p>"


def test_lines_bylines_and_chronology_come_in_order() -> None:
    ada, bram = make_contributor("Ada", role="Redaktur"), make_contributor("Bram", role="Koresponden")
    article = make_live(
        key_points="- Satu\n\n• Dua \n",
        bylines=[bram, ada],
        milestones=[{"moment": "Senin", "text": "Mulai"}, {"moment": "Kini", "text": "Selesai", "is_certain": False}],
    )
    row = live_publication(article, AT)
    assert row.key_points == ["Satu", "Dua"]
    assert [(byline["name"], byline["role"]) for byline in row.bylines] == [
        ("Bram", "Koresponden"),
        ("Ada", "Redaktur"),
    ]
    assert [(entry["moment"], entry["is_certain"]) for entry in row.milestones] == [("Senin", True), ("Kini", False)]


def test_lists_hold_the_times_and_refs_what_was_resolved() -> None:
    row = live_publication(make_live(), AT)
    for through in (row.topic_rows.get(), row.byline_rows.get()):
        assert (through.visible_from, through.visible_until) == (row.visible_from, row.visible_until)
        assert through.first_published_at == row.first_published_at
    assert {ref.kind for ref in row.refs.all()} == {"section", "topic", "contributor"}


def test_every_projected_field_is_filled_by_the_projection() -> None:
    facts = {
        "id", "article", "revision", "kind", "visible_from", "visible_until", "takes_over", "voided_at", "void_cause",
        "suppressed_at", "first_published_at", "substantive_at", "change_note", "ground", "public_reason", "by",
        "created_at",
        # The timeline writes these.
        "notices",
    }  # fmt: skip
    projected = {field.attname for field in Publication._meta.concrete_fields if field.name not in facts}
    page = projection.page_of(live_publication(make_live(), AT))
    assert set(page.fields) == projected


# Rebuilding


def test_renaming_a_section_moves_live_and_planned_stories_and_leaves_the_past() -> None:
    section = make_section("Dunia")
    article = make_live(section=section)
    for number, title in ((2, "Dua"), (3, "Tiga")):
        save_article(article, title=title, by=person("ed"))
        at = AT + HOUR if number == 2 else AT + 5 * HOUR
        if number == 2:
            publishing.publish(article, revision=2, by=person("ed"), at=at)
        else:
            publishing.schedule(article, revision=3, visible_from=at, by=person("ed"), at=AT + HOUR)
    section.name, section.slug = "Mancanegara", "mancanegara"
    section.save()
    assert reprojection.reproject("section", section.pk, at=AT + 2 * HOUR) == 2
    names = Publication.objects.filter(article=article).order_by("visible_from").values_list("section_name", "title")
    assert list(names) == [
        ("Dunia", "Selat Hormuz dibuka lagi"),
        ("Mancanegara", "Dua"),
        ("Mancanegara", "Tiga"),
    ]
    assert live_publication(article, AT + 2 * HOUR).path == f"/mancanegara/dua-{article.pk}/"
    assert reprojection.reproject("section", section.pk, at=AT + 2 * HOUR) == 0


def test_rebuilding_bumps_the_story_and_its_lists() -> None:
    contributor = make_contributor("Ada Wibowo")
    article = make_live(bylines=[contributor])
    contributor.name = "Ada Wibowo-Siregar"
    contributor.save()
    SurfaceLog.objects.all().delete()
    reprojection.reproject("contributor", contributor.pk, at=AT + HOUR)
    keys = {key for row in SurfaceLog.objects.all() for key in row.keys}
    assert {f"article:{article.pk}", f"contributor:{contributor.pk}", "home"} <= keys
    assert live_publication(article, AT).bylines[0]["name"] == "Ada Wibowo-Siregar"


def test_voided_and_suppressed_rows_are_not_rebuilt() -> None:
    topic = make_topic("Energi")
    killed = make_live(topics=[topic])
    publishing.kill(killed, by=person("cas"), at=AT, **BURIAL)
    cancelled = make_approved(topics=[topic])
    publishing.schedule(cancelled, revision=1, visible_from=AT + 5 * HOUR, by=person("ed"), at=AT)
    publishing.cancel(cancelled, by=person("ed"), at=AT)
    topic.name = "Daya"
    topic.save()
    assert reprojection.reproject("topic", topic.pk, at=AT + HOUR) == 0


def test_a_newer_renderer_rebuilds_what_the_older_one_made(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_live()
    monkeypatch.setattr(projection, "RENDERER_VERSION", projection.RENDERER_VERSION + 1)
    assert reprojection.reproject_outdated(at=AT + HOUR) == 1
    assert live_publication(article, AT).renderer_version == projection.RENDERER_VERSION
    assert reprojection.reproject_outdated(at=AT + HOUR) == 0


# Taxonomy


def test_a_merged_topic_is_its_target_for_readers() -> None:
    old, target = make_topic("Bahan bakar"), make_topic("Energi")
    article = make_live(topics=[old, target])
    taxonomy.merge_topic(old, into=target, **ED)
    assert reprojection.reproject("topic", old.pk, at=AT + HOUR) == 1
    row = live_publication(article, AT)
    assert row.topics == [{"name": "Energi", "slug": "energi"}]
    assert [through.topic for through in row.topic_rows.all()] == [target]
    assert Topic.objects.get(pk=old.pk).archived_at == AT + HOUR


def test_merging_in_a_circle_is_refused() -> None:
    first, second, third = make_topic("Satu"), make_topic("Dua"), make_topic("Tiga")
    taxonomy.merge_topic(first, into=second, **ED)
    taxonomy.merge_topic(second, into=third, **ED)
    for topic, into in ((third, first), (third, third)):
        with pytest.raises(refusals.MergedIntoItself):
            taxonomy.merge_topic(topic, into=into, **ED)
    assert projection.resolve_topics([first.pk, second.pk]) == [third]


@pytest.mark.parametrize(
    ("make", "keys"),
    [
        (make_section, {"section", "site"}),
        (make_topic, {"home", "topic", "topics"}),
        (make_contributor, {"contributor", "home"}),
    ],
)
def test_archiving_is_once_and_can_be_undone(make, keys) -> None:
    referent = make("Lama")
    SurfaceLog.objects.all().delete()
    taxonomy.archive(referent, **ED)
    taxonomy.archive(referent, by=None, at=AT + 5 * HOUR)
    referent.refresh_from_db()
    assert referent.archived_at == AT + HOUR
    assert {key.split(":")[0] for row in SurfaceLog.objects.all() for key in row.keys} == keys
    assert SurfaceLog.objects.count() == 1
    taxonomy.unarchive(referent, **ED)
    referent.refresh_from_db()
    assert referent.archived_at is None


def test_saving_a_referent_enqueues_one_rebuild_in_the_same_transaction() -> None:
    section = make_section("Dunia")
    taxonomy.saved(section, **ED)
    assert [task.args_kwargs["args"] for task in DBTaskResult.objects.all()] == [["section", section.pk]]
