"""What of a request decides which page answers it, and in which form. Nothing else of it ever reaches a kept page."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from newsroom.core.pagecache.store import Key

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Name = TypeVar("Name")
Value = TypeVar("Value")

# Readings of headers kept; browsers send very few different ones, inventions must not fill the memory.
MOST_READINGS = 512
LONGEST_HEADER = 300
LONGEST_PATH = 512
LONGEST_QUERY = 512

# The parameters that name another page, one at a time, in their one canonical spelling.
PAGING = re.compile(r"(?:page|after)=[1-9][0-9]{0,17}", re.ASCII)
# Added to links by those who count clicks. A kept page is made without them and is the same for all of them.
TRACKING = re.compile(r"(?:utm_[a-z_]{1,20}|fbclid|gclid|dclid|msclkid|igshid)=[A-Za-z0-9._~%+-]*", re.ASCII)
# In the order in which they are liked best.
ENCODINGS = ("br", "gzip", "identity")
WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)

# Given to Django for a kept page; all else a client sends (headers, address, RAW_URI and their like) is left out.
PASSED_ON = (
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "wsgi.version",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
    "newsroom.request_id",
)


class Manner(NamedTuple):
    """How a page is asked for: all that counts of a request's headers."""

    scheme: str
    host: str
    # The one it is answered in.
    encoding: str
    if_none_match: str | None


class Reading:
    """Reads requests. `ports`: those a Host header may name beside the one that is listened on.

    `private_cookies`: who sends one of these gets pages of their own. `scheme_header`: as SECURE_PROXY_SSL_HEADER.
    """

    def __init__(
        self, *, private_cookies: Collection[str], ports: Collection[str] = (), scheme_header: tuple[str, str] | None
    ) -> None:
        self._private_cookies = tuple(private_cookies)
        self._ports = {"", *ports}
        self._scheme_header = scheme_header
        self._hosts: dict[tuple[str, str], str] = {}
        self._encodings: dict[str, str] = {}

    def key(self, environ: WSGIEnvironment) -> tuple[Key, Manner] | None:
        """Return the key of the page that answers the request, and in which manner; None: not the cache's business."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
            return None
        place = self.place(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        manner = self.manner(environ) if place else None
        return ((manner.scheme, manner.host, *place), manner) if place and manner else None

    def place(self, path: str, query: str) -> tuple[str, str] | None:
        """Return path and canonical query of a page that may be kept."""
        canonical = self._query(query) if query else ""
        return None if canonical is None or len(path) > LONGEST_PATH else (path, canonical)

    def manner(self, environ: WSGIEnvironment) -> Manner | None:
        """Return what the headers ask for; None: something of the sender's own."""
        if "HTTP_AUTHORIZATION" in environ:
            return None
        # A cookie counts wherever its name stands: a false alarm costs time, a missed one a stranger's page.
        if (cookies := environ.get("HTTP_COOKIE")) and any(name in cookies for name in self._private_cookies):
            return None
        name = (environ.get("HTTP_HOST", ""), environ.get("SERVER_PORT", ""))
        if len(name[0]) > LONGEST_HEADER:
            return None
        host = self._hosts.get(name)
        if host is None:
            host = remember(self._hosts, name, self._host(*name))
        if not host:
            return None
        header = environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_HEADER]
        encoding = self._encodings.get(header)
        if encoding is None:
            encoding = remember(self._encodings, header, negotiate(header))
        return Manner(self._scheme(environ), host, encoding, environ.get("HTTP_IF_NONE_MATCH"))

    def _host(self, header: str, listening: str) -> str:
        """Return the Host header in lower case; "" when its port is none of ours: any number would be a page more."""
        host = header.lower()
        _name, colon, port = host.rpartition(":")
        if not colon or host.endswith("]"):
            port = ""
        return host if port in self._ports or port == listening else ""

    def _query(self, query: str) -> str | None:
        """Return the canonical query; None when it has anything but paging and tracking."""
        if len(query) > LONGEST_QUERY:
            return None
        paging = [part for part in query.split("&") if not TRACKING.fullmatch(part)]
        if not paging:
            return ""
        return paging[0] if len(paging) == 1 and PAGING.fullmatch(paging[0]) else None

    def _scheme(self, environ: WSGIEnvironment) -> str:
        """Return http or https as Django will see it; it decides on Strict-Transport-Security."""
        if self._scheme_header is None:
            return str(environ["wsgi.url_scheme"])
        name, secure = self._scheme_header
        value = environ.get(name)
        if value is None:
            return str(environ["wsgi.url_scheme"])
        return "https" if value.split(",", 1)[0].strip() == secure else "http"

    def environ(self, key: Key, environ: WSGIEnvironment) -> WSGIEnvironment:
        """Return the request Django is asked for a kept page: nothing in it but the key and the server's own."""
        scheme, host, path, query = key
        bare = {name: environ[name] for name in PASSED_ON if name in environ}
        bare |= {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "REMOTE_ADDR": "",
            "wsgi.url_scheme": scheme if self._scheme_header is None else environ["wsgi.url_scheme"],
            "wsgi.input": NoBody(),
        }
        if self._scheme_header is not None and self._scheme_header[0] in environ:
            bare[self._scheme_header[0]] = self._scheme_header[1] if scheme == "https" else "http"
        return bare


class NoBody:
    """The body of a request that has none."""

    def read(self, _size: int = -1) -> bytes:
        """Return nothing."""
        return b""

    readline = read


def remember(memory: dict[Name, Value], name: Name, value: Value) -> Value:
    """Keep a reading, within bounds, and return it."""
    if len(memory) >= MOST_READINGS:
        memory.clear()
    memory[name] = value
    return value


def negotiate(header: str) -> str:
    """Return the encoding an Accept-Encoding header likes best, ours among equals (RFC 9110, 12.5.3).

    Nothing acceptable, or nothing to be read: identity, as the RFC allows.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameters)
    others = weights.get("*")
    rated = {name: weights.get(name, 0.0 if others is None else others) for name in ENCODINGS}
    if "identity" not in weights and others is None:
        # Acceptable though nobody asked for it, and liked least.
        rated["identity"] = 0.0001
    best = max(ENCODINGS, key=lambda name: rated[name])
    return best if rated[best] > 0 else "identity"


def _weight(parameters: str) -> float:
    """Return the weight among an encoding's parameters; 1 when none is given, 0 for one that cannot be read."""
    for parameter in parameters.split(";"):
        name, equals, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if equals and WEIGHT.fullmatch(value := value.strip()) else 0.0
    return 1.0


def matches(header: str, etag: str) -> bool:
    """Whether If-None-Match names `etag`, by the weak comparison (RFC 9110, 13.1.2)."""
    if header == etag or header.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == etag for part in header.split(","))
