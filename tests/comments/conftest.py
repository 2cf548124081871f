"""What tests of comments share."""

from __future__ import annotations

import pytest

from articles.models import Article
from tests.comments.factories import live_article


@pytest.fixture
def article(db: None) -> Article:
    """A story that readers see."""
    return live_article()
