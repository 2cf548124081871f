"""The fast lane reads a request as the parser does, or leaves it to it; and answers as the site does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsroom.core.pagecache.requests import LONGEST_HEADER
from newsroom.serving import heads, requestid
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts
from newsroom.serving.lane import LONGEST_REMEMBERED, MOST_READINGS, Lane
from tests.core.pagecache.scene import HOST, Site
from tests.serving.wire import Server, told

LINE = b"GET /a HTTP/1.1\r\n"
NAMED = b"Host: %b\r\n" % HOST.encode()
BROWSER = (
    LINE
    + NAMED
    + b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    + b"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: id,en-US;q=0.7\r\n"
    + b"Accept-Encoding: gzip, deflate, br, zstd\r\nReferer: https://example.org/?q=a:b\r\nDNT: 1\r\n"
    + b"Connection: keep-alive\r\nCookie: other=1; more=2\r\nUpgrade-Insecure-Requests: 1\r\nPriority: u=0, i\r\n\r\n"
)


def head(*lines: bytes, line: bytes = LINE) -> bytes:
    """Return a request of these header lines beside Host."""
    return line + NAMED + b"".join(each + b"\r\n" for each in lines) + b"\r\n"


def asking(target: bytes, method: bytes = b"GET") -> bytes:
    return head(line=b"%b %b HTTP/1.1\r\n" % (method, target))


# Read by the lane.
PLAIN = [
    BROWSER,
    head(),
    head(b"Accept-Encoding: br"),
    head(b"accept-encoding: GZIP;q=0.5"),
    head(b'If-None-Match: "x"'),
    head(b"If-None-Match: *"),
    head(b"X-Forwarded-For: 203.0.113.9", b"X-Forwarded-Proto: https"),
    head(b"Range: bytes=0-3"),
    head(b"Cookie: a=b; c=\xc3\xa9"),
    head(b"Connection: Keep-Alive"),
    asking(b"/a", b"HEAD"),
    asking(b"/a?"),
    asking(b"/a?utm_source=x"),
    asking(b"/a?page=2"),
    asking(b"/%61"),
    asking(b"/a%2Fb"),
    asking(b"/%C3%A9"),
    asking(b"/%ff%zz%"),
    asking(b"//a//"),
    asking(b"/a;x=1"),
    asking(b"/a?q[]=1&r=/?"),
    asking(b"/a+b"),
    asking(b"/../a/./"),
]
# Left to the parser, whatever that makes of it.
ODD = [
    b"",
    b"\r\n",
    b"\r\n" + head(),
    head() + b"G",
    head() + head(),
    head()[:-2],
    head()[:-1],
    head().replace(b"\r\n", b"\n"),
    head().replace(b"\r\n", b"\r"),
    LINE + b"\r\n",
    LINE + NAMED + NAMED + b"\r\n",
    LINE + b"Host : x\r\n\r\n",
    LINE + b"Host:\r\n\r\n",
    LINE + b"Host: \r\n\r\n",
    LINE + b"Host: x\x00\r\n\r\n",
    LINE + b" Host: x\r\n\r\n",
    head(b"A: b", b" folded"),
    head(b"A: b", b"\tfolded"),
    head(b"A: b\rC: d"),
    head(b"A: b\nC: d"),
    head(b"A: b\n"),
    head(b"A: b\r"),
    head(b"A: b\x0b"),
    head(b"A: b\x7f"),
    head(b"A: "),
    head(b"A:"),
    head(b"A"),
    head(b": b"),
    head(b"A b: c"),
    head(b"A\xc3: c"),
    head(b"A: b "),
    head(b"A: b\t"),
    head(b"A:\tb"),
    head(b"A:b"),
    head(b"A:  b"),
    head(b"A_B: c"),
    head(b"A: b", b"a: c"),
    head(b"Accept-Encoding: br", b"Accept-Encoding: gzip"),
    head(b"Content-Length: 0"),
    head(b"content-length: 5"),
    head(b"Content_Length: 5"),
    head(b"Content-Length: 5", b"Content-Length: 5"),
    head(b"Transfer-Encoding: chunked"),
    head(b"Transfer-Encoding : chunked"),
    head(b"Transfer-Encoding: x"),
    head(b"Transfer-Encoding: chunked", b"Content-Length: 5"),
    head(b"Connection: close"),
    head(b"Connection: keep-alive, close"),
    head(b"Connection: upgrade", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    head(b"Upgrade: websocket"),
    head(b"Proxy-Connection: close"),
    head(b"Expect: 100-continue"),
    head(b"TE: trailers"),
    head(b"Trailer: x"),
    head(line=b"GET /a HTTP/1.0\r\n"),
    head(line=b"GET /a HTTP/2.0\r\n"),
    head(line=b"GET /a HTTP/1.1 \r\n"),
    head(line=b"GET  /a HTTP/1.1\r\n"),
    head(line=b" GET /a HTTP/1.1\r\n"),
    head(line=b"GET\t/a HTTP/1.1\r\n"),
    head(line=b"get /a HTTP/1.1\r\n"),
    head(line=b"GET /a\r\n"),
    asking(b"/a", b"POST"),
    asking(b"/a", b"OPTIONS"),
    asking(b"*", b"OPTIONS"),
    asking(b"a:1", b"CONNECT"),
    asking(b"/a#b"),
    asking(b"http://evil.example/a"),
    asking(b"a"),
    asking(b"?a"),
    asking(b"/a\\b"),
    asking(b"/a\x00"),
    asking(b"/a\xc3\xa9"),
    asking(b'/a"'),
    asking(b"/a<b>"),
    asking(b"/a?b=\xff"),
]


class Recorder:
    """An application that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        start_response("200 OK", [])
        return [b"ok"]


