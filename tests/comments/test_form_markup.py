"""The empty form that is drawn once: what crispy draws for each story, in each language."""

from __future__ import annotations

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils import translation

from comments.forms import CommentForm, blank_fields, form_token
from tests.factories import AT


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("article_id", [1, 2**40])
def test_empty_form_is_what_crispy_draws(language: str, article_id: int) -> None:
    with translation.override(language):
        initial = {"token": form_token(article_id, at=AT), "reply_to": ""}
        assert blank_fields(article_id, at=AT) == render_crispy_form(CommentForm(initial=initial))
