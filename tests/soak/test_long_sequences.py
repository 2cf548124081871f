"""Long random sequences against the models: publications and moderation.

SOAK_EXAMPLES (300) sequences of acts on a story, SOAK_THREADS (10) threads; SOAK_SEED, printed, makes the same run.
"""

from __future__ import annotations

import os
import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from articles.models import Article
from comments import recount
from tests.articles.acts import make_revised
from tests.articles.test_sequences import MINUTE, REVISIONS, play
from tests.comments.factories import AT, live_article
from tests.comments.test_against_model import Desk

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "300"))
THREADS = int(os.environ.get("SOAK_THREADS", "10"))
SEED = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
STEPS = 150


@pytest.fixture
def story() -> Article:
    """A story with revisions to publish."""
    return make_revised(REVISIONS, at=AT - MINUTE)


@seed(SEED)
@settings(
    max_examples=EXAMPLES, derandomize=False, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_long_run_of_acts(story: Article, data: st.DataObject) -> None:
    """What readers see is what the model says, after each of hundreds of sequences."""
    savepoint = transaction.savepoint()
    try:
        play(story, data)
    finally:
        transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("number", range(THREADS))
def test_long_run_of_decisions(number: int) -> None:
    """What is visible, counted and undone in a thread is what the model says."""
    print(f"SOAK_SEED={SEED}")
    both = Desk(live_article(), SEED + number)
    for step in range(STEPS):
        both.step()
        both.compare()
        if step % 30 == 29:
            both.compare_pages()
    assert list(recount.drifts()) == []
