"""What a shared cache in front is told, by a real server that stands in its place."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from newsroom.core import purging, surfaces
from newsroom.core.cdn import KINDS, Cdn, Refused, tag
from newsroom.core.models import SurfaceLog

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Cache:
    """What the cache heard: method, path, headers, body; and what it answers."""

    url: str = ""
    status: int = 200
    location: str = ""
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def tags(self) -> list[str]:
        """Return the tags of all calls, as Cloudflare is told them."""
        return [tag for _method, _path, _headers, body in self.heard for tag in json.loads(body)["tags"]]


@pytest.fixture
def cache() -> Iterator[Cache]:
    """Run a cache on a free port of this machine."""
    cache = Cache()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            cache.heard.append((self.command, self.path, dict(self.headers), body))
            self.send_response(cache.status)
            if cache.location:
                self.send_header("Location", cache.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_BAN = do_GET = answer

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cache.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield cache
    server.shutdown()
    server.server_close()


class Clock:
    """A clock of seconds that tests move."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def cloudflare(cache: Cache) -> Cdn:
    return Cdn("cloudflare", (f"{cache.url}/zones/z/purge_cache",), "a-token")


def bump(*keys: str) -> None:
    with transaction.atomic():
        surfaces.bump(*keys)


def test_tags_have_nothing_a_cache_forbids() -> None:
    assert tag(surfaces.article(7)) == "article-7"
    assert tag(surfaces.every("article")) == "article-all"
    assert KINDS["fastly"].separator == " "
    assert Cdn("cloudflare", (), "").header(["thread:7", "home", "topic:*"]) == ("Cache-Tag", "home,thread-7,topic-all")


@pytest.mark.django_db
def test_what_changed_is_sent_once_it_has_settled(cache: Cache) -> None:
    clock = Clock()
    purger = purging.Purger(cloudflare(cache), clock=clock)
    bump("article:7", "home")
    assert purger(NOW) == 0
    clock.now += purging.SETTLE_SECONDS - 0.1
    bump("thread:9")
    assert purger(NOW) == 0
    clock.now += 0.2
    assert purger(NOW) == 1
    # Pages that show every story are to be forgotten as well.
    assert cache.tags() == ["article-7", "article-all", "home"]
    method, path, headers, _body = cache.heard[0]
    assert (method, path, headers["Authorization"]) == ("POST", "/zones/z/purge_cache", "Bearer a-token")
    clock.now += purging.SETTLE_SECONDS
    assert purger(NOW) == 1
    assert cache.tags()[3:] == ["thread-9", "thread-all"]
    assert purger(NOW) == 0
    assert not SurfaceLog.objects.filter(purged_at=None).exists()


