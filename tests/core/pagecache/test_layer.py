"""What a reader gets from the cache, and what never comes into it."""

from __future__ import annotations

import gzip
import threading
from typing import Any

import brotli
import pytest

from tests.core.pagecache.scene import HOST, Site


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_second_reader_is_answered_from_memory(site: Site) -> None:
    first, second = site.get("/a"), site.get("/a")
    assert len(site.renders) == 1
    assert first.body == second.body
    assert first.headers == second.headers
    assert second.headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=1"
    assert second.headers["vary"] == "Accept-Encoding"
    assert second.headers["x-kept"] == "1"
    assert site.cache.hits.take() == {"/a": 2}


def test_each_encoding_holds_the_same_page_under_its_own_tag(site: Site) -> None:
    plain = site.get("/a")
    packed = site.get("/a", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    zipped = site.get("/a", HTTP_ACCEPT_ENCODING="gzip")
    assert brotli.decompress(packed.body) == gzip.decompress(zipped.body) == plain.body
    assert [answer.headers.get("content-encoding") for answer in (plain, packed, zipped)] == [None, "br", "gzip"]
    assert len({answer.headers["etag"] for answer in (plain, packed, zipped)}) == 3
    assert all(answer.headers["content-length"] == str(len(answer.body)) for answer in (plain, packed, zipped))


def test_who_has_the_page_is_told_so(site: Site) -> None:
    tag = site.get("/a").headers["etag"]
    for asked in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = site.get("/a", HTTP_IF_NONE_MATCH=asked)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers == {name: site.get("/a").headers[name] for name in ("etag", "cache-control", "vary")}
    assert site.get("/a", HTTP_IF_NONE_MATCH='"x"').status == 200
    site.database.commit("article:1")
    site.cache.watch.force_poll()
    assert site.get("/a", HTTP_IF_NONE_MATCH=tag).status == 200


def test_head_is_the_page_without_its_body(site: Site) -> None:
    head, get = site.get("/a", method="HEAD"), site.get("/a")
    assert head.body == b""
    assert head.headers == get.headers
    assert len(site.renders) == 1
    assert site.cache.hits.take() == {"/a": 1}


UNKEYED: list[dict[str, str]] = [
    {"HTTP_RANGE": "bytes=0-3"},
    {"HTTP_COOKIE": "stranger=1; other=newsroom"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_ACCEPT_LANGUAGE": "en"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
    {"HTTP_IF_MODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"HTTP_X_ORIGINAL_URL": "/b"},
    {"REQUEST_URI": "/evil", "RAW_URI": "/evil"},
    {"CONTENT_TYPE": "text/evil"},
    {"REMOTE_ADDR": "203.0.113.9"},
    {"query": "utm_source=evil&utm_medium=%3Cb%3E"},
    {"query": "fbclid=abc"},
    {"HTTP_HOST": HOST.upper()},
]


@pytest.mark.parametrize("headers", UNKEYED)
def test_what_is_no_part_of_the_key_never_reaches_the_page(site: Site, headers: dict[str, str]) -> None:
    site.get("/a", **headers)
    evil = site.renders[0]
    site.cache.state.reset()
    site.get("/a")
    assert evil == site.renders[1] | {"wsgi.input": evil["wsgi.input"]}
    assert len(site.cache.store) == 1


@pytest.mark.parametrize(
    "query",
    [
        "x=1",
        "page=01",
        "page=1&page=2",
        "page=1;after=2",
        "page=%31",
        "after=",
        "page=1&after=2",
        "Page=1",
        "&",
        "utm_a",
    ],
)
def test_other_queries_go_past_the_cache(site: Site, query: str) -> None:
    site.get("/a", query)
    assert site.renders[0]["QUERY_STRING"] == query
    assert len(site.cache.store) == 0


def test_pages_of_a_list_are_pages_of_their_own(site: Site) -> None:
    site.get("/a", "page=2")
    site.get("/a", "utm_source=x&page=2")
    site.get("/a", "after=7")
    assert [environ["QUERY_STRING"] for environ in site.renders] == ["page=2", "after=7"]


@pytest.mark.parametrize("path", ["//a", "/a/", "/a;x", "/a/x.css", "/a%2f", "/A", "/\xff"])
def test_other_spellings_of_a_path_are_none_of_ours(site: Site, path: str) -> None:
    site.get(path)
    assert len(site.cache.store) == 0
    assert site.renders[0]["REMOTE_ADDR"] == "192.0.2.7"


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "a=b; newsroom_session=x"},
        {"HTTP_COOKIE": "newsroom_session="},
        {"HTTP_AUTHORIZATION": "Basic x"},
        {"method": "POST"},
        {"HTTP_HOST": f"{HOST}:1234"},
        {"SCRIPT_NAME": "/x"},
    ],
)
def test_who_is_known_is_neither_answered_from_memory_nor_remembered(site: Site, headers: dict[str, Any]) -> None:
    site.get("/a", **headers)
    assert len(site.cache.store) == 0
    site.get("/a")
    site.get("/a", **headers)
    assert len(site.renders) == 3
    assert site.renders[2]["REMOTE_ADDR"] == "192.0.2.7"


