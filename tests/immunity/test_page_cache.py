"""Nothing that a reader sends, but address, page number, host and scheme, decides what the next reader gets.

The public site itself behind the page cache, asked in every odd way; then plainly. Were anything of the odd request
kept, the plain one would show it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import Resolver404, resolve

from articles.models import Article, Publication
from comments.models import Comment
from newsroom.core import pagecache
from newsroom.core.pagecache.layer import PageCache
from newsroom.core.pagecache.readers import NOTHING, News
from newsroom.core.pagecache.requests import Reading
from tests.comments.factories import make_comment
from tests.exactness.pages import FORM_TOKEN, keeping_connections
from tests.factories import make_live, make_section, make_topic, person

# What reaches the cache is the same on every database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

Answer = tuple[int, dict[str, str], bytes]
FORWARDED = ("HTTP_X_FORWARDED_PROTO", "https")


class Quiet:
    """A log in which nothing is ever written."""

    def poll(self) -> News:
        return NOTHING

    def close(self) -> None: ...


def is_kept(path: str) -> bool:
    """Whether the view of a path is one whose pages may be kept, as `newsroom.wsgi` asks it."""
    try:
        return pagecache.is_kept(resolve(path.encode("latin-1").decode()).func)
    except (Resolver404, UnicodeError):
        return False


@cache
def handler() -> WSGIHandler:
    """Return Django; it takes a while to put together."""
    return WSGIHandler()


class Site:
    """The site behind a page cache of its own."""

    def __init__(self, scheme_header: tuple[str, str] | None = None) -> None:
        django = WSGIHandler() if scheme_header else handler()
        reading = Reading(private_cookies=("sessionid", "newsroom_", "messages"), scheme_header=scheme_header)
        self.cache = PageCache(django, reader=Quiet, is_kept=is_kept, reading=reading, has_thread=False)

    def ask(self, path: str, method: str = "GET", body: bytes = b"", query: str = "", **environ: str) -> Answer:
        """Return status, headers and body."""
        heads: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            heads.append((int(status[:3]), {name.lower(): value for name, value in headers}))
            return body_written.append

        body_written: list[bytes] = []
        asked: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "192.0.2.7",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.input": io.BytesIO(body),
            **({"CONTENT_LENGTH": str(len(body))} if body else {}),
            **environ,
        }
        with keeping_connections():
            answer = self.cache(asked, start)
            content = b"".join(answer)
            if close := getattr(answer, "close", None):
                close()
        return *heads[-1], content

    @property
    def keys(self) -> list[tuple[str, str, str, str]]:
        """What is kept, by scheme, host, path and query."""
        return sorted(key for key, _entry in self.cache.store.entries())


def plain(answer: Answer) -> Answer:
    """Return an answer without the tag and the length that the token of its form gives it."""
    status, headers, body = answer
    told = {name: value for name, value in headers.items() if name not in ("etag", "content-length")}
    return status, told, FORM_TOKEN.sub(b"token", body)


@pytest.fixture
def story() -> Article:
    make_section("Ekonomi")
    story = make_live(topics=[make_topic("Energi")])
    make_comment(story)
    return story


@pytest.fixture
def paths(story: Article) -> list[str]:
    """Return a story, a list, a feed and a map of the site."""
    return [Publication.objects.get(article=story).path, "/timur-tengah/", "/", "/feed/atom/", "/sitemap.xml"]


@pytest.fixture
def expected(paths: list[str]) -> dict[str, Answer]:
    """Return what the first plain request gets."""
    return {path: plain(Site().ask(path)) for path in paths}


HEADERS = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "8443",
    "HTTP_X_FORWARDED_PREFIX": "/jahat",
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_FORWARDED": "host=evil.example;proto=https",
    "HTTP_X_ORIGINAL_URL": "/admin/",
    "HTTP_X_REWRITE_URL": "/admin/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_HOST": "evil.example",
    "HTTP_ACCEPT": "application/json",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
    "HTTP_ACCEPT_CHARSET": "utf-16",
    "HTTP_USER_AGENT": "Mozilla/5.0 (jahat <script>)",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_COOKIE": "_ga=GA1.2.3; django_language=en; csrftokenx=1",
    "HTTP_RANGE": "bytes=0-9",
    "HTTP_IF_RANGE": '"x"',
    "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT",
    "HTTP_IF_UNMODIFIED_SINCE": "Fri, 01 Jan 1990 00:00:00 GMT",
    "HTTP_IF_MATCH": '"x"',
    "HTTP_IF_NONE_MATCH": '"x"',
    "HTTP_EXPECT": "100-continue",
    "HTTP_PREFER": "return=minimal",
    "HTTP_SAVE_DATA": "on",
    "HTTP_DNT": "1",
    "HTTP_SEC_GPC": "1",
    "HTTP_SEC_FETCH_SITE": "cross-site",
    "HTTP_VIA": "1.1 evil",
    "HTTP_TE": "trailers",
    "HTTP_UPGRADE": "h2c",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_CACHE_CONTROL": "no-cache",
    "HTTP_PRAGMA": "no-cache",
    "HTTP_CONNECTION": "close, x-secret",
    "RAW_URI": "/admin/",
    "REQUEST_URI": "/admin/",
    "CONTENT_TYPE": "application/x-www-form-urlencoded",
}


def test_a_header_changes_nothing(paths: list[str], expected: dict[str, Answer]) -> None:
    story = paths[0]
    for name, value in HEADERS.items():
        site = Site()
        assert plain(site.ask(story, **{name: value})) == expected[story], name
        assert plain(site.ask(story)) == expected[story], name
        assert len(site.keys) == 1, name


def test_all_headers_together_change_nothing(paths: list[str], expected: dict[str, Answer]) -> None:
    site = Site()
    for path in paths:
        site.ask(path, **HEADERS)
        assert plain(site.ask(path)) == expected[path]
    assert len(site.keys) == len(paths)


QUERIES = [
    *("utm_source=koran&utm_medium=surel", "fbclid=x%3Cscript%3E", "gclid=1&utm_id=2", "utm_source=", "page=1&utm_a=b"),
    *("x=1", "?", "&", "=", "page=2&page=1", "page=02", "page=-1", "page=1%00", "after=0", "after=x", "events=1"),
    *("q=%3Cscript%3E", "versi=1", "page=%31", "PAGE=1", "_method=POST", "format=json", "%70age=1", "page[]=1"),
    *("utm_source=x;y=1", "utm_source=x&x", "callback=f", "page=1" + "0" * 30, "utm_x=" + "a" * 600),
]


def test_a_query_changes_no_other_page(paths: list[str], expected: dict[str, Answer]) -> None:
    section = paths[1]
    for query in QUERIES:
        site = Site()
        site.ask(section, query=query)
        assert plain(site.ask(section)) == expected[section], query
        assert {key[3] for key in site.keys} <= {"", "page=1"}, query


def test_numbers_that_name_no_page_fill_nothing(story: Article, paths: list[str]) -> None:
    """Each number would be one more copy of the same page, as many as somebody cares to count."""
    site = Site()
    addresses = [*paths, "/", "/en/", "/arsip/", "/feed/rss/", "/sitemap.xml", "/robots.txt", "/koreksi/", "/cari/"]
    for path in dict.fromkeys(addresses):
        for query in ("page=77", "after=77", "after=123456789012345678", "page=77&utm_source=x"):
            site.ask(path, query=query)
            assert not site.keys, (path, query)
    assert site.ask("/")[0] == 200
    root = Comment.objects.get(thread__article=story)
    assert site.ask(paths[0], query=f"after={root.pk}")[0] == 200
    assert sorted(key[3] for key in site.keys) == ["", f"after={root.pk}"]


def test_a_page_without_pages_leads_to_itself_without_the_number(client: Client, story: Article) -> None:
    answer = client.get("/?page=2&after=3&utm_source=koran")
    assert (answer.status_code, answer["Location"]) == (302, "/?utm_source=koran")
    assert client.get("/arsip/?page=2")["Location"] == "/arsip/"


# As they reach WSGI: percent-decoded once, bytes as Latin-1.
SUFFIXES = [
    *("x.css", ".css", "/x.css", "a/b.js", ";x", ";x=1/", "/;", "/", "//", ".", "./", "../", "%2e", "%2F", "%252e"),
    *("\xc0\xae", "\xc0\xaf", "\xff", "e\xcc\x81", "\xc3\xa9", "\x00", "\n", "\r\nSet-Cookie: a=b", " ", "\t", "\\"),
    *("?", "#x", "*", "'", '"', "<script>", "a" * 600, "~", "index.html", "%00", "\xe2\x80\xae"),
]


PREFIXES = ["/", "/.", "/..", "//evil.example", "/%2e", "\\", "/./", "/en/..", "/;x"]


def test_an_odd_spelling_of_an_address_is_not_kept(paths: list[str], expected: dict[str, Answer]) -> None:
    story, site = paths[0], Site()
    for odd in [*(story + suffix for suffix in SUFFIXES), *(prefix + story for prefix in PREFIXES)]:
        status, headers, _body = site.ask(odd)
        assert status in (301, 302, 400, 404), (odd, status)
        assert not headers.get("location", "").startswith(("//", "http", "\\")), odd
        assert not site.keys, odd
        assert "\n" not in "".join(headers.values()), odd
    assert plain(site.ask(story)) == expected[story]


def test_capitals_of_an_address_are_another_address(paths: list[str]) -> None:
    site = Site()
    assert site.ask(paths[0].upper())[0] in (301, 404)
    assert site.ask("/Timur-Tengah/")[0] == 404
    assert not site.keys


def test_spellings_of_the_host_are_the_same_site(paths: list[str], expected: dict[str, Answer]) -> None:
    for host in ("TESTSERVER", "TestServer", "testserver:80"):
        site = Site()
        assert plain(site.ask(paths[0], HTTP_HOST=host)) == expected[paths[0]], host
        assert plain(site.ask(paths[0])) == expected[paths[0]], host


def test_other_hosts_leave_nothing(paths: list[str], expected: dict[str, Answer]) -> None:
    for host in ("", "testserver.", "testserver:8", "evil.example", "testserver@evil.example", "x y"):
        site = Site()
        site.ask(paths[0], HTTP_HOST=host)
        assert plain(site.ask(paths[0])) == expected[paths[0]], host


def test_other_methods_change_nothing(paths: list[str], expected: dict[str, Answer]) -> None:
    site, story = Site(), paths[0]
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "BREW"):
        assert site.ask(story, method)[0] in (403, 405), method
        assert not site.keys, method
    # Django takes it for GET; the cache leaves it alone.
    assert site.ask(story, "get")[0] == 200
    assert not site.keys
    status, headers, body = site.ask(story, "HEAD")
    assert (status, body) == (200, b"")
    assert plain((status, headers, expected[story][2])) == expected[story]
    assert plain(site.ask(story)) == expected[story]


def test_a_body_sent_with_get_changes_nothing(paths: list[str], expected: dict[str, Answer]) -> None:
    site = Site()
    for path in paths:
        form = "application/x-www-form-urlencoded"
        site.ask(path, body=b"page=2&next=//evil.example&_method=POST", CONTENT_TYPE=form)
        assert plain(site.ask(path)) == expected[path]


def test_errors_and_redirects_are_asked_anew(story: Article, paths: list[str]) -> None:
    site = Site()
    for path, status in (("/-/tulisan-1/", 301), ("/tidak-ada/", 404), ("/dunia/x-999/", 404), ("/kontak", 301)):
        found = path.replace("-1/", f"-{story.pk}/")
        assert site.ask(found)[0] in (status, 404)
    assert not site.keys
    status, headers, _body = site.ask(f"/-/tulisan-{story.pk}/", query="utm_source=x")
    assert (status, headers["location"]) == (301, f"{paths[0]}?utm_source=x")


def test_a_colleague_leaves_nothing_behind(paths: list[str], expected: dict[str, Answer]) -> None:
    client = Client()
    client.force_login(person("ed"))
    site = Site()
    for path in paths:
        site.ask(path, HTTP_COOKIE="; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()))
        site.ask(path, HTTP_AUTHORIZATION="Basic eDp5")
    assert not site.keys
    for path in paths:
        assert plain(site.ask(path)) == expected[path]


@pytest.fixture
def behind_a_proxy() -> Iterator[Site]:
    from django.test import override_settings

    with override_settings(SECURE_PROXY_SSL_HEADER=FORWARDED, SECURE_HSTS_SECONDS=60):
        yield Site(FORWARDED)


def test_a_trusted_proxy_names_the_scheme_and_nothing_else(behind_a_proxy: Site, paths: list[str]) -> None:
    for path in paths:
        secure = behind_a_proxy.ask(path, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_HOST="evil.example")
        bare = behind_a_proxy.ask(path)
        assert "strict-transport-security" in secure[1]
        assert "strict-transport-security" not in bare[1]
        assert plain(secure)[2] == plain(bare)[2]
    assert {key[0] for key in behind_a_proxy.keys} == {"http", "https"}
    assert len(behind_a_proxy.keys) == 2 * len(paths)
