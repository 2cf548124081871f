"""The site's own set-up: each step is done again exactly when what it was made from has changed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from newsroom.bootstrap.places import DATABASE_NAME, PYTHON, ROOT, Refusal, say, write_whole

PROGRAMS = ("newsroom", "articles", "comments")
PACKAGES = (*PROGRAMS, "templates")
KEPT_BACKUPS = 10


@dataclass(frozen=True)
class Step:
    """One thing to do; `suffixes` and `parts` pick the files it is made from, `product` what it must leave behind."""

    name: str
    says: str
    arguments: tuple[str, ...]
    picks: Callable[[Path], bool]
    product: Callable[[Path], str]


def is_python(path: Path) -> bool:
    """Migrations, models, settings and what runs after a migration: any of the code may matter."""
    return path.suffix == ".py"


def is_static(path: Path) -> bool:
    """Files that are served as they are, and the settings that name their places."""
    return "static" in path.parts or "settings" in path.parts


def is_catalogue(path: Path) -> bool:
    """Sources of translations."""
    return path.suffix == ".po"


def identity(path: Path) -> str:
    """Return a name for the file that stands there now; a restored or deleted one gets another."""
    try:
        return str(path.stat().st_ino)
    except OSError:
        return ""


def compiled_catalogues(_var: Path) -> str:
    """Return which translations stand compiled."""
    return " ".join(sorted(str(path) for path in ROOT.glob("*/locale/*/LC_MESSAGES/*.mo")))


def compiled_programs(_var: Path) -> str:
    """Return which modules stand compiled, for any Python."""
    return " ".join(sorted(path.name for package in PROGRAMS for path in ROOT.glob(f"{package}/**/*.pyc")))


STEPS = (
    # Where Python may not write as it goes (PYTHONDONTWRITEBYTECODE), each start would compile all: 0.3 s.
    Step(
        "programs",
        "Compiling the programs.",
        ("-m", "compileall", "-q", "-j", "0", *PROGRAMS),
        is_python,
        compiled_programs,
    ),
    Step(
        "messages",
        "Compiling the translations.",
        ("-m", "newsroom.bootstrap.messages"),
        is_catalogue,
        compiled_catalogues,
    ),
    Step(
        "migrate",
        "Migrating the database.",
        ("manage.py", "migrate", "--no-input", "--verbosity", "0"),
        is_python,
        lambda var: identity(var / DATABASE_NAME),
    ),
    Step(
        "static",
        "Collecting the static files.",
        ("manage.py", "collectstatic", "--no-input", "--verbosity", "0"),
        is_static,
        lambda var: identity(var / "static" / "staticfiles.json"),
    ),
)


@contextlib.contextmanager
def one_at_a_time(var: Path) -> Iterator[None]:
    """Let one set-up run at a time; a second one waits for the first and then finds its work done."""
    with (var / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is under way; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def back_up_before_update(var: Path) -> None:
    """Copy the database before newer code touches it; nothing to do on the code that last ran."""
    done = read_done(var)
    if (var / DATABASE_NAME).exists() and done.get("release") != release():
        back_up(var)


def set_up(var: Path) -> None:
    """Bring database, translations and static files to the state of the code."""
    was = read_done(var)
    done = dict(was)
    files = sources()
    common = digest([ROOT / "requirements.txt"]) + os.environ.get("DATABASE_URL", "")
    for step in STEPS:
        made_from = digest([path for path in files if step.picks(path)]) + common
        if done.get(step.name) == [made_from, step.product(var)] and step.product(var):
            continue
        say(step.says)
        run(*step.arguments)
        done[step.name] = [made_from, step.product(var)]
        write_done(var, done)
    load_demo_when_empty(var, done)
    if was and os.environ.get("CDN") and (was.get("release"), was.get("migrate")) != (release(), done.get("migrate")):
        say("The cache in front still shows what was there before: `manage.py purge_cdn` once the site answers.")
    if done.get("release") != release():
        write_done(var, {**done, "release": release()})


def load_demo_when_empty(var: Path, done: dict[str, object]) -> None:
    """Give a newsroom that holds nothing yet something to look at; asked once for each database file."""
    if not (ROOT / "newsroom" / "management" / "commands" / "demo.py").exists():
        return
    database = identity(var / DATABASE_NAME)
    if done.get("demo") != database:
        say("Loading the demo newsroom, unless the database already holds stories.")
        # The log-ins it prints are printed again, last, when the site answers.
        run("manage.py", "demo", "--if-empty", stdout=subprocess.DEVNULL)
        done["demo"] = database
        write_done(var, done)


def run(*arguments: str, stdout: int | TextIO = sys.stderr) -> None:
    """Run a step in the environment; what it prints stands above the refusal."""
    done = subprocess.run([PYTHON, *arguments], check=False, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout)
    if done.returncode:
        raise Refusal(f"`{' '.join(arguments)}` failed; its own words stand above. Nothing after it was done.")


def sources() -> list[Path]:
    """Return the files the site is made of, in a fixed order."""
    found = []
    for package in PACKAGES:
        for folder, folders, names in os.walk(ROOT / package):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            found += [Path(folder, name) for name in sorted(names) if not name.endswith((".mo", ".pyc"))]
    return found


def digest(files: list[Path]) -> str:
    """Return a name for the content of these files: an edit counts, a new date does not."""
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def release() -> str:
    """Return a name for the version of the code: its commit where git knows it, its migrations and its pins."""
    migrations = [path for path in sources() if "migrations" in path.parts and path.suffix == ".py"]
    return f"{commit()} {digest([*migrations, ROOT / 'requirements.txt'])}"


def commit() -> str:
    """Return the commit that is checked out, nothing outside a clone."""
    with contextlib.suppress(OSError):
        answer = subprocess.run(["git", "rev-parse", "HEAD"], check=False, cwd=ROOT, capture_output=True, text=True)
        if answer.returncode == 0:
            return answer.stdout.strip()
    return ""


def back_up(var: Path) -> Path:
    """Copy the database as of now, while others may be using it, and forget the oldest copies."""
    folder = var / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"before-update-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.sqlite3"
    scratch = target.with_suffix(".part")
    say(f"The code has changed since the last run: copying the database to {target}.")
    with (
        contextlib.closing(sqlite3.connect(var / DATABASE_NAME, timeout=20)) as live,
        contextlib.closing(sqlite3.connect(scratch)) as copy,
    ):
        os.chmod(scratch, 0o600)
        live.backup(copy)
    scratch.replace(target)
    for old in sorted(folder.glob("before-update-*.sqlite3"))[:-KEPT_BACKUPS]:
        old.unlink()
    return target


def read_done(var: Path) -> dict[str, object]:
    """Return which steps were done on what."""
    try:
        done = json.loads((var / "setup.json").read_text())
    except (OSError, ValueError):
        return {}
    return done if isinstance(done, dict) else {}


def write_done(var: Path, done: dict[str, object]) -> None:
    """Keep which steps were done on what."""
    write_whole(var / "setup.json", json.dumps(done, indent=1, sort_keys=True) + "\n")