@pytest.mark.django_db
def test_a_refusal_is_tried_again_later_each_time_and_loses_nothing(
    cache: Cache, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    purger = purging.Purger(cloudflare(cache), clock=clock)
    bump("article:7")
    purger(NOW)
    cache.status = 429
    clock.now += 10
    for calls, pause in ((1, 5), (2, 10), (3, 20)):
        assert purger(NOW) == 0
        assert len(cache.heard) == calls
        clock.now += pause - 0.1
        purger(NOW)
        assert len(cache.heard) == calls
        clock.now += 0.2
    cache.status = 200
    bump("article:8")
    assert purger(NOW) == 1
    assert "429" in caplog.text
    assert "a-token" not in caplog.text
    clock.now += 10
    assert purger(NOW) == 1


@pytest.mark.django_db
def test_a_worker_that_begins_anew_goes_on_where_the_former_stopped(cache: Cache) -> None:
    bump("article:7")
    clock = Clock()
    purging.Purger(cloudflare(cache), clock=clock)(NOW)
    other = purging.Purger(cloudflare(cache), clock=clock)
    other(NOW)
    clock.now += 10
    assert other(NOW) == 1


@pytest.mark.django_db
def test_looking_for_changes_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    purger = purging.Purger(Cdn("cloudflare", ("http://127.0.0.1:9/",), "t"))
    with django_assert_num_queries(1):
        purger(NOW)


def test_each_call_stays_within_what_the_cache_takes(cache: Cache) -> None:
    Cdn("cloudflare", (cache.url,), "t").forget([f"article:{number}" for number in range(150)])
    assert [len(json.loads(body)["tags"]) for *_rest, body in cache.heard] == [100, 51]


def test_fastly_and_varnish_are_told_in_their_own_words(cache: Cache) -> None:
    Cdn("fastly", (cache.url,), "secret").forget(["article:7"])
    Cdn("varnish", (cache.url, cache.url), "secret").forget(["article:7"])
    (post, _, fastly, body), (ban, _, varnish, _), (again, *_) = cache.heard
    assert (post, ban, again) == ("POST", "BAN", "BAN")
    assert fastly["Fastly-Key"] == "secret"
    assert json.loads(body) == {"surrogate_keys": ["article-7", "article-all"]}
    assert varnish["X-Tags"] == "(^|,)(article-7|article-all)(,|$)"
    assert varnish["X-Purge-Token"] == "secret"


@pytest.mark.parametrize(
    ("kind", "method", "path", "header", "body"),
    [
        ("cloudflare", "POST", "/z/purge", ("Authorization", "Bearer secret"), {"purge_everything": True}),
        ("fastly", "POST", "/z/purge_all", ("Fastly-Key", "secret"), {}),
        ("varnish", "BAN", "/z/purge", ("X-Everything", "1"), None),
    ],
)
def test_everything_can_be_dropped_by_hand(
    cache: Cache, settings: Any, kind: str, method: str, path: str, header: tuple[str, str], body: object
) -> None:
    settings.CDN = Cdn(kind, (f"{cache.url}/z/purge",), "secret")
    call_command("purge_cdn", stdout=io.StringIO())
    ((heard, at, headers, sent),) = cache.heard
    assert (heard, at, headers[header[0]]) == (method, path, header[1])
    assert (json.loads(sent) if sent else None) == body


def test_every_host_of_varnish_drops_everything(cache: Cache) -> None:
    Cdn("varnish", (f"{cache.url}/one", f"{cache.url}/two"), "secret").forget_everything()
    assert [path for _method, path, *_rest in cache.heard] == ["/one", "/two"]


@pytest.mark.parametrize("cdn", [None, Cdn("fastly", ("http://127.0.0.1:9/",), "secret")])
def test_a_cache_that_drops_nothing_ends_the_command_with_an_error(settings: Any, cdn: Cdn | None) -> None:
    settings.CDN = cdn
    with pytest.raises(CommandError) as error:
        call_command("purge_cdn")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("token", ["a-\ntoken", "a-token\u2026"])
def test_a_token_that_no_header_can_hold_is_not_told(cache: Cache, token: str) -> None:
    with pytest.raises(Refused) as refused:
        Cdn("fastly", (cache.url,), token).forget({"site"})
    assert "token" not in str(refused.value)
    assert refused.value.__suppress_context__
    assert not cache.heard


def test_the_token_is_not_carried_to_where_a_redirect_points(cache: Cache) -> None:
    cache.status, cache.location = 302, f"{cache.url}/elsewhere"
    with pytest.raises(Refused, match="302"):
        cloudflare(cache).forget(["home"])
    assert len(cache.heard) == 1


def test_a_cache_that_is_not_there_is_a_refusal() -> None:
    with pytest.raises(Refused):
        Cdn("cloudflare", ("http://127.0.0.1:9/",), "t").forget(["home"])


@pytest.mark.django_db
def test_a_change_that_commits_late_is_sent_all_the_same(cache: Cache) -> None:
    """The row is counted from when it is seen, not from when its transaction began."""
    clock = Clock()
    purger = purging.Purger(cloudflare(cache), clock=clock)
    with transaction.atomic():
        surfaces.bump("article:7")
        clock.now += 60
    assert purger(NOW) == 0
    clock.now += purging.SETTLE_SECONDS
    assert purger(NOW) == 1
