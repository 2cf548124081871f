"""Where the site listens, and what stands in the way of it."""

from __future__ import annotations

import errno
import ipaddress
import socket

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


class AddressProblem(Exception):
    """Says in one line why the site cannot listen there, and what to do about it."""


def parse_port(text: str) -> int:
    """Return the port `text` names."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise AddressProblem(f"PORT={text} is not a port. Use a number from 1 to 65535, for example PORT=8001.")
    return int(text)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def require_site_url(host: str, site_url: str) -> None:
    """Refuse a host that others can reach while the site does not know its public address."""
    if not is_loopback(host) and not site_url:
        raise AddressProblem(
            f"HOST={host} can be reached by others, so the site must know its public address. "
            "Set SITE_URL too, for example SITE_URL=https://news.example.org."
        )


def require_free(host: str, port: int) -> None:
    """Refuse an address that is taken or that this machine does not have.

    The test socket sets no SO_REUSEPORT: the web server does, and two of them would share one port without a word.
    """
    try:
        family, kind, proto, _, where = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except socket.gaierror:
        raise AddressProblem(
            f"HOST={host} is no address this machine knows. Try HOST={DEFAULT_HOST}, or leave HOST away."
        ) from None
    except OSError as error:
        raise AddressProblem(_bind_problem(host, port, error)) from None


def _bind_problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program. Stop that one, or choose another: PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system's administrator. Choose one above 1023, for example PORT=8000."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is not an address of this machine. Try HOST={DEFAULT_HOST}, or leave HOST away."
    return f"The site cannot listen on {host} port {port}: {error.strerror}."


def url(host: str, port: int) -> str:
    """Return the address a person on this machine opens in a browser."""
    bare = host.strip("[]")
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(bare, f"[{bare}]" if ":" in bare else bare)
    return f"http://{name}:{port}/" if port != 80 else f"http://{name}/"
