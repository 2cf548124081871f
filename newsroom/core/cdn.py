"""How a shared cache in front of the site is told what a page shows, and what to forget. `purging` says when."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from newsroom.core.pagecache.state import with_kinds

TIMEOUT_SECONDS = 10


class Refused(Exception):
    """The cache did not do as it was told."""


def tag(surface: str) -> str:
    """Return a surface as a tag. Some caches allow no colon or asterisk in one: "article:7" is "article-7"."""
    return surface.replace(":", "-").replace("*", "all")


@dataclass(frozen=True)
class Cdn:
    """A shared cache. `kind` is one of KINDS; `addresses` are called one after another (a CDN has one)."""

    kind: str
    addresses: tuple[str, ...]
    token: str

    def header(self, surfaces: Collection[str]) -> tuple[str, str]:
        """Return the header that tells the cache what a page shows."""
        dialect = KINDS[self.kind]
        return dialect.header, dialect.separator.join(sorted(map(tag, surfaces)))

    def forget(self, surfaces: Collection[str]) -> None:
        """Have the cache drop every page that shows one of `surfaces`. Raises Refused when it does not."""
        dialect = KINDS[self.kind]
        tags = sorted(map(tag, with_kinds(surfaces)))
        for start in range(0, len(tags), dialect.most_tags):
            for address in self.addresses:
                call(dialect.request(address, self.token, tags[start : start + dialect.most_tags]))

    def forget_everything(self) -> None:
        """Have the cache drop all it keeps of the site. Raises Refused when it does not."""
        for address in self.addresses:
            call(KINDS[self.kind].everything(address, self.token))


@dataclass(frozen=True)
class Dialect:
    """How one kind of cache is spoken to."""

    header: str
    separator: str
    most_tags: int
    request: Callable[[str, str, list[str]], urllib.request.Request]
    everything: Callable[[str, str], urllib.request.Request]


def _json(address: str, headers: dict[str, str], body: dict[str, Any]) -> urllib.request.Request:
    return urllib.request.Request(
        address,
        data=json.dumps(body).encode(),
        headers={**headers, "Content-Type": "application/json", "User-Agent": "Newsroom"},
        method="POST",
    )


def _cloudflare(address: str, token: str, tags: list[str]) -> urllib.request.Request:
    # developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags: 100 operations a request on every plan.
    return _json(address, {"Authorization": f"Bearer {token}"}, {"tags": tags})


def _all_of_cloudflare(address: str, token: str) -> urllib.request.Request:
    # developers.cloudflare.com/cache/how-to/purge-cache/purge-everything: of the zone, at the same address.
    return _json(address, {"Authorization": f"Bearer {token}"}, {"purge_everything": True})


def _fastly(address: str, token: str, tags: list[str]) -> urllib.request.Request:
    # POST /service/<id>/purge: 256 keys at most.
    return _json(address, {"Fastly-Key": token, "Accept": "application/json"}, {"surrogate_keys": tags})


def _all_of_fastly(address: str, token: str) -> urllib.request.Request:
    # POST /service/<id>/purge_all, beside the address that purges by key.
    return _json(f"{address.rstrip('/')}_all", {"Fastly-Key": token, "Accept": "application/json"}, {})


def _varnish(address: str, token: str, tags: list[str]) -> urllib.request.Request:
    # The VCL in docs/operators.md bans what has a tag that fits. Tags are letters, digits and hyphens alone.
    headers = {"X-Tags": f"(^|,)({'|'.join(tags)})(,|$)", "X-Purge-Token": token}
    return urllib.request.Request(address, headers=headers, method="BAN")


def _all_of_varnish(address: str, token: str) -> urllib.request.Request:
    # Pages have tags, files have none. A VCL that knows no X-Everything still drops the pages.
    headers = {"X-Everything": "1", "X-Tags": ".", "X-Purge-Token": token}
    return urllib.request.Request(address, headers=headers, method="BAN")


KINDS = {
    "cloudflare": Dialect("Cache-Tag", ",", 100, _cloudflare, _all_of_cloudflare),
    "fastly": Dialect("Surrogate-Key", " ", 256, _fastly, _all_of_fastly),
    "varnish": Dialect("Cache-Tag", ",", 100, _varnish, _all_of_varnish),
}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the address it was given for, and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def call(request: urllib.request.Request) -> None:
    """Send one request. Raises Refused; neither the token nor what the other side says is repeated in its words."""
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(65_536)
    except urllib.error.HTTPError as error:
        error.close()
        raise Refused(f"it answered {error.code}") from None
    # ValueError: what cannot stand in a header, with all of it in the words of the error.
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Refused(type(error).__name__) from None
