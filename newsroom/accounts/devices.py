"""What a browser tells about itself, in two words; and the mark by which we know it again."""

from __future__ import annotations

import ipaddress
import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.core import text, tokens
from newsroom.core.models import User

COOKIE = "newsroom_device"
COOKIE_PATH = "/accounts/"
COOKIE_AGE = timedelta(days=180)
PURPOSE = "accounts.device"

# The first that matches names it: Edge says it is Chrome too, Chrome says it is Safari.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def words(user_agent: str) -> str:
    """Return browser and system ("Firefox, Linux") from a User-Agent header, "" when it names neither."""
    agent = user_agent[:400]
    found = (
        next((name for name, pattern in table if re.search(pattern, agent)), None) for table in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def network(address: str) -> str:
    """Return a client address without its last part: a /24 for IPv4, a /48 for IPv6."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return f"{str(ip).rpartition('.')[0]}.*"
    return f"{ipaddress.ip_network(f'{ip}/48', strict=False).network_address}*"


def known(request: HttpRequest, account: str, *, at: datetime) -> str | None:
    """Return the mark of this browser if `account` (folded name or address) logged in with it before, else None."""
    try:
        value = tokens.read(PURPOSE, request.COOKIES.get(COOKIE, ""), max_age=COOKIE_AGE, at=at)
    except (tokens.Invalid, tokens.Stale):
        return None
    pk, _dot, mark = value.partition(".")
    row = User.objects.filter(pk=int(pk)).values_list("username", "email").first()
    return mark if row and account in {text.fold(name) for name in row} else None


def remember(request: HttpRequest, response: HttpResponse, user: User, *, at: datetime) -> None:
    """Mark the browser in which `user` has just logged in: strangers' guesses no longer slow it down."""
    token = tokens.make(PURPOSE, f"{user.pk}.{secrets.token_hex(8)}", at=at)
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        path=COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
