"""The runner of `make test`: nothing passes that did not run."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from pathlib import Path

import pytest

from tests import machine, run


def report(folder: Path, **counts: int) -> Path:
    """Write what a test run leaves behind."""
    path = folder / "report.xml"
    numbers = " ".join(f'{name}="{number}"' for name, number in counts.items())
    path.write_text(f"<testsuites><testsuite {numbers}/></testsuites>")
    return path


@pytest.mark.parametrize(
    ("counts", "code", "passed", "failed"),
    [
        ({"tests": 5, "failures": 0, "errors": 0, "skipped": 0}, 0, 5, 0),
        ({"tests": 5, "failures": 1, "errors": 1, "skipped": 0}, 1, 3, 2),
        ({"tests": 5, "failures": 0, "errors": 0, "skipped": 2}, 0, 3, 2),
        ({"tests": 5, "failures": 0, "errors": 0, "skipped": 0}, 2, 5, 1),
        ({"tests": 0, "failures": 0, "errors": 0, "skipped": 0}, 5, 0, 1),
    ],
)
def test_what_skips_itself_breaks_off_or_runs_nothing_has_failed(
    tmp_path: Path, counts: dict[str, int], code: int, passed: int, failed: int
) -> None:
    result = run.count(report(tmp_path, **counts), code)
    assert (result.passed, result.failed) == (passed, failed)


def test_run_without_a_report_has_failed(tmp_path: Path) -> None:
    assert run.count(tmp_path / "none.xml", 0).failed == 1


def test_stage_that_lacks_something_fails_and_says_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(_run: run.Run) -> run.Result:
        raise machine.Missing("There is no browser.")

    monkeypatch.setitem(run.STAGES, "lacking", lacking)
    assert run.main(["lacking"]) == 1
    said = capsys.readouterr().out
    assert "There is no browser." in said
    assert said.endswith("newsroom: 0 passed, 1 failed\n")


def test_stage_beside_another_is_heard_at_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard_meanwhile: list[str] = []

    def speaking(_run: run.Run) -> run.Result:
        run.say("A first word.")
        heard_meanwhile.append(capsys.readouterr().out)
        return run.Result(1, 0)

    monkeypatch.setitem(run.STAGES, "speaking", speaking)
    with contextlib.ExitStack() as resources:
        thread = threading.Thread(
            target=run.run_beside_another, args=("speaking", run.Run(resources, two_at_a_time=True))
        )
        thread.start()
        thread.join()
    assert heard_meanwhile == [""]
    assert capsys.readouterr().out == "\n== speaking\nA first word.\n"


def test_no_stage_starts_after_the_run_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    broken_off = threading.Event()
    broken_off.set()
    monkeypatch.setattr(run, "BROKEN_OFF", broken_off)
    with contextlib.ExitStack() as resources:
        assert run.run_beside_another("lint", run.Run(resources, two_at_a_time=True)) is None


def test_command_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    hang = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', %r]); time.sleep(60)"
    child = f"import time, pathlib; time.sleep(8); pathlib.Path({str(tmp_path / 'late')!r}).touch()"
    assert run.command("-c", hang % child, limit=2) == 1
    assert not (tmp_path / "late").exists()


def test_tests_never_see_somebodys_newsroom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://news@news.example/news")
    assert "DATABASE_URL" not in run.clean_environment()


def test_postgres_leaves_nothing_behind_when_the_tests_break_off() -> None:
    with pytest.raises(KeyboardInterrupt), machine.postgres() as url:  # noqa: PT012
        port = int(url.rsplit(":", 1)[1])
        [folder] = [path for path in Path(tempfile.gettempdir()).glob("newsroom-postgres-*") if belongs(path, port)]
        raise KeyboardInterrupt
    assert not folder.exists()


def belongs(folder: Path, port: int) -> bool:
    """Whether the cluster in the folder is the one on that port."""
    note = folder / "data" / "postmaster.pid"
    return note.exists() and note.read_text().splitlines()[3] == str(port)
