"""The archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.articles.views.bulk import publish_many
from tests.factories import AT, make_live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Read every page a minute after AT."""
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        yield


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_empty_archive_says_so(client: Client) -> None:
    assert "notice--waiting" in page_of(client, "/arsip/")


def test_months_are_those_of_the_papers_own_zone(client: Client) -> None:
    """The last hour of July in UTC is August in Jakarta already."""
    make_live(title="Malam di Jakarta", at=datetime(2026, 7, 31, 18, 30, tzinfo=UTC))
    page = page_of(client, "/arsip/")
    assert 'href="/arsip/2026/08/"' in page
    assert 'href="/arsip/2026/07/"' not in page
    assert "Malam di Jakarta" in page_of(client, "/arsip/2026/08/")
    assert client.get("/arsip/2026/07/").status_code == 404


def test_month_goes_by_day_and_leads_to_its_neighbours(client: Client) -> None:
    make_live(title="Awal Agustus", at=datetime(2026, 8, 2, 5, tzinfo=UTC))
    make_live(title="Akhir Agustus", at=datetime(2026, 8, 11, 5, 0, 0, 140_280, tzinfo=UTC))
    make_live(title="Tahun lalu", at=datetime(2025, 12, 30, 5, tzinfo=UTC))
    page = page_of(client, "/arsip/2026/08/")
    assert page.index("11 Agustus 2026") < page.index("Akhir Agustus") < page.index("2 Agustus 2026</h2>")
    assert 'href="/arsip/2025/12/" rel="prev"' in page
    assert 'rel="next"' not in page
    # HTML allows no more than milliseconds.
    assert 'datetime="2026-08-11T12:00:00+07:00"' in page
    assert 'href="/arsip/2026/08/" rel="next"' in page_of(client, "/arsip/2025/12/")


def test_languages_have_archives_of_their_own(client: Client) -> None:
    make_live(title="The strait opens", language="en")
    assert "2026/08" not in page_of(client, "/arsip/")
    assert 'href="/en/arsip/2026/08/"' in page_of(client, "/en/arsip/")
    assert "The strait opens" in page_of(client, "/en/arsip/2026/08/")


@pytest.mark.parametrize("month", ["2026/00", "2026/13", "2026/8", "0000/01", "9999/12", "1899/12", "2026/08/01"])
def test_month_that_is_none_is_not_found(client: Client, month: str) -> None:
    make_live()
    assert client.get(f"/arsip/{month}/").status_code == 404


def test_queries_do_not_grow_with_stories(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_many(20)
    client.get("/arsip/")
    for count in (0, 980):
        publish_many(count)
        with django_assert_num_queries(3):
            client.get("/arsip/")
        with django_assert_num_queries(6):
            client.get("/arsip/2026/08/")
