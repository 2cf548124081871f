"""Two people, one story: the second save finds the conflict page, and nothing either wrote is lost."""

from __future__ import annotations

import pytest

from articles import revisions
from articles.models import Article, Topic
from tests.articles.admin.desk import Page, change_url, client_of, opened, save
from tests.factories import AT, make_article, make_contributor, make_topic, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def conflict(story: Article, *, mine: dict[str, str], theirs: dict[str, str]) -> tuple[Page, str]:
    """Let Ed save `theirs` while Ada has the form open, then let Ada save `mine`; return her conflict page."""
    ada, ed = client_of(person("ada")), client_of(person("ed"))
    hers, his = opened(ada, story), opened(ed, story)
    assert save(ed, story, his, **theirs).status_code == 302
    response = save(ada, story, hers, **mine)
    assert response.status_code == 409
    return Page(response.content.decode(), form_id=""), response.content.decode()


def answer(story: Article, page: Page, **choices: str) -> Article:
    """Send the conflict page back with choices; return the story as it then is."""
    response = client_of(person("ada")).post(change_url(story), page.data | choices)
    assert response.status_code == 302
    return Article.objects.get(pk=story.pk)


def test_second_save_changes_nothing_and_shows_everything() -> None:
    story = make_article()

    page, markup = conflict(story, mine={"title": "Judul Ada"}, theirs={"title": "Judul Ed"})

    story.refresh_from_db()
    assert story.title == "Judul Ed"
    assert story.revisions.count() == 2
    assert "Judul" in markup
    assert "Ed" in markup
    assert page.data["title"] == "Judul Ada"
    assert page.data["version"] == str(story.version)
    assert page.data["choice-title"] == "mine"
    assert page.data["result-title"] == "Judul Ada"


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({}, "Judul Ada"),
        ({"choice-title": "theirs"}, "Judul Ed"),
        ({"choice-title": "result", "result-title": "Judul berdua"}, "Judul berdua"),
    ],
)
def test_choice_decides_the_field(choices: dict[str, str], expected: str) -> None:
    story = make_article()
    page, _markup = conflict(story, mine={"title": "Judul Ada"}, theirs={"title": "Judul Ed"})

    assert answer(story, page, **choices).title == expected
    assert story.revisions.count() == (2 if expected == "Judul Ed" else 3)


def test_text_can_be_merged_by_hand_and_is_sanitised() -> None:
    story = make_article()
    page, _markup = conflict(story, mine={"body": "<p>Versi Ada</p>"}, theirs={"body": "<p>Versi Ed</p>"})

    merged = answer(
        story,
        page,
        **{"choice-body": "result", "result-body": '<p onclick="x()">Versi Ada dan Ed</p><script>x</script>'},
    )

    assert merged.body == "<p>Versi Ada dan Ed</p>"


def test_fields_that_only_one_changed_are_merged_without_a_question() -> None:
    story = make_article()

    page, markup = conflict(story, mine={"title": "Judul Ada"}, theirs={"standfirst": "Teras Ed"})

    assert not [name for name in page.data if name.startswith("choice-")]
    assert page.data["standfirst"] == "Teras Ed"
    assert markup.count('class="settled"') == 1
    merged = answer(story, page)
    assert (merged.title, merged.standfirst) == ("Judul Ada", "Teras Ed")


def test_different_paragraphs_of_one_text_are_merged() -> None:
    story = make_article(body="<p>Satu</p><p>Dua</p><p>Tiga</p>")

    page, _markup = conflict(
        story,
        mine={"body": "<p>Satu dari Ada</p><p>Dua</p><p>Tiga</p>"},
        theirs={"body": "<p>Satu</p><p>Dua</p><p>Tiga dari Ed</p>"},
    )

    assert "choice-body" not in page.data
    assert answer(story, page).body == "<p>Satu dari Ada</p><p>Dua</p><p>Tiga dari Ed</p>"


def test_rows_both_changed_are_one_choice() -> None:
    story = make_article()
    hers, his = make_contributor("Nama Ada"), make_contributor("Nama Ed")
    page, _markup = conflict(
        story, mine={"bylines-1-contributor": str(hers.pk)}, theirs={"bylines-1-contributor": str(his.pk)}
    )
    assert page.data["choice-bylines"] == "mine"

    answer(story, page)

    names = story.bylines.order_by("position").values_list("contributor__name", flat=True)
    assert list(names) == ["Ada Wibowo", "Nama Ada"]