def read(data: bytes) -> dict[str, Any] | None:
    """Return what the lane reads."""
    line, _, block = data.partition(b"\r\n")
    place, headers = heads.read_line(line), heads.read_block(block)
    if place is None or headers is None:
        return None
    return dict(zip(("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING"), place, strict=True)) | headers


def parsed(data: bytes) -> list[dict[str, Any]]:
    """Return what the parser and the bridge make of the same bytes; nothing when the connection ends upon them."""
    recorder = Recorder()

    async def run() -> bool:
        wire = await Server(recorder).talk(data)
        return wire.is_closed

    is_closed = asyncio.run(run())
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "CONTENT_TYPE")
    found = [
        {name: value for name, value in environ.items() if name in names or name.startswith("HTTP_")}
        for environ in recorder.asked
    ]
    return [] if is_closed else found


@pytest.mark.parametrize("data", PLAIN)
def test_what_browsers_send_is_read_as_the_parser_reads_it(data: bytes) -> None:
    assert [read(data)] == parsed(data)


@pytest.mark.parametrize("data", ODD)
def test_what_is_odd_is_left_to_the_parser(data: bytes) -> None:
    assert read(data) is None
    parsed(data)


NASTY = [
    *(b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\0", b" ", b"\t", b":", b": ", b",", b";", b"%", b"?", b"#", b"/", b"\\"),
    *(b"\x80", b"\xff", b"\x85", b"\xa0", b"_", b"-", b"Host: x\r\n", b"Content-Length: 3\r\n", b"HTTP/1.1", b"\x7f"),
    *(b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"Upgrade: x\r\n", b"A: \r\n", b"\x0b", b"\x1f"),
]


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A plain head, with some of its bytes cut out and others put in."""
    data = draw(st.sampled_from(PLAIN))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 3)))
        data = data[:start] + draw(st.sampled_from(NASTY) | st.binary(max_size=3)) + data[end:]
    return data


@settings(max_examples=400, deadline=None, derandomize=True)
@given(mutants())
@example(head(b"A: \xa0"))
@example(head(b"A: b\x85"))
def test_whatever_the_lane_reads_the_parser_reads_the_same(data: bytes) -> None:
    found = read(data)
    if found is not None:
        assert [found] == parsed(data)


class Both:
    """One site behind its page cache, asked through the lane and through the threads."""

    def __init__(self) -> None:
        self.site = Site()
        self.lines: list[str] = []
        log = AccessLog(1.0, self.lines.append)
        self.front = Front(self.site.cache, hosts=Hosts([HOST.partition(":")[0]]), log=log, cache=self.site.cache)
        self.lane = Lane(self.site.cache, hosts=self.front.hosts, log=log, port=8000)
        for path in (b"/a", b"/"):
            self.ask(asking(path), is_fast=False)
        self.site.cache.watch.force_poll()
        self.lines.clear()
        self.site.cache.hits.take()

    def ask(self, data: bytes, *, is_fast: bool) -> bytes:
        """Return the bytes of the answer, by one of the two ways."""

        async def run() -> bytes:
            answer = self.lane.answer if is_fast else None
            server = Server(self.front, answer=answer, refuse=self.front.refusing, most_bytes=100)
            return (await server.talk(data)).written

        return asyncio.run(run())


@pytest.fixture(scope="module")
def both() -> Both:
    return Both()


@pytest.mark.parametrize("data", PLAIN + ODD)
def test_both_ways_answer_with_the_same_bytes(both: Both, data: bytes) -> None:
    both.site.cache.watch.force_poll()
    assert told(both.ask(data, is_fast=True)) == told(both.ask(data, is_fast=False))


def test_pages_from_memory_come_by_the_lane(both: Both) -> None:
    both.site.cache.watch.force_poll()
    for data in (BROWSER, asking(b"/a?utm_source=x"), asking(b"/a", b"HEAD"), head(b"If-None-Match: *")):
        assert both.lane.answer(data), data


def test_who_has_the_page_is_told_so_by_both(both: Both) -> None:
    tag = next(line for line in both.ask(BROWSER, is_fast=True).split(b"\r\n") if line.startswith(b"etag"))[6:]
    data = BROWSER.replace(b"DNT: 1", b"If-None-Match: " + tag)
    answers = {told(both.ask(data, is_fast=is_fast)) for is_fast in (True, False)}
    assert len(answers) == 1
    assert answers.pop().startswith(b"HTTP/1.1 304 Not Modified\r\n")


@pytest.mark.parametrize(
    "data",
    [
        head(b"Cookie: newsroom_session=1"),
        head(b"Authorization: Basic eDp5"),
        LINE + b"Host: evil.example\r\n\r\n",
        LINE + b"Host: 127.0.0.1:81\r\n\r\n",
        asking(b"/a?x=1"),
        asking(b"/a?page=3"),
        asking(b"/never-asked"),
        asking(b"/a%00"),
        asking(b"/" + b"a" * 600),
        head(b"A: " + b"b" * 9000),
    ],
)
def test_what_memory_cannot_answer_for_everybody_takes_the_other_way(both: Both, data: bytes) -> None:
    both.site.cache.watch.force_poll()
    assert both.lane.answer(data) is None
    assert both.lane.answer(data) is None


def test_a_visit_a_line_and_a_number_for_each(both: Both) -> None:
    both.site.cache.watch.force_poll()
    both.site.cache.hits.take()
    both.lines.clear()
    numbers = set()
    for _ in range(3):
        answer = both.lane.answer(BROWSER)
        assert answer is not None
        numbers.add(answer.partition(b"x-request-id: ")[2][:20])
    assert len(numbers) == 3
    assert len(requestid.new()) == 20
    assert both.site.cache.hits.take() == {"/a": 3}
    assert ['"path": "/a", "status": 200' in line for line in both.lines] == [True] * 3


def test_a_write_is_seen_and_a_log_out_of_reach_is_not_waited_for() -> None:
    both = Both()
    assert both.lane.answer(BROWSER)
    both.site.database.commit("article:1")
    both.site.cache.watch.force_poll()
    assert both.lane.answer(BROWSER) is None
    both.ask(BROWSER, is_fast=False)
    assert both.lane.answer(BROWSER)
    # Nobody has looked at the log for a while: a thread must.
    both.site.cache.watch.tried_at -= 1
    assert both.lane.answer(BROWSER) is None


def test_inventions_do_not_fill_the_memory(both: Both) -> None:
    both.site.cache.watch.force_poll()
    for number in range(2 * MOST_READINGS):
        both.lane.answer(head(b"X-Number: %d" % number))
        both.lane.answer(asking(b"/a?utm_id=%d" % number))
    assert len(both.lane._manners) <= MOST_READINGS
    assert len(both.lane._places) <= MOST_READINGS


def test_long_inventions_are_not_remembered(both: Both) -> None:
    long = head(b"If-None-Match: " + b"x" * LONGEST_REMEMBERED)
    assert both.lane.answer(long)
    assert not any(len(block) > LONGEST_REMEMBERED for block in both.lane._manners)
    both.site.cache.reading.manner({"HTTP_HOST": "a", "HTTP_ACCEPT_ENCODING": "br, " * 9000, "wsgi.url_scheme": "http"})
    both.site.cache.reading.manner({"HTTP_HOST": "a:" + "8" * 9000, "wsgi.url_scheme": "http"})
    assert max(len(name) for name, _port in both.site.cache.reading._hosts) <= LONGEST_HEADER
    assert max(map(len, both.site.cache.reading._encodings)) <= LONGEST_HEADER
