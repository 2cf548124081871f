"""One client's connection: uvicorn's, with a fast lane, and with bounds on time and bytes.

uvicorn's parser (llhttp, by httptools) reads all requests but those that `lane.Lane` answers by their bytes. Whatever
of a request is not whole, plain and alone goes to the parser untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from newsroom.serving import front
from newsroom.serving.plan import HEADER_BYTES

if TYPE_CHECKING:
    import asyncio


# Requests behind the one in hand; no browser sends any so.
MOST_IN_LINE = 32


@dataclass(frozen=True)
class Patience:
    """Seconds a connection may take for what holds nobody up but costs memory, and how many there may be."""

    # Without a request. When half of all places are taken, the shorter one counts.
    idle: float = 75.0
    idle_when_crowded: float = 5.0
    # From a request's first byte to the end of its headers.
    head: float = 20.0
    # For taking what was written, up to about STEP_BYTES at once.
    answer: float = 60.0
    most: int = 2000


class Connection(HttpToolsProtocol):
    """`answer` gives the bytes for a request that the lane knows, else None."""

    def __init__(
        self, *arguments: Any, answer: Callable[[bytes], bytes | None], patience: Patience, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self._answer = answer
        self._patience = patience
        # Between two requests: nothing of one is in hand, nothing of the next is here.
        self._is_at_rest = True
        self._is_in_head = self._is_message_over = False
        self._head_bytes = 0
        self._why_refused = "request"
        # When the present state began: rest, or the head of a request.
        self._since = monotonic()
        # When the client stopped taking what was written.
        self._stalled_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take a client in, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > self._patience.most:
            self._refuse("busy")

    def data_received(self, data: bytes) -> None:
        """Answer from the lane, or let the parser read on."""
        if self._is_at_rest:
            answer = self._answer(data)
            if answer is not None:
                self._since = monotonic()
                self.transport.write(answer)
                return
        self._read(data)

    def _read(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Answered as if it had not been asked for (RFC 9110, 7.8); what follows may be in another language.
            self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self._refuse(self._why_refused)
        else:
            if self._is_in_head:
                self._head_bytes += len(data)
                if self._head_bytes > HEADER_BYTES:
                    self._refuse("head")

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        super().on_message_begin()
        self.scope["state"]["is_gone"] = self._is_gone
        self._is_at_rest = self._is_message_over = False
        self._is_in_head = True
        self._head_bytes = 0
        self._since = monotonic()

    def on_headers_complete(self) -> None:
        """Begin to answer, or stand in line. Raises ValueError where something is too large: the parser gives up."""
        self._is_in_head = False
        if len(self.pipeline) >= MOST_IN_LINE:
            raise ValueError
        # With a colon, a space and the end of the line.
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEADER_BYTES:
            self._why_refused = "head"
            raise ValueError
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request is here to its end."""
        super().on_message_complete()
        self._is_message_over = True
        self._rest()

    def on_response_complete(self) -> None:
        """Note that a request is answered."""
        super().on_response_complete()
        # One timer for each answer would cost more than looking at all connections now and then (`tend`).
        self._unset_keepalive_if_required()
        self._rest()

    def _rest(self) -> None:
        if self.cycle.response_complete and self._is_message_over:
            self._is_at_rest = True
            self._since = monotonic()
            if self.flow.write_paused:
                self.flow.pause_reading()

    def pause_writing(self) -> None:
        """Take no further requests from who does not take the answers."""
        super().pause_writing()
        self._stalled_since = monotonic()
        if self._is_at_rest:
            self.flow.pause_reading()

    def resume_writing(self) -> None:
        """Go on where `pause_writing` stopped."""
        super().resume_writing()
        self._stalled_since = None
        if self._is_at_rest:
            self.flow.resume_reading()

    def send_400_response(self, msg: str) -> None:
        """Refuse in our own words."""
        self._refuse("request")

    def _refuse(self, why: str) -> None:
        """Say why nothing more is read here, and end the connection."""
        if self.cycle is not None and not self.cycle.response_complete:
            # A request that came before is still being answered; the connection ends after it.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        self.transport.write(front.as_bytes(why))
        self.transport.close()

    def _is_gone(self) -> bool:
        return self.transport.is_closing()

    def tend(self, now: float) -> None:
        """End the connection if it was waited for long enough; called every second or so."""
        if self._stalled_since is None and self.transport.is_closing():
            # Its last answer is not taken yet: it may be as slow as with any other.
            self._stalled_since = now
        if self._stalled_since is not None:
            if now - self._stalled_since > self._patience.answer:
                self.transport.abort()
        elif self._is_in_head:
            if now - self._since > self._patience.head:
                self._refuse("too slow")
        elif self._is_at_rest:
            is_crowded = len(self.connections) > self._patience.most // 2
            if now - self._since > (self._patience.idle_when_crowded if is_crowded else self._patience.idle):
                self._end()

    def _end(self) -> None:
        """Close the connection; one that has not even taken its last answer, at once."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()
