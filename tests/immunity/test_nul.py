"""A NUL in an address: SQLite takes it for a letter, PostgreSQL refuses the query."""

from __future__ import annotations

import pytest
from django.test import Client

LISTS = (
    "comments/comment/?status__exact=",
    "comments/watchedword/?action=",
    "core/auditentry/?action=",
    "core/auditentry/?object_type=",
    "django_tasks_database/dbtaskresult/?status__exact=",
    "articles/article/?q=",
    "comments/comment/queue/?q=",
)


@pytest.mark.parametrize("address", LISTS)
def test_no_list_of_the_desk_hands_a_nul_to_the_database(administrator_client: Client, address: str) -> None:
    assert administrator_client.get(f"/admin/{address}%00").status_code == 404
