"""One connection: requests one after the other, the lane between them, and the ends of patience."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Any

import pytest

from newsroom.serving.connection import MOST_IN_LINE, Patience
from newsroom.serving.plan import HEADER_BYTES
from tests.serving.wire import Server, Wire, send, talk

HEAD = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
FAST = b"GET /fast HTTP/1.1\r\nHost: x\r\n\r\n"
HIT = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhit"
PATIENCE = Patience()


def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ["PATH_INFO"].encode()]


def answer(data: bytes) -> bytes | None:
    """The lane: knows one request, by its bytes."""
    return HIT if data == FAST else None


def bodies(wire: Wire) -> list[bytes]:
    """Return the bodies of the answers, in their order."""
    return [each.partition(b"\r\n\r\n")[2] for each in wire.written.split(b"HTTP/1.1 200 OK")[1:]]


def test_lane_and_parser_take_turns_on_one_connection() -> None:
    async def run() -> Wire:
        server = Server(site, answer=answer)
        wire = server.connect()
        for data in (FAST, HEAD, FAST, FAST, HEAD, FAST):
            await send(wire, data)
            await server.quiet()
        return wire

    assert bodies(asyncio.run(run())) == [b"hit", b"/slow", b"hit", b"hit", b"/slow", b"hit"]


@pytest.mark.parametrize("cut", range(1, len(FAST)))
def test_a_request_in_two_pieces_is_the_parsers(cut: int) -> None:
    assert bodies(talk(site, [FAST[:cut], FAST[cut:]], answer=answer)) == [b"/fast"]


def test_a_request_behind_another_is_answered_after_it() -> None:
    """The second comes while the first is in a thread, whole and plain: it must not overtake."""
    wire = talk(site, [HEAD, FAST, FAST], answer=answer)
    assert bodies(wire) == [b"/slow", b"/fast", b"/fast"]


def test_requests_in_one_packet_are_answered_in_order() -> None:
    assert bodies(talk(site, [HEAD + FAST + HEAD[:9], HEAD[9:]], answer=answer)) == [b"/slow", b"/fast", b"/slow"]


def test_what_looks_like_a_request_inside_a_body_is_none() -> None:
    pieces = [b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(FAST), FAST]
    assert bodies(talk(site, pieces, answer=answer)) == [b"/slow"]
    # Nor after a refusal that came before the body.
    wire = talk(
        site, [pieces[0].replace(b"/slow", b"/small/").replace(b"Length: ", b"Length: 999"), FAST], answer=answer
    )
    assert wire.statuses() == [413]


def test_empty_lines_between_requests_are_skipped() -> None:
    async def run() -> Wire:
        server = Server(site, answer=answer)
        wire = server.connect()
        for data in (b"\r\n", FAST, HEAD, b"\r\n", FAST):
            await send(wire, data)
            await server.quiet()
        return wire

    assert bodies(asyncio.run(run())) == [b"hit", b"/slow", b"hit"]


def test_a_line_of_requests_has_an_end() -> None:
    """A packet holds thousands; each would take memory until its turn."""
    wire = talk(site, [HEAD * 5000])
    assert len(bodies(wire)) == MOST_IN_LINE + 1
    assert wire.is_closed


def test_an_upgrade_is_answered_as_if_nobody_had_asked() -> None:
    wire = talk(site, [HEAD[:-2] + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n", FAST])
    assert bodies(wire) == [b"/slow"]
    assert wire.is_closed


def test_close_is_honoured() -> None:
    wire = talk(site, [HEAD[:-2] + b"Connection: close\r\n\r\n", FAST], answer=answer)
    assert bodies(wire) == [b"/slow"]
    assert wire.is_closed


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/3.0\r\n\r\n"])
def test_what_is_no_request_is_told_so_in_plain_words(data: bytes) -> None:
    wire = talk(site, [data])
    assert wire.statuses() == [400]
    assert "tidak dapat dibaca" in wire.written.decode()
    for line in (b"cache-control: no-store", b"x-content-type-options: nosniff", b"connection: close", b"date: "):
        assert b"\r\n" + line in wire.written
    assert wire.is_closed


def test_nonsense_behind_a_request_does_not_break_into_its_answer() -> None:
    wire = talk(site, [HEAD + b"nonsense\r\n\r\n"])
    assert bodies(wire) == [b"/slow"]
    assert wire.is_closed


@pytest.mark.parametrize(
    "pieces",
    [
        [HEAD[:-2] + b"A: " + b"x" * HEADER_BYTES + b"\r\n\r\n"],
        [HEAD[:-2], *[b"A: " + b"x" * 1000 + b"\r\n"] * (HEADER_BYTES // 1000 + 1)],
        [HEAD[:-2] + b"A: ", *[b"x" * 1000] * (HEADER_BYTES // 1000 + 1)],
        [b"GET /", *[b"x" * 1000] * (HEADER_BYTES // 1000 + 1)],
        [HEAD[:-2] + b"A: b\r\n" * (HEADER_BYTES // 4) + b"\r\n"],
    ],
)
def test_a_head_has_bounds(pieces: list[bytes]) -> None:
    wire = talk(site, pieces)
    assert wire.statuses() == [431]
    assert wire.is_closed


def test_a_long_head_within_bounds_is_answered() -> None:
    assert bodies(talk(site, [HEAD[:-2] + b"A: " + b"x" * (HEADER_BYTES // 2) + b"\r\n\r\n"])) == [b"/slow"]


def tended(seconds: float, *pieces: bytes, patience: Patience = PATIENCE, others: int = 0) -> Wire:
    """Return a connection looked at so many seconds after its last piece."""

    async def run() -> Wire:
        server = Server(site, answer=answer, patience=patience)
        for _ in range(others):
            server.connect()
        wire = await server.talk(*pieces)
        wire.protocol.tend(monotonic() + seconds)
        return wire

    return asyncio.run(run())


@pytest.mark.parametrize("pieces", [[], [FAST], [HEAD], [FAST, HEAD, FAST]])
def test_an_idle_connection_is_kept_for_a_while(pieces: list[bytes]) -> None:
    assert not tended(PATIENCE.idle - 1, *pieces).is_closed
    wire = tended(PATIENCE.idle + 1, *pieces)
    assert wire.is_closed
    assert not wire.is_aborted


def test_an_idle_connection_makes_room_where_many_are() -> None:
    crowded = Patience(most=10)
    assert tended(crowded.idle_when_crowded + 1, patience=crowded, others=5).is_closed
    assert not tended(crowded.idle_when_crowded + 1, patience=crowded, others=3).is_closed


def test_beyond_the_last_place_nobody_is_taken_in() -> None:
    wire = tended(0, patience=Patience(most=3), others=3)
    assert wire.statuses() == [503]
    assert wire.is_closed


def test_a_head_that_drips_is_told_so() -> None:
    assert not tended(PATIENCE.head - 1, b"GET / HT").is_closed
    wire = tended(PATIENCE.head + 1, b"GET / HT", b"TP/1.1\r\n", b"A: b\r\n")
    assert wire.statuses() == [408]
    assert wire.is_closed


def test_who_does_not_read_is_asked_nothing_more_and_ended() -> None:
    async def run() -> None:
        server = Server(site, answer=answer)
        wire = await server.talk(FAST)
        wire.protocol.pause_writing()
        assert wire.is_paused
        wire.protocol.tend(monotonic() + PATIENCE.answer - 1)
        assert not wire.is_closed
        wire.protocol.resume_writing()
        assert not wire.is_paused
        wire.protocol.tend(monotonic() + PATIENCE.answer + 1)
        assert not wire.is_closed
        wire.protocol.pause_writing()
        wire.protocol.tend(monotonic() + PATIENCE.answer + 1)
        assert wire.is_aborted

    asyncio.run(run())


def test_who_leaves_the_last_answer_unread_is_not_waited_for() -> None:
    async def run() -> None:
        wire = await Server(site, answer=answer).talk(FAST)
        wire.is_stuck = True
        wire.protocol.tend(monotonic() + PATIENCE.idle + 1)
        assert wire.is_aborted

    asyncio.run(run())


@pytest.mark.parametrize("pieces", [[b"GET / HT"], [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"]])
def test_who_leaves_a_refusal_unread_is_told_once_and_not_waited_for(pieces: list[bytes]) -> None:
    async def run() -> Wire:
        server = Server(site, answer=answer)
        wire = await server.talk(FAST)
        wire.is_stuck = True
        await send(wire, *pieces)
        await server.quiet()
        for seconds in range(int(PATIENCE.head + PATIENCE.answer) + 3):
            assert not wire.is_aborted or seconds > PATIENCE.answer
            wire.protocol.tend(monotonic() + seconds)
        return wire

    wire = asyncio.run(run())
    assert len(wire.statuses()) == 2
    assert wire.is_aborted


def test_a_request_in_hand_is_not_hurried() -> None:
    async def run() -> None:
        server = Server(site)
        wire = server.connect()
        await send(wire, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"half")
        wire.protocol.tend(monotonic() + 1000)
        assert not wire.is_closed
        await server.quiet()
        assert wire.statuses() == [408]

    asyncio.run(run())


def test_the_end_of_the_server_closes_what_rests_and_finishes_what_does_not() -> None:
    async def run() -> tuple[Wire, Wire]:
        server = Server(site, answer=answer)
        resting, busy = await server.talk(FAST), server.connect()
        await send(busy, HEAD)
        for connection in list(server.state.connections):
            connection.shutdown()
        await server.quiet()
        return resting, busy

    resting, busy = asyncio.run(run())
    assert resting.is_closed
    assert bodies(busy) == [b"/slow"]
    assert busy.is_closed
