"""Headers on every answer; language by path for readers and by account at the desk."""

from __future__ import annotations

import time
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from newsroom.core import csp
from newsroom.core.models import User

pytestmark = [pytest.mark.urls("tests.core.sample_urls"), pytest.mark.django_db]


@pytest.fixture
def ada(client: Client) -> User:
    ada = User.objects.create_user("ada", language="en", zone="Asia/Jayapura", is_staff=True)
    client.force_login(ada)
    return ada


ANSWERS = [("/", 200), ("/slash", 301), ("/nothing/", 404), ("/broken/", 500), ("/admin/", 302), ("/healthz", 200)]


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(path: str, status: int) -> None:
    response = Client(raise_request_exception=False).get(path)
    assert response.status_code == status
    directives = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["form-action"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == directives["object-src"] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_refused_host_and_method_carry_them_too() -> None:
    for response, status in [
        (Client().get("/", headers={"host": "evil.example"}), 400),
        (Client().generic("TRACE", "/"), 405),
        (Client().post("/"), 405),
    ]:
        assert response.status_code == status
        assert "Content-Security-Policy" in response.headers
        assert "Permissions-Policy" in response.headers


def test_no_policy_allows_inline_code() -> None:
    for path in ("/", "/admin/editor/"):
        assert "unsafe" not in Client().get(path)["Content-Security-Policy"]


def test_pages_with_the_editor_add_two_hashes_and_others_none() -> None:
    directives = dict(
        part.strip().partition(" ")[::2]
        for part in Client().get("/admin/editor/")["Content-Security-Policy"].split(";")
    )
    assert directives["script-src"] == f"'self' {csp.importmap_hash(csp.importmap)}"
    assert directives["style-src"] == f"'self' {csp.EDITOR_STYLE_HASH}"
    assert "sha256" not in Client().get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/en/", "/nothing/", "/slash", "/healthz"])
def test_public_answers_touch_no_session(path: str, ada: User, client: Client) -> None:
    client.cookies["newsroom_csrf"] = "x" * 32
    response = client.get(path)
    assert "Vary" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", "id Asia/Jakarta"), ("/en/", "en Asia/Jakarta"), ("/english/", "id Asia/Jakarta")],
)
def test_readers_get_the_language_of_the_path(path: str, expected: str, ada: User, client: Client) -> None:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.content.decode() == expected
    assert response["Content-Language"] == expected[:2]


def test_the_desk_speaks_the_language_of_the_account(ada: User, client: Client) -> None:
    response = client.get("/admin/language/", headers={"accept-language": "id"})
    assert response.content == b"en Asia/Jayapura"
    assert response["Cache-Control"] == "private, no-store"
    # What the desk was shown in says nothing about the next answer of this thread.
    assert client.get("/").content == b"id Asia/Jakarta"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_failure_before_the_account_is_known_is_told_in_the_browsers_language(language: str) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    for before in ("/", "/en/"):
        client.get(before)
        with mock.patch("newsroom.core.middleware.get_user", side_effect=OperationalError):
            answer = client.get("/admin/language/")
        assert (answer.status_code, f'<html lang="{language}">' in answer.content.decode()) == (500, True)


@pytest.mark.parametrize(
    ("header", "expected"),
    [("en-GB,en;q=0.9", "en"), ("de,id;q=0.5", "id"), ("de", "id"), ("", "id"), ("en," * 20_000, "id"), ("*", "id")],
)
def test_before_log_in_the_browser_is_asked(header: str, expected: str) -> None:
    began = time.process_time()
    response = Client().get("/admin/language/", headers={"accept-language": header})
    assert response.content.decode()[:2] == expected
    assert time.process_time() - began < 0.05


@override_settings(SECURE_HSTS_SECONDS=63_072_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True)
def test_https_answers_ask_for_https_for_two_years() -> None:
    response = Client().get("/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
