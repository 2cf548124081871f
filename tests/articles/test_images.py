"""The picture library: taking in, describing, cutting, archiving, taking down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from articles import images, payloads, pictures, publishing, refusals, renditions, reprojection, restoration
from articles.imaging import sandbox
from articles.models import Article, Image, Publication, PublicationRef, Rendition
from newsroom.core.models import AuditEntry, SurfaceLog
from tests.articles.acts import HOUR
from tests.articles.imaging.samples import encoded, gradient, with_iptc
from tests.articles.pictures import figure, make_image, make_renditions, name_of
from tests.factories import AT, BODY, live_publication, make_approved, make_article, make_live, make_topic, person

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


def ingest(content: bytes, name: str = "kapal-tanker_1.jpg", **fields: Any) -> Image:
    return images.ingest(SimpleUploadedFile(name, content), by=person("ada"), at=AT, **fields)


def by_ed() -> dict[str, Any]:
    return {"by": person("ed"), "at": AT + HOUR}


def tasks_for(image: Image) -> set[str]:
    rows = DBTaskResult.objects.values_list("task_path", "args_kwargs")
    return {path.rpartition(".")[2] for path, given in rows if image.pk in given["args"]}


# Taking in


def test_a_file_becomes_a_clean_picture_whose_renditions_are_to_come() -> None:
    image = ingest(with_iptc({(2, 120): b"Kapal di selat.", (2, 80): b"Ada W."}), credit="", alt_text="Kapal")
    assert (image.title, image.caption, image.credit, image.alt_text) == (
        "kapal tanker 1",
        "Kapal di selat.",
        "Ada W.",
        "Kapal",
    )
    assert (image.width, image.height, image.format, image.state) == (96, 64, "JPEG", Image.State.PENDING)
    with storages["originals"].open(image.original.name) as stored:
        content = stored.read()
    assert len(content) == image.byte_size
    assert b"Ada W." not in content
    assert tasks_for(image) == {"render_task"}
    assert AuditEntry.objects.get(action="image.upload").by == person("ada")
    assert not image.was_known


def test_what_is_said_counts_more_than_what_the_file_says() -> None:
    image = ingest(with_iptc({(2, 80): b"Orang lain"}), title="Judul", credit="Ada Wibowo", licence="own")
    assert (image.title, image.credit, image.licence) == ("Judul", "Ada Wibowo", "own")


def test_the_same_picture_twice_is_one_and_comes_out_of_the_archive() -> None:
    first = ingest(encoded("JPEG"))
    images.archive(first, **by_ed())
    again = ingest(encoded("JPEG", comment=b"another file, the same pixels"), name="lain.jpg", credit="Lain")
    assert (again.pk, again.was_known, again.archived_at, again.credit) == (first.pk, True, None, "")
    assert Image.objects.count() == 1


def test_a_picture_that_was_taken_down_does_not_come_back(django_capture_on_commit_callbacks: Commits) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        images.take_down(ingest(encoded("JPEG")), ground="Putusan pengadilan", **by_ed())
    with pytest.raises(refusals.PictureTakenDown):
        ingest(encoded("JPEG"))


def test_what_a_cut_off_upload_left_is_written_over() -> None:
    image = ingest(encoded("PNG"), name="a.png")
    name, size = image.original.name, image.byte_size
    image.delete()
    storages["originals"].delete(name)
    with storages["originals"].open(name, "wb") as half:
        half.write(b"half")
    assert storages["originals"].size(ingest(encoded("PNG"), name="a.png").original.name) == size


def test_a_field_nobody_knows_is_an_error_of_the_caller() -> None:
    with pytest.raises(TypeError):
        ingest(encoded("JPEG"), state="ready")


# Renditions


def test_renditions_are_made_once_and_the_story_then_shows_them() -> None:
    image = ingest(encoded("PNG", gradient(400, 300)), name="a.png", alt_text="Kapal", credit="Ada", licence="own")
    article = make_live(lead_image=image)
    assert live_publication(article, AT).lead_image["shapes"] == {}
    made = renditions.render(image.pk, at=AT)
    image.refresh_from_db()
    assert image.state == Image.State.READY
    assert made == image.renditions.count() == len(set(image.renditions.values_list("name", flat=True)))
    assert all(storages["renditions"].size(row.name) == row.byte_size for row in image.renditions.all())
    shown = live_publication(article, AT).lead_image["shapes"]
    assert set(shown) == {"full", "wide", "square", "tall"}
    assert (shown["full"]["width"], shown["full"]["height"]) == (400, 300)
    SurfaceLog.objects.all().delete()
    assert renditions.render(image.pk, at=AT) == 0
    assert not SurfaceLog.objects.exists()


def test_a_file_cut_off_while_it_was_written_is_written_anew() -> None:
    image = ingest(encoded("PNG", gradient(40, 40)), name="a.png")
    renditions.render(image.pk, at=AT)
    row = image.renditions.filter(format="webp").first()
    Rendition.objects.all().delete()
    storages["renditions"].delete(row.name)
    with storages["renditions"].open(row.name, "wb") as half:
        half.write(b"half")
    renditions.render(image.pk, at=AT)
    assert storages["renditions"].size(row.name) == row.byte_size


def test_an_original_that_cannot_be_read_is_marked_and_may_be_tried_again() -> None:
    image = make_image(is_ready=False)
    with storages["originals"].open(image.original.name, "wb") as broken:
        broken.write(b"nonsense")
    assert renditions.render(image.pk, at=AT) == 0
    image.refresh_from_db()
    assert image.state == Image.State.FAILED
    images.retry(image, **by_ed())
    assert image.state == Image.State.PENDING
    assert tasks_for(image) == {"render_task"}


def test_lists_are_bumped_with_the_rows_of_renditions_even_if_nothing_more_gets_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = make_image(is_ready=False)
    topic = make_topic()
    topic.image = image
    topic.save()
    SurfaceLog.objects.all().delete()

    def dies(*_arguments: Any, **_facts: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(renditions, "show_changes", dies)
    with pytest.raises(SystemExit):
        renditions.render(image.pk, at=AT)
    assert Rendition.objects.filter(image=image).exists()
    assert [row.keys for row in SurfaceLog.objects.all()] == [[f"topic:{topic.pk}"]]


# Saying


def test_credit_stands_right_on_the_page_with_the_commit_and_a_caption_soon() -> None:
    image = make_image()
    article = make_live(lead_image=image, body=BODY + figure(image))
    changed = images.update_details(image, version=1, credit="Ed Santoso", caption="Baru", title=image.title, **by_ed())
    assert sorted(changed) == ["caption", "credit"]
    publication = live_publication(article, AT + HOUR)
    assert publication.lead_image["credit"] == publication.images[str(image.pk)]["credit"] == "Ed Santoso"
    assert image.version == Image.objects.get(pk=image.pk).version == 2
    images.update_details(image, version=2, alt_text="Kapal lain.", **by_ed())
    assert live_publication(article, AT + HOUR).lead_image["alt"] == "Kapal tanker melintas."
    assert "reproject_task" in {
        path.rpartition(".")[2] for path in DBTaskResult.objects.values_list("task_path", flat=True)
    }
    reprojection.reproject("image", image.pk, at=AT + HOUR)
    assert live_publication(article, AT + HOUR).lead_image["alt"] == "Kapal lain."


def test_nothing_said_anew_changes_nothing() -> None:
    image = make_image()
    assert images.update_details(image, version=1, credit=image.credit, **by_ed()) == []
    assert not AuditEntry.objects.filter(action="image.update").exists()


def test_who_saw_an_older_version_is_refused() -> None:
    image = make_image()
    images.update_details(image, version=1, credit="Satu", **by_ed())
    stale = Image.objects.get(pk=image.pk)
    with pytest.raises(refusals.StalePicture):
        images.update_details(stale, version=1, credit="Dua", **by_ed())
    with pytest.raises(refusals.StalePicture):
        images.set_focal_point(stale, 1, 1, version=1, **by_ed())
    assert Image.objects.get(pk=image.pk).credit == "Satu"


def test_a_story_in_english_gets_english_words_where_there_are_any() -> None:
    image = make_image(alt_text_en="A tanker.", caption="Kapal")
    found = pictures.data(image, "en")
    assert (found["alt"], found["caption"]) == ("A tanker.", "Kapal")
    assert pictures.data(image, "id")["alt"] == "Kapal tanker melintas."


def test_the_story_may_give_the_lead_picture_a_caption_of_its_own() -> None:
    image = make_image(caption="Kapal")
    assert live_publication(make_live(lead_image=image), AT).lead_image["caption"] == "Kapal"
    article = make_live(title="Dua", lead_image=image, lead_caption="Khusus")
    assert live_publication(article, AT).lead_image["caption"] == "Khusus"


# The focal point


def test_new_cuts_take_over_once_they_are_made_and_old_ones_go_when_unused() -> None:
    image = make_image()
    article = make_live(lead_image=image)
    old, full = name_of(image, "wide"), name_of(image)
    images.set_focal_point(image, 10, 90, version=1, **by_ed())
    assert "render_task" in tasks_for(image)
    assert pictures.data(image, "id")["shapes"]["wide"]["src"].endswith(old)
    later = AT + 2 * HOUR
    make_renditions(image, at=later, shapes=("wide", "square", "tall"))
    renditions.show_changes(image, at=later, at_once=True)
    shown = live_publication(article, later).lead_image["shapes"]
    assert shown["wide"]["src"].endswith(name_of(image, "wide"))
    assert name_of(image, "wide") != old
    assert shown["full"]["src"].endswith(full)
    # Not yet: pages loaded before still ask for them.
    assert renditions.retire(image.pk, at=later) == 0
    assert renditions.retire(image.pk, at=AT + 30 * HOUR) == 9
    assert not storages["renditions"].exists(old)
    assert storages["renditions"].exists(full)


def test_cuts_a_past_publication_names_stay() -> None:
    image = make_image()
    article = make_live(lead_image=image)
    old = name_of(image, "wide")
    publishing.expire(article, **by_ed())
    images.set_focal_point(image, 10, 90, version=1, **by_ed())
    make_renditions(image, at=AT + HOUR, shapes=("wide", "square", "tall"))
    assert renditions.retire(image.pk, at=AT + 90 * HOUR) == 0
    assert storages["renditions"].exists(old)


@pytest.mark.parametrize("point", [(-1, 50), (50, 101)])
def test_a_point_outside_is_an_error_of_the_caller(point: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        images.set_focal_point(make_image(), *point, version=1, **by_ed())


# Archiving, taking down


def test_an_archived_picture_stays_where_it_stands_and_is_not_offered() -> None:
    image = make_image()
    article = make_live(lead_image=image)
    images.archive(image, **by_ed())
    images.archive(image, **by_ed())
    assert AuditEntry.objects.filter(action="image.archive").count() == 1
    assert not Image.objects.in_use().exists()
    assert live_publication(article, AT + HOUR).lead_image["id"] == image.pk
    images.unarchive(image, **by_ed())
    assert Image.objects.in_use().get() == image


def test_a_picture_taken_down_leaves_pages_at_once_and_its_files_go(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    image = make_image()
    article = make_live(lead_image=image, body=BODY + figure(image))
    topic = make_topic("Selat", image=image)
    name, original = name_of(image), image.original.name
    SurfaceLog.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        images.take_down(image, ground="Putusan pengadilan", **by_ed())
    publication = live_publication(article, AT + HOUR)
    assert (publication.lead_image, publication.images) == ({}, {})
    assert pictures.data(Image.objects.get(pk=image.pk), "id") == {}
    assert not storages["renditions"].exists(name)
    assert not storages["originals"].exists(original)
    assert "remove_files_task" in tasks_for(image)
    bumped = {key for row in SurfaceLog.objects.all() for key in row.keys}
    assert {f"article:{article.pk}", f"topic:{topic.pk}"} <= bumped
    with pytest.raises(refusals.PictureTakenDown):
        images.take_down(image, ground="Lagi", **by_ed())
    with pytest.raises(refusals.PictureTakenDown):
        images.update_details(image, version=image.version, credit="x", **by_ed())


def test_a_takedown_names_its_ground() -> None:
    with pytest.raises(refusals.ReasonMissing):
        images.take_down(make_image(), ground=" ", **by_ed())


def test_a_file_that_another_picture_has_too_stays(django_capture_on_commit_callbacks: Commits) -> None:
    image, other = make_image(), make_image(title="Lain")
    shared = name_of(other)
    image.renditions.filter(shape="full", format="jpg").update(name=shared)
    with django_capture_on_commit_callbacks(execute=True):
        images.take_down(image, ground="Hak cipta", **by_ed())
    assert storages["renditions"].exists(shared)


# Licences


def test_a_shorter_licence_voids_what_was_planned_after_it() -> None:
    image = make_image()
    article = make_approved(lead_image=image)
    soon = make_approved(title="Sebelum", lead_image=image)
    for story, hours in ((article, 96), (soon, 2)):
        publishing.schedule(story, revision=1, visible_from=AT + hours * HOUR, by=person("ed"), at=AT)
    images.update_details(image, version=1, licence_until=date(2026, 8, 13), **by_ed())
    assert article.publications.get().void_cause == Publication.VoidCause.UNLICENSED
    assert soon.publications.get().voided_at is None
    assert AuditEntry.objects.get(action="article.licence_voids").object_id == str(article.pk)


@pytest.mark.parametrize(
    ("until", "is_refused"), [(date(2026, 8, 13), True), (date(2026, 8, 14), False), (None, False)]
)
@pytest.mark.parametrize("where", ["lead", "text"])
def test_a_story_is_not_published_after_the_licence_of_its_picture(
    until: date | None, is_refused: bool, where: str
) -> None:
    image = make_image(licence_until=until)
    content: dict[str, Any] = {"lead_image": image} if where == "lead" else {"body": BODY + figure(image)}
    article = make_approved(**content)
    moment = AT.replace(day=14, hour=5)
    if is_refused:
        with pytest.raises(refusals.ChecklistFailed) as refused:
            publishing.publish(article, revision=1, by=person("ed"), at=moment)
        assert [item.code for item in refused.value.facts["items"]] == ["licence"]
    else:
        publishing.publish(article, revision=1, by=person("ed"), at=moment)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"alt_text": ""}, "figures"), ({"credit": ""}, "figures"), ({"state": "failed"}, "figures")],
)
def test_a_story_is_not_published_before_its_pictures_are_described(fields: dict[str, Any], code: str) -> None:
    image = make_image(**fields)
    with pytest.raises(refusals.ChecklistFailed) as refused:
        make_live(body=BODY + figure(image))
    assert [item.code for item in refused.value.facts["items"]] == [code]
    with pytest.raises(refusals.ChecklistFailed):
        make_live(lead_image=image)


def test_a_publication_remembers_which_pictures_it_shows() -> None:
    lead, inside = make_image(), make_image(title="Dalam")
    article: Article = make_article(lead_image=lead, body=BODY + figure(inside) + figure(inside) + figure(lead))
    publishing.publish(article, revision=1, by=person("ed"), at=AT)
    kept = PublicationRef.objects.filter(kind="image").values_list("object_id", flat=True)
    assert sorted(kept) == sorted([lead.pk, inside.pk])


def test_a_restored_text_comes_without_the_figures_whose_pictures_are_gone() -> None:
    gone, kept = make_image(title="Hilang"), make_image(title="Tetap", archived_at=AT)
    article = make_article(body=BODY + figure(gone, "x") + figure(kept), lead_image=gone)
    images.take_down(gone, ground="Hak cipta", **by_ed())
    settled, notes = restoration.settle(payloads.read(article.revisions.get()))
    assert settled["body"] == BODY + figure(kept)
    assert settled["lead_image"] is None
    assert {(note.field, note.name, note.is_lost) for note in notes} == {
        ("body", "Hilang", True),
        ("body", "Tetap", False),
        ("lead_image", "Hilang", True),
    }


def test_a_picture_taken_down_while_it_is_cut_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Commits
) -> None:
    image = ingest(encoded("PNG", gradient(40, 40)), name="a.png")
    make = sandbox.render

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        made = make(*args, **kwargs)
        images.take_down(Image.objects.get(pk=image.pk), ground="Hak cipta", **by_ed())
        return made

    monkeypatch.setattr(sandbox, "render", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        renditions.render(image.pk, at=AT)
    assert image.renditions.exists()
    assert not any(storages["renditions"].exists(row.name) for row in image.renditions.all())
    assert Image.objects.get(pk=image.pk).state == Image.State.PENDING
