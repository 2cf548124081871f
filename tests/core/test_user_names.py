"""Accounts from before user names counted as one whatever their case."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

told_apart = import_module("newsroom.core.migrations.0005_user_names_told_apart")


class Accounts:
    """Stands for the table as it was before the constraint, which no row of today could be put past."""

    def __init__(self, names: list[str]) -> None:
        self.rows = dict(enumerate(names))
        self.objects = self

    def values_list(self, *fields: str, **_: Any) -> list[Any]:
        return list(self.rows.values()) if fields == ("username",) else list(self.rows.items())

    def order_by(self, *_fields: str) -> Accounts:
        return self

    def filter(self, *, pk: int) -> SimpleNamespace:
        return SimpleNamespace(update=lambda username: self.rows.__setitem__(pk, username))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["ada", "ed"], ["ada", "ed"]),
        (["ada", "Ada", "ADA"], ["ada", "Ada2", "ADA3"]),
        (["ada", "ada2", "Ada"], ["ada", "ada2", "Ada3"]),
        (["a" * 150, "A" * 150], ["a" * 150, "A" * 140 + "2"]),
    ],
)
def test_the_oldest_keeps_its_name(before: list[str], after: list[str]) -> None:
    table = Accounts(before)
    told_apart.tell_apart(SimpleNamespace(get_model=lambda *_: table), None)
    assert list(table.rows.values()) == after
