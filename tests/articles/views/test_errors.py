"""Pages that say what went wrong."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries


@pytest.mark.django_db
def test_unknown_address_is_not_found(client: Client) -> None:
    answer = client.get("/tidak/ada/sama/sekali/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="/"' in page
    assert not answer.cookies
    # A cache in front may not keep it: a story may begin there at any moment.
    assert answer["Cache-Control"] == "max-age=0, must-revalidate"


@pytest.mark.django_db
def test_error_page_follows_the_language_of_the_address(client: Client) -> None:
    assert '<html lang="en">' in client.get("/en/nothing/at/all/").content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_on_a_page_of_ours() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/accounts/login/", {"login": "ada", "password": "x"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "<h1>This request could not be understood</h1>" in page
    assert "<style" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_pages_for_failures_need_nothing(template: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """They are shown when the database may be down and there is no request to ask."""
    with django_assert_num_queries(0):
        page = render_to_string(template)
    assert "<h1>" in page
    assert 'href="/"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError, 503), (InterfaceError, 503), (DatabaseError, 500), (ValueError, 500)]
)
@pytest.mark.parametrize("path", ["/", "/cari/?q=laut", "/no/where/at/all/"])
def test_a_database_that_is_away_is_said_to_be_passing(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, error: type[Exception], status: int
) -> None:
    def fail(*args: object, **kwargs: object) -> object:
        raise error("away")

    client.raise_request_exception = False
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", fail)
    monkeypatch.setattr("newsroom.core.prepared.Prepared.all", fail)
    answer = client.get(path)
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert "<h1>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/%00/", "/a%00b", "/%ff%fe/", "/" + "a" * 3000 + "/", "/%e2%80%ae/", "//x//", "/.%2e/"]
)
def test_hostile_address_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
