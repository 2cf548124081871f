"""The fast lane: a page from memory, answered in the event loop before any thread knows of the request.

It gives what `front.Front` and `pagecache.PageCache` would give, by the same functions of theirs: the check of Host,
the number, the line in the log, the page and its visit. What it cannot answer by a look into memory it leaves to them.
"""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING, TypeVar

from newsroom.serving import heads, requestid

if TYPE_CHECKING:
    from newsroom.core.pagecache.layer import PageCache
    from newsroom.core.pagecache.requests import Manner
    from newsroom.serving.accesslog import AccessLog
    from newsroom.serving.hosts import Hosts

# Readings kept of each kind: browsers of one make send the same bytes.
MOST_READINGS = 1024
# Bytes of one that is remembered; what is longer is read each time.
LONGEST_REMEMBERED = 2048

Value = TypeVar("Value")
# Method, path and query.
Place = tuple[str, str, str]


class Lane:
    """Answers from `cache` on connections to `port`."""

    def __init__(self, cache: PageCache, *, hosts: Hosts, log: AccessLog, port: int) -> None:
        self._cache = cache
        self._hosts = hosts
        self._log = log
        self._own = {"wsgi.url_scheme": "http", "SERVER_PORT": str(port)}
        self._places: dict[bytes, Place] = {}
        self._manners: dict[bytes, Manner] = {}
        self.tick()

    def tick(self) -> None:
        """Read the clock for the Date header (RFC 9110, 6.6.1), once a second."""
        date = f"date: {formatdate(usegmt=True)}\r\n".encode()
        self._ok = b"HTTP/1.1 200 OK\r\n" + date
        self._not_modified = b"HTTP/1.1 304 Not Modified\r\n" + date

    def answer(self, data: bytes) -> bytes | None:
        """Return all bytes of the answer to a request whose bytes are `data`; None: it is not for this lane."""
        began = time.perf_counter()
        line, _, block = data.partition(b"\r\n")
        place = self._places.get(line) or self._place(line)
        if place is None:
            return None
        manner = self._manners.get(block) or self._manner(block)
        if manner is None:
            return None
        method, path, query = place
        is_head = method == "HEAD"
        hit = self._cache.hit((manner.scheme, manner.host, path, query), manner, is_head=is_head)
        if hit is None:
            return None
        variant, has_it = hit
        number = requestid.new()
        end = b"x-request-id: %b\r\n\r\n" % number.encode()
        if has_it:
            answer = b"".join((self._not_modified, variant.head_304, end))
        else:
            answer = b"".join((self._ok, variant.head, end, b"" if is_head else variant.body))
        self._log.note(number, method, path, 304 if has_it else 200, time.perf_counter() - began)
        return answer

    def _place(self, line: bytes) -> Place | None:
        """Return what a request line asks for, if the cache may have it."""
        read = heads.read_line(line)
        if read is None or "\0" in read[1]:
            return None
        method, path, query = read
        place = self._cache.reading.place(path, query)
        return remember(self._places, line, (method, *place)) if place else None

    def _manner(self, block: bytes) -> Manner | None:
        """Return how the headers ask for it, if in a manner that the cache answers and under a name of ours."""
        headers = heads.read_block(block) if len(block) <= heads.LONGEST_HEAD else None
        if headers is None:
            return None
        if not self._hosts.allow(headers["HTTP_HOST"]):
            return None
        manner = self._cache.reading.manner(headers | self._own)
        return remember(self._manners, block, manner) if manner else None


def remember(memory: dict[bytes, Value], name: bytes, value: Value) -> Value:
    """Keep a reading, within bounds, and return it."""
    if len(name) > LONGEST_REMEMBERED:
        return value
    if len(memory) >= MOST_READINGS:
        memory.clear()
    memory[name] = value
    return value
