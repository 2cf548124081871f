"""No answer may be framed, sniffed or leak a referrer, whatever its status (clickjacking)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client

from tests.routes import address, routes

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def assert_guarded(headers: dict[str, str], where: str) -> None:
    """The strict policy, nothing inline, no frames, no sniffing."""
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy, where
    assert "default-src 'none'" in policy, where
    assert "unsafe" not in policy, where
    assert "base-uri 'none'" in policy, where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["X-Frame-Options"] == "DENY", where
    # A page whose address is a secret tells no other site where it was opened from.
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin"), where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert headers["Permissions-Policy"], where


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "administrator"])
def test_every_route_is_guarded(signed_in: bool, administrator_client: Client) -> None:
    """Signed in or not, whatever the status."""
    for route in routes():
        client = Client()
        if signed_in:
            client.cookies = deepcopy(administrator_client.cookies)
        with transaction.atomic():
            answer = client.get(address(route))
            transaction.set_rollback(True)
        assert_guarded(dict(answer.headers), f"{route.name} {answer.status_code}")


@pytest.mark.parametrize("path", ["/no-such-page/", "/no/such/page", "/en/none/", "/%00", "/..%2f", "//admin/"])
def test_errors_are_guarded(path: str, client: Client) -> None:
    """A page that does not exist is guarded as well."""
    # Straight into PATH_INFO: the test client would read "//admin/" as a host.
    answer = client.get("/", PATH_INFO=path)
    assert answer.status_code in {301, 302, 400, 404}
    assert_guarded(dict(answer.headers), path)
