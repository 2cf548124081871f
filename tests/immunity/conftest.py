"""Who attacks, and in whose name."""

from __future__ import annotations

import pytest
from django.test import Client

from newsroom.core.models import User


@pytest.fixture
def administrator_client(db: None) -> Client:
    """A browser in which a superuser is logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("bos", "bos@example.com", "unused"))
    return client
