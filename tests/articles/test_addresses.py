"""Addresses that are put together without asking the URLconf each time."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from articles.addresses import address


@pytest.mark.parametrize(("language", "namespace"), [("id", "articles"), ("en", "en"), ("en-gb", "en")])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("home", []),
        ("search", []),
        ("section", ["asia-timur"]),
        ("topic", ["0-mark-0"]),
        ("contributor", ["Ada_1"]),
        ("section_feed_rss", ["opini"]),
        ("archive_month", ["2026", "08"]),
    ],
)
def test_addresses_are_those_of_the_urlconf(language: str, namespace: str, name: str, args: list[str]) -> None:
    assert address(name, *args, language=language) == reverse(f"{namespace}:{name}", args=args)


@pytest.mark.parametrize("slug", ["", "a/b", 'a"b', "a b", "é", "a\n"])
def test_what_no_route_takes_is_refused(slug: str) -> None:
    with pytest.raises(NoReverseMatch):
        address("section", slug, language="id")
