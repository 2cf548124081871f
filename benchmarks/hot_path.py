"""The hot path: a story's page from memory, beside nginx serving the same bytes as a file.

`python -m benchmarks.hot_path` runs it alone. The page has fifty comments and the form to write another; both sides
answer it in brotli, over connections that stay open. Newsroom is served as `make run` serves it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from string import Template

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from benchmarks.load import Load, wrk
from tests.journeys.newsroom_process import NewsroomProcess, free_port

HERE = Path(__file__).resolve().parent
COMMENTS = 50
PAIRS = 7
SECONDS = 4.0
# Before each run both cores do as good as nothing, for at most so long.
IDLE_SHARE, LONGEST_WAIT = 0.9, 10.0
BROTLI = {"Accept-Encoding": "br"}
# Said by each server for itself; the number of a request differs from one to the next.
OWN_WORDS = {"date", "server", "connection", "etag", "content-length", "content-type", "x-request-id"}


def answer(url: str) -> tuple[bytes, dict[str, str]]:
    """Return the body as it is sent, and its headers."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=BROTLI), timeout=10) as got:
        return got.read(), dict(got.headers)


@contextlib.contextmanager
def nginx(folder: Path, body: bytes, headers: dict[str, str]) -> Iterator[str]:
    """Serve a body with its headers while the block runs; yields the server's address."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        raise RuntimeError("nginx is not installed. apt install nginx")
    folder.mkdir()
    (folder / "page.br").write_bytes(body)
    port = free_port()
    said = [f'add_header {name} "{value}";' for name, value in headers.items() if name.lower() not in OWN_WORDS]
    template = Template((HERE / "nginx.conf").read_text())
    settings = folder / "nginx.conf"
    settings.write_text(
        template.safe_substitute(
            folder=folder, port=port, type=headers["content-type"], headers="\n            ".join(said)
        )
    )
    # As root it would serve as a user who cannot look into a folder of ours.
    user = "user root;" if os.geteuid() == 0 else ""
    with (folder / "output.log").open("wb") as log:
        server = subprocess.Popen([program, "-p", str(folder), "-c", str(settings), "-g", user], stdout=log, stderr=log)
    try:
        yield _when_it_answers(f"http://127.0.0.1:{port}", server, folder)
    finally:
        server.terminate()
        server.wait(10)


def _when_it_answers(url: str, server: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            answer(url)
            return url
        time.sleep(0.05)
    raise RuntimeError(f"nginx did not start: {(folder / 'output.log').read_text()}")


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


def pairs(ours: str, theirs: str) -> list[tuple[Load, Load]]:
    """Ask both, one after the other, the first of each pair in turn; return ours and theirs."""
    found = []
    for number in range(PAIRS):
        loads = {}
        for url in (ours, theirs) if number % 2 == 0 else (theirs, ours):
            wait_for_idle()
            loads[url] = wrk(url, seconds=SECONDS, headers=BROTLI)
            if loads[url].errors:
                raise RuntimeError(f"{url}: {loads[url].errors} requests failed.")
        found.append((loads[ours], loads[theirs]))
    return found


def compare(newsroom: NewsroomProcess, path: str) -> Chapter:
    """Measure a newsroom that serves, and has a story at `path`."""
    url = newsroom.url + path
    # Each of the two processes makes its own page: as many connections as may find either.
    for _ in range(20):
        body, headers = answer(url)
    with nginx(newsroom.var / "nginx", body, headers) as beside:
        same, _ = answer(beside + path)
        if same != body or headers.get("content-encoding") != "br":
            raise RuntimeError("The two do not serve the same bytes.")
        for warmed in (url, beside + path):
            wrk(warmed, seconds=1, headers=BROTLI)
        found = pairs(url, beside + path)
    return chapter(found, len(body))


def chapter(found: list[tuple[Load, Load]], size: int) -> Chapter:
    """Return what the pairs say."""

    def middle(figures: list[float]) -> float:
        return statistics.median(figures)

    ours, theirs = ([pair[side] for pair in found] for side in (0, 1))
    speed = Figure(
        name=f"story with {COMMENTS} comments, {size:,} bytes of brotli",
        ours=middle([load.per_second for load in ours]),
        beside=middle([load.per_second for load in theirs]),
        beside_name="nginx, the same bytes as a file",
        unit="requests/s",
        ratios=tuple(mine.per_second / its.per_second for mine, its in found),
        goal=0.9,
    )
    slowest = Figure(
        name="the same, the slowest of 100",
        ours=middle([load.p99 for load in ours]),
        beside=middle([load.p99 for load in theirs]),
        beside_name="nginx",
        unit="ms",
        ratios=tuple(mine.p99 / its.p99 for mine, its in found),
        goal=2,
        kind="most",
    )
    return Chapter("From memory", (speed, slowest))


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
