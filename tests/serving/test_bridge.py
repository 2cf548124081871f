"""A WSGI application behind the event loop: what it is given, and what becomes of what it answers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from newsroom.serving.exchange import STEP_BYTES
from tests.serving.wire import LIMITS, Server, send, talk

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def posting(body: bytes, *lines: bytes, path: bytes = b"/", stated: int | None = None) -> list[bytes]:
    """Return the head and the body of a form, as two pieces."""
    length = b"Content-Length: %d" % (len(body) if stated is None else stated)
    head = b"\r\n".join([b"POST %b HTTP/1.1" % path, b"Host: x", length, *lines, b"", b""])
    return [head, body] if body else [head]


class Site:
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self, *pieces: bytes, status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()) -> None:
        self.pieces = pieces or (b"ok",)
        self.status = status
        self.headers = list(headers)
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.threads: list[str] = []
        self.pulled = self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        self.threads.append(threading.current_thread().name)
        start_response(self.status, list(self.headers))
        return Answer(self)


class Answer:
    """The pieces of a site's answer; one that is an error is raised."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.site.pieces:
            self.site.pulled += 1
            if piece == b"fail":
                raise RuntimeError("nobody caught this")
            yield piece

    def close(self) -> None:
        self.site.closed += 1
        self.site.threads.append(threading.current_thread().name)


def body_of(written: bytes) -> bytes:
    return written.partition(b"\r\n\r\n")[2]


