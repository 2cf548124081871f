"""Every view names its methods: TRACE and made-up ones are refused (Django function views answer TRACE with 200)."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.routes import Route, address, routes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
@pytest.mark.parametrize("method", ["TRACE", "PURGE"])
def test_unknown_methods_are_refused(route: Route, method: str, administrator_client: Client) -> None:
    """Nothing but a refusal or a redirect answers TRACE, signed in or not."""
    for client in (Client(), administrator_client):
        answer = client.generic(method, address(route))
        assert answer.status_code in {301, 302, 403, 404, 405, 410}, (answer.status_code, answer.content[:200])
