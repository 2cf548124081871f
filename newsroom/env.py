"""The environment variables Newsroom reads, in one place."""

from __future__ import annotations

import os
from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """Return the folder under which the embedded newsroom keeps everything it writes."""
    return Path(os.environ.get("NEWSROOM_VAR") or BASE_DIR / "var").resolve()
