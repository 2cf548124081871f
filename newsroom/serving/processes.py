"""Ties the life of a process to its parent's, so that no kill leaves one behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
M_ARENA_MAX = -8  # malloc.h of glibc

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, signum: int = signal.SIGTERM) -> None:
    """Have the kernel send `signum` to this process when `parent` dies.

    Race: the parent may have died before the call; then the signal is sent at once. Elsewhere than on Linux the call
    does nothing.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


def name_process(name: str) -> None:
    """Give this process a name of its own (at most 15 bytes) in the lists of `top` and `ps -o comm`; on Linux."""
    if _libc is not None:
        _libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def share_arenas(most: int) -> None:
    """Let the threads to come take memory from so many arenas; with one for each, every thread keeps its own largest.

    Of glibc; other C libraries have no such arenas. Python's threads take turns anyway, so none waits for it.
    """
    if _libc is not None and hasattr(_libc, "mallopt"):
        _libc.mallopt(M_ARENA_MAX, most)


def kill_group(leader: int) -> None:
    """Kill whatever is left of the process group that `leader` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
