"""Standing pages: saved without loss, shown, taken off."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from articles import pages, refusals
from articles.models import Page, PageRevision
from newsroom.core.models import AuditEntry, SurfaceLog
from tests.factories import AT, person

pytestmark = pytest.mark.django_db


def make_page(slug: str = "kami", *, is_shown: bool = True, **fields: object) -> Page:
    """Return a page that Cas wrote."""
    page = Page(**{"slug": slug, "title": "Tentang kami", "body": "<p>Kami.</p>", **fields})  # type: ignore[arg-type]
    pages.save(page, seen=None, by=person("cas"), at=AT)
    if is_shown:
        pages.publish(page, by=person("cas"), at=AT)
    return page


def test_every_save_is_kept_and_one_without_change_is_none() -> None:
    page = make_page()
    page.body = "<p>Kami, baru.</p>"
    assert pages.save(page, seen=1, by=person("cas"), at=AT)
    assert not pages.save(page, seen=2, by=person("cas"), at=AT)
    kept = PageRevision.objects.filter(page=page).order_by("version").values_list("version", "payload__body")
    assert list(kept) == [(1, "<p>Kami.</p>"), (2, "<p>Kami, baru.</p>")]
    assert AuditEntry.objects.filter(action="page.save").count() == 2


def test_save_over_another_is_refused_and_writes_nothing() -> None:
    page = make_page()
    theirs, mine = Page.objects.get(pk=page.pk), Page.objects.get(pk=page.pk)
    theirs.title = "Milik mereka"
    pages.save(theirs, seen=1, by=None, at=AT)
    mine.title = "Milik saya"
    with pytest.raises(refusals.PageChanged):
        pages.save(mine, seen=1, by=None, at=AT)
    page.refresh_from_db()
    assert (page.title, page.version) == ("Milik mereka", 2)


def test_page_without_a_text_is_never_shown() -> None:
    page = make_page(is_shown=False, body="")
    with pytest.raises(refusals.PageEmpty):
        pages.publish(page, by=None, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(published_at=AT)


def test_text_of_a_shown_page_cannot_be_emptied() -> None:
    page = make_page()
    page.body = "<p> </p>"
    with pytest.raises(refusals.PageEmpty):
        pages.save(page, seen=1, by=None, at=AT)


def test_what_the_editor_could_not_write_is_taken_out() -> None:
    page = make_page(body='<p onclick="x()">Kami<script>alert(1)</script></p>')
    assert page.body == "<p>Kami</p>"


def test_missing_names_what_law_and_guideline_want() -> None:
    Page.objects.all().delete()
    assert pages.missing() == ["redaksi", "pedoman-media-siber"]
    page = make_page("redaksi")
    assert pages.missing() == ["pedoman-media-siber"]
    pages.take_off(page, by=None, at=AT)
    assert pages.missing() == ["redaksi", "pedoman-media-siber"]


def test_a_fresh_newsroom_has_the_pages_it_owes_and_shows_none(client: Client) -> None:
    slugs = {"redaksi", "pedoman-media-siber", "tentang", "kontak", "privasi", "syarat"}
    assert set(Page.objects.values_list("slug", flat=True)) >= slugs
    assert not Page.objects.public().exists()
    assert "/halaman/" not in client.get("/").content.decode()
    assert client.get("/halaman/redaksi/").status_code == 404


def test_page_in_both_languages(client: Client) -> None:
    make_page(title_en="About us", body_en="<p>We.</p>")
    html = client.get("/halaman/kami/").content.decode()
    assert "<p>Kami.</p>" in html
    assert 'hreflang="en" href="http://testserver/en/halaman/kami/"' in html
    english = client.get("/en/halaman/kami/").content.decode()
    assert "<h1>About us</h1>" in english
    assert "<p>We.</p>" in english
    assert 'href="/en/halaman/kami/">About us' in english


def test_page_without_english_is_read_in_indonesian(client: Client) -> None:
    make_page()
    answer = client.get("/en/halaman/kami/")
    assert (answer.status_code, answer["Location"]) == (302, "/halaman/kami/")
    footer = client.get("/en/").content.decode()
    assert '<a href="/halaman/kami/" lang="id" hreflang="id">Tentang kami</a>' in footer


def test_page_taken_off_is_gone_and_kept(client: Client) -> None:
    page = make_page()
    pages.take_off(page, by=person("cas"), at=AT)
    assert client.get("/halaman/kami/").status_code == 404
    assert "/halaman/kami/" not in client.get("/").content.decode()
    assert Page.objects.get(pk=page.pk).body == "<p>Kami.</p>"


@pytest.mark.parametrize(
    ("change", "is_everywhere"),
    [
        ({"is_in_footer": False}, True),
        ({"title": "Kami semua"}, True),
        ({"body_en": "<p>We.</p>"}, True),
        ({"body": "<p>Kami, baru.</p>"}, False),
    ],
)
def test_a_save_bumps_every_page_when_the_line_in_the_footer_changes(
    change: dict[str, object], is_everywhere: bool
) -> None:
    page = make_page()
    SurfaceLog.objects.all().delete()
    for name, value in change.items():
        setattr(page, name, value)
    pages.save(page, seen=1, by=None, at=AT)
    keys = {key for row in SurfaceLog.objects.all() for key in row.keys}
    assert keys == {f"page:{page.pk}"} | ({"site"} if is_everywhere else set())


def test_a_page_that_nobody_sees_bumps_no_other() -> None:
    page = make_page(is_shown=False)
    SurfaceLog.objects.all().delete()
    page.title = "Kami semua"
    pages.save(page, seen=1, by=None, at=AT)
    assert [row.keys for row in SurfaceLog.objects.all()] == [[f"page:{page.pk}"]]
