"""What machines are told about a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from articles import feeds, seo
from articles.models import Publication

BASE = "https://lintang.example"
AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)


def story(**fields: object) -> Publication:
    """Return a projection that no database has seen."""
    values = {"article_id": 7, "language": "id", "title": "Judul", "path": "/eropa/judul-7/", "first_published_at": AT}
    values |= {"section_slug": "eropa", "section_name": "Eropa", "standfirst": "Teras."}
    return Publication(**(values | fields))  # type: ignore[arg-type]


def record(**fields: object) -> seo.Record:
    return seo.news_article(story(**fields), BASE + "/eropa/judul-7/", BASE, at=AT)


def test_record_says_what_the_page_shows_and_leaves_out_the_rest() -> None:
    found = record()
    assert found["@type"] == "NewsArticle"
    assert found["dateModified"] == found["datePublished"] == "2026-08-12T07:05:00+00:00"
    assert found["publisher"]["url"] == BASE + "/"
    assert not {"image", "author", "citation", "correction", "keywords", "locationCreated"} & set(found)


def test_authors_sources_and_corrections() -> None:
    found = record(
        story_kind="opinion",
        substantive_at=datetime(2026, 8, 13, 7, 5, tzinfo=UTC),
        bylines=[{"name": "Ada", "slug": "ada", "role": "Koresponden", "place": ""}],
        sources=[{"title": "Naskah", "publisher": "PBB", "url": "https://un.org/x", "date": "2026-08-01"}],
        notices=[{"kind": "correction", "text": "Dua.", "at": "2026-08-13T07:05:00+00:00"}],
    )
    assert found["@type"] == "OpinionNewsArticle"
    assert found["dateModified"] == "2026-08-13T07:05:00+00:00"
    assert found["author"] == [
        {"@type": "Person", "name": "Ada", "url": BASE + "/penulis/ada/", "jobTitle": "Koresponden"}
    ]
    assert found["citation"][0]["url"] == "https://un.org/x"
    assert found["correction"][0]["@type"] == "CorrectionComment"


def test_pictures_wide_first_and_absolute() -> None:
    shapes = {name: {"src": f"/media/{name}.jpg", "width": 1600, "height": 900} for name in ("full", "square", "wide")}
    picture = {"alt": "Peta", "shapes": shapes}
    assert record(lead_image=picture)["image"][0] == BASE + "/media/wide.jpg"
    preview = seo.preview_picture(story(lead_image=picture), BASE, at=AT)
    assert preview == {"url": BASE + "/media/wide.jpg", "width": 1600, "height": 900, "alt": "Peta"}
    assert seo.preview_picture(story(lead_image={"shapes": {}}), BASE, at=AT) == {}


def test_a_picture_whose_licence_is_over_is_named_to_nobody() -> None:
    shapes = {"wide": {"src": "/media/wide.jpg", "width": 1600, "height": 900}}
    ended = story(lead_image={"alt": "Peta", "shapes": shapes, "until": AT.isoformat()})
    assert seo.preview_picture(ended, BASE, at=AT) == {}
    assert "image" not in seo.news_article(ended, BASE, BASE, at=AT)
    assert feeds.item(ended, BASE, at=AT)["enclosures"] == []
    assert seo.preview_picture(ended, BASE, at=AT - timedelta(seconds=1))


def test_the_way_to_a_story_in_its_language() -> None:
    steps = seo.way_to(story(language="en", path="/en/eropa/judul-7/"))
    assert [path for _name, path in steps] == ["/en/", "/en/eropa/", "/en/eropa/judul-7/"]
    found = seo.breadcrumbs(steps, BASE)["itemListElement"]
    assert [step["position"] for step in found] == [1, 2, 3]
    # Before it is filed, a preview has no section to come through.
    assert len(seo.way_to(story(section_slug=""))) == 2
