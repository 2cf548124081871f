"""Pictures on a page: printed by one function, put into texts, gone with their licence."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone

from articles import pictures
from articles.jinja.pictures import narrowed, picture, showable
from tests.articles.pictures import figure, make_image

CUT = {
    "width": 960,
    "height": 540,
    "sources": [
        {"type": "image/avif", "srcset": "/media/a.avif 320w, /media/b.avif 960w"},
        {"type": "image/webp", "srcset": "/media/a.webp 320w, /media/b.webp 960w"},
    ],
    "src": "/media/b.jpg",
    "srcset": "/media/a.jpg 320w, /media/b.jpg 960w",
}
DATA: dict[str, Any] = {
    "id": 7,
    "alt": 'Kapal "Tarna" <b>',
    "caption": "Kapal & laut",
    "credit": "Ada",
    "is_ai": False,
    "licence": "own",
    "until": None,
    "shapes": {"full": CUT, "wide": CUT},
}


def rendered(source: str, **context: Any) -> str:
    return str(engines["jinja2"].from_string(source).render(context))


def with_figures(body: str, **images: dict[str, Any]) -> str:
    """Return a text as `_body.html` shows it; `images` by their ids, as "picture_7"."""
    found = {name.removeprefix("picture_"): data for name, data in images.items()}
    source = '{% from "articles/_figure.html" import figure %}{{ body|figured(images, figure) }}'
    return rendered(source, body=body, images=found)


def test_a_picture_says_its_size_its_words_and_that_it_may_wait() -> None:
    html = rendered('{{ picture(data, shape="wide", sizes="40rem") }}', data=DATA)
    assert html.startswith("<picture>")
    assert html.count("<source ") == 2
    assert html.index("image/avif") < html.index("image/webp")
    assert 'width="960" height="540"' in html
    assert 'alt="Kapal &quot;Tarna&quot; &lt;b&gt;"' in html
    assert html.count('sizes="40rem"') == 3
    assert 'loading="lazy"' in html


def test_the_picture_a_page_opens_with_is_fetched_first() -> None:
    html = rendered("{{ picture(data, lazy=false) }}", data=DATA)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


@pytest.mark.parametrize("data", [{}, "", None, {**DATA, "shapes": {}}, {"id": 1}])
def test_where_there_is_nothing_nothing_is_printed(data: Any) -> None:
    assert picture(data) == ""


def test_a_shape_that_was_not_made_is_shown_uncropped() -> None:
    assert picture(DATA, "tall") == picture(DATA, "full")


def test_files_that_a_small_place_never_needs_are_left_out() -> None:
    assert "b.avif" not in picture(DATA, widest=640)
    assert narrowed("/media/a.jpg 320w, /media/b.jpg 960w", 100) == "/media/a.jpg 320w"


def test_a_picture_is_shown_until_its_licence_ends() -> None:
    now = timezone.now()
    for until, is_shown in ((now + timedelta(minutes=1), True), (now - timedelta(minutes=1), False)):
        assert bool(showable({**DATA, "until": until.isoformat()})) is is_shown
        assert bool(picture({**DATA, "until": until.isoformat()})) is is_shown


def test_a_figure_stands_in_the_text_with_caption_and_credit() -> None:
    body = '<p>a</p><figure data-image-id="7"><figcaption>Di <em>selat</em>.</figcaption></figure><p>b</p>'
    html = with_figures(body, picture_7=DATA)
    assert html.startswith("<p>a</p>")
    assert html.endswith("<p>b</p>")
    assert "<picture>" in html
    assert "Di <em>selat</em>." in html
    assert "Kapal &amp; laut" not in html
    assert "Ada" in html
    assert "data-image-id" not in html


def test_a_figure_without_words_has_those_of_the_picture() -> None:
    html = with_figures('<figure data-image-id="7"><figcaption></figcaption></figure>', picture_7=DATA)
    assert "Kapal &amp; laut" in html


def test_a_figure_whose_picture_is_gone_goes_with_its_caption() -> None:
    body = '<p>a</p><figure data-image-id="8"><figcaption>Di selat.</figcaption></figure><p>b</p>'
    assert with_figures(body) == "<p>a</p><p>b</p>"


def test_a_backslash_in_a_caption_is_a_backslash() -> None:
    data = {**DATA, "caption": r"C:\1 \g<0>"}
    html = with_figures('<figure data-image-id="7"><figcaption></figcaption></figure>', picture_7=data)
    assert r"C:\1 \g&lt;0&gt;" in html


def test_words_a_person_wrote_are_no_address() -> None:
    data = {**DATA, "caption": "di /media/ kami", "shapes": {"full": CUT}}
    desk = pictures.for_desk(data)
    assert desk["caption"] == "di /media/ kami"
    assert "/media/" not in str(desk["shapes"])
    assert set(re.findall(r"/[a-z/]+/", str(desk["shapes"]))) == {"/admin/pictures/files/"}


@pytest.mark.django_db
def test_data_of_many_pictures_takes_one_query(django_assert_num_queries: Any) -> None:
    images = [make_image(title=str(number)) for number in range(3)]
    with django_assert_num_queries(1):
        found = pictures.data_of(images, "id")
    assert list(found) == [image.pk for image in images]
    with django_assert_num_queries(0):
        assert pictures.data_of([], "id") == {}


@pytest.mark.django_db
def test_the_licence_ends_with_the_day_in_the_papers_zone() -> None:
    image = make_image(licence_until=date(2026, 8, 13))
    assert pictures.data(image, "id")["until"] == "2026-08-14T00:00:00+07:00"
    assert pictures.figure_ids(figure(image) + figure(image, "x")) == [image.pk]
