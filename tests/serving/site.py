"""A site that answers the web server as a test tells it, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


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