ODD: list[tuple[str, list[tuple[str, str]]]] = [
    ("404 Not Found", []),
    ("301 Moved Permanently", [("Location", "/b")]),
    ("500 Internal Server Error", []),
    ("200 OK", [("Set-Cookie", "a=b")]),
    ("200 OK", [("Vary", "Accept-Encoding, Cookie")]),
    ("200 OK", [("Cache-Control", "private")]),
    ("200 OK", [("Content-Security-Policy", "script-src 'nonce-x'")]),
]


@pytest.mark.parametrize(("status", "headers"), ODD)
def test_errors_redirects_and_personal_answers_never_enter(
    site: Site, status: str, headers: list[tuple[str, str]]
) -> None:
    site.odd["/odd"] = (status, headers)
    answer = site.get("/odd")
    assert answer.status == int(status[:3])
    assert answer.headers == {name.lower(): value for name, value in headers}
    assert len(site.cache.store) == 0


def test_a_view_that_says_nothing_is_not_kept(site: Site) -> None:
    site.odd.pop("/private", None)
    site.cache._is_kept = lambda path: True
    site.get("/private")
    assert len(site.cache.store) == 0


def test_a_redirect_takes_the_tracking_parameters_along(site: Site) -> None:
    site.odd["/odd"] = ("301 Moved Permanently", [("Location", "/b")])
    site.get("/odd", "utm_source=x")
    assert [environ["QUERY_STRING"] for environ in site.renders] == ["", "utm_source=x"]


def test_nothing_outlives_its_boundary(site: Site) -> None:
    site.until = 1010.0
    site.get("/a")
    site.now = 1009.9
    site.get("/a")
    assert len(site.renders) == 1
    site.database.is_down = True
    site.now = 1010.0
    site.get("/a")
    assert len(site.renders) == 2


def test_no_cache_in_front_may_show_a_page_for_longer_than_it_is_true() -> None:
    site = Site(shared_seconds=60)
    site.until = 1100.0
    for now, seconds in ((1000.0, 60), (1040.0, 60), (1040.5, 59), (1099.5, 0)):
        site.now = now
        answer = site.get("/a")
        assert answer.headers["cache-control"] == f"max-age=0, must-revalidate, s-maxage={seconds}"
        unchanged = site.get("/a", HTTP_IF_NONE_MATCH=answer.headers["etag"])
        assert unchanged.headers["cache-control"] == answer.headers["cache-control"]
    assert len(site.renders) == 1


def test_no_cache_in_front_is_given_the_time_of_a_render_on_top() -> None:
    site = Site(shared_seconds=60)
    site.until = 1061.0

    def render_slowly(_path: str, _position: int) -> None:
        site.now = 1004.5

    site.between = render_slowly
    assert site.get("/b").headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=56"


def test_no_cache_in_front_keeps_what_the_log_does_not_vouch_for() -> None:
    site = Site(shared_seconds=60)
    elapsed = [0.0]
    site.cache.watch._clock = lambda: elapsed[0]
    offered = "max-age=0, must-revalidate, s-maxage=60"
    assert site.get("/a").headers["cache-control"] == offered
    site.database.is_down = True
    elapsed[0] = 0.9
    assert site.get("/a").headers["cache-control"] == offered
    elapsed[0] = 1.0
    assert site.get("/a").headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=0"
    site.database.is_down = False
    elapsed[0] = 1.6
    assert site.get("/a").headers["cache-control"] == offered


