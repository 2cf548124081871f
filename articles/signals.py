"""What happens after every migration."""

from __future__ import annotations

from typing import Any

from articles import database


def guard_publications(*, using: str, **_kwargs: Any) -> None:
    """Install SQLite's triggers anew: the migration may have remade the table and dropped them."""
    database.install(using=using)
