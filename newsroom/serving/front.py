"""The layer in front of Django: a number for each request, the check of Host and path, the line in the access log.

And the plain words for what never reaches Django, whoever refuses it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from functools import partial
from typing import TYPE_CHECKING

from newsroom.serving import requestid
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Limits
from newsroom.serving.hosts import Hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from newsroom.core.pagecache.layer import PageCache

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
    "request": ("400 Bad Request", "Permintaan itu tidak dapat dibaca.\nThat request cannot be read."),
    "head": (
        "431 Request Header Fields Too Large",
        "Permintaan itu terlalu panjang. Hapus kuki situs ini, lalu coba lagi.\n"
        "That request is too long. Delete this site's cookies, then try again.",
    ),
    "failed": (
        "500 Internal Server Error",
        "Terjadi kesalahan di pihak kami. Coba lagi sebentar lagi.\n"
        "Something went wrong on our side. Try again in a little while.",
    ),
}


class Front:
    """A WSGI application around another, and what our own server (`web`) is to know of it.

    `cache` is the page cache in `application`, which that server asks first. `most_bytes` says, by the beginning of the
    path, how large a body may be: the longest that fits counts, "" fits every path. `limits` are those of bodies; None:
    what suits the number of threads.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        hosts: Hosts,
        log: AccessLog,
        cache: PageCache | None = None,
        most_bytes: Mapping[str, int] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._application = application
        self.hosts = hosts
        self.log = log
        self.cache = cache
        self.most_bytes = most_bytes or {"": 0}
        self.limits = limits

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._numbered(self._answer, environ, start_response)

    def refusing(self, why: str) -> WSGIApplication:
        """Return an application that gives one of `ANSWERS`, for a request that did not arrive as it should."""

        def answer(_environ: WSGIEnvironment, start: Start) -> Iterable[bytes]:
            return refuse(start, why)

        return partial(self._numbered, answer)

    def _numbered(
        self,
        answer: Callable[[WSGIEnvironment, Start], Iterable[bytes]],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        number = requestid.new()
        requestid.current.set(number)
        environ["newsroom.request_id"] = number
        start = Start(start_response, number)
        try:
            return answer(environ, start)
        except Exception:
            logger.exception("A request failed outside Django")
            return refuse(start, "failed")
        finally:
            seconds = time.perf_counter() - began
            self.log.note(number, environ["REQUEST_METHOD"], environ["PATH_INFO"], start.status, seconds)

    def _answer(self, environ: WSGIEnvironment, start: Start) -> Iterable[bytes]:
        if not self.hosts.allow(environ.get("HTTP_HOST", "")):
            return refuse(start, "host")
        if "\0" in environ["PATH_INFO"]:
            return refuse(start, "path")
        return self._application(environ, start)


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


def refuse(start: StartResponse, why: str) -> list[bytes]:
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
    if why not in ("host", "path", "failed"):
        # Something is still to come on this connection, or may be.
        headers.append(("Connection", "close"))
    start(status, headers)
    return [content]


def as_bytes(why: str) -> bytes:
    """Return one of `ANSWERS` as it stands on the line, for what cannot be read as a request."""
    head: list[str] = []

    def start(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        lines = [("Date", formatdate(usegmt=True)), *headers, ("X-Request-ID", requestid.new())]
        head.append(f"HTTP/1.1 {status}\r\n" + "".join(f"{name.lower()}: {value}\r\n" for name, value in lines))
        return len

    content = refuse(start, why)
    return b"".join([head[0].encode("latin-1"), b"\r\n", *content])
