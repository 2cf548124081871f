"""The hot path: a story's page from memory, beside nginx serving the same bytes as a file.

`python -m benchmarks.hot_path` runs it alone. The page has fifty comments and the form to write another; all answer it
in brotli, over connections that stay open. Newsroom is served as `make run` serves it. wrk sends the same bytes again
and again, as no browser does; so both are asked by readers who all differ, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from benchmarks.load import Load, wrk
from tests.journeys.newsroom_process import NewsroomProcess, free_port

HERE = Path(__file__).resolve().parent
COMMENTS = 50
PAIRS = 7
SECONDS = 3
# As few browsers as peers were measured with, and as many as make a server busy.
CONNECTIONS, MANY = 16, 64
# Before each run both cores do as good as nothing, for at most so long.
IDLE_SHARE, LONGEST_WAIT = 0.9, 10.0
BROTLI = {"Accept-Encoding": "br"}
BROWSERS = HERE / "browsers.lua"
# Said by each server for itself; the number of a request differs from one to the next.
OWN_WORDS = {"date", "server", "connection", "etag", "content-length", "content-type", "x-request-id"}


def answer(url: str) -> tuple[bytes, dict[str, str]]:
    """Return the body as it is sent, and its headers."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=BROTLI), timeout=10) as got:
        return got.read(), dict(got.headers)


Round = dict[str, Load]


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """Serve what `write_down` left in the folder, while the block runs; yields the server's address."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        raise RuntimeError("nginx is not installed. apt install nginx")
    port = free_port()
    headers = dict(json.loads((folder / "headers.json").read_text()))
    said = [f'add_header {name} "{value}";' for name, value in headers.items() if name.lower() not in OWN_WORDS]
    words = {"folder": folder, "port": port, "type": headers["content-type"], "headers": "\n            ".join(said)}
    settings = folder / "nginx.conf"
    settings.write_text(Template((HERE / "nginx.conf").read_text()).safe_substitute(words))
    # As root it would serve as a user who cannot look into a folder of ours.
    user = "user root;" if os.geteuid() == 0 else ""
    with serving([program, "-p", str(folder), "-c", str(settings), "-g", user], folder, port) as url:
        yield url


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, port: int) -> Iterator[str]:
    """Run a server while the block runs; yields its address when it answers."""
    url = f"http://127.0.0.1:{port}"
    log = folder / f"{port}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError):
                answer(url)
                break
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start: {log.read_text()}")
            time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def write_down(folder: Path, body: bytes, headers: dict[str, str]) -> None:
    """Leave a page for the other servers."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "page.br").write_bytes(body)
    kept = [(name, value) for name, value in headers.items() if name.lower() not in {"date", "server", "connection"}]
    (folder / "headers.json").write_text(json.dumps(kept))


def wait_for_idle() -> None:
    """Return when the machine has done nothing for a moment, or when that takes too long."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        before = _processor()
        time.sleep(0.3)
        idle, total = (after - first for after, first in zip(_processor(), before, strict=True))
        if idle >= IDLE_SHARE * total:
            return


def _processor() -> tuple[int, int]:
    """Return the machine's idle time and all of its time, in ticks."""
    times = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return times[3], sum(times)


def rounds(urls: dict[str, str], connections: int, script: Path | None = None) -> list[Round]:
    """Ask both, one after the other, in turn from the first and from the last."""
    found = []
    for number in range(PAIRS):
        one: Round = {}
        for name in list(urls) if number % 2 == 0 else reversed(urls):
            wait_for_idle()
            one[name] = wrk(urls[name], seconds=SECONDS, connections=connections, headers=BROTLI, script=script)
            if one[name].errors:
                raise RuntimeError(f"{name}: {one[name].errors} requests failed.")
        found.append(one)
    return found


def compare(newsroom: NewsroomProcess, path: str) -> Chapter:
    """Measure a newsroom that serves, and has a story at `path`."""
    url = newsroom.url + path
    # Each of its processes makes a page of its own.
    for _ in range(20):
        body, headers = answer(url)
    folder = newsroom.var / "beside"
    write_down(folder, body, headers)
    with nginx(folder) as file:
        urls = {"ours": url, "nginx": file + path}
        for one in urls.values():
            if answer(one)[0] != body or answer(one)[1]["content-encoding"] != "br":
                raise RuntimeError("They do not serve the same bytes.")
            wrk(one, seconds=1, headers=BROTLI)
        few = rounds(urls, CONNECTIONS)
        many = rounds(urls, MANY)
        differing = rounds(urls, CONNECTIONS, BROWSERS)
    name = f"story with {COMMENTS} comments, {len(body):,} bytes of brotli"
    return Chapter(
        "From memory",
        (
            figure(f"{name}, {CONNECTIONS} connections", few, goal=0.9),
            figure("the same, the slowest of 100", few, slowest=True, goal=2),
            figure(f"the same, {MANY} connections", many),
            figure(f"the same, {MANY} connections, the slowest of 100", many, slowest=True),
            figure(f"the same, {CONNECTIONS} connections, no two requests alike", differing),
        ),
    )


def figure(name: str, found: list[Round], *, slowest: bool = False, goal: float | None = None) -> Figure:
    """Return ours beside nginx, in requests a second, or in milliseconds of the slowest in a hundred."""
    ours, theirs = ([one[side].p99 if slowest else one[side].per_second for one in found] for side in ("ours", "nginx"))
    return Figure(
        name=name,
        ours=statistics.median(ours),
        beside=statistics.median(theirs),
        beside_name="nginx, the same bytes as a file",
        unit="ms" if slowest else "requests/s",
        ratios=tuple(mine / its for mine, its in zip(ours, theirs, strict=True)),
        goal=goal,
        kind="most" if slowest else "least",
    )


def measure() -> Chapter:
    """Serve a newsroom of its own and measure it."""
    with tempfile.TemporaryDirectory(prefix="newsroom-hot-") as folder:
        newsroom = NewsroomProcess(Path(folder))
        scene.lay_out(newsroom)
        scene.stories(newsroom, 20)
        path = scene.story_with_comments(newsroom, COMMENTS)
        newsroom.start()
        try:
            return compare(newsroom, path)
        finally:
            newsroom.stop()


def main() -> int:
    """Measure and print."""
    found = measure()
    print("\n".join([f"## {found.title}", "", *table(found.figures), *found.lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
