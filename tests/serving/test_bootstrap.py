"""What `make run` says when it cannot, and how an install that broke off is mended."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from newsroom.bootstrap import environment, messages, places, site
from newsroom.settings import embedded
from tests.machine import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_SECONDS = 120
DOOR = ROOT / "newsroom" / "bootstrap" / "__main__.py"


def bootstrap(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call the bootstrap as `make` does."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("HOST", "PORT", "SITE_URL", "NEWSROOM_VAR")
    }
    return subprocess.run(
        [sys.executable, "-m", "newsroom.bootstrap", *arguments],
        cwd=cwd,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def refusal(**variables: str) -> str:
    """Return the one line with which `make run` refuses."""
    done = bootstrap("run", **variables)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("newsroom: ")
    assert done.stdout == ""
    return line


def test_taken_port_is_named_with_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is taken" in (line := refusal(PORT=str(port)))
        assert f"PORT={port + 1}" in line


def test_port_shared_by_reuse_counts_as_taken() -> None:
    """The web server sets SO_REUSEPORT: two of them would share one port without a word."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        assert "is taken" in refusal(PORT=str(taken.getsockname()[1]))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０８０"])
def test_senseless_port_is_refused(port: str) -> None:
    assert f"PORT={port} is not a port" in refusal(PORT=port)


def test_host_open_to_others_needs_the_public_address() -> None:
    assert "Set SITE_URL too" in refusal(HOST="0.0.0.0", PORT=str(free_port()))


def test_foreign_host_is_refused() -> None:
    assert "not an address of this machine" in refusal(
        HOST="192.0.2.1", PORT=str(free_port()), SITE_URL="https://news.example"
    )


def test_var_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = refusal(NEWSROOM_VAR=str(tmp_path / "file" / "var"), PORT=str(free_port()))
    assert "is not writable" in line
    assert "NEWSROOM_VAR=" in line


