"""What a request tells about who sent it, and where an answer may send the reader."""

from __future__ import annotations

import enum
import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class Origin(enum.Enum):
    """Where an unsafe request came from, as the browser says."""

    OURS = "ours"
    FOREIGN = "foreign"
    # No header tells: an old browser, plain http, or no browser at all.
    ABSENT = "absent"


def client_address(request: HttpRequest) -> str:
    """Return the client's address in its one canonical notation, IPv4 inside IPv6 unwrapped.

    With TRUSTED_PROXY_COUNT = n the n-th entry of X-Forwarded-For from the right was written by our outermost proxy;
    all entries left of it are the client's own words. With 0 the header is ignored. An entry that is missing or is no
    address falls back to the peer, so a forged header can only ever make a client share a limit, never escape one.
    """
    peer = _address(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"
    hops: int = settings.TRUSTED_PROXY_COUNT
    if hops <= 0:
        return peer
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(entries) < hops:
        return peer
    return _address(entries[-hops]) or peer


def _address(text: str) -> str:
    """Return the canonical form of an address, or "" for what is none: ports, zones, octal and names do not pass."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return ""
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
    return str(address)


def origin_verdict(request: HttpRequest) -> Origin:
    """Say whether an unsafe request came from a page of ours.

    FOREIGN: `Sec-Fetch-Site` is present and neither same-origin nor none, or `Origin` is present, not "null", and not
    ours. "null" says nothing by itself (privacy settings send it on honest posts), so it counts as not present.
    """
    fetch_site = request.META.get("HTTP_SEC_FETCH_SITE")
    origin = request.META.get("HTTP_ORIGIN")
    if origin == "null":
        origin = None
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return Origin.FOREIGN
    if origin is not None and not _is_ours(request, origin):
        return Origin.FOREIGN
    return Origin.ABSENT if fetch_site is None and origin is None else Origin.OURS


def _is_ours(request: HttpRequest, origin: str) -> bool:
    """Say whether `origin` is this site's, as asked for or as SITE_URL and CSRF_TRUSTED_ORIGINS name it."""
    here = f"{request.scheme}://{request.get_host()}"
    return origin in {here, site_origin(), *settings.CSRF_TRUSTED_ORIGINS} - {""}


def site_origin() -> str:
    """Return scheme and host of SITE_URL, or "" when it is not set."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def safe_path(target: str | None, *, default: str) -> str:
    """Return `target` when it is a path on this host, else `default`; for every redirect that a request names."""
    if not target or not target.startswith("/") or any(ord(char) < 0x21 or ord(char) == 0x7F for char in target):
        return default
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else default
