"""What readers may ask for, and what stands there: made by Django, no cache before it, at a moment of our choice."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from newsroom.core.pagecache.collect import listen

# The moment that pages take for now; None: the clock's.
MOMENT: ContextVar[datetime | None] = ContextVar("MOMENT", default=None)
# States article and hour: two renders of one page differ in it from one hour to the next, and both are true.
FORM_TOKEN = re.compile(rb'(<input[^>]*name="token"[^>]*value=")[^"]*"|(<input[^>]*value=")[^"]*("[^>]*name="token")')
# What a page says of itself beside its text.
HEADERS = ("content-type", "content-language", "location", "x-robots-tag", "content-security-policy")

_now = timezone.now


def now() -> datetime:
    """Return the moment of the page at hand."""
    return MOMENT.get() or _now()


@contextlib.contextmanager
def at_moments() -> Iterator[None]:
    """Let `cold` set the clock of Django for its own thread."""
    timezone.now = now
    try:
        yield
    finally:
        timezone.now = _now


@dataclass(frozen=True)
class Shot:
    """What an address answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    # What a page says to the cache; nothing of it is compared.
    keys: frozenset[str] = field(default=frozenset(), compare=False)
    until: float = field(default=float("inf"), compare=False)


def in_order(value: str) -> str:
    """Return a header's parts sorted: a policy names its directives in an order of each process's own."""
    return "; ".join(sorted(part.strip() for part in value.split(";")))


def shot(status: int, headers: dict[str, str], body: bytes, **said: Any) -> Shot:
    """Return an answer without what differs between two renders of the same page."""
    told = tuple((name, in_order(headers[name])) for name in HEADERS if name in headers)
    return Shot(status, told, FORM_TOKEN.sub(b"token", body), **said)


class Cold:
    """Django as it answers an anonymous reader, without a cache."""

    def __init__(self, host: str, port: int = 80) -> None:
        self._handler = WSGIHandler()
        self._environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host if port == 80 else f"{host}:{port}",
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def __call__(self, address: str, *, at: datetime) -> Shot:
        """Return what stands at `address` (path and query) at the moment `at`."""
        path, _, query = address.partition("?")
        environ = {**self._environ, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
        heads: list[tuple[int, dict[str, str]]] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
            heads.append((int(status[:3]), {name.lower(): value for name, value in headers}))

        token = MOMENT.set(at)
        try:
            with keeping_connections(), listen() as said:
                answer = self._handler(environ, start)
                body = b"".join(answer)
                answer.close()
        finally:
            MOMENT.reset(token)
        return shot(*heads[-1], body, keys=frozenset(said.keys), until=said.until)


@contextlib.contextmanager
def keeping_connections() -> Iterator[None]:
    """Let a request end without ending the transaction that the test itself is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
