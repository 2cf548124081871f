"""Where things lie, and how to refuse."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Named by the embedded settings too; a test holds them equal.
DATABASE_NAME = "newsroom.sqlite3"
LOGINS_NAME = "demo-logins.txt"


class Refusal(Exception):
    """Says in one line what stands in the way and what to do about it."""


def say(text: str) -> None:
    """Tell the person at the terminal what happens now."""
    print(text, file=sys.stderr, flush=True)


def var_dir() -> Path:
    """Return the folder under which the embedded newsroom keeps everything it writes."""
    return Path(os.environ.get("NEWSROOM_VAR") or ROOT / "var").resolve()


def require_writable(folder: Path) -> None:
    """Make the folder, or refuse."""
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refusal(
            f"{folder} is not writable ({error.strerror}). Give this user the right to write there, "
            "or keep the data elsewhere: make run NEWSROOM_VAR=/path/to/folder"
        ) from None


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader, or a kill, never sees half of it."""
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(text)
    scratch.replace(path)
