"""Paths: order, ranges, the way back to ids."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from comments import paths


def test_paths_sort_like_ids():
    ids = [1, 9, 10, 35, 36, 37, 1295, 1296, 10**9, paths.MAX_ID]
    steps = [paths.step(id) for id in ids]
    assert steps == sorted(steps)
    assert {len(step) for step in steps} == {paths.STEP}


def test_ids_come_back():
    chain = [7, 8_000_000_000, 36**9]
    assert paths.ids("".join(map(paths.step, chain))) == chain


@pytest.mark.parametrize("id", [0, -1, paths.MAX_ID + 1])
def test_step_refuses_ids_no_path_can_hold(id: int):
    with pytest.raises(ValueError):
        paths.step(id)


def test_range_holds_what_hangs_below_and_nothing_else():
    random.seed(1)
    tree = [paths.step(id) for id in (35, 36, 71, 72)]
    tree += [above + paths.step(random.randrange(1, 10**6)) for above in tree for _ in range(5)]
    tree += [above + paths.step(random.randrange(1, 10**6)) for above in tree[4:] for _ in range(5)]
    for path in tree:
        in_range = {other for other in tree if path < other < paths.after(path)}
        assert in_range == {other for other in tree if other.startswith(path) and other != path}


@pytest.mark.postgresql
@pytest.mark.django_db
def test_postgresql_compares_paths_byte_by_byte_whatever_the_locale():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns "
            "WHERE table_name = 'comments_comment' AND column_name = 'path'"
        )
        assert cursor.fetchone() == ("C",)
