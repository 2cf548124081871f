"""From the event loop to the application: a request is received there, answered in a thread, and sent from there.

So neither a slow sender nor a slow reader holds a thread.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from newsroom.serving.bodies import Bodies, Refused
from newsroom.serving.environs import add_headers
from newsroom.serving.exchange import Exchange, Failed
from newsroom.serving.pool import Full, Pool

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

# The same for every request; `multiprocess` and `multithread` as the site is served.
SERVER = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Bridge:
    """An ASGI application that has a WSGI application answer.

    `most_bytes` says, by the beginning of the path, how large a body may be: the longest that fits counts, "" fits
    every path. `refuse(why)` is an application that gives one of `front.ANSWERS`; it never waits.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        pool: Pool,
        bodies: Bodies,
        most_bytes: Mapping[str, int],
        refuse: Callable[[str], WSGIApplication],
    ) -> None:
        self._application = application
        self._pool = pool
        self._bodies = bodies
        self._most_bytes = sorted(most_bytes.items(), key=lambda item: -len(item[0]))
        self._refuse = refuse

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        environ = environ_of(scope)
        length = environ.get("CONTENT_LENGTH", "0")
        try:
            if "HTTP_TRANSFER_ENCODING" in environ:
                # No browser sends one whose length it does not state.
                raise Refused("length")
            if length == "0":
                await self._answer(scope, environ, send)
                return
            async with self._bodies.received(receive, int(length), self._most(environ["PATH_INFO"])) as body:
                environ["wsgi.input"] = body
                await self._answer(scope, environ, send)
        except Refused as refused:
            why = str(refused)
            if why in ("too large", "busy") and "HTTP_EXPECT" not in environ:
                await self._bodies.drain(receive, int(length))
            await self._say(why, environ, send)

    async def _answer(self, scope: HTTPScope, environ: WSGIEnvironment, send: ASGISendCallable) -> None:
        """Have a thread answer, and send what it answers while it is wanted."""
        is_gone: Callable[[], bool] = scope["state"]["is_gone"]
        exchange = Exchange(self._application, environ, is_gone)
        try:
            body = await self._pool.run(exchange.begin)
        except Full:
            await self._say("busy", environ, send)
            return
        except Failed:
            await self._say("failed", environ, send)
            return
        if not exchange.status:
            return
        try:
            while not exchange.is_over and scope["http_version"] == "1.0" and not exchange.states_length:
                # Pieces of unstated length are beyond HTTP/1.0 (RFC 9112, 6.1).
                body += await self._pool.run(exchange.go_on, even_if_full=True)
            is_whole = exchange.is_over
            await send(head_of(exchange, len(body) if is_whole else None))
            await send({"type": "http.response.body", "body": body, "more_body": not is_whole})
            while not is_whole and not is_gone():
                body = await self._pool.run(exchange.go_on, even_if_full=True)
                is_whole = exchange.is_over
                await send({"type": "http.response.body", "body": body, "more_body": not is_whole})
        finally:
            if not exchange.is_over:
                await asyncio.shield(self._pool.run(exchange.close, even_if_full=True))

    async def _say(self, why: str, environ: WSGIEnvironment, send: ASGISendCallable) -> None:
        """Refuse, without a thread."""
        exchange = Exchange(self._refuse(why), environ, lambda: False)
        body = exchange.begin()
        await send(head_of(exchange, len(body)))
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _most(self, path: str) -> int:
        return next((most for beginning, most in self._most_bytes if path.startswith(beginning)), 0)


def environ_of(scope: HTTPScope) -> WSGIEnvironment:
    """Return the request as PEP 3333 has it, without a body."""
    host, port = scope["server"] or ("", None)
    client = scope["client"] or ("", 0)
    environ: dict[str, Any] = {
        **SERVER,
        "REQUEST_METHOD": scope["method"],
        # Of the bytes on the line: the `path` of the scope has lost those that are not UTF-8.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
    }
    add_headers(environ, scope["headers"])
    return environ


def head_of(exchange: Exchange, length: int | None) -> Any:
    """Return the message that begins an answer; `length` of a body that is whole, else None."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in exchange.headers]
    if exchange.status in (204, 304):
        # There is no body, whatever was said of one.
        headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    elif length is not None and exchange.has_body and not exchange.states_length:
        headers.append((b"content-length", b"%d" % length))
    return {"type": "http.response.start", "status": exchange.status, "headers": headers}