def test_old_python_is_turned_away_in_one_line(tmp_path: Path) -> None:
    done = as_python_39(path=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_newer_python_is_found_by_its_name(tmp_path: Path) -> None:
    fake = tmp_path / "python3.12"
    fake.write_text('#!/bin/sh\necho "newer: $@"\n')
    fake.chmod(0o755)
    assert as_python_39(path=tmp_path).stdout == "newer: -m newsroom.bootstrap run\n"


AS_PYTHON_39 = """
import runpy, sys
sys.version_info = (3, 9, 18, "final", 0)
sys.argv = [sys.argv[1], "run"]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def as_python_39(path: Path) -> subprocess.CompletedProcess[str]:
    """Open the door with a Python that says it is older, on a machine with the programs of one folder."""
    return subprocess.run(
        [sys.executable, "-c", AS_PYTHON_39, str(DOOR)],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def test_old_python_can_read_the_door() -> None:
    tree = ast.parse(DOOR.read_text(), feature_version=(3, 5))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)], "f-strings are newer"


def test_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(places.Refusal, match="apt install python3-venv"):
        environment.make_venv(again=False)


def test_names_are_those_of_the_settings() -> None:
    assert Path(embedded.DATABASES["default"]["NAME"]).name == places.DATABASE_NAME
    assert Path(embedded.STATIC_ROOT).name == "static"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project that needs one tiny package."""
    root = tmp_path / "project"
    for package in ("bootstrap", "serving"):
        shutil.copytree(ROOT / "newsroom" / package, root / "newsroom" / package)
    (root / "newsroom" / "__init__.py").touch()
    (root / "requirements-dev.txt").write_text("# nothing more\n")
    require(root, tiny_wheel(tmp_path, "1.0"))
    return root


def tiny_wheel(folder: Path, version: str) -> Path:
    """Make an installable package of one line."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny.py", f"version = {version!r}\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def require(root: Path, wheel: Path) -> None:
    """Pin the package."""
    (root / "requirements.txt").write_text(f"tiny @ {wheel.as_uri()}\n")


def ask(root: Path) -> subprocess.CompletedProcess[str]:
    """Run a line in the environment, which is made for it where needed."""
    return bootstrap("python", "-c", "import tiny; print(tiny.version)", cwd=root)


def test_environment_is_mended_kept_and_updated(tree: Path, tmp_path: Path) -> None:
    """One walk, as each environment takes seconds to make."""
    require(tree, tmp_path / "absent-1.0-py3-none-any.whl")
    failed = ask(tree)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("newsroom: pip could not install")

    # Broken off, by an error as here or by a kill: nothing of it is trusted.
    require(tree, tmp_path / "tiny-1.0-py3-none-any.whl")
    mended = ask(tree)
    assert (mended.returncode, mended.stdout) == (0, "1.0\n"), mended.stderr
    assert "not whole" in mended.stderr

    stamp = tree / ".venv" / environment.STAMP.name
    made_at = stamp.stat().st_mtime_ns
    again = ask(tree)
    assert (again.stdout, again.stderr, stamp.stat().st_mtime_ns) == ("1.0\n", "", made_at)

    require(tree, tiny_wheel(tmp_path, "2.0"))
    assert ask(tree).stdout == "2.0\n"

    # A package is gone, though the install once finished.
    next(tree.glob(".venv/lib/python3*/site-packages/tiny.py")).unlink()
    restored = ask(tree)
    assert (restored.stdout, "not whole" in restored.stderr) == ("2.0\n", True)

    # The Python it was made with is gone.
    python = tree / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert ask(tree).stdout == "2.0\n"


def test_backup_is_whole_private_and_the_oldest_go(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / places.DATABASE_NAME) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE story (title TEXT)")
        database.execute("INSERT INTO story VALUES ('kept')")
        database.commit()
        for number in range(site.KEPT_BACKUPS + 3):
            (tmp_path / "backups").mkdir(exist_ok=True)
            (tmp_path / "backups" / f"before-update-2000010{number:02}.sqlite3").touch()
        copy = site.back_up(tmp_path)
    database.close()
    with sqlite3.connect(copy) as restored:
        assert restored.execute("SELECT title FROM story").fetchall() == [("kept",)]
    restored.close()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert len(list((tmp_path / "backups").iterdir())) == site.KEPT_BACKUPS


def test_fingerprint_sees_content_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "ROOT", tmp_path)
    path = tmp_path / "a.py"
    path.write_text("one")
    first = site.digest([path])
    os.utime(path, (1, 1))
    assert site.digest([path]) == first
    path.write_text("two")
    assert site.digest([path]) != first


def test_messages_are_compiled_without_gettext(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "newsroom" / "locale" / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Approve"\nmsgstr "Setujui"\n'
    )
    assert messages.main(tmp_path) == 0
    assert b"Setujui" in (folder / "django.mo").read_bytes()
    (folder / "django.po").write_text('msgid "unclosed\n')
    assert messages.main(tmp_path) == 1
    assert "django.po" in capsys.readouterr().err


def test_programs_are_compiled_where_python_may_write_nothing_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = next(step for step in site.STEPS if step.name == "programs")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for package in site.PROGRAMS:
        (tmp_path / package).mkdir()
        (tmp_path / package / f"in_{package}.py").write_text("X = 1\n")
    assert not step.product(tmp_path)
    site.run(*step.arguments)
    assert [name.partition(".")[0] for name in step.product(tmp_path).split()] == sorted(
        f"in_{package}" for package in site.PROGRAMS
    )


def test_stamp_that_is_no_json_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    for text in ("", "[1]", json.dumps("x")):
        (tmp_path / "stamp").write_text(text)
        assert environment.read_stamp() == {}


def test_an_update_and_a_restore_name_the_cache_in_front(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / site.DATABASE_NAME
    step = site.Step("migrate", "Migrating.", ("-c", ""), lambda _path: False, lambda _var: database.read_text())
    monkeypatch.setattr(site, "STEPS", (step,))
    monkeypatch.setattr(site, "PYTHON", sys.executable)
    monkeypatch.setattr(site, "load_demo_when_empty", lambda _var, _done: None)
    monkeypatch.setenv("CDN", "varnish")

    def said(version: str, content: str) -> bool:
        monkeypatch.setattr(site, "release", lambda: version)
        database.write_text(content)
        site.set_up(tmp_path)
        return "purge_cdn" in capsys.readouterr().err

    runs = [("1", "a"), ("1", "a"), ("2", "a"), ("2", "b"), ("2", "b")]
    assert [said(*run) for run in runs] == [False, False, True, True, False]
    monkeypatch.delenv("CDN")
    assert not said("3", "c")
