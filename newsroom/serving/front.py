"""The layer in front of Django: what granian leaves open is closed here, before any code of the site runs.

In this order: a request number; the Host header; the path; then, for a request with a body, its size, its turn, its
arrival. Django gets whole requests only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from newsroom.serving import requestid
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Bodies, Refused
from newsroom.serving.hosts import Hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

RETRY_SECONDS = "5"

# Status line and the words for the sender. There is no request yet, so no language either: both stand there.
ANSWERS = {
    "host": ("400 Bad Request", "Situs ini tidak dikenal dengan nama itu.\nThis site does not go by that name."),
    "path": ("400 Bad Request", "Alamat itu tidak sah.\nThat address is not valid."),
    "length": (
        "411 Length Required",
        "Kiriman harus menyebutkan ukurannya.\nWhat is sent must state its length.",
    ),
    "too large": (
        "413 Content Too Large",
        "Kiriman terlalu besar. Kembalilah, perkecil, lalu kirim lagi.\n"
        "This is too large. Go back, make it smaller, and send it again.",
    ),
    "too slow": (
        "408 Request Timeout",
        "Kiriman tidak sampai pada waktunya. Kembalilah dan kirim lagi; tulisan Anda masih ada di peramban.\n"
        "It did not arrive in time. Go back and send it again; your browser still holds what you wrote.",
    ),
    "broken": (
        "400 Bad Request",
        "Kiriman terputus di tengah jalan. Kembalilah dan kirim lagi.\n"
        "It broke off on the way. Go back and send it again.",
    ),
    "busy": (
        "503 Service Unavailable",
        "Situs sedang menerima banyak kiriman. Tunggu sebentar, kembali, lalu kirim lagi.\n"
        "Many are sending at this moment. Wait a little, go back, and send it again.",
    ),
    "failed": (
        "500 Internal Server Error",
        "Terjadi kesalahan di pihak kami. Coba lagi sebentar lagi.\n"
        "Something went wrong on our side. Try again in a little while.",
    ),
}


class Front:
    """A WSGI application around another; `most_bytes` says, by the beginning of the path, how large a body may be.

    The longest beginning that fits counts; "" fits every path.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        hosts: Hosts,
        bodies: Bodies,
        most_bytes: Mapping[str, int],
        log: AccessLog,
    ) -> None:
        self._application = application
        self._hosts = hosts
        self._bodies = bodies
        self._most_bytes = sorted(most_bytes.items(), key=lambda item: -len(item[0]))
        self._log = log

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        began = time.perf_counter()
        number = requestid.new()
        requestid.current.set(number)
        environ["newsroom.request_id"] = number
        start = Start(start_response, number)
        try:
            return self._answer(environ, start)
        except Exception:
            logger.exception("A request failed outside Django")
            return refuse(start, "failed")
        finally:
            seconds = time.perf_counter() - began
            self._log.note(number, environ["REQUEST_METHOD"], environ["PATH_INFO"], start.status, seconds)

    def _answer(self, environ: WSGIEnvironment, start: Start) -> Iterable[bytes]:
        if not self._hosts.allow(environ.get("HTTP_HOST", "")):
            return refuse(start, "host")
        if "\0" in environ["PATH_INFO"]:
            return refuse(start, "path")
        length = environ.get("CONTENT_LENGTH") or "0"
        if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start)
        # A chunked body that broke off looks whole behind granian (measured), so none is taken; no browser sends them.
        if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal():
            return refuse(start, "length")
        most = self._most(environ["PATH_INFO"])
        peer = environ.get("REMOTE_ADDR", "")
        try:
            with self._bodies.received(environ["wsgi.input"], int(length), most=most, peer=peer) as body:
                environ["wsgi.input"] = body
                return self._application(environ, start)
        except Refused as refused:
            return refuse(start, str(refused))

    def _most(self, path: str) -> int:
        return next((most for beginning, most in self._most_bytes if path.startswith(beginning)), 0)


class Start:
    """`start_response` that adds the request's number and remembers the status."""

    __slots__ = ("_inner", "_number", "status")

    def __init__(self, inner: StartResponse, number: str) -> None:
        self._inner = inner
        self._number = number
        self.status = 500

    def __call__(self, status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        """Pass the answer's head on."""
        self.status = int(status[:3])
        headers.append(("X-Request-ID", self._number))
        return self._inner(status, headers)


def refuse(start: Start, why: str) -> list[bytes]:
    """Answer without Django: plain words, nothing to be cached, framed or sniffed."""
    status, words = ANSWERS[why]
    content = f"{words}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if why == "busy":
        headers.append(("Retry-After", RETRY_SECONDS))
    if why in ("too large", "too slow", "broken", "busy", "length"):
        headers.append(("Connection", "close"))
    start(status, headers)
    return [content]
