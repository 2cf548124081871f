"""`make bench`: the stack measured on this machine, as a table to keep in docs/performance.md.

The demo newsroom is served from a folder of its own, exactly as `make run` serves it.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.journeys.newsroom_process import NewsroomProcess
from tests.serving.procs import children

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = 100

# Runs inside Django, on the served database: which pages there are, and how many queries each takes.
COUNT_QUERIES = """
import json
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from articles.models import Publication

story = Publication.objects.live(timezone.now()).order_by("pk").first()
pages = {"home": "/", "section": story.path.rsplit("/", 2)[0] + "/", "story": story.path}
pages |= {"comment form": f"/komentar/{story.article_id}/", "missing page": "/tidak-ada/", "log-in": "/accounts/login/"}
client = Client(headers={"host": "localhost"})
counted = {}
for name, path in pages.items():
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    counted[name] = [path, answer.status_code, len(queries), len(answer.content)]
print(json.dumps(counted))
"""


def pss_mib(pid: int) -> float:
    """Return a process's share of the memory, in MiB: what is shared is divided among those who share it."""
    match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert match
    return int(match[1]) / 1024


def milliseconds(url: str) -> list[float]:
    """Return how long each of some requests took, one after another on connections of their own."""
    took = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            error.read()
        took.append((time.perf_counter() - began) * 1000)
    return took


def timed(step: Callable[[], None]) -> float:
    """Return the seconds a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def measure(newsroom: NewsroomProcess) -> list[str]:
    """Return the report's lines."""
    set_up = timed(newsroom.set_up)
    start = timed(newsroom.start)
    try:
        counted = json.loads(newsroom.manage("shell", "--no-imports", "-c", COUNT_QUERIES).splitlines()[-1])
        lines = ["| page | status | queries | bytes | median ms | slowest of 100, ms |", "|---|---|---|---|---|---|"]
        for name, (path, status, queries, size) in counted.items():
            took = milliseconds(newsroom.url + path)
            lines.append(
                f"| {name} | {status} | {queries} | {size:,} | {statistics.median(took):.1f} | {max(took):.1f} |"
            )
        supervisor = newsroom.process.pid if newsroom.process else 0
        web, work = children(supervisor)
        parts = {"supervisor": [supervisor], "granian": [web], "web workers": children(web), "worker": [work]}
        sizes = {part: sum(pss_mib(pid) for pid in pids) for part, pids in parts.items()}
    finally:
        newsroom.stop()
    lines += ["", "| part | memory, MiB (PSS) |", "|---|---|"]
    lines += [f"| {part} | {size:.0f} |" for part, size in {**sizes, "all": sum(sizes.values())}.items()]
    lines += ["", "| step | seconds |", "|---|---|"]
    lines += [f"| migrate, collect, load the demo | {set_up:.1f} |", f"| `serve` to the first answer | {start:.1f} |"]
    return lines


def main() -> int:
    """Measure and print."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(f"Commit {commit.stdout.strip()}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, SQLite.\n")
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        print("\n".join(measure(NewsroomProcess(Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
