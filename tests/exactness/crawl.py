"""Crawls the site through nginx and Varnish, as somebody of the desk and then as nobody: `python -m ...crawl`.

Both keep what our headers allow them to, for a minute. What nobody gets must be what Django makes without any cache.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from newsroom.serving import plan  # noqa: E402
from tests.exactness import ROOT  # noqa: E402
from tests.exactness.pages import Cold, Shot, at_moments, shot  # noqa: E402
from tests.exactness.world import PRIVATE, World  # noqa: E402
from tests.factories import person  # noqa: E402
from tests.machine import Missing, find_program, free_port  # noqa: E402

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit; {user}
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/kept keys_zone=kept:1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{origin};
      proxy_set_header Host $http_host;
      proxy_cache kept;
      add_header X-Kept $upstream_cache_status always;
    }}
  }}
}}
"""
BEGINNINGS = ("/", "/en/", "/sitemap.xml", "/robots.txt", "/feed/atom/", "/feed/rss/", "/tidak-ada/")
LINK = re.compile(rb'(?:href|src)="([^"]+)"|<loc>([^<]+)</loc>|(?:Sitemap: |Location: )(\S+)')
# Not pages of the paper: files, the desk, and what follows from a form.
ASIDE = ("/static/", "/media/", "/admin/", "/accounts/")
MOST = 400


def program(name: str) -> str:
    """Return the path of a program. Raises Missing."""
    if (found := find_program(name)) is None:
        raise Missing(f"{name} is not installed. apt install nginx varnish")
    return found


def nginx(folder: Path, port: int, origin: int) -> list[str]:
    """Return the command of an nginx that keeps what it may."""
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(folder=folder, port=port, origin=origin, user=user))
    return [program("nginx"), "-c", str(config), "-e", "stderr", "-p", str(folder)]


def varnish(folder: Path, port: int, origin: int) -> list[str]:
    """Return the command of a Varnish with the rules it comes with."""
    own = ["-n", str(folder / "varnish"), "-s", "malloc,16m", "-F", "-j", "none", "-T", "none"]
    return [program("varnishd"), *own, "-a", f"127.0.0.1:{port}", "-b", f"127.0.0.1:{origin}"]


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run a server until it is not needed any more; it answers by then."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                ask(port, "/healthz")
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"{command[0]} did not start.")
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, address: str, **headers: str) -> tuple[Shot, dict[str, str]]:
    """Return what a server answers, and all its headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", address, headers={"Host": urlsplit(settings.SITE_URL).netloc, **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    told = {name.lower(): value for name, value in answer.getheaders()}
    return shot(answer.status, told, body), told


def links(address: str, found: Shot) -> Iterator[str]:
    """Yield the addresses of this site that an answer names."""
    said = found.body + b"".join(f"\nLocation: {value}".encode() for name, value in found.headers if name == "location")
    for match in LINK.finditer(said):
        named = urljoin(f"{settings.SITE_URL}{address}", unescape(next(filter(None, match.groups())).decode()))
        target = urlsplit(urldefrag(named).url)
        if f"{target.scheme}://{target.netloc}" == settings.SITE_URL and not target.path.startswith(ASIDE):
            yield target.path + (f"?{target.query}" if target.query else "")


def crawl(port: int, **headers: str) -> tuple[dict[str, Shot], int]:
    """Follow all links from the front page, feeds and sitemaps; return the answers, and how many a cache gave."""
    answers: dict[str, Shot] = {}
    waiting, from_cache = list(BEGINNINGS), 0
    while waiting and len(answers) < MOST:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address], told = ask(port, address, **headers)
        assert headers or "set-cookie" not in told, (address, told)
        from_cache += told.get("x-kept") == "HIT" or len(told.get("x-varnish", "").split()) == 2
        waiting += [link for link in links(address, answers[address]) if link not in answers]
    return answers, from_cache


def compare(name: str, port: int, cold: Cold, cookie: str) -> str:
    """Crawl through one cache: as Ed, then twice as nobody; return what was done. Raises AssertionError."""
    as_staff, _ = crawl(port, Cookie=cookie)
    hits = []
    for _ in range(2):
        as_nobody, from_cache = crawl(port)
        hits.append(from_cache)
        now = datetime.now(UTC)
        for address, found in as_nobody.items():
            assert PRIVATE.encode() not in found.body, (name, address)
            assert found == cold(address, at=now), (name, address, found.status, found.headers, found.body[:2000])
    assert hits[1] > 0, f"{name} kept nothing"
    return f"{name}: {len(as_staff)} addresses as Ed, {len(as_nobody)} as nobody, {hits} of them kept"


def main() -> int:
    """Make a newsroom, serve it, crawl it."""
    call_command("migrate", verbosity=0)
    World(1, lambda: datetime.now(UTC)).set_up()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person("ed"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    port = urlsplit(settings.SITE_URL).port or 80
    with at_moments(), contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-caches-")))
        folder.chmod(0o755)
        stack.enter_context(running(plan.web_command("127.0.0.1", port, workers=1, threads=8), port))
        for make in (nginx, varnish):
            front = free_port()
            stack.enter_context(running(make(folder, front, port), front))
            print(compare(make.__name__, front, Cold("127.0.0.1", port), cookie))
    return 0


if __name__ == "__main__":
    sys.exit(main())
