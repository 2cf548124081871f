"""A WSGI application behind the event loop: what it is given, and who has to wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from tests.serving.site import HEAD, Site
from tests.serving.wire import LIMITS, Server, send, talk


def posting(body: bytes, *lines: bytes, path: bytes = b"/", stated: int | None = None) -> list[bytes]:
    """Return the head and the body of a form, as two pieces."""
    length = b"Content-Length: %d" % (len(body) if stated is None else stated)
    head = b"\r\n".join([b"POST %b HTTP/1.1" % path, b"Host: x", length, *lines, b"", b""])
    return [head, body] if body else [head]


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
