"""Choosing pictures: the field, the dialog's answers, and what becomes of them in stories."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles import figures
from articles.models import Image
from articles.picture_field import PictureField, PictureInput
from tests.articles.admin.desk import client_of, opened, page_url, save
from tests.articles.library import make_picture
from tests.factories import make_article, person, save_article

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PICK, CARDS, ALT = (reverse(f"admin:articles_image_{name}") for name in ("pick", "cards", "alt"))


def test_field_takes_a_number_as_people_write_it() -> None:
    image = make_picture()
    field = PictureField(required=False)

    assert field.clean(f" #{image.pk} ") == image
    assert field.clean("") is None
    for nonsense in ("999999", "x", "-1", "9" * 30, "1 OR 1"):
        with pytest.raises(ValidationError):
            field.clean(nonsense)


@pytest.mark.parametrize("mark", ["archived_at", "taken_down_at"])
def test_field_refuses_what_is_out_of_use_unless_it_stands_there(mark: str) -> None:
    image = make_picture(**{mark: timezone.now()})
    field = PictureField()

    with pytest.raises(ValidationError):
        field.clean(str(image.pk))
    field.standing = image.pk
    assert field.clean(str(image.pk)) == image


def test_field_shows_what_it_names_and_works_as_a_plain_number() -> None:
    image = make_picture("<b>Kapal</b>")
    markup = PictureInput().render("lead_image", image.pk, {"id": "id_lead_image"})

    assert "<b>Kapal" not in markup
    assert f'value="{image.pk}"' in markup
    assert "data-now hidden" in PictureInput().render("lead_image", "oops", {})


def test_lead_picture_is_saved_compared_and_restored_by_its_title() -> None:
    story = make_article()
    image = make_picture("Pelabuhan Belawan")
    client = client_of(person("ada"))

    save(client, story, opened(client, story), lead_image=str(image.pk), lead_caption="Pagi hari")

    story.refresh_from_db()
    assert (story.lead_image, story.lead_caption) == (image, "Pagi hari")
    assert "Pelabuhan Belawan" in client.get(page_url(story, "compare")).content.decode()


def test_conflict_shows_titles_of_pictures_on_both_sides() -> None:
    story = make_article()
    mine, theirs = make_picture("Milik Ada"), make_picture("Milik Ed")
    client = client_of(person("ada"))
    form = opened(client, story)
    save_article(story, by=person("ed"), lead_image=theirs)
    type(story).objects.filter(pk=story.pk).update(version=story.version + 1)

    response = save(client, story, form, lead_image=str(mine.pk))

    assert response.status_code == 409
    choice = next(one for one in response.context["choices"] if one.name == "lead_image")
    assert (choice.mine, choice.theirs) == ("Milik Ada", "Milik Ed")


def test_figure_stays_in_the_text_with_its_number_alone() -> None:
    story = make_article()
    image = make_picture()
    client = client_of(person("ada"))
    figure = f'<figure data-image-id="{image.pk}"><figcaption>Pagi</figcaption></figure>'
    foreign = '<figure><img src="https://example.org/x.png"><figcaption>Asing</figcaption></figure>'

    save(client, story, opened(client, story), body=f"<p>Teks</p>{figure}{foreign}")

    story.refresh_from_db()
    assert figure in story.body
    assert "<img" not in story.body
    assert figure in opened(client, story)["body"]


def test_dialog_offers_pictures_as_buttons() -> None:
    make_picture("Satu")
    make_picture("Dua", archived_at=timezone.now())
    response = client_of(person("ada")).get(PICK)

    assert response.content.count(b'<button type="button" class="picture-card"') == 1


def test_cards_come_for_known_numbers_only() -> None:
    image = make_picture()
    answer = client_of(person("ada")).get(CARDS, {"ids": f"{image.pk},999,x,,-1,{'9' * 40}"}).json()

    assert [picture["id"] for picture in answer["pictures"]] == [image.pk]


def post_alt(username: str, image: Image, text: str, **data: Any) -> Any:
    fields = {"picture": image.pk, "version": image.version, "alt_text": text}
    return client_of(person(username)).post(ALT, fields | data)


def test_missing_alternative_text_is_written_while_choosing() -> None:
    image = make_picture(alt_text="")

    assert post_alt("ada", image, "Kapal patroli").json()["picture"]["alt"] == "Kapal patroli"
    image.refresh_from_db()
    assert image.alt_text == "Kapal patroli"
    assert image.credit == "Redaksi"


@pytest.mark.parametrize(("text", "data"), [(" ", {}), ("x" * 401, {}), ("Kapal", {"version": "9"})])
def test_alternative_text_that_cannot_be_saved_says_why(text: str, data: dict[str, str]) -> None:
    image = make_picture(alt_text="")

    assert post_alt("ada", image, text, **data).json()["problem"]
    image.refresh_from_db()
    assert image.alt_text == ""


def test_alternative_text_of_others_pictures_is_not_a_reporters() -> None:
    assert post_alt("ada", make_picture(alt_text="", by=person("ed")), "Kapal").status_code == 403


def test_another_picture_with_the_same_caption_is_a_difference_by_its_title() -> None:
    first, second = make_picture("Belawan"), make_picture("Tanjung Priok")
    figure = '<p>Teks</p><figure data-image-id="{}"><figcaption>Pagi</figcaption></figure>'

    shown = figures.words(figure.format(first.pk), figure.format(second.pk))

    assert "<del>" in shown
    assert "Belawan" in shown
    assert "Tanjung" in shown
    assert "<del>" not in figures.words(figure.format(first.pk), figure.format(first.pk))
