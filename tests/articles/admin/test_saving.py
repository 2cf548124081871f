"""Saving a story in the admin: what is kept, what is refused, what becomes a revision."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.admin.inlines import MOST_ROWS, MOST_ROWS_SHOWN
from articles.models import Article
from tests.articles.admin.desk import Page, change_url, client_of, opened, save
from tests.factories import AT, make_article, make_contributor, make_live, make_section, make_topic, person

pytestmark = pytest.mark.django_db
# What a form refuses is never written: the same on both databases.
refused_by_the_form = pytest.mark.sqlite


def test_reporter_adds_a_story_with_rows_and_gets_a_revision() -> None:
    ada = person("ada")
    client, contributor, topic, section = client_of(ada), make_contributor(), make_topic(), make_section()
    url = reverse("admin:articles_article_add")
    data = Page(client.get(url).content.decode()).data

    response = client.post(
        url,
        data
        | {
            "title": "Kabel laut putus di utara",
            "body": "<p>Satu</p>",
            "section": section.pk,
            "bylines-0-contributor": contributor.pk,
            "article_topics-0-topic": topic.pk,
        },
    )

    story = Article.objects.get()
    assert response.status_code == 302
    assert response.url == change_url(story)
    assert (story.created_by, story.title, story.section) == (ada, "Kabel laut putus di utara", section)
    assert story.created_at is not None
    assert story.updated_at is not None
    revision = story.revisions.get()
    assert (revision.number, revision.author) == (1, ada)
    assert revision.payload["bylines"][0]["contributor"]["id"] == contributor.pk
    assert revision.payload["topics"][0]["id"] == topic.pk


def test_form_these_tests_open_is_the_one_on_the_page() -> None:
    story = make_live(
        milestones=[{"moment": "Mei 2026", "text": "Blokade.", "is_certain": False}],
        topics=[make_topic("Energi"), make_topic("Laut")],
        sources=[{"title": "Naskah", "is_checked": True}, {"title": "Telegram", "kind": "interview"}],
        embargo_until=AT,
    )
    client = client_of(person("ed"))

    shown = Page(client.get(change_url(story)).content.decode()).data

    del shown["csrfmiddlewaretoken"]
    assert opened(client, story) == shown


def test_save_that_changes_nothing_appends_no_revision() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story))

    assert story.revisions.count() == 1


def test_each_changing_save_appends_one_revision_after_the_rows() -> None:
    story = make_article()
    client = client_of(person("ada"))
    other = make_contributor("Ratih Palupi")

    save(client, story, opened(client, story), **{"title": "Judul kedua", "bylines-1-contributor": other.pk})

    newest = story.revisions.order_by("-number")[0]
    assert newest.number == 2
    assert [row["contributor"]["name"] for row in newest.payload["bylines"]] == ["Ada Wibowo", "Ratih Palupi"]


def test_rows_without_a_place_come_last_and_all_are_numbered() -> None:
    story = make_article(topics=[make_topic("Energi"), make_topic("Laut")])
    client = client_of(person("ada"))
    new = make_topic("Tambang")

    save(client, story, opened(client, story), **{"article_topics-2-topic": new.pk, "article_topics-1-position": "0"})

    rows = story.article_topics.order_by("position").values_list("topic__name", "position")
    assert list(rows) == [("Energi", 1), ("Laut", 2), ("Tambang", 3)]


def test_row_can_be_deleted() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story), **{"bylines-0-DELETE": "on"})

    assert not story.bylines.exists()


def test_text_is_sanitised_whoever_sends_it() -> None:
    story = make_article()
    client = client_of(person("ada"))
    evil = (
        '<p onclick="x()">Aman</p><script>alert(1)</script><a href="javascript:x()">k</a><h1 style="color:red">J</h1>'
    )

    save(client, story, opened(client, story), body=evil)

    story.refresh_from_db()
    assert "Aman" in story.body
    for danger in ("script", "onclick", "javascript", "style"):
        assert danger not in story.body


def test_invisible_and_bidi_characters_are_taken_out_and_titles_are_one_line() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story), title="Selat\u202e \r\n Hormuz\u200b 🛳️", kicker="a\u2066b")

    story.refresh_from_db()
    assert (story.title, story.kicker) == ("Selat Hormuz 🛳️", "ab")


@refused_by_the_form
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "\u200b\u202e"),
        ("title", "x" * 201),
        ("standfirst", "x" * 501),
        ("slug", "dua kata"),
        ("section", "999999"),
        ("section", "abc"),
        ("language", "xx"),
        ("embargo_until_0", "kemarin"),
        ("bylines-0-contributor", "999999"),
        ("sources-0-title", "x" * 301),
        ("sources-0-url", "javascript:alert(1)"),
        ("bylines-0-position", "-1"),
    ],
)
def test_bad_field_saves_nothing_and_keeps_what_was_typed(field: str, value: str) -> None:
    story = make_article()
    client = client_of(person("ed"))
    data = opened(client, story)

    response = save(client, story, data, **{"standfirst": "Yang baru ditulis.", field: value})

    assert response.status_code == 200
    markup = response.content.decode()
    assert "errorlist" in markup
    if field != "standfirst":
        assert "Yang baru ditulis." in markup
    story.refresh_from_db()
    assert story.version == int(data["version"])
    assert story.revisions.count() == 1


def test_after_an_error_the_next_honest_save_is_no_conflict() -> None:
    story = make_article()
    client = client_of(person("ada"))
    answer = save(client, story, opened(client, story), title="", standfirst="Baru.")
    again = Page(answer.content.decode()).data

    response = save(client, story, again, title="Judul yang sah")

    assert response.status_code == 302
    story.refresh_from_db()
    assert (story.title, story.standfirst) == ("Judul yang sah", "Baru.")


def test_text_that_comes_back_with_errors_is_clean_before_the_browser_parses_it() -> None:
    story = make_article()
    client = client_of(person("ada"))

    answer = save(
        client, story, opened(client, story), title="", body='<p style="color:red">Isi<script>x()</script></p>'
    )

    body = Page(answer.content.decode()).data["body"]
    assert body == "<p>Isi</p>"


@refused_by_the_form
@pytest.mark.parametrize("prefix", ["bylines", "sources", "article_topics", "milestones"])
@pytest.mark.parametrize("total", ["", "x", "-1", "99999999"])
def test_broken_management_forms_never_fail_the_site(prefix: str, total: str) -> None:
    story = make_article()
    client = client_of(person("ada"))

    response = save(client, story, opened(client, story), **{f"{prefix}-TOTAL_FORMS": total})

    assert response.status_code in (200, 302)


@refused_by_the_form
@pytest.mark.parametrize("prefix", ["bylines", "article_topics", "sources", "milestones"])
def test_more_rows_than_a_story_takes_are_refused_in_words(prefix: str) -> None:
    story = make_article()
    client = client_of(person("ada"))
    data = opened(client, story)

    response = save(client, story, data, title="Judul baru", **{f"{prefix}-TOTAL_FORMS": "99999999"})

    group = next(group.formset for group in response.context["inline_admin_formsets"] if group.formset.prefix == prefix)
    assert group.non_form_errors().as_data()[0].code == "too_many_forms"
    assert str(MOST_ROWS) in group.non_form_errors()[0]
    assert str(group.non_form_errors()) in response.content.decode()
    assert len(group.forms) == MOST_ROWS_SHOWN
    story.refresh_from_db()
    assert story.title != "Judul baru"


def test_as_many_rows_as_a_story_takes_are_saved() -> None:
    story = make_article()
    client = client_of(person("ada"))
    rows = {f"milestones-{n}-{key}": f"{n}" for n in range(MOST_ROWS) for key in ("moment", "text")}

    response = save(client, story, opened(client, story), **{"milestones-TOTAL_FORMS": str(MOST_ROWS)}, **rows)

    assert response.status_code == 302
    assert story.milestones.count() == MOST_ROWS


@pytest.mark.parametrize("pk", ["999999", "abc", "0", "99999999999999999999999"])
def test_missing_story_redirects_and_writes_nothing(pk: str) -> None:
    story = make_article()
    client = client_of(person("ed"))
    data = opened(client, story)

    response = client.post(reverse("admin:articles_article_change", args=[pk]), data)

    assert response.status_code == 302
    assert Article.objects.get().version == story.version


def test_forged_row_of_another_story_is_left_alone() -> None:
    mine, other = make_article(), make_article(title="Lain")
    client = client_of(person("ada"))
    row = other.bylines.get()

    save(client, mine, opened(client, mine), **{"bylines-0-id": row.pk, "bylines-0-role": "dicuri"})

    row.refresh_from_db()
    assert (row.article, row.role) == (other, "")


def test_reporter_cannot_set_the_embargo_by_forging_the_field() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story), embargo_until_0="2030-01-01", embargo_until_1="05:00")

    story.refresh_from_db()
    assert story.embargo_until is None


def test_desk_state_cannot_be_forged() -> None:
    story = make_article()
    client = client_of(person("ada"))

    save(client, story, opened(client, story), desk_state="approved", approved_revision="1", version_extra="9")

    story.refresh_from_db()
    assert story.desk_state == "draft"
    assert story.approved_revision is None


def test_archived_section_stays_on_its_story_and_is_not_offered_to_others() -> None:
    old = make_section("Lama")
    story, other = make_article(section=old), make_article(title="Lain")
    old.archived_at = story.created_at
    old.save()
    client = client_of(person("ada"))
    option = f'value="{old.pk}"'

    with_it = client.get(change_url(story)).content.decode()
    without = client.get(change_url(other)).content.decode()

    assert option in with_it.split('name="section"')[1].split("</select>")[0]
    assert option not in without.split('name="section"')[1].split("</select>")[0]


NAMES = {"bylines": "contributor", "article_topics": "topic"}


def named(prefix: str) -> tuple[Article, list[int]]:
    """Return a story with two rows of a group, and what they name."""
    if prefix == "bylines":
        two = [make_contributor(), make_contributor("Ratih Palupi")]
        return make_article(bylines=two), [one.pk for one in two]
    both = [make_topic(), make_topic("Maritim")]
    return make_article(topics=both), [one.pk for one in both]


def names_of(story: Article, prefix: str) -> list[int]:
    """Return what the rows of a group name, in order."""
    name = f"{NAMES[prefix]}_id"
    return list(getattr(story, prefix).order_by("position").values_list(name, flat=True))


@pytest.mark.parametrize("prefix", NAMES)
def test_two_rows_can_change_names(prefix: str) -> None:
    story, (first, second) = named(prefix)
    client, key = client_of(person("ada")), NAMES[prefix]

    swapped = {f"{prefix}-0-{key}": second, f"{prefix}-1-{key}": first}
    response = save(client, story, opened(client, story), **swapped)

    assert response.status_code == 302
    assert names_of(story, prefix) == [second, first]


@pytest.mark.parametrize("prefix", NAMES)
def test_row_can_take_the_name_of_one_that_is_deleted(prefix: str) -> None:
    story, (_, second) = named(prefix)
    client, key = client_of(person("ada")), NAMES[prefix]

    changes = {f"{prefix}-0-{key}": second, f"{prefix}-1-DELETE": "on"}
    response = save(client, story, opened(client, story), **changes)

    assert response.status_code == 302
    assert names_of(story, prefix) == [second]


@pytest.mark.parametrize("prefix", NAMES)
def test_stored_row_that_is_posted_as_a_new_one_stands_once(prefix: str) -> None:
    story, (first, second) = named(prefix)
    client = client_of(person("ada"))

    forged = {f"{prefix}-INITIAL_FORMS": "0", f"{prefix}-0-id": "", f"{prefix}-1-id": ""}
    response = save(client, story, opened(client, story), **forged)

    assert response.status_code == 302
    assert names_of(story, prefix) == [first, second]
