"""A WSGI application behind the event loop: what becomes of what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from newsroom.serving.exchange import STEP_BYTES
from tests.serving.site import HEAD, Site, body_of
from tests.serving.wire import Server, send, talk


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
