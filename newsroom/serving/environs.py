"""A request's headers as WSGI names them (PEP 3333): one way for the fast lane and for Django."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# What RFC 9110 (5.6.2) allows in a name, without the underscore: `X_Forwarded_For` would come out as `X-Forwarded-For`.
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^`|~-]+")
# Names remembered; browsers and proxies send few, inventions must not fill the memory.
MOST_NAMES = 512
LONGEST_NAME = 100
# Without the HTTP_ of all others.
BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")

_names: dict[str, str] = {}


def name_of(name: str) -> str:
    """Return the key of a header; "" for one that is dropped."""
    found = _names.get(name)
    if found is None:
        found = ""
        if len(name) <= LONGEST_NAME and NAME.fullmatch(name):
            found = name.upper().replace("-", "_")
            found = found if found in BARE else f"HTTP_{found}"
        if len(_names) >= MOST_NAMES:
            _names.clear()
        _names[name[: LONGEST_NAME + 1]] = found
    return found


def add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Add headers; the values of one that comes twice are joined, as RFC 9110 (5.3) and, for cookies, 6265 have it."""
    for name, value in headers:
        if key := name_of(name.decode("latin-1")):
            text = value.strip(b" \t").decode("latin-1")
            if key in environ:
                text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
            environ[key] = text
