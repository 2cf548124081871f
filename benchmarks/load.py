"""Load by wrk: one run against one address, and what came of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw. Latencies in milliseconds."""

    requests: int
    per_second: float
    p50: float
    p99: float
    # Broken or timed out connections, and answers that were neither 2xx nor 3xx.
    errors: int


def wrk(
    url: str,
    *,
    seconds: float = 5,
    connections: int = 16,
    threads: int = 2,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Load:
    """Ask `url` as fast as it answers; raises RuntimeError with wrk's words when it fails.

    `environment` is what a script may ask for with os.getenv.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is not installed. apt install wrk")
    command = [program, "--latency", f"-t{threads}", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script is not None:
        command += ["-s", str(script)]
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run([*command, url], env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr or done.stdout)
    return read(done.stdout)


def read(words: str) -> Load:
    """Read what wrk printed."""

    def found(pattern: str) -> str:
        match = re.search(pattern, words, re.MULTILINE)
        return match[1] if match else "0"

    def milliseconds(percentile: int) -> float:
        match = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s|m)\s*$", words, re.MULTILINE)
        return float(match[1]) * UNITS[match[2]] if match else float("nan")

    sockets = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", words)
    broken = sum(int(count) for count in sockets.groups()) if sockets else 0
    return Load(
        requests=int(found(r"^\s+(\d+) requests in")),
        per_second=float(found(r"^Requests/sec:\s+([\d.]+)")),
        p50=milliseconds(50),
        p99=milliseconds(99),
        errors=broken + int(found(r"Non-2xx or 3xx responses: (\d+)")),
    )
