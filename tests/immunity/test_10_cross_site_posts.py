"""Cross-site posts change nothing (Isso #40, Remark42 #16: votes and comments by a foreign page's form)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.routes import Route, address, routes

# Refused before a database is asked.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

FOREIGN = [
    {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
]


def post(route: Route, headers: dict[str, str], session: Client) -> tuple[HttpResponse, list[str]]:
    """Post to a route with the cookies of `session`; return the answer and what was written, which is taken back."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = deepcopy(session.cookies)
    written: list[str] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            written.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            answer = client.post(address(route), {"text": "x"}, content_type="text/plain", **headers)
        transaction.set_rollback(True)
    return answer, written


@pytest.mark.parametrize("headers", FOREIGN, ids=["cross-site", "origin only", "same-site"])
def test_no_route_writes_for_a_foreign_page(headers: dict[str, str], administrator_client: Client) -> None:
    """Even with the administrator's session cookie, a foreign page's post runs no INSERT, UPDATE or DELETE."""
    for route in routes():
        answer, written = post(route, headers, administrator_client)
        assert answer.status_code in {302, 301, 403, 404, 405, 409, 410}, (route.name, answer.status_code)
        if answer.status_code in {301, 302}:
            target = answer["Location"]
            assert "/accounts/login/" in target or target.startswith(address(route)[:1]), (route.name, target)
        assert written == [], route.name
