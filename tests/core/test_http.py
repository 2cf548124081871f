"""Who sent a request, and where an answer may lead."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from newsroom.core.http import Origin, client_address, origin_verdict, safe_path


def request(peer: str = "203.0.113.9", forwarded: str | None = None, **headers: str) -> HttpRequest:
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().post("/komentar/1/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize("forwarded", ["198.51.100.1", "198.51.100.1, 198.51.100.2", "x", ""])
def test_without_proxies_the_header_is_ignored(forwarded: str) -> None:
    with override_settings(TRUSTED_PROXY_COUNT=0):
        assert client_address(request(forwarded=forwarded)) == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (1, "1.1.1.1,2.2.2.2 , 198.51.100.1 ", "198.51.100.1"),
        (2, "1.1.1.1, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        # Fewer entries than proxies: somebody came past one of them.
        (2, "198.51.100.1", "203.0.113.9"),
        (1, "", "203.0.113.9"),
        # Odd notations are no addresses.
        (1, "198.51.100.1:443", "203.0.113.9"),
        (1, "0198.51.100.1", "203.0.113.9"),
        (1, "3325256705", "203.0.113.9"),
        (1, "198.51.100.1, unknown", "203.0.113.9"),
        (1, "fe80::1%eth0", "203.0.113.9"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "2001:DB8:0:0::1", "2001:db8::1"),
    ],
)
def test_the_nth_entry_from_the_right_counts(hops: int, forwarded: str, expected: str) -> None:
    with override_settings(TRUSTED_PROXY_COUNT=hops):
        assert client_address(request(forwarded=forwarded)) == expected


def test_an_absent_peer_is_an_address_too() -> None:
    assert client_address(request(peer="")) == "0.0.0.0"
    assert client_address(request(peer="::1")) == "::1"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Origin.ABSENT),
        ({"HTTP_ORIGIN": "null"}, Origin.ABSENT),
        ({"HTTP_ORIGIN": "http://testserver"}, Origin.OURS),
        ({"HTTP_ORIGIN": "https://testserver"}, Origin.FOREIGN),
        ({"HTTP_ORIGIN": "http://testserver.evil.example"}, Origin.FOREIGN),
        ({"HTTP_ORIGIN": "http://evil.example"}, Origin.FOREIGN),
        ({"HTTP_ORIGIN": ""}, Origin.FOREIGN),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, Origin.OURS),
        ({"HTTP_SEC_FETCH_SITE": "none"}, Origin.OURS),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, Origin.FOREIGN),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, Origin.FOREIGN),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"}, Origin.FOREIGN),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://evil.example"}, Origin.FOREIGN),
        ({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "null"}, Origin.OURS),
    ],
)
def test_origin_verdict(headers: dict[str, str], expected: Origin) -> None:
    assert origin_verdict(request(**headers)) is expected


def test_the_public_address_of_the_site_is_ours_behind_a_proxy() -> None:
    with override_settings(SITE_URL="https://news.example"):
        assert origin_verdict(request(HTTP_ORIGIN="https://news.example")) is Origin.OURS


@pytest.mark.parametrize("path", ["/", "/politik/laut-7/", "/en/?page=2#thread", "/a%20b"])
def test_paths_of_this_host_are_safe(path: str) -> None:
    assert safe_path(path, default="/x") == path


@pytest.mark.parametrize(
    "target",
    [
        None, "", "//evil.example", "/\\evil.example", "\\\\evil", "https://evil.example/", "javascript:alert(1)",
        "http:/evil", "evil", "/a\r\nSet-Cookie: x", "/\t/evil.example", " /x", "///evil", "http://testserver@evil/",
    ],
)  # fmt: skip
def test_everything_else_leads_to_the_default(target: str | None) -> None:
    assert safe_path(target, default="/x") == "/x"
