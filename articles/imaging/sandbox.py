"""Decoding in a process of its own: bounded in memory and time, and gone afterwards with all it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from articles.imaging.errors import Unfit

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Of address space; decoding 50 megapixels takes 200 for the pixels alone.
CLEAN_LIMITS = {"memory_mib": 1024, "cpu_seconds": 12, "file_mib": 96}
CLEAN_SECONDS = 20
RENDER_LIMITS = {"memory_mib": 1536, "cpu_seconds": 120, "file_mib": 16}
RENDER_SECONDS = 150
# One at a time in each web process; others wait for their turn, and no longer than a person would.
TURN = threading.BoundedSemaphore(1)
TURN_SECONDS = 25


def clean(source: Path, target: Path) -> dict[str, Any]:
    """Have `cleaning.clean` done. Raises Unfit, also "busy" when no turn came and "too_complex" at a limit."""
    if not TURN.acquire(timeout=TURN_SECONDS):
        raise Unfit("busy")
    try:
        order = {"verb": "clean", "source": str(source), "target": str(target), "limits": CLEAN_LIMITS}
        answer: dict[str, Any] = _have_done(order, seconds=CLEAN_SECONDS)
        return answer
    finally:
        TURN.release()


def render(source: Path, folder: Path, *, focal: tuple[int, int], shapes: list[str]) -> list[dict[str, Any]]:
    """Have `cutting.render` done; raises Unfit when it cannot be."""
    paths = {"source": str(source), "folder": str(folder)}
    order = {"verb": "render", "focal": list(focal), "shapes": shapes, "limits": RENDER_LIMITS, **paths}
    made: list[dict[str, Any]] = _have_done(order, seconds=RENDER_SECONDS)
    return made


def _have_done(order: dict[str, Any], *, seconds: int) -> Any:
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
    try:
        finished = subprocess.run(
            [sys.executable, "-X", "utf8", "-m", "articles.imaging.worker"],
            input=json.dumps(order).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=BASE_DIR,
            env=environment,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit("too_complex") from error
    try:
        answer = json.loads(finished.stdout)
    except ValueError as error:
        # Killed at a limit, or by the decoder's own fault.
        raise Unfit("too_complex") from error
    if "unfit" in answer:
        raise Unfit(answer["unfit"], **answer["facts"])
    return answer["done"]
