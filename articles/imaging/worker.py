"""The process in which pictures are decoded: limits first, then one order from stdin, one answer to stdout.

Run by `sandbox` alone. What a hostile file can do here is end this process.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from articles.imaging import cleaning, cutting
from articles.imaging.errors import Unfit

MEBIBYTE = 1024 * 1024


def limit(*, memory_mib: int, cpu_seconds: int, file_mib: int) -> None:
    """Bound address space, processor time and file size, and leave no core behind."""
    for what, value in (
        (resource.RLIMIT_AS, memory_mib * MEBIBYTE),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_mib * MEBIBYTE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Do what `order` says and return the answer: {"done": ...} or {"unfit": code, "facts": {...}}."""
    try:
        if order["verb"] == "clean":
            return {"done": cleaning.clean(Path(order["source"]), Path(order["target"]))}
        focal = (order["focal"][0], order["focal"][1])
        return {"done": cutting.render(Path(order["source"]), Path(order["folder"]), focal, order["shapes"])}
    except Unfit as unfit:
        return {"unfit": unfit.code, "facts": unfit.facts}


def peak_kib() -> int:
    """Return the most memory this process held; getrusage would count that of the process it was forked from."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def main() -> None:
    """Take one order."""
    order = json.load(sys.stdin)
    limit(**order["limits"])
    answer = obey(order)
    answer["peak_kib"] = peak_kib()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
