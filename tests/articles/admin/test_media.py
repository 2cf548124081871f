"""The picture library: what it shows, what is saved of a picture, who may, and how many queries it takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from articles import images, picture_cards
from articles.models import Article, Image
from tests.articles.admin.desk import Page, client_of
from tests.articles.library import make_picture
from tests.factories import make_article, make_contributor, make_topic, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIBRARY = reverse("admin:articles_image_changelist")
YESTERDAY = timezone.localdate() - timedelta(days=1)


def url(image: Image, name: str = "change") -> str:
    return reverse(f"admin:articles_image_{name}", args=[image.pk])


def listed(query: str = "", username: str = "ada") -> set[str]:
    """Return the titles the library shows."""
    response = client_of(person(username)).get(LIBRARY + query)
    assert response.status_code == 200
    return {image.title for image in response.context["cl"].result_list}


@pytest.fixture
def pictures() -> dict[str, Image]:
    """One of each sort."""
    found = {
        "lead": make_picture("Pelabuhan Belawan", credit="Antara", licence="agency"),
        "figure": make_picture("Karang Natuna", caption="Di utara"),
        "topic": make_picture("Peta", licence="public_domain"),
        "portrait": make_picture("Potret"),
        "mute": make_picture("Patroli malam", alt_text=""),
        "ended": make_picture("Gedung", licence_until=YESTERDAY),
        "today": make_picture("Sampai hari ini", licence_until=timezone.localdate()),
        "archived": make_picture("Lama", archived_at=timezone.now(), alt_text=""),
        "down": make_picture("Ditarik", taken_down_at=timezone.now()),
    }
    figure = f'<figure data-image-id="{found["figure"].pk}"><figcaption></figcaption></figure>'
    make_article(lead_image=found["lead"], body=f"<p>Teks</p>{figure}")
    make_topic("Peta laut", image=found["topic"])
    make_contributor("Tokoh", portrait=found["portrait"])
    return found


def test_views_filter_and_search(pictures: dict[str, Image]) -> None:
    in_use = {image.title for name, image in pictures.items() if name not in ("archived", "down")}
    cases = {
        "": in_use,
        "?view=no_alt": {"Patroli malam"},
        "?view=ended": {"Gedung"},
        "?view=unused": {"Patroli malam", "Gedung", "Sampai hari ini"},
        "?view=archived": {"Lama", "Ditarik"},
        "?licence=agency": {"Pelabuhan Belawan"},
        "?q=antara": {"Pelabuhan Belawan"},
        "?q=utara": {"Karang Natuna"},
        "?q=natuna&licence=agency": set(),
    }
    assert {query: listed(query) for query in cases} == cases


def test_counts_of_the_views_are_those_of_their_lists(pictures: dict[str, Image]) -> None:
    library = client_of(person("ada")).get(LIBRARY).context["cl"]
    for view in library.saved_views():
        assert view["count"] == len(listed(f"?view={view['name']}")), view["name"]


def test_as_many_queries_for_a_thousand_pictures_as_for_few(pictures: dict[str, Image]) -> None:
    def queries(address: str) -> int:
        client = client_of(person("ed"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    chosen = url(pictures["lead"])
    client_of(person("ed")).get(LIBRARY)
    few = queries(LIBRARY), queries(chosen)
    template = Image.objects.get(pk=pictures["mute"].pk)
    Image.objects.bulk_create(
        Image(
            **{f.attname: getattr(template, f.attname) for f in Image._meta.fields if f.name not in ("id", "digest")},
            digest=f"{n:064}",
        )
        for n in range(1284)
    )
    assert (queries(LIBRARY), queries(chosen)) == few
    assert few[0] <= 16


def test_cards_say_what_is_wrong_in_words() -> None:
    today = date(2026, 8, 12)
    image = Image(alt_text="", credit="", licence_until=date(2026, 8, 11))
    with translation.override("en"):
        assert picture_cards.warnings(image, today) == ["Licence ended 11 Aug", "No alternative text", "No credit"]
        agency = Image(credit="Antara", licence="agency", licence_until=date(2028, 1, 1))
        assert picture_cards.line(agency, today) == "Antara · Licensed from an agency · until 2028"


def saved(client: Any, image: Image, **changes: Any) -> Any:
    """Open the picture, change what is named and send the rest back as it was."""
    data = Page(client.get(url(image)).content.decode(), "picture-form").data
    return client.post(url(image), data | changes)


def test_focal_point_by_numbers_and_words_are_saved_together() -> None:
    image = make_picture()
    response = saved(client_of(person("ada")), image, focal_x="72", focal_y="40", alt_text="Kapal", caption_en="Ship")

    assert response.status_code == 302
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y, image.alt_text, image.caption_en) == (72, 40, "Kapal", "Ship")


@pytest.mark.parametrize(
    ("field", "value"), [("focal_x", "101"), ("focal_y", "-1"), ("licence", "curian"), ("title", "")]
)
def test_bad_field_saves_nothing_and_loses_nothing(field: str, value: str) -> None:
    image = make_picture()
    response = saved(client_of(person("ada")), image, alt_text="Baru ditulis", **{field: value})

    assert response.status_code == 422
    assert "Baru ditulis" in response.content.decode()
    image.refresh_from_db()
    assert (image.alt_text, image.version) == ("Kapal abu-abu di laut tenang", 1)


def test_save_that_comes_second_is_refused_with_what_was_typed() -> None:
    image = make_picture()
    client = client_of(person("ada"))
    data = Page(client.get(url(image)).content.decode(), "picture-form").data
    images.update_details(image, version=1, by=person("ed"), at=timezone.now(), credit="Antara")

    response = client.post(url(image), data | {"alt_text": "Ditulis Ada", "focal_x": "10"})

    assert response.status_code == 409
    assert "Ditulis Ada" in response.content.decode()
    image.refresh_from_db()
    assert (image.credit, image.focal_x) == ("Antara", 50)


def test_reporter_describes_own_pictures_and_looks_at_others() -> None:
    own, other = make_picture(), make_picture("Milik Ed", by=person("ed"))
    ada = client_of(person("ada"))

    assert ada.get(url(other)).status_code == 200
    assert ada.post(url(other), {"title": "Dicuri", "version": 1}).status_code == 403
    assert ada.post(url(other, "archive")).status_code == 403
    assert ada.get(url(own, "take_down")).status_code == 403
    assert saved(client_of(person("ed")), own, title="Judul Ed").status_code == 302
    assert client_of(person("mo")).get(LIBRARY).status_code == 403


def test_archived_picture_leaves_the_library_and_comes_back() -> None:
    image = make_picture()
    ada = client_of(person("ada"))

    ada.post(url(image, "archive"))
    assert listed() == set()
    ada.post(url(image, "archive"))
    assert listed() == {image.title}


def test_a_picture_that_could_not_be_prepared_is_tried_again_by_who_may_change_it() -> None:
    image = make_picture(state=Image.State.FAILED, by=person("ed"))
    ada, ed = client_of(person("ada")), client_of(person("ed"))
    button = f'action="{url(image, "retry")}"'

    assert button in ed.get(url(image)).content.decode()
    assert button not in ada.get(url(image)).content.decode()
    assert ada.post(url(image, "retry")).status_code == 403
    assert ed.post(url(image, "retry")).status_code == 302
    image.refresh_from_db()
    assert image.state == Image.State.PENDING
    assert button not in ed.get(url(image)).content.decode()


def test_take_down_needs_a_ground_and_is_for_good() -> None:
    image = make_picture(with_file=True)
    ed = client_of(person("ed"))

    assert ed.post(url(image, "take_down"), {"ground": " "}).status_code == 422
    assert ed.post(url(image, "take_down"), {"ground": "Surat pemegang hak"}).status_code == 302
    image.refresh_from_db()
    assert image.taken_down_at is not None
    assert ed.get(url(image)).status_code == 200
    assert ed.post(url(image), {"version": image.version}).status_code == 403
    assert ed.get(reverse("admin:articles_image_file", args=[image.pk, "thumb"])).status_code == 404


def test_panel_names_what_uses_the_picture_as_far_as_one_may_know(pictures: dict[str, Image]) -> None:
    story = Article.objects.get(lead_image=pictures["lead"])
    markup = client_of(person("ada")).get(url(pictures["lead"])).content.decode()
    assert reverse("admin:articles_article_change", args=[story.pk]) in markup
    assert reverse("admin:articles_article_change", args=[story.pk]) in (
        client_of(person("ed")).get(url(pictures["figure"])).content.decode()
    )


def test_what_a_picture_lacks_is_said_once_and_leads_to_where_it_is_written() -> None:
    image = make_picture(credit="")
    story = make_article(lead_image=image, body=f'<p>Teks</p><figure data-image-id="{image.pk}"></figure>')
    page = client_of(person("ed")).get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()

    assert page.count(f'href="{url(image)}#picture"') == 1
    image.credit = "Redaksi"
    image.save()
    page = client_of(person("ed")).get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    assert f'href="{url(image)}#picture"' not in page


@pytest.mark.parametrize("query", ["?p=99", "?p=x", "?nonsense=1", "?title__startswith=K"])
def test_nonsense_in_the_address_is_no_error(query: str) -> None:
    image = make_picture()
    for address in (LIBRARY, url(image), reverse("admin:articles_image_pick")):
        assert client_of(person("ada")).get(address + query).status_code in (200, 302, 400)


def test_preview_is_private_and_made_before_there_are_renditions() -> None:
    image = make_picture(with_file=True)
    address = reverse("admin:articles_image_file", args=[image.pk, "thumb"])
    response = client_of(person("ada")).get(address)

    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"].startswith("private")
    assert "sandbox" in response["Content-Security-Policy"]
    again = client_of(person("ada")).get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
