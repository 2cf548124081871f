"""What the tests need of the machine: a browser, PostgreSQL, gettext. Found, or installed where that is allowed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from newsroom.serving.processes import die_with_parent

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_SECONDS = 30
# Settings of a PostgreSQL that may lose everything with the machine.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Missing(Exception):
    """Says what the machine lacks and how to get it."""


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def find_postgres() -> Path | None:
    """Return the folder of PostgreSQL's server programs, the newest where there are several."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def install_missing() -> None:
    """Install Debian's packages for what is missing, where this user may; elsewhere `require_*` says what to do."""
    wanted = [
        *([] if find_browser() else ["chromium"]),
        *([] if find_postgres() else ["postgresql"]),
        *([] if shutil.which("xgettext") else ["gettext"]),
        *([] if find_program("nginx") else ["nginx"]),
        *([] if find_program("varnishd") else ["varnish"]),
    ]
    install(wanted)


def install_programs(packages: Mapping[str, str]) -> list[str]:
    """Install what is missing of some programs, given with Debian's packages for them; return what still is."""
    install([package for name, package in packages.items() if find_program(name) is None])
    return [name for name in packages if find_program(name) is None]


def find_program(name: str) -> str | None:
    """Return where a program lies, also one that only root has in its path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def install(packages: list[str]) -> None:
    """Install packages of Debian's, where there are any to install and this user may."""
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"Installing Debian's {', '.join(packages)}.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "--quiet", "--quiet", *command],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def require_gettext() -> None:
    """Refuse a machine without the programs that collect the strings to translate."""
    if shutil.which("xgettext") is None:
        raise Missing("gettext is not installed, so the translations cannot be checked. apt install gettext")


def require_browser() -> None:
    """Refuse a machine on which no browser can be had; the last resort is Playwright's own download."""
    if find_browser() or has_playwright_browser():
        return
    print("No Chromium or Chrome is installed; fetching Playwright's own.", flush=True)
    fetched = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], stdin=subprocess.DEVNULL, check=False
    )
    if fetched.returncode or not has_playwright_browser():
        raise Missing(
            "There is no browser, so the journeys cannot run. apt install chromium, or install Google Chrome."
        )


def has_playwright_browser() -> bool:
    """Whether Playwright's own Chromium lies on this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def free_port() -> int:
    """Return a TCP port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user() -> str | None:
    """Return whom to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise Missing("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


@contextlib.contextmanager
def postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL of our own on a free port; yields its address without a database name.

    Its files are made for this run and removed after it, failed or interrupted. Durability is off, unless it is what
    is looked at: nothing here outlives the run. The server dies with this process even when that is killed.
    """
    programs = find_postgres()
    if programs is None:
        raise Missing("PostgreSQL is not installed, so half of the tests cannot run. apt install postgresql")
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="newsroom-postgres-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "newsroom", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=user,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise Missing(f"PostgreSQL could not make a cluster: {made.stderr.strip()}")
        with server(programs, data, user, {} if is_durable else FORGETFUL) as port:
            yield f"postgres://newsroom@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server(programs: Path, data: Path, user: str | None, settings: dict[str, str]) -> Iterator[int]:
    """Run the server on the cluster in `data` with these settings beside our own; yields its port."""
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "100",
        "timezone": "UTC",
        **settings,
    }
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (data.parent / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            user=user,
            cwd=data.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A session of its own: Ctrl-C ends the tests first, then, by the signal below, the server.
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGINT),  # noqa: PLW1509  (no thread runs yet)
        )
        try:
            wait_for_port(process, port, data.parent / "server.log")
            yield port
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown: connections are dropped
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when something listens there; refuse when the process ended first or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise Missing(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")


def create_database(server_url: str, name: str) -> str:
    """Make an empty database and return its address."""
    import psycopg

    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # our own constant
    return f"{server_url}/{name}"