def test_taking_the_others_rows_drops_mine() -> None:
    story = make_article()
    hers, his = make_contributor("Nama Ada"), make_contributor("Nama Ed")
    page, _markup = conflict(
        story, mine={"bylines-1-contributor": str(hers.pk)}, theirs={"bylines-1-contributor": str(his.pk)}
    )

    answer(story, page, **{"choice-bylines": "theirs"})

    names = story.bylines.order_by("position").values_list("contributor__name", flat=True)
    assert list(names) == ["Ada Wibowo", "Nama Ed"]


def test_row_the_other_deleted_comes_back_where_mine_is_chosen() -> None:
    story = make_article(topics=[make_topic("Energi"), make_topic("Laut")])
    page, _markup = conflict(
        story,
        mine={"article_topics-2-topic": str(make_topic("Baru").pk)},
        theirs={"article_topics-0-DELETE": "on"},
    )

    answer(story, page)

    names = story.article_topics.order_by("position").values_list("topic__name", flat=True)
    assert list(names) == ["Energi", "Laut", "Baru"]


def test_same_row_added_by_both_is_saved_once() -> None:
    story = make_article()
    new: Topic = make_topic("Baru")
    same = {"article_topics-1-topic": str(new.pk)}

    page, _markup = conflict(story, mine=same | {"title": "Judul Ada"}, theirs=same)

    answer(story, page)
    assert story.article_topics.filter(topic=new).count() == 1


def test_third_save_meets_the_merge_with_a_conflict_of_its_own() -> None:
    story = make_article()
    page, _markup = conflict(story, mine={"title": "Judul Ada"}, theirs={"title": "Judul Ed"})
    ed = client_of(person("ed"))
    save(ed, story, opened(ed, story), title="Judul Ed kedua")

    response = client_of(person("ada")).post(
        change_url(story), page.data | {"choice-title": "result", "result-title": "Judul berdua"}
    )

    assert response.status_code == 409
    again = Page(response.content.decode(), form_id="")
    assert again.data["title"] == "Judul berdua"
    story.refresh_from_db()
    assert story.title == "Judul Ed kedua"


def test_double_click_is_no_conflict() -> None:
    story = make_article()
    ada = client_of(person("ada"))
    data = opened(ada, story) | {"title": "Judul kedua"}

    first, second = save(ada, story, data), save(ada, story, data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert story.revisions.count() == 2


@pytest.mark.parametrize("token", ["", "abc", "0", "-1", "999", "99999999999999999999", "١"])
def test_missing_or_forged_version_never_overwrites(token: str) -> None:
    story = make_article()
    ada = client_of(person("ada"))

    response = save(ada, story, opened(ada, story), version=token, title="Dicuri")

    assert response.status_code == 409
    story.refresh_from_db()
    assert story.title != "Dicuri"


@pytest.mark.parametrize("number", ["", "abc", "0", "999", "99999999999999999999"])
def test_unknown_base_makes_every_difference_a_choice(number: str) -> None:
    story = make_article()
    page, _markup = conflict(
        story, mine={"title": "Judul Ada", "seen_revision": number}, theirs={"standfirst": "Teras Ed"}
    )

    assert {"choice-title", "choice-standfirst"} <= set(page.data)


def test_invalid_text_is_kept_on_the_conflict_page_too() -> None:
    story = make_article()

    page, _markup = conflict(story, mine={"title": "x" * 300, "section": "999"}, theirs={"title": "Judul Ed"})

    assert page.data["title"] == "x" * 300
    assert page.data["section"] == "999"


def test_action_of_the_lost_save_is_not_repeated() -> None:
    story = make_article()
    page, _markup = conflict(story, mine={"title": "Judul Ada", "_do": "submit"}, theirs={"title": "Judul Ed"})

    assert "_do" not in page.data
    assert answer(story, page).desk_state == "draft"


def test_restore_in_between_is_a_conflict_for_the_open_form() -> None:
    story = make_article()
    ada = client_of(person("ada"))
    save(ada, story, opened(ada, story), title="Kedua")
    data = opened(ada, story)
    revisions.restore(Article.objects.get(pk=story.pk), 1, by=person("ed"), at=AT)

    assert save(ada, story, data, title="Ketiga").status_code == 409


def test_conflict_page_of_hostile_text_has_no_markup_of_it() -> None:
    story = make_article()

    _page, markup = conflict(
        story,
        mine={"title": "<script>alert(1)</script>", "body": '<p style="x">a<img src=x onerror=alert(1)></p>'},
        theirs={"title": '"><b>Ed</b>', "body": "<p>Ed</p>"},
    )

    assert "<script>alert(1)" not in markup
    assert "<b>Ed" not in markup
    assert "<img" not in markup
