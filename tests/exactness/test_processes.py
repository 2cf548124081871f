"""Web processes show every change within a second, and nothing that was never true; so do caches in front of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests.exactness.running import empty_newsroom, run

SECONDS = 8.0
SEED = os.environ.get("EXACTNESS_SEED", "1")

# These touch a database, though not the one that tests are given.
pytestmark = pytest.mark.django_db


def test_two_processes_show_what_is_true(tmp_path: Path) -> None:
    here = settings.DATABASES["default"]
    server = "postgres://{USER}@{HOST}:{PORT}".format(**here) if here["ENGINE"].endswith("postgresql") else ""
    with empty_newsroom(tmp_path, server) as newsroom:
        code, said = run(newsroom, "drive", f"--seed={SEED}", f"--seconds={SECONDS}")
    assert code == 0, said


# What a cache in front sees does not hang on the database.
@pytest.mark.sqlite
def test_caches_in_front_give_nobody_what_was_made_for_somebody(tmp_path: Path) -> None:
    with empty_newsroom(tmp_path) as newsroom:
        code, said = run(newsroom, "crawl")
    assert code == 0, said