def test_a_page_overtaken_by_each_render_is_kept_nowhere() -> None:
    site = Site(shared_seconds=60)
    site.between = lambda path, position: site.database.commit("article:1")
    answer = site.get("/a")
    assert answer.headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=0"
    assert site.kept() == {}
    site.between = lambda path, position: None
    assert site.get("/a").headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=60"


def test_a_cache_in_front_is_told_what_a_page_shows() -> None:
    site = Site(tags=lambda surfaces: ("Cache-Tag", ",".join(sorted(surfaces))))
    assert site.get("/b").headers["cache-tag"] == "article:2,thread:2"
    assert "cache-tag" not in Site().get("/b").headers


def test_without_the_database_pages_are_shown_for_ten_minutes(site: Site) -> None:
    elapsed = [0.0]
    site.cache.watch._clock = lambda: elapsed[0]
    site.get("/a")
    site.database.is_down = True
    elapsed[0] = 599.0
    assert site.get("/a").status == 200
    assert len(site.renders) == 1
    assert site.cache.watch.errors == 1
    elapsed[0] = 601.0
    site.odd["/a"] = ("500 Internal Server Error", [])
    answer = site.get("/a")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert len(site.cache.store) == 0
    del site.odd["/a"]
    site.database.is_down = False
    elapsed[0] = 602.0
    assert site.get("/a").status == 200
    assert len(site.cache.store) == 1


def test_memory_is_bounded_and_used_pages_stay() -> None:
    site = Site(most_bytes=100_000)
    site.filling = b"x" * 3000
    site.get("/fill/hot")
    for number in range(200):
        site.get(f"/fill/{number}")
        site.get("/fill/hot")
        assert site.cache.store.bytes <= 100_000
    assert sum(entry.size for _key, entry in site.cache.store.entries()) == site.cache.store.bytes
    assert [environ["PATH_INFO"] for environ in site.renders].count("/fill/hot") == 1
    site.filling = b"x" * 20_000
    site.get("/fill/large")
    assert ("http", HOST, "/fill/large", "") not in dict(site.cache.store.entries())


def test_who_comes_meanwhile_waits_for_the_one_render(site: Site) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def between(path: str, position: int) -> None:
        under_way.set()
        assert go_on.wait(5)

    site.between = between
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(site.get("/a").body)) for _ in range(5)]
    threads[0].start()
    assert under_way.wait(5)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert len(site.renders) == 1
    assert len(answers) == 5


def test_a_flight_answers_those_who_came_before_the_bump_only(site: Site) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def between(path: str, position: int) -> None:
        if len(site.renders) == 1:
            under_way.set()
            assert go_on.wait(5)

    site.between = between
    first: list[Any] = []
    thread = threading.Thread(target=lambda: first.append(site.get("/a").json()))
    thread.start()
    assert under_way.wait(5)
    site.database.commit("article:1")
    site.cache.watch.force_poll()
    assert site.get("/a").json()["article:1"] == 1
    go_on.set()
    thread.join(5)
    assert site.kept()["/a"]["article:1"] == 1
    assert len(site.cache._flights) == 0


def test_a_broken_flight_lets_the_next_try(site: Site) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def between(path: str, position: int) -> None:
        if len(site.renders) == 1:
            under_way.set()
            assert go_on.wait(5)
            raise ZeroDivisionError

    site.between = between
    failed: list[type[BaseException]] = []

    def first() -> None:
        try:
            site.get("/a")
        except ZeroDivisionError as error:
            failed.append(type(error))

    answers: list[int] = []
    threads = [threading.Thread(target=first), threading.Thread(target=lambda: answers.append(site.get("/a").status))]
    threads[0].start()
    assert under_way.wait(5)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert failed == [ZeroDivisionError]
    assert answers == [200]
    assert len(site.cache.store) == 1


def test_nobody_waits_for_ever() -> None:
    site = Site(patience_seconds=0.0)
    inner: list[Any] = []

    def between(path: str, position: int) -> None:
        if len(site.renders) == 1:
            inner.append(site.get("/a").json())

    site.between = between
    assert site.get("/a").json() == inner[0]
    assert len(site.renders) == 2
