"""The virtual environment: made, filled with exactly the pinned requirements, and mended when an install broke off."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from newsroom.bootstrap.places import PYTHON, ROOT, VENV, Refusal, say, write_whole

# What is installed, written last; and the sign that an install began, removed last.
STAMP = VENV / "newsroom-installed.json"
UNDER_WAY = VENV / "newsroom-install-under-way"
REQUIREMENTS = ROOT / "requirements.txt"
DEV_REQUIREMENTS = ROOT / "requirements-dev.txt"


def ensure(*, dev: bool = False) -> None:
    """Make `.venv` hold what the requirements name; does nothing when it already does."""
    wanted = {"requirements": digest(REQUIREMENTS)}
    if dev:
        wanted["dev"] = digest(DEV_REQUIREMENTS)
    version = venv_python_version()
    installed = read_stamp()
    usable = version is not None and not UNDER_WAY.exists() and not lost(installed)
    if usable and installed.get("python") == version and wanted.items() <= installed.items():
        return
    if not usable:
        make_venv(again=VENV.exists())
    install(wanted, dev=dev)


def digest(path: Path) -> str:
    """Return a short name for the content of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def read_stamp() -> dict[str, str]:
    """Return what the last finished install left, nothing when none did."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def packages() -> list[str]:
    """Return the names that stand in the environment, one for each package and its description."""
    return sorted(
        path.name
        for path in VENV.glob("lib/python3*/site-packages/*")
        if path.name != "__pycache__" and not path.name.startswith("pip-")
    )


def lost(installed: dict[str, str]) -> bool:
    """Say whether something is gone that the last finished install had put there."""
    return not set(installed.get("packages", "").split()) <= set(packages())


def venv_python_version() -> str | None:
    """Return the version of the environment's Python, None when there is none that runs and has pip.

    A half-made environment and one whose Python was upgraded away look alike: neither answers.
    """
    pip = list(VENV.glob("lib/python3*/site-packages/pip/__init__.py"))
    if not PYTHON.exists() or not pip:
        return None
    question = [str(PYTHON), "-I", "-S", "-c", "import sys; print(sys.version.split()[0])"]
    answer = subprocess.run(question, check=False, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else None


def make_venv(*, again: bool) -> None:
    """Make the environment, from nothing when an earlier attempt broke off."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Refusal(
            f"This Python has no {missing[0]} module, so no .venv can be made. "
            f"On Debian or Ubuntu: apt install python3-venv (or python{version}-venv); then run the same command again."
        )
    say("The install in .venv is not whole; making it anew." if again else "Making .venv.")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise Refusal(f"Python could not make .venv: {reason[0]} Mend that, then run the same command again.")


def install(wanted: dict[str, str], *, dev: bool) -> None:
    """Install the pinned requirements and stamp the environment once they all stand."""
    files = [REQUIREMENTS, DEV_REQUIREMENTS] if dev else [REQUIREMENTS]
    say(f"Installing the pinned requirements ({', '.join(file.name for file in files)}).")
    UNDER_WAY.touch()
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    for file in files:
        command += ["-r", str(file)]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, cwd=ROOT, stdout=sys.stderr)
    if done.returncode:
        raise Refusal(
            "pip could not install the requirements; its own words stand above. "
            "Check the network, then run the same command again: it starts afresh."
        )
    kept = {} if dev else {key: value for key, value in read_stamp().items() if key == "dev"}
    stamp = {**kept, **wanted, "python": venv_python_version() or "", "packages": " ".join(packages())}
    write_whole(STAMP, json.dumps(stamp, indent=1, sort_keys=True) + "\n")
    UNDER_WAY.unlink()
