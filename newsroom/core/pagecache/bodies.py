"""A page as it goes out: compressed, with its headers made once."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import brotli

Headers = list[tuple[str, str]]

# Measured on a page of 60 kB: brotli 5 takes 1.5 ms for 18.0 kB, 11 takes 61 ms for 16.1 kB, and a page that comments
# change is made often; gzip 9 is 0.03 per cent smaller than 6, and slower.
BROTLI_QUALITY = 5
# Of brotli, as a power of two: fitted to the page. Left at 22, a page of more than 64 kB takes 11 MB to compress, and
# 3 MB so, and comes out no smaller.
WINDOW_MIN, WINDOW_MAX = 16, 22
GZIP_LEVEL = 6

# Said by us, for the body at hand.
OURS = {"cache-control", "content-encoding", "content-length", "date", "etag", "expires", "vary"}
# Of one connection or one request.
PASSING = {"connection", "keep-alive", "transfer-encoding", "x-request-id"}


@dataclass(frozen=True)
class Variant:
    """One encoding of a page."""

    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]
    # The headers of 304: what a cache may update (RFC 9110, 15.4.5).
    headers_304: tuple[tuple[str, str], ...]

    @cached_property
    def head(self) -> bytes:
        """The headers as they stand on the line."""
        return lines(self.headers)

    @cached_property
    def head_304(self) -> bytes:
        """Those of 304 as they stand on the line."""
        return lines(self.headers_304)

    def with_cache_control(self, value: str) -> Variant:
        """Return the same under another Cache-Control."""

        def changed(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
            return tuple((name, value if name == "Cache-Control" else former) for name, former in headers)

        return replace(self, headers=changed(self.headers), headers_304=changed(self.headers_304))


def lines(headers: Iterable[tuple[str, str]]) -> bytes:
    """Return headers as the web server writes them, each on a line of its own."""
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers).encode("latin-1")


def variants(body: bytes, headers: Headers, *, cache_control: str) -> dict[str, Variant]:
    """Return the page in each encoding, with strong entity tags of its content."""
    own = [(name, value) for name, value in headers if name.lower() not in OURS | PASSING]
    digest = hashlib.blake2b(body, digest_size=15).hexdigest()
    bodies = {
        "br": brotli.compress(body, quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT, lgwin=window(body)),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
        "identity": body,
    }
    return {name: _variant(name, content, own, digest, cache_control) for name, content in bodies.items()}


def window(body: bytes) -> int:
    """Return the smallest window of brotli that holds the whole page."""
    return min(WINDOW_MAX, max(WINDOW_MIN, len(body).bit_length()))


def _variant(encoding: str, body: bytes, own: Iterable[tuple[str, str]], digest: str, cache_control: str) -> Variant:
    etag = f'"{digest}-{encoding}"'
    common = (("ETag", etag), ("Cache-Control", cache_control), ("Vary", "Accept-Encoding"))
    coded = () if encoding == "identity" else (("Content-Encoding", encoding),)
    return Variant(
        body=body,
        etag=etag,
        headers=(*own, *common, *coded, ("Content-Length", str(len(body)))),
        headers_304=common,
    )


def is_fit(status: str, headers: Headers) -> bool:
    """Whether an answer may be shown to everyone: 200, nobody's cookie, the same whatever the request's headers."""
    if not status.startswith("200 "):
        return False
    for name, value in headers:
        match name.lower():
            case "set-cookie" | "content-encoding" | "content-range" | "www-authenticate":
                return False
            case "vary" if {word.strip().lower() for word in value.split(",")} - {"", "accept-encoding"}:
                return False
            case "cache-control" if "no-store" in value.lower() or "private" in value.lower():
                return False
            case "content-security-policy" if "nonce-" in value:
                return False
    return True
