"""Every view names its methods: TRACE and made-up ones are refused (Django function views answer TRACE with 200)."""

from __future__ import annotations

from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client

from tests.routes import address, routes

# Refused before a database is asked.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize("method", ["TRACE", "PURGE"])
def test_unknown_methods_are_refused(method: str, administrator_client: Client) -> None:
    """Nothing but a refusal or a redirect answers TRACE, signed in or not."""
    for route in routes():
        for cookies in (SimpleCookie(), deepcopy(administrator_client.cookies)):
            client = Client()
            client.cookies = cookies
            with transaction.atomic():
                answer = client.generic(method, address(route))
                transaction.set_rollback(True)
            found = (route.name, answer.status_code, answer.content[:200])
            assert answer.status_code in {301, 302, 403, 404, 405, 410}, found
