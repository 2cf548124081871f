"""The list of stories: both states apart, saved views, filters, and as many queries for many rows as for few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing, workflow
from articles.models import Article
from tests.articles.admin.desk import client_of
from tests.factories import AT, make_approved, make_article, make_contributor, make_live, make_section, person

pytestmark = pytest.mark.django_db
URL = reverse("admin:articles_article_changelist")


def listed(username: str, query: str = "") -> list[str]:
    """Return the titles the list shows, in its order."""
    response = client_of(person(username)).get(URL + query)
    assert response.status_code == 200
    return [story.title for story in response.context["cl"].result_list]


@pytest.fixture
def stories() -> dict[str, Article]:
    """One story of each sort; Ada began all but the last."""
    found = {
        "draft": make_article(title="Draf"),
        "review": make_article(title="Tinjauan"),
        "planned": make_approved(title="Rencana"),
        "live": make_live(title="Terbit"),
        "held": make_article(title="Tahan"),
        "his": make_article(title="Milik Ed", by=person("ed"), section=make_section("Eropa")),
    }
    workflow.submit(found["review"], by=person("ada"), at=AT)
    workflow.hold(found["held"], by=person("ed"), at=AT, reason="Tunggu")
    at = timezone.now()
    publishing.schedule(found["planned"], revision=1, visible_from=at + timedelta(days=1), by=person("ed"), at=at)
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Draf", "Tinjauan", "Rencana", "Terbit", "Tahan", "Milik Ed"}),
        ("?view=all", {"Draf", "Tinjauan", "Rencana", "Terbit", "Tahan", "Milik Ed"}),
        ("?view=mine", {"Draf", "Tinjauan", "Rencana", "Terbit", "Tahan"}),
        ("?view=in_review", {"Tinjauan"}),
        ("?view=scheduled", {"Rencana"}),
        ("?view=live", {"Terbit"}),
        ("?view=held", {"Tahan"}),
        ("?desk=approved", {"Rencana", "Terbit"}),
        ("?public=never", {"Draf", "Tinjauan", "Tahan", "Milik Ed"}),
        ("?public=live", {"Terbit"}),
        ("?q=milik", {"Milik Ed"}),
        ("?q=ada+wibowo&view=live", {"Terbit"}),
    ],
)
def test_views_filters_and_search(stories: dict[str, Article], query: str, expected: set[str]) -> None:
    assert set(listed("ada", query)) == expected


def test_section_filter(stories: dict[str, Article]) -> None:
    assert listed("ada", f"?section={stories['his'].section_id}") == ["Milik Ed"]


def test_mine_includes_stories_under_my_name() -> None:
    name = make_contributor("Ada Lestari", user=person("ada"))
    make_article(title="Di bawah nama Ada", by=person("ed"), bylines=[name])

    assert listed("ada", "?view=mine") == ["Di bawah nama Ada"]


def test_counts_of_the_views_are_those_of_their_lists(stories: dict[str, Article]) -> None:
    views = client_of(person("ada")).get(URL).context["cl"].saved_views()

    for view in views:
        assert view["count"] == len(listed("ada", view["url"])), view["label"]


@pytest.mark.parametrize(
    "query", ["?section=abc", "?section=99999999999999999999", "?view=xx", "?desk=xx", "?public=xx", "?p=99", "?o=x"]
)
def test_nonsense_in_the_address_never_fails_the_site(query: str) -> None:
    make_article()
    assert client_of(person("ada")).get(URL + query).status_code in (200, 302)


def test_row_shows_title_names_both_states_and_moment() -> None:
    make_live(title="Selat <dibuka>")

    markup = client_of(person("ada")).get(URL).content.decode()

    row = markup.split('id="result_list"')[1]
    assert "Selat &lt;dibuka&gt;" in row
    assert "Ada Wibowo" in row
    assert 'data-state="approved"' in row
    assert 'data-state="live"' in row
    assert "<time" in row.split('class="field-readers"')[1].split("</td>")[0]


def test_list_offers_no_bulk_action_and_no_editing() -> None:
    make_article()
    client = client_of(person("ed"))

    assert "delete_selected" not in client.get(URL).content.decode()
    client.post(URL, {"action": "delete_selected", "_selected_action": [Article.objects.get().pk], "post": "yes"})
    assert Article.objects.exists()


def test_as_many_queries_for_forty_rows_as_for_four() -> None:
    client = client_of(person("ada"))

    def queries(**more: Any) -> int:
        with CaptureQueriesContext(connection, **more) as captured:
            client.get(URL)
        return len(captured)

    for number in range(4):
        make_live(title=f"Cerita {number}")
    queries()
    few = queries()
    for number in range(36):
        make_live(title=f"Cerita lagi {number}")

    assert queries() == few
    assert few <= 14
