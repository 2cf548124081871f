"""Cross-site posts change nothing (Isso #40, Remark42 #16: votes and comments by a foreign page's form)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tests.routes import Route, address, routes

pytestmark = pytest.mark.django_db

FOREIGN = [
    {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
]


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
@pytest.mark.parametrize("headers", FOREIGN, ids=["cross-site", "origin only", "same-site"])
def test_no_route_writes_for_a_foreign_page(
    route: Route, headers: dict[str, str], administrator_client: Client
) -> None:
    """Even with the administrator's session cookie, a foreign page's post runs no INSERT, UPDATE or DELETE."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = administrator_client.cookies
    written: list[str] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = client.post(address(route), {"text": "x"}, content_type="text/plain", **headers)
    assert answer.status_code in {302, 301, 403, 404, 405, 409, 410}, answer.status_code
    if answer.status_code in {301, 302}:
        assert "/accounts/login/" in answer["Location"] or answer["Location"].startswith(address(route)[:1])
    assert written == []