def test_the_request_is_passed_on_as_it_stood_on_the_line() -> None:
    site = Site()
    lines = [
        b"GET /a%2Fb/%C3%A9%ff//x;y?q=%61&r=\xc2 HTTP/1.1".replace(b"\xc2", b"%C2"),
        *(b"Host: x:81", b"Cookie: a=1", b"Cookie: b=2", b"Accept:  text/html ", b"accept: */*", b"X-Two: \xc3\xa9"),
        *(b"X_Forwarded_For: 203.0.113.9", b"Content_Length: 9", b"Content-Type: text/evil"),
    ]
    talk(site, [b"\r\n".join([*lines, b"", b""])])
    (environ,) = site.asked
    assert environ["PATH_INFO"] == "/a/b/\xc3\xa9\xff//x;y"
    assert (environ["SCRIPT_NAME"], environ["QUERY_STRING"]) == ("", "q=%61&r=%C2")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "192.0.2.7",
        "127.0.0.1",
        "8000",
    )
    assert (environ["SERVER_PROTOCOL"], environ["wsgi.url_scheme"]) == ("HTTP/1.1", "http")
    sent = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT_"))}
    assert sent == {
        "HTTP_HOST": "x:81",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT": "text/html,*/*",
        "HTTP_X_TWO": "\xc3\xa9",
        "CONTENT_TYPE": "text/evil",
    }


def test_nobody_behind_the_connection_names_its_address() -> None:
    site = Site()
    talk(site, [b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n"])
    assert site.asked[0]["REMOTE_ADDR"] == "192.0.2.7"
    assert site.asked[0]["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize("size", [1, 5000, 70_000, 2 * 2**20])
def test_a_body_arrives_whole(size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    site = Site()
    head, rest = posting(body[:size])
    talk(site, [head, *(rest[at : at + 60_000] for at in range(0, size, 60_000))])
    assert site.bodies == [body[:size]]
    assert site.asked[0]["CONTENT_LENGTH"] == str(size)


def test_a_form_in_one_packet_arrives() -> None:
    site = Site()
    wire = talk(site, [b"".join(posting(b"a=1")), b"".join(posting(b"b=2"))])
    assert site.bodies == [b"a=1", b"b=2"]
    assert wire.statuses() == [200, 200]


def test_a_sender_who_waits_for_leave_gets_it() -> None:
    wire = talk(Site(), posting(b"a=1", b"Expect: 100-continue"))
    assert wire.written.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        (posting(b"x" * 101, path=b"/small/x"), 413),
        (posting(b"", stated=10**15), 413),
        (posting(b"", b"Expect: 100-continue", stated=10**15), 413),
        (posting(b"half", stated=8), 408),
        ([b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n0\r\n\r\n"], 411),
        # Behind such a head the parser looks for no body, so this is one of 3 bytes of which none came.
        (posting(b"abc", b"Connection: Upgrade", b"Upgrade: h2c"), 400),
    ],
)
def test_a_body_that_is_not_taken_never_reaches_the_site(pieces: list[bytes], status: int) -> None:
    site = Site()
    wire = talk(site, pieces)
    assert wire.statuses() == [status]
    assert b"\r\nconnection: close\r\n" in wire.written
    assert b"cache-control: no-store" in wire.written
    assert wire.is_closed
    assert site.asked == []


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(head: bytes) -> None:
    site = Site()
    wire = talk(site, [head, b"abc"])
    assert set(wire.statuses()) <= {400, 411}
    assert wire.is_closed
    assert site.asked == []


def test_a_body_that_breaks_off_never_reaches_the_site() -> None:
    site = Site()

    async def run() -> None:
        server = Server(site)
        wire = server.connect()
        await send(wire, *posting(b"half", stated=8))
        wire.close()
        await server.quiet()

    asyncio.run(run())
    assert site.asked == []


def test_larger_bodies_are_answered_in_turn_and_wait_for_no_slow_sender() -> None:
    together: list[int] = []
    inside = threading.Semaphore(LIMITS.at_once)

    def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        together.append(inside.acquire(blocking=False))
        time.sleep(0.02)
        inside.release()
        start_response("200 OK", [])
        return [b"ok"]

    async def run() -> list[list[int]]:
        server = Server(site)
        slow, *whole = [server.connect() for _ in range(LIMITS.larger)]
        await send(slow, *posting(b"x", stated=100_000))
        for wire in whole:
            await send(wire, *posting(b"x" * 100_000))
        await server.quiet()
        both = [server.connect() for _ in range(LIMITS.larger)]
        for wire in both:
            await send(wire, *posting(b"x" * 100_000))
        await server.quiet()
        return [wire.statuses() for wire in [slow, *whole, *both]]

    assert asyncio.run(run()) == [[408], [200], [200], [200]]
    assert all(together)


def test_larger_bodies_have_places_and_forms_do_not_wait_for_them() -> None:
    site = Site()

    async def run() -> list[list[int]]:
        server = Server(site)
        held = [server.connect() for _ in range(LIMITS.larger)]
        for wire in held:
            await send(wire, *posting(b"x", stated=100_000))
        late, form = server.connect(), server.connect()
        await send(late, *posting(b"x" * 900, stated=100_000))
        await send(form, *posting(b"a=1"))
        await server.quiet()
        return [wire.statuses() for wire in [late, form, *held]]

    assert asyncio.run(run()) == [[503], [200], [408], [408]]
    assert site.bodies == [b"a=1"]


def test_who_finds_no_thread_waits_and_who_finds_no_room_is_told() -> None:
    gate = threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        gate.wait(5)
        start_response("200 OK", [])
        return [b"ok"]

    async def run() -> list[int]:
        server = Server(slow, threads=1, most_waiting=2)
        wires = [server.connect() for _ in range(5)]
        for wire in wires:
            await send(wire, HEAD)
            await asyncio.sleep(0.05)
        gate.set()
        await server.quiet()
        return [code for wire in wires for code in wire.statuses()]

    assert asyncio.run(run()) == [200, 200, 200, 503, 503]


def test_who_left_while_waiting_is_not_asked_for() -> None:
    gate = threading.Event()
    asked = []

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        gate.wait(5)
        start_response("200 OK", [])
        return [b"ok"]

    async def run() -> None:
        server = Server(slow, threads=1)
        first, second = server.connect(), server.connect()
        await send(first, HEAD)
        await asyncio.sleep(0.05)
        await send(second, HEAD.replace(b"/ ", b"/second "))
        second.close()
        gate.set()
        await server.quiet()

    asyncio.run(run())
    assert asked == ["/"]


def test_a_whole_answer_states_its_length_and_ends_in_the_thread_that_began_it() -> None:
    site = Site(b"a", b"b" * 5000)
    wire = talk(site, [HEAD])
    assert b"\r\ncontent-length: 5001\r\n" in wire.written
    assert body_of(wire.written) == b"a" + b"b" * 5000
    assert site.closed == 1
    assert len(set(site.threads)) == 1
    assert not wire.is_closed


def test_a_long_answer_comes_piece_by_piece() -> None:
    pieces = [b"%d" % (number % 10) * STEP_BYTES for number in range(5)]
    site = Site(*pieces, headers=[("Content-Length", str(5 * STEP_BYTES))])
    wire = talk(site, [HEAD])
    assert body_of(wire.written) == b"".join(pieces)
    assert site.closed == 1


def test_a_long_answer_of_unstated_length_is_chunked_unless_the_reader_is_too_old_for_that() -> None:
    pieces = [b"x" * STEP_BYTES] * 3
    wire = talk(Site(*pieces), [HEAD])
    assert b"\r\ntransfer-encoding: chunked\r\n" in wire.written
    assert wire.written.endswith(b"0\r\n\r\n")
    old = talk(Site(*pieces), [HEAD.replace(b"1.1", b"1.0")])
    assert b"\r\ncontent-length: %d\r\n" % (3 * STEP_BYTES) in old.written
    assert b"transfer-encoding" not in old.written
    assert body_of(old.written) == b"".join(pieces)
    assert old.is_closed


def test_a_slow_reader_holds_no_thread_and_no_more_than_a_piece() -> None:
    site = Site(*[b"x" * STEP_BYTES] * 20)

    async def run() -> int:
        server = Server(site, threads=1)
        slow = server.connect()
        slow.protocol.pause_writing()
        await send(slow, HEAD)
        await asyncio.sleep(0.05)
        pulled = site.pulled
        other = await_quick(server)
        assert (await other) == [200]
        slow.protocol.resume_writing()
        await server.quiet()
        return pulled

    async def await_quick(server: Server) -> list[int]:
        site.pieces, kept = (b"ok",), site.pieces
        wire = server.connect()
        await send(wire, HEAD)
        while not wire.written:
            await asyncio.sleep(0.01)
        site.pieces = kept
        return wire.statuses()

    assert asyncio.run(run()) <= 2


def test_who_leaves_in_the_middle_is_sent_no_more_and_the_site_is_told() -> None:
    site = Site(*[b"x" * STEP_BYTES] * 50)

    async def run() -> None:
        server = Server(site)
        wire = server.connect()
        await send(wire, HEAD)
        while not wire.written:
            await asyncio.sleep(0)
        wire.close()
        await server.quiet()

    asyncio.run(run())
    assert site.pulled < 10
    assert site.closed == 1


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_has_none(status: str) -> None:
    site = Site(b"should not be here", status=status, headers=[("Content-Length", "18"), ("ETag", '"x"')])
    wire = talk(site, [HEAD, HEAD])
    assert wire.statuses() == [int(status[:3])] * 2
    assert b"should" not in wire.written
    assert b"content-length" not in wire.written
    assert b"transfer-encoding" not in wire.written
    assert site.closed == 2
    assert not wire.is_closed


def test_head_gets_the_head_of_get() -> None:
    site = Site(*[b"x" * STEP_BYTES] * 3, headers=[("Content-Length", str(3 * STEP_BYTES))])
    wire = talk(site, [HEAD.replace(b"GET", b"HEAD")] * 2)
    assert wire.statuses() == [200, 200]
    assert wire.written.count(b"content-length: %d\r\n" % (3 * STEP_BYTES)) == 2
    assert body_of(wire.written).startswith(b"HTTP/1.1 200")
    assert site.closed == 2


def test_a_generator_may_begin_its_answer_late_or_write_it() -> None:
    def late(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        write = start_response("200 OK", [])
        write(b"one ")
        yield b"two "
        yield b"three"

    assert body_of(talk(late, [HEAD]).written) == b"one two three"


def test_an_error_before_the_head_is_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(b"begun", b"fail")
    wire = talk(site, [HEAD, HEAD])
    assert wire.statuses() == [500, 500]
    assert b"RuntimeError" not in wire.written
    assert b"begun" not in wire.written
    assert "nobody caught this" in caplog.text
    assert site.closed == 2


def test_an_error_after_the_head_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    site = Site(b"x" * STEP_BYTES, b"fail")
    wire = talk(site, [HEAD])
    assert wire.statuses() == [200]
    assert not wire.written.endswith(b"0\r\n\r\n"), "it must not look whole"
    assert wire.is_closed
    assert "nobody caught this" in caplog.text
    assert site.closed == 1


def test_a_head_takes_the_place_of_one_that_is_not_sent() -> None:
    def second_thoughts(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        try:
            raise RuntimeError
        except RuntimeError:
            import sys

            start_response("418 I'm a Teapot", [("X-Second", "1")], sys.exc_info())
        return [b"short"]

    wire = talk(second_thoughts, [HEAD])
    assert wire.statuses() == [418]
    assert b"x-second: 1" in wire.written


def test_an_application_without_an_answer_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    assert talk(lambda _environ, _start: [], [HEAD]).statuses() == [500]


def test_a_thread_outlives_whatever_an_application_raises(caplog: pytest.LogCaptureFixture) -> None:
    def leave(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        raise SystemExit

    assert talk(leave, [HEAD] * 3, threads=1).statuses() == [500] * 3
